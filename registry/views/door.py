"""The way out. The way in is made of the pages of django-allauth (see `ptpct.door`)."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView

# Open to strangers too: whoever has given the password but not the code yet may turn back.
sign_out = login_not_required(LogoutView.as_view())

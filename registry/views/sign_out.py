"""Signing out. Signing in is made of the pages of django-allauth (see `ptpct.signin.urls`)."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView

# Open to strangers too: whoever has given the password but not the code yet may turn back.
sign_out = login_not_required(LogoutView.as_view())

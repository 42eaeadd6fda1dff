"""Pages of the registry."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView

sign_in = login_not_required(
    LoginView.as_view(template_name="registry/sign_in.html", redirect_authenticated_user=True)
)

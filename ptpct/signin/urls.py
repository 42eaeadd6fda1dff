"""Addresses of signing in: of the pages of django-allauth, those that are needed here.

They keep the library's names, by which it finds them itself, and are not in a name space.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.socialaccount import views as social
from django.urls import path, register_converter

from ptpct.signin import provider, returning, views
from ptpct.signin.moments import share_clock


class PersonConverter:
    """The person a reset link is for: no hyphen, because one divides it from the key."""

    regex = "[0-9A-Za-z]+"

    def to_python(self, value: str) -> str:
        """Return the part of the address as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return the part of the address as it stands."""
        return value


register_converter(PersonConverter, "person")
share_clock()

_ENTE = {"provider_id": "ente"}

urlpatterns = [
    path("accedi/", views.SignInView.as_view(), name="account_login"),
    path("accedi/sospeso/", account.account_inactive, name="account_inactive"),
    path("accedi/codice/", views.CodeView.as_view(), name="mfa_authenticate"),
    path("accedi/conferma/", account.reauthenticate, name="account_reauthenticate"),
    path("accedi/conferma-codice/", views.ConfirmCodeView.as_view(), name="mfa_reauthenticate"),
    # the provider of the body: nothing there where none is configured
    path("accedi/ente/", provider.login, _ENTE, name="openid_connect_login"),
    path("accedi/ente/ritorno/", provider.callback, _ENTE, name="openid_connect_callback"),
    path("accedi/ente/annullato/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("password/", views.ChangePasswordView.as_view(), name="account_change_password"),
    path("password/dimenticata/", views.ResetPasswordView.as_view(), name="account_reset_password"),
    # whoever comes in by the provider and has no password gets one by mail
    path("password/dimenticata/", views.ResetPasswordView.as_view(), name="account_set_password"),
    path(
        "password/dimenticata/inviata/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "password/nuova/<person:uidb36>-<str:key>/",
        views.NewPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/nuova/fatta/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("accesso/", second_factor.index, name="mfa_index"),
    path("accesso/chi/", returning.who_is_in, name="who_is_in"),
    path("accesso/app/", views.ActivateView.as_view(), name="mfa_activate_totp"),
    path("accesso/app/togli/", views.DeactivateView.as_view(), name="mfa_deactivate_totp"),
    path("accesso/codici/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "accesso/codici/nuovi/",
        views.NewCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "accesso/codici/file/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]

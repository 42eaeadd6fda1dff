"""Pages of the sign-in library that are counted, remember or end otherwise than it does.

What a page changes and the record of it on the trail are one transaction: whoever finds the
register busy has not come in, keeps the old password, and has not used up a recovery code.
"""

from typing import Any

from allauth.account import views as account
from allauth.account.views import PasswordResetFromKeyView, PasswordResetView
from allauth.core.internal import ratelimit
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ptpct.signin.attempts import remember_device
from ptpct.signin.limits import link_key
from ptpct.signin.mails import send, send_reset_link
from registry.services.people import confirm_names


class WholeForm:
    """What a form does once it is valid happens whole or not at all.

    Not the check before it, which takes the time of a hash: meanwhile nobody waits.
    """

    @transaction.atomic
    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Do it."""
        return super().form_valid(form)  # type: ignore[misc]


class WholePost:
    """All that sending a form does happens whole or not at all: a code is used up by its check."""

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it."""
        return super().post(request, *args, **kwargs)  # type: ignore[misc]


class SignInView(WholeForm, account.LoginView):
    """Name and password."""


class ChangePasswordView(WholeForm, account.PasswordChangeView):
    """A new password, by whoever knows the old one."""


class CodeView(WholePost, second_factor.AuthenticateView):
    """The second factor, to come in."""


class ConfirmCodeView(WholePost, second_factor.ReauthenticateView):
    """The second factor again."""


class ActivateView(WholePost, totp.ActivateTOTPView):
    """Sets up the second factor."""


class DeactivateView(WholePost, totp.DeactivateTOTPView):
    """Takes the second factor away."""


class NewCodesView(WholePost, recovery_codes.GenerateRecoveryCodesView):
    """Makes new recovery codes."""


class ResetPasswordView(PasswordResetView):
    """Asks for a link to a new password."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Have the link mailed to whoever has the address; too many askings are stopped where they
        come from, so that nobody uses up those of another.
        """
        address = form.cleaned_data["email"].lower()
        refused = ratelimit.consume_or_429(
            self.request,
            app="allauth.account",
            action="reset_password",
            key=link_key(self.request),
        )
        if refused:
            return refused
        send(send_reset_link, address=address)
        return redirect(self.get_success_url())


class NewPasswordView(PasswordResetFromKeyView):
    """Chooses a password with the link that was mailed."""

    @transaction.atomic
    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Keep the password, and of who first comes in the names as they write them; whoever reads
        the person’s mail is at a browser of theirs.
        """
        response = super().form_valid(form)
        if form.names:
            confirm_names(person=self.reset_user, **form.names)
        remember_device(self.request, response, self.reset_user)
        return response

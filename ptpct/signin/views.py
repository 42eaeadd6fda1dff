"""Pages of the sign-in library that are counted, or remember, otherwise than it does."""

from allauth.account.views import PasswordResetFromKeyView, PasswordResetView
from allauth.core.internal import ratelimit
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect

from ptpct.signin.attempts import remember_device
from ptpct.signin.limits import link_key
from ptpct.signin.mails import send, send_reset_link
from registry.services.people import confirm_names


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

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Keep the password, and of who first comes in the names as they write them; whoever reads
        the person’s mail is at a browser of theirs.
        """
        response = super().form_valid(form)
        if form.names:
            confirm_names(person=self.reset_user, **form.names)
        remember_device(self.request, response, self.reset_user)
        return response

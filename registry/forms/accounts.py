"""The forms of signing in: the library's, with the words of the house."""

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _

_PASSWORD = {"label": _("Password")}
_NEW = {"label": _("Nuova password")}
_AGAIN = {"label": _("Nuova password, di nuovo")}
_CODE = {
    "label": _("Codice di sei cifre"),
    "help_text": _("Lo mostra l’app sul telefono, e cambia ogni mezzo minuto."),
}


class HouseWords(forms.Form):
    """Gives fields the words of `words` (field → label and help) and takes placeholders away.

    A placeholder in place of the label goes away as soon as one writes.
    """

    words: dict[str, dict] = {}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            for attribute, text in self.words.get(name, {}).items():
                setattr(field, attribute, text)


class SignInForm(HouseWords, account.LoginForm):
    """Name or address, and password."""

    words = {
        "login": {"label": _("Nome utente o posta elettronica")},
        # the link to a new password stands below the form, outside the label's reach
        "password": {**_PASSWORD, "help_text": ""},
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autocapitalize": "none"}


class ResetPasswordForm(HouseWords, account.ResetPasswordForm):
    """The address a link is sent to."""

    words = {"email": {"label": _("Posta elettronica")}}

    def clean_email(self) -> str:
        """Return the address; whose it is asks whoever mails the link, outside the page."""
        return self.cleaned_data["email"]


class NewPasswordForm(HouseWords, account.ResetPasswordKeyForm):
    """A password, by the link of an invitation or of a reset."""

    words = {"password1": _NEW, "password2": _AGAIN}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.user is not None and _was_invited(self.user):
            own = {name: _name_field(self.user, name) for name in ("first_name", "last_name")}
            self.fields = {**own, **self.fields}

    @property
    def names(self) -> dict[str, str]:
        """The names of somebody who comes in for the first time, as they write them; else none."""
        return {
            name: self.cleaned_data[name]
            for name in ("first_name", "last_name")
            if name in self.cleaned_data
        }


def _was_invited(person) -> bool:
    """Tell whether somebody has only been invited so far: no password, and never in."""
    return person.last_login is None and not person.has_usable_password()


def _name_field(person, name: str) -> forms.CharField:
    """Return the field of a name somebody else has written, for its owner to confirm or mend."""
    column = person._meta.get_field(name)
    field = column.formfield(required=True, initial=getattr(person, name))
    field.validators += column.validators
    field.label = {"first_name": _("Nome"), "last_name": _("Cognome")}[name]
    field.widget.attrs["autocomplete"] = {"first_name": "given-name", "last_name": "family-name"}[
        name
    ]
    return field


class ChangePasswordForm(HouseWords, account.ChangePasswordForm):
    """The old password and a new one."""

    words = {
        "oldpassword": {"label": _("Password attuale"), "help_text": ""},
        "password1": _NEW,
        "password2": _AGAIN,
    }


class ConfirmPasswordForm(HouseWords, account.ReauthenticateForm):
    """The password again, before what protects the account is changed."""

    words = {"password": {**_PASSWORD, "help_text": ""}}


class _Code(HouseWords):
    """A code is written with digits: telephones then show them."""

    words = {"code": _CODE}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class CodeForm(_Code, second_factor.AuthenticateForm):
    """The code of the second factor, or a recovery code, to come in."""

    words = {
        "code": {
            "label": _("Codice"),
            "help_text": _("Le sei cifre dell’app sul telefono, oppure un codice di riserva."),
        }
    }


class ConfirmCodeForm(_Code, second_factor.ReauthenticateForm):
    """The code again, before what protects the account is changed."""

    words = CodeForm.words


class ActivateForm(_Code, totp.ActivateTOTPForm):
    """The first code of the app, which shows that it was set up well."""

"""What the sign-in library is told about this house: nobody signs up, everything in Italian."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ptpct.signin.attempts import (
    count_attempt,
    remember_device,
    why_too_many,
    why_too_many_codes,
)
from ptpct.signin.lookup import person_called
from ptpct.signin.mails import send, tell_person
from ptpct.signin.way_back import is_page
from registry.kept_statements import KeptStatement
from registry.models import User
from registry.permissions import reach_of
from registry.roles import WITH_SECOND_FACTOR
from registry.services.person_acts import record_set_password

WRONG = _("Nome o password non corretti. Attenzione a maiuscole e minuscole.")
DIRECTORY_AWAY = _(
    "La rubrica dell’amministrazione non risponde: riprova più tardi, o entra con la password "
    "del registro."
)
WRONG_CODE = _("Il codice non è quello atteso: controlla l’ora del telefono e scrivi quello nuovo.")


_BY_KEY = KeptStatement(lambda key: User.objects.filter(pk=key))


class PersonBackend(AuthenticationBackend):
    """Knows people by name or address. Rights come from memberships only (docs/decisions/0023), so
    that the permission tables of Django are never asked.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """Return whose password it is: one person is looked up, and one hash made.

        The library tries an address twice, so that its time would tell who is there; for nobody at
        all it makes the one hash itself.
        """
        login = credentials.get("email") or credentials.get("username") or ""
        return self._check_password(person_called(login), credentials["password"])

    def get_user(self, user_id: int) -> User | None:
        """Return who a session is of, while they may come in."""
        person = next(iter(_BY_KEY(user_id)), None)
        return person if person is not None and self.user_can_authenticate(person) else None

    def get_all_permissions(self, user_obj: User, obj: Any = None) -> set[str]:
        """Return nothing, without a query: `registry.permissions` says who may do what."""
        return set()


class AccountAdapter(DefaultAccountAdapter):
    """Local accounts: made by invitation only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Questo accesso è sospeso."),
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "incorrect_password": _("La password non è corretta."),
        "enter_current_password": _("La password attuale non è corretta."),
        "incorrect_code": WRONG_CODE,
        "directory_away": DIRECTORY_AWAY,
        "invalid_password_reset": _("Il collegamento è scaduto o è già stato usato."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell that nobody makes an account alone."""
        return False

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict | None = None,
        email: str | None = None,
    ) -> None:
        """Have a person told what happened to their access; the page does not wait for it."""
        place, moment = self.get_client_ip(self.request), timezone.localtime().isoformat()
        send(tell_person, person=user.pk, template=template_prefix, place=place, moment=moment)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Stop after too many attempts; the attempt that was stopped is announced too."""
        login = credentials.get("email") or credentials.get("username") or ""
        # what a success gives back
        self._login_failed_rl_usage = count_attempt(request, login)
        if self._login_failed_rl_usage is None:
            shown = {key: value for key, value in credentials.items() if key != "password"}
            user_login_failed.send(sender=__name__, credentials=shown, request=request)
            raise ValidationError(why_too_many(request, login), code="too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Say that the directory did not answer, where that is why."""
        if getattr(request, "directory_is_away", False):
            raise self.validation_error("directory_away")

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Return the error of a form; of codes that were too many the one that says until when."""
        if code in {"too_many_login_attempts", "rate_limited"}:
            return ValidationError(why_too_many_codes(self.request), code=code)
        return super().validation_error(code, *args)

    def is_safe_url(self, url: str | None) -> bool:
        """Tell whether one may be sent on to an address: of this site, and a page."""
        return super().is_safe_url(url) and is_page(url)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Lead on; the browser is one of this person’s from now on."""
        response = super().post_login(request, user, **kwargs)
        remember_device(request, response, user)
        return response


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor: its secrets are of no use to whoever reads only the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_delete_authenticator": _(
            "Il tuo ruolo richiede il secondo fattore: non si può togliere, solo rifare."
        ),
    }

    def get_totp_label(self, user: User) -> str:
        """Return the sign-in name, which is what the person has to find again on the phone."""
        return user.username

    def encrypt(self, text: str) -> str:
        """Return the secret as it is stored: sealed with the secret key of the installation."""
        # a worker at rest seals nothing
        from ptpct.signin.sealing import sealed  # noqa: PLC0415

        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; one not written by this installation opens nothing."""
        from ptpct.signin.sealing import opened  # noqa: PLC0415

        return opened(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Tell whether the person may do without: not where it is asked of them."""
        return not needs_second_factor(authenticator.user)


def needs_second_factor(user: User) -> bool:
    """Tell whether a second factor is asked of this person.

    Where the setting says so, of whoever keeps the installation and of the RPCT of any body today;
    everywhere of the heads of the bodies that ask it of theirs.
    """
    reach = reach_of(user)
    if reach.is_head_with_second_factor:
        return True
    return settings.MFA_FOR_RPCT and (user.is_superuser or bool(reach.roles & WITH_SECOND_FACTOR))


def announce_wrong_code(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Signal receiver: a wrong second factor is a failed sign-in like a wrong password."""
    user_login_failed.send(
        sender=__name__,
        credentials={"username": user.username, "step": "second factor"},
        request=request,
    )


def forget_old_addresses(*, instance: User, update_fields: Any = None, **kwargs: Any) -> None:
    """Signal receiver: an address a person no longer has opens nothing, not even by a reset link.

    The library keeps addresses in a list of its own beside the one of the person.
    """
    if update_fields is None or "email" in update_fields:
        EmailAddress.objects.filter(user=instance).exclude(email=instance.email.lower()).delete()


def note_password(*, user: User, **kwargs: Any) -> None:
    """Signal receiver: a person has chosen a password, for the first time or a new one."""
    record_set_password(person=user)


def listen() -> None:
    """Connect the receivers, once the apps are ready."""
    for happened in (password_set, password_changed, password_reset):
        happened.connect(note_password, dispatch_uid="ptpct.note_password")
    post_save.connect(forget_old_addresses, sender=User, dispatch_uid="ptpct.forget_old_addresses")
    authentication_failed.connect(announce_wrong_code, dispatch_uid="ptpct.announce_wrong_code")

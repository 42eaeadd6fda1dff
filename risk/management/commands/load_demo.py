import os

from django.conf import settings
from django.core.management.base import CommandError
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.readable import all_grouped
from risk.services.sample_data.demo.loading import (
    NAME,
    DemoRefusedError,
    demo_people,
    load_demo,
)
from risk.services.sample_data.demo.names import PUBLIC_PASSWORD

ADDRESS = "http://127.0.0.1:8000"
PASSWORD_VARIABLE = "PTPCT_DEMO_PASSWORD"  # noqa: S105 - the name of the variable, not its value


class Command(RegisterCommand):
    help = "Carica l’amministrazione dimostrativa; si può ripetere senza perdere le modifiche."

    def add_arguments(self, parser):
        parser.add_argument(
            "--reset",
            action="store_true",
            help="toglie l’amministrazione dimostrativa, con le modifiche, e la ricarica",
        )

    def handle(self, *args, **options):
        password = _password()
        try:
            outcome = load_demo(password=password, reset=options["reset"])
        except DemoRefusedError as error:
            raise CommandError(str(error)) from error
        if outcome.loaded:
            sentence = _(
                "Dati dimostrativi caricati: %(name)s, %(annexes)s allegati, "
                "%(processes)s processi."
            )
        else:
            sentence = _(
                "I dati dimostrativi ci sono già (%(name)s, %(annexes)s allegati, "
                "%(processes)s processi): nulla è stato cambiato. Per ricominciare: --reset."
            )
        self.stdout.write(sentence % {"name": NAME, **all_grouped(vars(outcome))})
        self._print_addresses()
        self._print_people(password)

    def _print_addresses(self):
        self.stdout.write("")
        self.stdout.write(_("Indirizzi:"))
        for path in ("/", reverse("admin:index")):
            self.stdout.write(f"  {ADDRESS}{path}")

    def _print_people(self, password):
        rows = [(person.username, str(person), _role(person)) for person in demo_people()]
        widths = [max(len(row[column]) for row in rows) for column in range(2)] if rows else []
        self.stdout.write("")
        self.stdout.write(_("Persone (la password, se nessuno l’ha cambiata, è %s):") % password)
        for username, name, role in rows:
            self.stdout.write(f"  {username:<{widths[0]}}  {name:<{widths[1]}}  {role}")


def _password() -> str:
    """Return the password of the demo people; a public one only where nobody else can sign in."""
    chosen = os.environ.get(PASSWORD_VARIABLE, "")
    if chosen in ("", PUBLIC_PASSWORD) and (settings.HTTPS or settings.NAMED_HOSTS):
        raise CommandError(
            _("Su un’installazione in rete la password dimostrativa va scelta: impostare %s.")
            % PASSWORD_VARIABLE
        )
    return chosen or PUBLIC_PASSWORD


def _role(person) -> str:
    held = [
        f"{membership.get_role_display()} – {membership.office}"
        if membership.office
        else membership.get_role_display()
        for membership in person.memberships.all()
    ]
    return ", ".join(held) or _("gestore dell’installazione")

"""manage.py reset_second_factor NAME: let somebody in again who has lost the telephone."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.models import User
from registry.services.people import reset_second_factor


class Command(RegisterCommand):
    """Takes the second factor of one person away; they set up a new one."""

    help = _("Azzera il secondo fattore di una persona che ha perso il telefono e i codici.")

    def add_arguments(self, parser):
        parser.add_argument("name", metavar="NOME", help=_("Nome utente."))

    def handle(self, *args, name, **options):
        person = User.objects.filter(username=name).first()
        if person is None:
            raise CommandError(_("Nessuna persona si chiama «%(name)s».") % {"name": name})
        if not reset_second_factor(person=person, by=None):
            raise CommandError(_("%(person)s non ha un secondo fattore.") % {"person": person})
        self.stdout.write(
            _("Secondo fattore azzerato: %(person)s entra con la sola password.")
            % {"person": person}
        )

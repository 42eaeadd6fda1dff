"""manage.py pseudonymise_people: forget the names whose years are over."""

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.models import Administration
from registry.services.people_pseudonyms import forgotten_people, pseudonymise_people


class Command(RegisterCommand):
    """Goes through all the bodies that keep names for a number of years, or through one."""

    help = _("Sostituisce con una sigla i nomi di chi non ha più incarichi da anni.")

    def add_arguments(self, parser):
        parser.add_argument("--administration", default="", help=_("codice IPA; altrimenti tutte"))
        parser.add_argument("--dry-run", action="store_true", help=_("dice soltanto di chi"))

    def handle(self, *args, administration, dry_run, **options):
        bodies = Administration.objects.filter(keeps_people_years__isnull=False)
        if administration:
            bodies = bodies.filter(ipa_code=administration)
            if not bodies:
                raise CommandError(
                    _("«%(ipa)s» non c’è, o conserva i nomi per sempre.") % {"ipa": administration}
                )
        on = timezone.localdate()
        for body in bodies:
            if dry_run:
                people = forgotten_people(administration=body, on=on)
                names = ", ".join(f"{person} ({person.username})" for person in people)
            else:
                people = pseudonymise_people(administration=body, by=None, on=on)
                names = ", ".join(map(str, people))
            self.stdout.write(f"{body}: {names or _('nessuno')}")

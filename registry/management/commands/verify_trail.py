"""manage.py verify_trail: is the trail as it was written?"""

import sqlite3
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry.enums import Upkeep
from registry.management.register_command import RegisterCommand
from registry.models import TrailRecord
from registry.readable import grouped
from registry.services.anchors import anchors_in, append_heads, every_head
from registry.services.health import record_run
from registry.services.person_acts import forgotten_on_trail
from registry.services.trail_verification import verify_trail
from registry.system_faults import told_of
from registry.trail.anchors import AnchorError, read_anchor


class Command(RegisterCommand):
    """Exit code 0 when the trail is whole, 1 when something was changed, is missing or added."""

    help = _("Rilegge tutte le registrazioni e dice se qualcosa è stato modificato o manca.")

    def add_arguments(self, parser):
        parser.add_argument(
            "--at-least",
            action="append",
            default=[],
            metavar="IPA:NUMERO:CODICE",
            help=_("un’ancora tenuta altrove, che la traccia deve contenere; si può ripetere"),
        )

    def handle(self, *args, **options):
        try:
            anchors = [read_anchor(text) for text in options["at_least"]]
            if settings.TRAIL_FILE:
                anchors += anchors_in(Path(settings.TRAIL_FILE))
        except AnchorError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            told = {"file": settings.TRAIL_FILE, "reason": told_of(error)}
            raise CommandError(_("«%(file)s» non si può leggere: %(reason)s.") % told) from error
        try:
            findings = verify_trail(at_least=anchors)
        except sqlite3.Error as error:
            told = {"reason": told_of(error)}
            raise CommandError(
                _("La verifica non è finita: nella cartella dei file temporanei %(reason)s.") % told
            ) from error
        for finding in findings:
            self.stderr.write(finding.sentence)
        for person in forgotten_on_trail():
            self.stdout.write(_("%(person)s: dimenticato.") % {"person": person})
        wrong = _("non conformi: %(n)s") % {"n": grouped(len(findings))} if findings else ""
        record_run(Upkeep.VERIFICATION, failure=wrong)
        count = TrailRecord.objects.count()
        if findings:
            raise SystemExit(1)
        if settings.TRAIL_FILE:
            _keep_heads(Path(settings.TRAIL_FILE))
        self.stdout.write(
            _("Registrazioni integre: %(count)s. Le ancore di oggi:") % {"count": grouped(count)}
        )
        for anchor in every_head():
            self.stdout.write(str(anchor))


def _keep_heads(file: Path) -> None:
    try:
        append_heads(file)
    except OSError as error:
        raise CommandError(
            _("La traccia è integra, ma «%(file)s» non si può scrivere: %(reason)s.")
            % {"file": file, "reason": told_of(error)}
        ) from error

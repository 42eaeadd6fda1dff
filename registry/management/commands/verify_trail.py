"""manage.py verify_trail: is the trail as it was written?"""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from registry.enums import Upkeep
from registry.models import TrailRecord
from registry.services.health import record_run
from registry.services.trail_verification import last_digest, verify_trail


class Command(BaseCommand):
    """Exit code 0 when the trail is whole, 1 when something was changed, is missing or added."""

    help = _("Rilegge tutte le registrazioni e dice se qualcosa è stato modificato o manca.")

    def handle(self, *args, **options):
        findings = verify_trail()
        for finding in findings:
            self.stderr.write(finding.sentence)
        wrong = _("non conformi: %(n)d") % {"n": len(findings)} if findings else ""
        record_run(Upkeep.VERIFICATION, failure=wrong)
        count = TrailRecord.objects.count()
        if findings:
            raise SystemExit(1)
        self.stdout.write(
            _("Registrazioni integre: %(count)d, ultima impronta %(digest)s.")
            % {"count": count, "digest": last_digest()}
        )

from pathlib import Path

from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.packing import DamagedContentError
from registry.services.trail import record_export
from risk.content.canonical import UnknownFormatError
from risk.management.export_faults import faults_told
from risk.paper.pdf import PaperError
from risk.services.plans.bound import bound_plan
from risk.services.plans.moves import subject_of
from risk.services.printing.exports import check_format, find_plan, write_whole

FORMATS = ("pdf",)


class Command(RegisterCommand):
    help = "Scrive il piano con tutti i suoi allegati in un solo documento PDF, in qualunque stato."

    def add_arguments(self, parser):
        parser.add_argument("--plan", required=True, help="titolo del piano")
        parser.add_argument("--format", required=True, help=", ".join(FORMATS))
        parser.add_argument("--output", required=True, help="file da scrivere")
        parser.add_argument(
            "--administration", default="", help="codice IPA, se ci sono più amministrazioni"
        )

    def handle(self, *args, **options):
        path = Path(options["output"])
        unprintable = _("Il piano non si può stampare. %(reason)s")
        reasons = (PaperError, DamagedContentError, UnknownFormatError)
        with faults_told(path, unprintable=unprintable, reasons=reasons):
            plan = find_plan(title=options["plan"], administration=options["administration"])
            kind = check_format(options["format"], choices=FORMATS)
            write_whole(path=path, data=bound_plan(plan=plan))
            detail = {"document": True}
            record_export(by=None, subject=subject_of(plan), file_format=kind, detail=detail)
        self.stdout.write(str(path))

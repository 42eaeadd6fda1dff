from pathlib import Path

from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.services.trail import record_export
from registry.trail.subjects import annex_subject
from risk.content.texts import UnresolvedField
from risk.enums import Layout
from risk.management.export_faults import faults_told
from risk.paper.pdf import PaperError
from risk.services.annexes.documents import document_of
from risk.services.printing.exports import (
    FORMATS,
    check_format,
    check_layout,
    export_annex,
    find_annex,
    write_whole,
)


class Command(RegisterCommand):
    help = "Scrive l’allegato di un ufficio come pagina HTML o come PDF."

    def add_arguments(self, parser):
        parser.add_argument("--plan", required=True, help="titolo del piano")
        parser.add_argument(
            "--office", required=True, help="nome, codice o altro modo di scriverlo"
        )
        # No argparse choices: its message would be in English and would not say what comes near.
        parser.add_argument("--layout", required=True, help=", ".join(Layout.values))
        parser.add_argument("--format", required=True, help=", ".join(FORMATS))
        parser.add_argument("--output", required=True, help="file da scrivere")
        parser.add_argument(
            "--administration", default="", help="codice IPA, se ci sono più amministrazioni"
        )

    def handle(self, *args, **options):
        path = Path(options["output"])
        unprintable = _("L’allegato non si può stampare. %(reason)s")
        with faults_told(path, unprintable=unprintable, reasons=(UnresolvedField, PaperError)):
            annex = find_annex(
                plan=options["plan"],
                office=options["office"],
                administration=options["administration"],
            )
            layout = check_layout(options["layout"])
            data = export_annex(
                document=document_of(annex),
                layout=layout,
                format=check_format(options["format"]),
            )
            write_whole(path=path, data=data)
            record_export(
                by=None,
                subject=annex_subject(annex),
                file_format=options["format"],
                detail={"layout": str(layout)},
            )
        self.stdout.write(str(path))

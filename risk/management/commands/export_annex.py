from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.services.trail import record_export
from registry.system_faults import told_of
from registry.trail.subjects import annex_subject
from risk.content.texts import UnresolvedField
from risk.enums import Layout
from risk.paper.pdf import PaperError
from risk.services.annexes.documents import document_of
from risk.services.printing.exports import (
    FORMATS,
    NotFoundError,
    check_format,
    check_layout,
    export_annex,
    find_annex,
    write_whole,
)

UNKNOWN_NAME = 2
"""Exit code when a plan, an office, a layout or a format is not known."""


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
        try:
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
        except NotFoundError as error:
            raise CommandError(str(error), returncode=UNKNOWN_NAME) from error
        except (UnresolvedField, PaperError) as error:
            raise CommandError(
                _("L’allegato non si può stampare. %(reason)s") % {"reason": error}
            ) from error
        except OSError as error:
            raise CommandError(
                _("Non si può scrivere «%(path)s»: %(reason)s.")
                % {"path": path, "reason": told_of(error)}
            ) from error
        self.stdout.write(str(path))

from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.packing import DamagedContentError
from registry.services.trail import record_export
from registry.system_faults import told_of
from risk.content.canonical import UnknownFormatError
from risk.management.commands.export_annex import UNKNOWN_NAME
from risk.paper.pdf import PaperError
from risk.services.plans.bound import bound_plan
from risk.services.plans.moves import subject_of
from risk.services.printing.exports import NotFoundError, check_choice, find_plan, write_whole

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
        try:
            plan = find_plan(title=options["plan"], administration=options["administration"])
            kind = check_choice(
                options["format"], choices=FORMATS, unknown=_("Formato «%(text)s» sconosciuto.")
            )
            write_whole(path=path, data=bound_plan(plan=plan))
            detail = {"document": True}
            record_export(by=None, subject=subject_of(plan), file_format=kind, detail=detail)
        except NotFoundError as error:
            raise CommandError(str(error), returncode=UNKNOWN_NAME) from error
        except (PaperError, DamagedContentError, UnknownFormatError) as error:
            raise CommandError(
                _("Il piano non si può stampare. %(reason)s") % {"reason": error}
            ) from error
        except OSError as error:
            raise CommandError(
                _("Non si può scrivere «%(path)s»: %(reason)s.")
                % {"path": path, "reason": told_of(error)}
            ) from error
        self.stdout.write(str(path))

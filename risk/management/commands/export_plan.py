from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from registry.management.register_command import RegisterCommand
from registry.models import Plan
from registry.packing import DamagedContentError
from registry.services.trail import record_export
from risk.content.canonical import UnknownFormatError
from risk.content.plan_parts import PART_NAMES
from risk.management.export_faults import faults_told
from risk.paper.blocks import TEXT_FORMATS
from risk.paper.pdf import PaperError
from risk.services.plans.bound import bound_plan
from risk.services.plans.choices import WHOLE, Chosen, chosen_called
from risk.services.plans.moves import subject_of
from risk.services.plans.texts import plan_text
from risk.services.printing.exports import (
    NotFoundError,
    check_format,
    find_plan,
    whole_file,
)
from risk.services.reporting.pack import write_pack


def _write_pdf(plan: Plan, chosen: Chosen, into: BinaryIO) -> None:
    into.write(bound_plan(plan=plan, chosen=chosen))


def _write_zip(plan: Plan, chosen: Chosen, into: BinaryIO) -> None:
    if chosen != WHOLE:
        raise NotFoundError(_("Il pacchetto ha sempre tutte le parti: --parts non vale per zip."))
    write_pack(plan=plan, into=into)


def _write_text(plan: Plan, chosen: Chosen, into: BinaryIO, *, suffix: str) -> None:
    into.write(plan_text(plan=plan, suffix=suffix, chosen=chosen))


FORMATS: dict[str, Callable[[Plan, Chosen, BinaryIO], None]] = {
    "pdf": _write_pdf,
    "zip": _write_zip,
    **{suffix: partial(_write_text, suffix=suffix) for suffix in TEXT_FORMATS},
}
"""How a plan is written, by the name of the format."""


class Command(RegisterCommand):
    help = (
        "Scrive il piano con tutti i suoi allegati, in qualunque stato: un solo documento (pdf), "
        "il pacchetto di tutti i file (zip), un testo da modificare (docx, odt)."
    )

    def add_arguments(self, parser):
        parser.add_argument("--plan", required=True, help="titolo del piano")
        parser.add_argument("--format", required=True, help=", ".join(FORMATS))
        parser.add_argument("--output", required=True, help="file da scrivere")
        parser.add_argument(
            "--parts",
            help="parti separate da virgole, o il nome di una scelta: " + ", ".join(PART_NAMES),
        )
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
            asked = options["parts"]
            chosen = WHOLE if asked is None else chosen_called(plan.administration, asked)
            with whole_file(path) as file:
                FORMATS[kind](plan, chosen, file)
            detail = {"document": True}
            record_export(by=None, subject=subject_of(plan), file_format=kind, detail=detail)
        self.stdout.write(str(path))

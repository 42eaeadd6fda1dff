"""What stands in a cell as the value of a field; each reader says what is wrong in a sentence."""

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.normalise import fold
from registry.readable import grouped
from risk.enums import DeclaredOutcome, DelayCause, ProgressKind
from risk.models import ProgressIndicator
from risk.models.monitoring import LONGEST_ANSWER
from risk.services.answer_books.contents import NO, YES
from risk.services.answer_books.read import BroughtCell
from risk.services.mapping.paste.cells import day_cell

EARLIEST, LATEST = 1900, 2999
"""Years of a day, as all forms ask for."""


def text_of(cell: BroughtCell) -> str:
    """Return the text of a cell, its lines broken as the register keeps them."""
    text = cell.text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST_ANSWER:
        raise ValidationError(
            _("Il testo ha %(length)s caratteri: il massimo è %(limit)s.")
            % {"length": grouped(len(text)), "limit": grouped(LONGEST_ANSWER)}
        )
    return text


def day_of(cell: BroughtCell) -> datetime.date | None:
    """Return the day of a cell, None of an empty one."""
    value: Any = cell.value
    if isinstance(value, datetime.datetime):
        value = value.date()
    elif not isinstance(value, datetime.date):
        read = day_cell(cell.text)
        if read.problem:
            raise ValidationError(read.problem)
        value = read.value
    if value is not None and not EARLIEST <= value.year <= LATEST:
        raise ValidationError(_("Serve un giorno fra il 1900 e il 2999."))
    return value


def number_of(cell: BroughtCell) -> Decimal | None:
    """Return the number of a cell, None of an empty one; 2,5 and 2.5 are the same."""
    value, text = cell.value, cell.text
    if not text:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(repr(value))
    plain = text.replace(" ", "").removesuffix("%")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValidationError(_("«%(text)s» non è un numero.") % {"text": text[:40]})
    return number


def value_of(cell: BroughtCell, indicator: ProgressIndicator) -> Decimal | None:
    """Return the value of an indicator: yes and no of one that is either, else a number."""
    if indicator.kind == ProgressKind.ON_OFF:
        said = {fold(YES): 1, "si": 1, fold(NO): 0, "vero": 1, "falso": 0}.get(fold(cell.text))
        if said is not None:
            return Decimal(said)
    return number_of(cell)


def choice_of(labels: Mapping[str, str], what: str) -> Callable[[BroughtCell], str]:
    """Return what reads the choice whose label a cell has; "" of an empty one."""
    known = {fold(str(label)): code for code, label in labels.items()}

    def read(cell: BroughtCell) -> str:
        if not cell.text:
            return ""
        code = known.get(fold(cell.text))
        if code is None:
            offered = ", ".join(str(label) for label in labels.values())
            raise ValidationError(
                _("«%(text)s» non è %(what)s: scegli fra %(offered)s.")
                % {"text": cell.text[:40], "what": what, "offered": offered}
            )
        return code

    return read


def answer_readers() -> dict[str, Callable[[BroughtCell], Any]]:
    """Return what reads each field of an answer."""
    texts = ("done", "reason", "judgement", "difficulty", "improvement")
    return {
        **dict.fromkeys(texts, text_of),
        "declared": choice_of(dict(DeclaredOutcome.choices), _("un esito")),
        "cause": choice_of(dict(DelayCause.choices), _("una causa")),
        "proposed_on": day_of,
    }


def yes_or_no(cell: BroughtCell) -> bool:
    """Return whether a cell says yes; an empty one says no."""
    return choice_of({"1": YES, "": NO}, _("sì o no"))(cell) == "1"

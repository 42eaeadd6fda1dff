"""The workbook in which an office answers a round of monitoring: what is asked, cells to fill.

One sheet has a row a measure, another a row an indicator, a third a row a step where there is any.
What stands where is said once, here, for the file that goes out and the one that comes back
(`FILLED`, `MEASURED`, `STEPPED`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from risk.workbooks.drawing import (
    BookDrawing,
    DrawnColumn,
    DropDown,
    Look,
    SheetDrawing,
    add_heads,
    checked,
    spread_heights,
)
from risk.workbooks.rowids import ANSWERS, Origin, RowId


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """A column: what it is called, its width in characters, the list it offers."""

    heading: Promise
    width: float
    offers: str = ""


ASKED = (
    AnswerColumn(gettext_lazy("Misura"), 26),
    AnswerColumn(gettext_lazy("Dove"), 24),
    AnswerColumn(gettext_lazy("Fasi di attuazione"), 28),
    AnswerColumn(gettext_lazy("Indicatori e valori attesi"), 28),
    AnswerColumn(gettext_lazy("Stato"), 18),
)
FILLED: dict[str, AnswerColumn] = {
    "declared": AnswerColumn(gettext_lazy("Esito"), 17, "esiti"),
    "done": AnswerColumn(gettext_lazy("Che cosa è stato fatto"), 36),
    "reason": AnswerColumn(gettext_lazy("Motivo"), 28),
    "cause": AnswerColumn(gettext_lazy("Causa"), 15, "cause"),
    "proposed_on": AnswerColumn(gettext_lazy("Nuova data proposta"), 13),
    "judgement": AnswerColumn(gettext_lazy("Quanto è stata efficace"), 24),
    "difficulty": AnswerColumn(gettext_lazy("Che cosa è stato difficile"), 24),
    "improvement": AnswerColumn(gettext_lazy("Che cosa la migliorerebbe"), 24),
    "reference": AnswerColumn(gettext_lazy("Prova: atto, protocollo o indirizzo"), 24),
    "proves": AnswerColumn(gettext_lazy("Che cosa prova"), 22),
    "has_personal_data": AnswerColumn(gettext_lazy("Dati personali nella prova"), 12, "si_no"),
}
"""Columns to fill of a measure, by field; the last three are of a proof."""
TOLD = (
    AnswerColumn(gettext_lazy("Misura"), 26),
    AnswerColumn(gettext_lazy("Indicatore"), 30),
    AnswerColumn(gettext_lazy("Valori attesi"), 22),
    AnswerColumn(gettext_lazy("Già rilevato"), 22),
)
MEASURED: dict[str, AnswerColumn] = {
    "value": AnswerColumn(gettext_lazy("Valore"), 12),
    "numerator": AnswerColumn(gettext_lazy("Numeratore"), 12),
    "denominator": AnswerColumn(gettext_lazy("Denominatore"), 13),
    "measured_on": AnswerColumn(gettext_lazy("Rilevata il"), 13),
    "source": AnswerColumn(gettext_lazy("Da dove viene il numero"), 30),
    "correction_reason": AnswerColumn(gettext_lazy("Perché si corregge"), 30),
}
"""Columns to fill of an indicator, by field."""
STEPS = (
    AnswerColumn(gettext_lazy("Misura"), 26),
    AnswerColumn(gettext_lazy("Fase di attuazione"), 40),
    AnswerColumn(gettext_lazy("Entro il"), 20),
)
STEPPED: dict[str, AnswerColumn] = {
    "progress": AnswerColumn(gettext_lazy("A che punto è"), 16, "fasi"),
    "done_on": AnswerColumn(gettext_lazy("Fatta il"), 13),
    "note": AnswerColumn(gettext_lazy("Nota sulla fase"), 40),
}
"""Columns to fill of a step, by field."""
_HEADS_HEIGHT = 30


@dataclass(frozen=True, slots=True)
class AskedIndicator:
    """An indicator: what is told of it, and `version`, how often it was measured in the round."""

    uid: UUID
    version: int
    told: tuple[str, str, str]
    is_percentage: bool


@dataclass(frozen=True, slots=True)
class AskedStep:
    """A step: what it is and by when, and by field what is said of it at a version."""

    uid: UUID
    version: int
    told: tuple[str, str]
    said: dict[str, str]


@dataclass(frozen=True, slots=True)
class AskedMeasure:
    """A measure: the texts of `ASKED`, and by field what was answered at a version."""

    uid: UUID
    version: int
    asked: tuple[str, str, str, str, str]
    answered: dict[str, str]
    is_open: bool
    indicators: list[AskedIndicator] = field(default_factory=list)
    steps: list[AskedStep] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AnswerBook:
    """What one office is asked in one round; `lists` are the choices, by the name columns say."""

    origin: Origin
    round: str
    office: str
    note: str
    lists: dict[str, Sequence[str]]
    measures: list[AskedMeasure]


def origin_of(*, plan: str, ipa_code: str, round_uid: UUID, office: str) -> Origin:
    """Return what the hidden sheet of such a workbook begins with."""
    return Origin(plan, ipa_code, ANSWERS, round=str(round_uid), office=office)


def draw_answers(book: AnswerBook) -> BookDrawing:
    """Return the drawing of the workbook of an office.

    Raises `risk.workbooks.drawing.TooLongError` when a cell would hold more than it can.
    """
    ids: list[RowId] = []
    measures = _begun(_("Misure"), book, (*ASKED, *FILLED.values()))
    for measure in book.measures:
        key = f"r{len(ids) + 1}"
        ids.append(RowId(key, "item", 1, measure.uid, measure.version))
        filled = [measure.answered.get(name) or None for name in FILLED]
        look = Look.TEXT if measure.is_open else Look.KEY
        texts = [checked(text, measure.asked[0]) if text else None for text in measure.asked]
        looks = [*[Look.KEY] * len(texts), *[look] * len(filled), Look.KEY]
        measures.add([*texts, *filled, key], looks)
    indicators = _begun(_("Indicatori"), book, (*TOLD, *MEASURED.values()))
    for measure in book.measures:
        for one in measure.indicators:
            key = f"r{len(ids) + 1}"
            ids.append(RowId(key, "indicator", 1, one.uid, one.version))
            told = [measure.asked[0], *(text or None for text in one.told)]
            looks = [*[Look.KEY] * len(told), *_looks(one, measure.is_open), Look.KEY]
            indicators.add([*told, *[None] * len(MEASURED), key], looks)
    sheets = [measures, indicators]
    if any(measure.steps for measure in book.measures):
        sheets.append(_draw_steps(book, ids))
    for sheet in sheets:
        _finish(sheet)
    return BookDrawing(
        title=f"{book.round} – {book.office}",
        origin=book.origin,
        sheets=sheets,
        lists=dict(book.lists),
        ids=ids,
    )


def _draw_steps(book: AnswerBook, ids: list[RowId]) -> SheetDrawing:
    """Return the sheet of the steps; their keys go on in `ids`."""
    sheet = _begun(_("Fasi"), book, (*STEPS, *STEPPED.values()))
    for measure in book.measures:
        look = Look.TEXT if measure.is_open else Look.KEY
        for one in measure.steps:
            key = f"r{len(ids) + 1}"
            ids.append(RowId(key, "step", 1, one.uid, one.version))
            texts = [checked(text, measure.asked[0]) or None for text in one.told]
            said = [one.said[name] or None for name in STEPPED]
            looks = [*[Look.KEY] * len(STEPS), *[look] * len(said), Look.KEY]
            sheet.add([measure.asked[0], *texts, *said, key], looks)
    return sheet


def _looks(indicator: AskedIndicator, is_open: bool) -> list[Look]:
    """Return how the cells to fill of an indicator look: only those of its kind may be filled."""
    not_of_kind = ("value",) if indicator.is_percentage else ("numerator", "denominator")
    return [Look.TEXT if is_open and name not in not_of_kind else Look.KEY for name in MEASURED]


def _begun(name: str, book: AnswerBook, columns: Sequence[AnswerColumn]) -> SheetDrawing:
    """Return a sheet with its title, the office, a note and the heads."""
    drawn = [*(DrawnColumn(one.width) for one in columns), DrawnColumn(0)]
    sheet = SheetDrawing(name, drawn, is_draft=False, subject=f"{book.round}, {book.office}")
    rest: list[None] = [None] * (len(drawn) - 1)
    for look, text, height in (
        (Look.TITLE, f"{book.round} – {book.origin.plan}", 22),
        (Look.TITLE, book.office, 22),
        (Look.NOTE, book.note, 42),
    ):
        row = sheet.add([text, *rest], [look] * len(drawn), height)
        # beside what stays in sight when a wide sheet is moved
        sheet.merge(row, 0, row, 3)
    labels = [str(one.heading) for one in columns]
    sheet.heads = add_heads(sheet, labels, with_ids=True, height=_HEADS_HEIGHT)
    return sheet


def _finish(sheet: SheetDrawing) -> None:
    """Offer the lists beside the rows, make them high enough."""
    first, last = sheet.heads + 1, len(sheet.lines) - 1
    offers = {str(one.heading): one.offers for one in (*FILLED.values(), *STEPPED.values())}
    for column, head in enumerate(sheet.lines[sheet.heads].cells):
        if last >= first and (name := offers.get(str(head))):
            sheet.choices.append(DropDown(first, last, column, name, is_closed=True))
    spread_heights(sheet, first)

"""An annex as blocks, from the values the paper is made of: nothing more and nothing less."""

from collections.abc import Callable, Iterator, Sequence

from django.utils.translation import gettext as _

from risk.content.typography import capital, with_apostrophes
from risk.content.values import (
    DASH,
    AnnexDocument,
    Entry,
    FigureTable,
    LevelLabel,
    ProcessSheet,
    SheetAssessment,
    SheetMeasure,
    Texts,
)
from risk.enums import Layout
from risk.paper import risk_table
from risk.paper.blocks import (
    Block,
    BlockCell,
    Book,
    ContentsBlock,
    Heading,
    Paragraph,
    TableBlock,
    TextStyle,
)
from risk.paper.layouts import CATALOGUE, FIGURES, PRINTED_LAYOUTS, RISK_TABLE, SHEETS, Part
from risk.paper.shared_lines import DatedAssessment
from risk.paper.short_sheets import SaidMeasure, ShortSheet, shortened
from risk.paper.text_widths import UPRIGHT, column_widths

CONTENTS_LEVELS = 2
_OF_DASHES = 2
"""The part of a table of risks that a column has which says nothing: its head has room in it."""


def annex_book(document: AnnexDocument, layout: Layout) -> Book:
    """Return an annex in one layout as a document by itself."""
    printed = PRINTED_LAYOUTS[layout]
    title = f"{document.plan} – {document.office} – {printed.title}"
    blocks = [*_cover(document, layout), *annex_parts(document, layout, level=1)]
    if printed.is_whole:
        blocks.insert(
            len(list(_cover(document, layout))), ContentsBlock(_("Indice"), CONTENTS_LEVELS)
        )
    running = f"{document.administration} · {document.plan} · {document.office}"
    if document.is_draft:
        running += f" · {_('BOZZA')}"
    return Book(str(title), document.administration, running, tuple(blocks))


def annex_parts(document: AnnexDocument, layout: Layout, *, level: int) -> Iterator[Block]:
    """Give the parts of an annex in one layout, under headings from `level` on."""
    for part in PRINTED_LAYOUTS[layout].parts:
        if part.is_optional and not getattr(document, part.holds):
            continue
        texts = document.texts_of(part.texts) if part.texts else Texts()
        fallback, is_lying, rows = _PARTS[part]
        yield Heading(texts.title or str(fallback()), level, landscape=is_lying)
        yield from _prose(texts.introduction)
        yield from rows(document, level + 1)
        yield from _prose(texts.closing)
        yield from _prose(texts.note, TextStyle.QUIET)


def state_of(document: AnnexDocument) -> Iterator[Block]:
    """Give what tells a copy that can be changed from what was issued."""
    if document.is_draft:
        yield Paragraph(_("BOZZA"), TextStyle.DRAFT)
        return
    names = {"n": document.number, "moment": document.issued_at, "digest": document.digest}
    yield Paragraph(
        _(
            "Copia modificabile dell’emissione n. %(n)s del %(moment)s: fa fede il PDF emesso. "
            "Codice di controllo dei dati (SHA-256): %(digest)s"
        )
        % names,
        TextStyle.QUIET,
    )


def measure_blocks(measure: SheetMeasure, *, level: int) -> Iterator[Block]:
    """Give a measure in full, under its heading."""
    yield Heading(f"{measure.title} ({measure.kind})", level)
    yield from entries_table("", measure.entries)


def figure_tables(figures: Sequence[FigureTable], *, level: int) -> Iterator[Block]:
    """Give figures as tables, each under its heading."""
    for figure in figures:
        yield Heading(figure.title, level)
        yield TableBlock(
            caption="",
            heads=(figure.head, *(capital(column) for column in figure.columns)),
            rows=tuple(
                (_head(capital(line.label)), *(_cell(str(cell.count)) for cell in line.cells))
                for line in figure.lines
            ),
            widths=_figure_widths(figure),
        )


def _figure_widths(figure: FigureTable) -> tuple[int, ...]:
    labels = (figure.head, *(line.label for line in figure.lines))
    return column_widths([labels, *((capital(column),) for column in figure.columns)], UPRIGHT)


def entries_table(caption: str, entries: Sequence[Entry]) -> Iterator[Block]:
    """Give labels and what stands beside them as a table; none for no label."""
    if entries:
        rows = tuple((_head(entry.word), BlockCell(entry.lines or (DASH,))) for entry in entries)
        yield TableBlock(caption, (), rows, (3, 7))


def level_word(level: LevelLabel) -> str:
    """Return a level as a word."""
    return f"{level.label} {_('(derivato)')}" if level.derived else level.label


def _cover(document: AnnexDocument, layout: Layout) -> Iterator[Block]:
    yield Paragraph(document.administration, TextStyle.SUBTITLE)
    yield Paragraph(document.office, TextStyle.TITLE)
    yield Paragraph(document.plan, TextStyle.SUBTITLE)
    yield Paragraph(_("Responsabile dell’ufficio: %s") % document.head)
    yield from state_of(document)
    yield from cover_words(document, layout)


def cover_words(document: AnnexDocument, layout: Layout) -> Iterator[Block]:
    """Give what the cover of an annex says besides whose it is and how it stands."""
    texts = document.texts_of(layout)
    if document.is_one_person:
        sentence = _("Approvato da chi lo ha redatto: l’ente opera con una sola persona.")
        yield Paragraph(sentence, TextStyle.QUIET)
    for sentence in document.reread_told:
        yield Paragraph(sentence)
    if PRINTED_LAYOUTS[layout].is_whole:
        yield from _prose(texts.title)
        yield from _prose(texts.introduction)
        yield from _prose(texts.note, TextStyle.QUIET)


def _prose(text: str, style: TextStyle = TextStyle.BODY) -> Iterator[Block]:
    """Give a text as people typed it, a paragraph for each of theirs."""
    for paragraph in with_apostrophes(text).split("\n\n"):
        if paragraph.strip():
            yield Paragraph(paragraph.strip(), style)


def _none(is_there: object) -> Iterator[Block]:
    if not is_there:
        yield Paragraph(_("In questo allegato non c’è ancora nessun processo."), TextStyle.QUIET)


def _catalogue(document: AnnexDocument, _level: int) -> Iterator[Block]:
    yield from _none(document.catalogue)
    if document.catalogue:
        heads = (
            *(_("Tipo di processo"), _("Funzioni istituzionali"), _("Macroprocesso")),
            *(_("Processo"), _("Area di rischio"), _("Ufficio")),
        )
        rows = tuple(
            (
                *(_cell(row.kind), _cell(row.function), _cell(row.macroprocess)),
                *(_head(f"n. {row.numbered} {row.title}"), _cell(row.area), _cell(row.office)),
            )
            for row in document.catalogue
        )
        yield TableBlock(_("Catalogo dei processi"), heads, rows, (2, 2, 3, 4, 3, 2))


def _risk_table(document: AnnexDocument, _level: int) -> Iterator[Block]:
    yield from _none(document.table)
    if not document.table:
        return
    columns = [name for name, _label in risk_table.COLUMNS]
    rows = []
    for body in risk_table.bodies(document.table):
        for row in body.rows:
            cells = {cell.column: _spanning(cell) for cell in row.cells}
            rows.append(tuple(cells.get(column) for column in columns))
    heads = tuple(str(label) for _name, label in risk_table.COLUMNS)
    widths = [
        full if any(row[place] and row[place].lines != (DASH,) for row in rows) else _OF_DASHES
        for place, full in enumerate((3, 3, 3, 3, 4, 4, 2))
    ]
    yield TableBlock(_("Tabella dei rischi"), heads, tuple(rows), tuple(widths))


def _spanning(cell: risk_table.TableCell) -> BlockCell:
    mark = "• " if cell.is_list else ""
    lines = tuple(
        mark + line.text + (f" {_('(segue)')}" if line.resumed else "") for line in cell.lines
    )
    if cell.level:
        lines = (level_word(cell.level),)
    return BlockCell(lines, rowspan=cell.rowspan, is_head=cell.is_header)


def _figures(document: AnnexDocument, level: int) -> Iterator[Block]:
    return figure_tables(document.figures, level=level)


def _sheets(document: AnnexDocument, level: int) -> Iterator[Block]:
    yield from _none(document.sheets)
    for sheet in shortened(document.sheets):
        yield from _sheet(sheet, level)


def _sheet(sheet: ProcessSheet, level: int) -> Iterator[Block]:
    yield Heading(
        _("Processo n. %(n)s: %(title)s") % {"n": sheet.numbered, "title": sheet.title}, level
    )
    if sheet.level:
        yield Paragraph(_("Livello di rischio: %s") % level_word(sheet.level))
    yield from entries_table(_("Descrizione del processo"), sheet.entries)
    if isinstance(sheet, ShortSheet):
        if sheet.unsaid:
            yield Paragraph(_("Non ancora indicati: %s") % sheet.unsaid, TextStyle.QUIET)
        return
    yield Heading(_("Fasi e azioni"), level + 1)
    yield from _phases(sheet)
    yield Heading(_("Presenza del rischio"), level + 1)
    yield Paragraph(sheet.presence)
    yield from _prose(sheet.presence_reason)
    if sheet.behaviours:
        yield Heading(_("Comportamenti a rischio"), level + 1)
        for behaviour in sheet.behaviours:
            yield Heading(f"{behaviour.number} {behaviour.text}", level + 2)
            yield from entries_table("", behaviour.entries)
            for assessment in behaviour.assessments:
                yield from _assessment(assessment)
    if sheet.assessments:
        yield Heading(_("Valutazione del processo"), level + 1)
        for assessment in sheet.assessments:
            yield from _assessment(assessment)
    if sheet.measures:
        yield Heading(_("Misure e programmazione"), level + 1)
        for measure in sheet.measures:
            yield from _measure(measure, level + 2)


def _phases(sheet: ProcessSheet) -> Iterator[Block]:
    if not sheet.phases:
        yield Paragraph(_("Il processo non è ancora scomposto in fasi."), TextStyle.QUIET)
        return
    steps = [step for phase in sheet.phases for step in (phase, *phase.actions)]
    rows = tuple(
        (_cell(step.number), _head(step.title), _cell(step.executor), _cell(step.behaviours))
        for step in steps
    )
    heads = (_("N."), _("Fase e azioni"), _("Esecutore"), _("Comportamenti"))
    said = ((one.number, one.title, one.executor, one.behaviours) for one in steps)
    columns = list(zip(heads, *said, strict=True))
    yield TableBlock("", heads, rows, column_widths(columns, UPRIGHT))


def _assessment(row: SheetAssessment) -> Iterator[Block]:
    level = level_word(row.level) if row.level else _("livello non ancora indicato")
    day = f" · {row.dated}" if isinstance(row, DatedAssessment) else ""
    yield Paragraph(f"{row.method} · {row.moment}: {level}{day}")
    if row.ratings:
        rows = tuple(
            (_head(rating.indicator), _cell(rating.value), _cell(rating.evidence))
            for rating in row.ratings
        )
        heads = (_("Indicatore"), _("Valore"), _("Dati ed evidenze"))
        yield TableBlock(_("Indicatori: %s") % row.method, heads, rows, (4, 2, 6))
    yield from entries_table(_("Giudizio"), row.entries)


def _measure(measure: SheetMeasure, level: int) -> Iterator[Block]:
    if not isinstance(measure, SaidMeasure):
        yield from measure_blocks(measure, level=level)
        return
    where = _("programmata nella scheda n. %s") % measure.said_on
    yield Paragraph(f"{measure.title} ({measure.kind}): {where}")
    yield from entries_table("", measure.entries)


def _head(text: str) -> BlockCell:
    return BlockCell(tuple(text.split("\n")), is_head=True)


def _cell(text: str) -> BlockCell:
    return BlockCell(tuple(text.split("\n")))


_Rows = Callable[[AnnexDocument, int], Iterator[Block]]
_PARTS: dict[Part, tuple[Callable[[], str], bool, _Rows]] = {
    CATALOGUE: (lambda: _("Identificazione macroprocessi e processi"), True, _catalogue),
    RISK_TABLE: (lambda: _("Processi, comportamenti a rischio e misure"), True, _risk_table),
    FIGURES: (lambda: _("Quadro dei rischi"), False, _figures),
    SHEETS: (lambda: _("Schede dei processi"), False, _sheets),
}
"""What each part of the paper is called where no text says it, whether its pages lie, its rows."""

"""A comparison as a table: a row for each field that changed, each row that came or went."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from registry.spreadsheets.tables import Table
from risk.content.comparison import ContentChange
from risk.content.edition_values import OfficeDifference, ProcessDifference
from risk.services.plans.comparison.making import EditionComparison


def comparison_table(comparison: EditionComparison) -> Table:
    """Return what changed between two editions, in the order of the later one."""
    heads = (
        *(_("Ufficio"), _("Area di rischio"), _("Processo")),
        *(_("Che cosa è cambiato"), _("Modifica"), _("Riga"), _("Testo della riga")),
        *(_("Campo"), _("Prima"), _("Dopo")),
    )
    said = comparison.frame
    title = _("Confronto, %(after)s e %(before)s")
    names = {"after": said.after.name, "before": said.before.name}
    return Table(title % names, heads, _rows(comparison), lambda: _size(comparison))


def _size(comparison: EditionComparison) -> int:
    """Return about how many rows there are: three for each process that changed."""
    counted = comparison.counted().offices.values()
    return 3 * sum(sum(one.kinds.values()) for one in counted)


def _rows(comparison: EditionComparison) -> Iterator[list]:
    yield from _told([_("tutto il piano"), "", "", ""], comparison.frame.own)
    for office in comparison.opened():
        yield from _office(office)


def _office(office: OfficeDifference) -> Iterator[list]:
    state = ""
    if office.is_gone or office.is_new:
        state = _("ufficio senza allegato nel secondo piano")
        if office.is_new:
            state = _("ufficio con un allegato nuovo")
        yield [office.name, "", "", state, *[""] * 6]
    for sentence in office.became:
        said = _("che cosa è diventato l’ufficio")
        yield [office.name, "", "", said, "", "", sentence, "", "", ""]
    yield from _told([office.name, "", "", ""], office.own)
    for row in office.processes:
        yield from _process(office.name, row)


def _process(office: str, row: ProcessDifference) -> Iterator[list]:
    kinds = ", ".join(str(kind.label) for kind in row.kinds)
    begin = [office, row.area, row.printed, kinds]
    if row.moved_from:
        yield [*begin, "", "", "", _("Ufficio"), row.moved_from, office]
    if row.reason:
        yield [*begin, "", "", "", _("Motivo"), "", row.reason]
    if not row.changes and not row.moved_from and not row.reason:
        yield [*begin, *[""] * 6]
    yield from _told(begin, row.changes)


def _told(begin: Sequence[str], changes: Sequence[ContentChange]) -> Iterator[list]:
    for change in changes:
        cells = [*begin, str(change.kind.label), change.row or _("processo"), change.title]
        if not change.fields:
            yield [*cells, "", "", ""]
        for field in change.fields:
            yield [*cells, field.label, field.before, field.after]

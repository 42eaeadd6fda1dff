"""The lists of the registry as tables: what the page of each shows, row by row."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.models import Administration, Job, Membership, Office
from registry.services.history import NOTHING, HistoryEntry
from registry.services.history_pages import SAVES_AT_ONCE, History
from registry.services.jobs import kind_of
from registry.spreadsheets.tables import Streamed, Table, table_of

ROWS_AT_ONCE = 2000


def streamed(rows: QuerySet) -> Streamed:
    """Return the rows one after the other: what they prefetch is asked once for every 2,000."""
    return Streamed(rows.iterator(chunk_size=ROWS_AT_ONCE), rows.count)


def people_table(body: Administration, rows: QuerySet[Membership]) -> Table:
    """Return the memberships of an administration."""
    columns = {
        _("Titolo"): lambda row: row.title,
        _("Cognome"): lambda row: row.user.last_name,
        _("Nome"): lambda row: row.user.first_name,
        _("Utente"): lambda row: row.user.username,
        _("Posta elettronica"): lambda row: row.user.email,
        _("Ruolo"): lambda row: row.get_role_display(),
        _("In sostituzione di"): lambda row: str(row.deputy_for.user) if row.deputy_for else "",
        _("Ufficio"): lambda row: str(row.office or _("Tutta l’amministrazione")),
        _("Dal"): lambda row: row.starts_on,
        _("Al"): lambda row: row.ends_on,
    }
    return table_of(_("Persone, %s") % body.name, columns, streamed(rows))


def offices_table(body: Administration, rows: QuerySet[Office]) -> Table:
    """Return the offices of an administration, as `offices_of` reads them."""
    columns = {
        _("Codice"): lambda row: row.code,
        _("Denominazione"): lambda row: row.name,
        _("Codice dell’ufficio superiore"): lambda row: row.parent.code if row.parent else "",
        _("Ufficio superiore"): lambda row: row.parent.name if row.parent else "",
        _("Responsabile"): lambda row: ", ".join(str(held.user) for held in row.held),
        _("Chiuso il"): lambda row: row.retired_on,
        _("Motivo"): lambda row: row.retired_reason,
    }
    return table_of(_("Uffici, %s") % body.name, columns, streamed(rows))


def jobs_table(rows: Iterable[Job]) -> Table:
    """Return pieces of long work."""
    columns = {
        _("Operazione"): lambda row: str(kind_of(row).label),
        _("Per"): lambda row: row.title,
        _("Chiesta il"): lambda row: moment(row.created_at),
        _("Stato"): lambda row: row.state_label,
    }
    return table_of(_("Operazioni in corso"), columns, rows)


def history_table(title: str, history: History) -> Table:
    """Return a history, one row for each field that moved; a save that moved none is one row."""
    heads = (
        *(_("Quando"), _("Chi"), _("Che cosa"), _("Riga")),
        *(_("Campo"), _("Prima"), _("Dopo"), _("Nota")),
    )
    return Table(title, heads, _moved(history.entries()), partial(_rows_of, history))


def _rows_of(history: History) -> int:
    """Return how many rows a history has; of a long one about how many, by its last saves."""
    read = list(islice(history.entries(), SAVES_AT_ONCE))
    rows = sum(len(entry.changes) or 1 for entry in read)
    return rows if len(read) < SAVES_AT_ONCE else rows * history.count() // len(read)


def _kind(entry: HistoryEntry) -> str:
    return f"{entry.kind} ({entry.act})" if entry.act else entry.kind


def _moved(entries: Iterable[HistoryEntry]) -> Iterator[list]:
    for entry in entries:
        entry_cells = [moment(entry.at), entry.by, _kind(entry), entry.subject]
        for change in entry.changes:
            yield [
                *entry_cells,
                change.label,
                _blank_for_nothing(change.before),
                _blank_for_nothing(change.after),
                entry.note,
            ]
        if not entry.changes:
            yield [*entry_cells, "", "", "", entry.note]


def _blank_for_nothing(text: str) -> str:
    return "" if text == NOTHING else text


def moment(at):
    """Return a moment as the clocks in Italy show it, to the second: no file has time zones."""
    return timezone.make_naive(at).replace(microsecond=0)

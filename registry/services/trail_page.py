"""The page of the trail: records as people read them, in a number of statements that stays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.models import Administration, TrailRecord, User
from registry.normalise import fold
from registry.services.listings import ROWS_AT_ONCE, moment
from registry.services.trail_notes import AllNames, invitation_in, note_of, wanted_in_detail
from registry.spreadsheets.tables import Streamed, Table, table_of
from registry.trail.anchors import name_of
from registry.trail.subjects import in_words, read_names, wanted_in
from registry.trail.words import word_of


@dataclass(frozen=True)
class TrailLine:
    """One record in words: who, what, on what, and what else there is to know."""

    record: TrailRecord
    who: str
    what: str
    subject: str
    note: str

    @property
    def chain(self) -> str:
        """How anchors name the chain it is in: the code of a body, or the installation."""
        return name_of(self.record.chain)

    @property
    def is_refused(self) -> bool:
        """Whether it was tried and not done."""
        return self.record.outcome == "refused"


def lines_of(records: Iterable[TrailRecord]) -> list[TrailLine]:
    """Return records in words, with what they name: a statement for each sort of it."""
    rows = list(records)
    wanted = [wanted_in(row.subject) for row in rows]
    wanted += [("person", str(row.person)) for row in rows if row.person]
    wanted += [one for row in rows for one in wanted_in_detail(row)]
    names = read_names(wanted)
    return [
        TrailLine(
            record=row,
            who=_who(row, names),
            what=word_of(row.kind),
            subject=in_words(row.subject, names),
            note=note_of(row, names),
        )
        for row in rows
    ]


def trail_table(body: Administration | None, records: QuerySet[TrailRecord]) -> Table:
    """Return the trail of a body, or of the whole installation, as a list that leaves as a file."""
    columns = {
        _("Catena"): lambda line: line.chain,
        _("Numero"): lambda line: line.record.number,
        _("Quando"): lambda line: moment(line.record.at),
        _("Chi"): lambda line: line.who,
        _("Che cosa"): lambda line: line.what,
        _("Esito"): lambda line: line.record.get_outcome_display(),
        _("Su che cosa"): lambda line: line.subject,
        _("Note"): lambda line: line.note,
        _("Righe"): lambda line: line.record.row_count,
        _("Codice di controllo"): lambda line: line.record.digest,
    }
    title = _("Registrazioni, %s") % (body.name if body else _("tutta l’installazione"))
    return table_of(title, columns, Streamed(_streamed(records), records.count))


def people_called(words: str) -> list[UUID]:
    """Return the tokens of the people whose name holds all the words, folded."""
    wanted = fold(words).split()
    names = User.objects.values_list("trail_token", "first_name", "last_name", "username")
    return [
        token
        for token, *parts in names
        if all(word in fold(" ".join(part or "" for part in parts)) for word in wanted)
    ]


def _streamed(records: QuerySet[TrailRecord]) -> Iterator[TrailLine]:
    part: list[TrailRecord] = []
    for record in records.iterator(chunk_size=ROWS_AT_ONCE):
        part.append(record)
        if len(part) == ROWS_AT_ONCE:
            yield from lines_of(part)
            part = []
    yield from lines_of(part)


def _who(record: TrailRecord, names: AllNames) -> str:
    """Return who did it; of who said no to another body, the address they were invited with."""
    uid, done = invitation_in(record)
    if done == "refused":
        return names.get("invitation", {}).get(uid, "")
    return names.get("person", {}).get(str(record.person), "")

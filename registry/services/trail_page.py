"""The page of the trail: records as people read them, in a number of statements that stays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Administration, Annex, TrailRecord, User
from registry.normalise import fold
from registry.services.listings import ROWS_AT_ONCE, moment
from registry.spreadsheets.tables import Streamed, Table, table_of
from registry.trail.words import word_of

OBJECTS = {
    "administration": gettext_lazy("amministrazione"),
    "annex": gettext_lazy("allegato"),
    "import": gettext_lazy("importazione"),
    "issue": gettext_lazy("emissione"),
    "list": gettext_lazy("elenco"),
    "person": gettext_lazy("persona"),
    "plan": gettext_lazy("piano"),
    "process": gettext_lazy("processo"),
}
"""What a subject begins with, in the words of the screen."""


@dataclass(frozen=True)
class TrailLine:
    """One record in words: who, what, on what, and what else there is to know."""

    record: TrailRecord
    who: str
    what: str
    subject: str
    note: str

    @property
    def is_refused(self) -> bool:
        """Whether it was tried and not done."""
        return self.record.outcome == "refused"


def lines_of(records: Iterable[TrailRecord]) -> list[TrailLine]:
    """Return records in words, with the people and the annexes they name: two statements."""
    rows = list(records)
    tokens = {row.person for row in rows if row.person}
    tokens |= {token for row in rows if (token := _named(row, "person"))}
    people = {one.trail_token: str(one) for one in User.objects.filter(trail_token__in=tokens)}
    uids = {uid for row in rows if (uid := _named(row, "annex"))}
    annexes = Annex.objects.filter(uid__in=uids).select_related("office", "plan")
    names = {one.uid: f"{one.office.name}, {one.plan.title}" for one in annexes}
    return [
        TrailLine(
            record=row,
            who=people.get(row.person, "") if row.person else "",
            what=word_of(row.kind),
            subject=_subject(row, people, names),
            note=_note(row),
        )
        for row in rows
    ]


def trail_table(body: Administration | None, records: QuerySet[TrailRecord]) -> Table:
    """Return the trail of a body, or of the whole installation, as a list that leaves as a file."""
    columns = {
        _("Numero"): lambda line: line.record.number,
        _("Quando"): lambda line: moment(line.record.at),
        _("Chi"): lambda line: line.who,
        _("Che cosa"): lambda line: line.what,
        _("Esito"): lambda line: line.record.get_outcome_display(),
        _("Su che cosa"): lambda line: line.subject,
        _("Note"): lambda line: line.note,
        _("Righe"): lambda line: line.record.row_count,
        _("Impronta"): lambda line: line.record.digest,
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


def _named(record: TrailRecord, what: str) -> UUID | None:
    """Return the uid or token a record's subject names, if it is of this kind."""
    kind, _space, rest = record.subject.partition(" ")
    try:
        return UUID(rest.split(" ")[0]) if kind == what else None
    except ValueError:
        return None


def _subject(record: TrailRecord, people: dict[UUID, str], annexes: dict[UUID, str]) -> str:
    kind, _space, rest = record.subject.partition(" ")
    if kind not in OBJECTS:
        return record.subject
    name = annexes.get(_named(record, "annex")) or people.get(_named(record, "person")) or rest
    return f"{OBJECTS[kind]} {name}"


def _note(record: TrailRecord) -> str:
    """Return what else a record tells a person: why it was refused, from where, in which format."""
    detail = record.detail
    parts = [str(detail.get("reason", "")), str(detail.get("note", ""))]
    if address := detail.get("address"):
        parts.append(_("da %(address)s") % {"address": address})
    if "format" in detail:
        parts.append(str(detail["format"]).upper())
    return "; ".join(part for part in parts if part)

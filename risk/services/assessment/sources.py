"""The judgements of an annex that another row may be given, found as one types."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter, itemgetter
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from registry.models import Annex, Process
from registry.normalise import fold, short
from registry.readable import numbered
from registry.services.lookup import MOST_OFFERED
from registry.services.rows_called import LONGEST, not_one, plain
from risk.models import Assessment, RiskBehaviour

_AT_ONCE = 100
"""Rows read at a time."""
_TITLE, _TEXT = 60, 120
"""How much of a title and of a behaviour is offered: the numbers tell them apart."""


@dataclass(frozen=True)
class JudgedRow:
    """A process, or one of its behaviours, that has a level: how it is typed, and which it is."""

    model: type[Process] | type[RiskBehaviour]
    uid: UUID
    text: str

    @property
    def column(self) -> str:
        """The column of `Assessment` that points to it."""
        return "process" if self.model is Process else "behaviour"


def judged_rows(annex: Annex) -> Iterator[JudgedRow]:
    """Yield what has a level in an annex, in the order of its map; two statements.

    Rows are read as they are wanted: of a large annex the first are soon found.
    """
    behaviours = groupby(_behaviours(annex), key=itemgetter(0))
    at, own = next(behaviours, (None, iter(())))
    level = Exists(Assessment.objects.filter(process=OuterRef("pk"), level__isnull=False))
    processes = annex.processes.in_use().annotate(has_level=level).order_by("position", "pk")
    rows = processes.values_list("pk", "uid", "number", "code", "title", "has_level")
    for pk, uid, number, code, title, is_judged in rows.iterator(chunk_size=_AT_ONCE):
        name = f"n. {numbered(number, code)} {short(title, _TITLE)}"
        if is_judged:
            yield JudgedRow(Process, uid, name)
        if at != pk:
            continue
        for place, (_pk, own_uid, text, has_own) in enumerate(own, start=1):
            if has_own:
                told = f"{name} · {place}. {short(' '.join(text.split()), _TEXT)}"
                yield JudgedRow(RiskBehaviour, own_uid, told)
        at, own = next(behaviours, (None, iter(())))


def _behaviours(annex: Annex) -> Iterator[tuple[int, UUID, str, bool]]:
    """Yield process, uid, text of the behaviours in the order of the map, and whether judged."""
    has_level = Exists(Assessment.objects.filter(behaviour=OuterRef("pk"), level__isnull=False))
    rows = RiskBehaviour.objects.filter(process__in=annex.processes.in_use())
    rows = rows.annotate(has_level=has_level).order_by(
        "process__position", "process_id", "position", "pk"
    )
    return rows.values_list("process_id", "uid", "text", "has_level").iterator(chunk_size=_AT_ONCE)


def judged_with(rows: Iterable[JudgedRow], typed: str) -> Iterator[JudgedRow]:
    """Yield the rows that have all the words typed; all without any."""
    words = fold(plain(typed)[:LONGEST]).split()
    return (row for row in rows if all(word in fold(row.text) for word in words))


def offered_judgements(annex: Annex, typed: str) -> list[str]:
    """Return the first rows that have the words typed, as they are typed."""
    found = judged_with(judged_rows(annex), typed)
    return [row.text for row in islice(found, MOST_OFFERED)]


def judged_called(annex: Annex, typed: str) -> JudgedRow:
    """Return the one row a text names: as it was offered, or by words that no other has.

    Raises `NotOneError` with a sentence for whoever typed it.
    """
    rows = list(judged_rows(annex))
    text = fold(plain(typed)[:LONGEST])
    same = [row for row in rows if fold(row.text) == text]
    found = same or (list(judged_with(rows, typed)) if text else [])
    if len(found) == 1:
        return found[0]
    absent = _("«%(text)s» non è fra i processi e i comportamenti valutati di questo allegato.")
    raise not_one(typed, found, list, attrgetter("text"), absent=absent)

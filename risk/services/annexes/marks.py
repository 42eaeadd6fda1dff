"""The marks of an annex: whether anything was written since something was built of it.

They are drawn by lot, whenever a row is written, by the triggers of `risk.guards.marks`, and never
come back (docs/decisions/0047).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce

from registry.kept_statements import KeptStatement
from registry.models import Annex, Process
from risk.content.kept import KeptAnnex
from risk.guards.marks import ANNEX, BODY, NATIONAL, PLAN, PROCESS
from risk.models import ContentMark
from risk.services.annexes.joined_rows import JoinedRows
from risk.services.completeness.texts import SoughtWords, words_sought


@dataclass(frozen=True)
class AnnexMarks:
    """What tells, without its rows, whether anything of what an annex misses was written since.

    `shared` are the marks of what all its processes share, `words` what is looked for in texts;
    `rows` say of each process in use its key, place, number and mark, parted by blanks, in order.
    """

    shared: str
    words: SoughtWords
    rows: tuple[str, ...]

    @property
    def told(self) -> tuple[str, str, tuple[str, ...]]:
        """What is the same as long as nothing was written, and never comes back by chance."""
        return self.shared, self.words.digest, self.rows

    def are_of(self, kept: KeptAnnex) -> bool:
        """Tell whether processes read afterwards stand where they stood, under the same numbers.

        The rest is marked by lot, and so told by marks that were read before; a place and a number
        may be given back.
        """
        rows = {row.rpartition(" ")[0] for row in self.rows}
        return rows == {f"{row.pk} {row.position} {row.number}" for row in kept.processes}


def marks_of(annex: Annex) -> AnnexMarks:
    """Return the marks of an annex as they are now.

    Four queries. Each gives few rows, however many processes there are: three hundred lines that
    tell that nothing was written took as long as a fifth of the page that says so.
    """
    shared = shared_marks([annex])[annex.pk]
    words = words_sought(annex.plan.administration_id)
    rows = [text for (text,) in _STANDING(annex.pk)]
    return AnnexMarks(shared, words, tuple(sorted(rows[0].split(","))) if rows else ())


def counted_of(annex: Annex) -> tuple[str, ...]:
    """Return what is the same as long as nothing that is counted of an annex is written.

    One query. Of its measures it tells those alone that stand on something; of processes which
    are in use, in which version: one put away and taken back meanwhile is told too.
    """
    rows = _COUNTED(annex.pk, annex.plan_id, (annex.plan.administration_id, NATIONAL))
    # in no order
    return tuple(",".join(sorted((text or "").split(","))) for text in rows[0])


def stamps_of(annex: Annex, keys: Collection[int]) -> dict[int, str]:
    """Return by key what is the same as long as nothing printed of a process is written.

    Two queries. Of one that was never marked there is none, nor of where it stands and its number.
    """
    shared = shared_marks([annex])[annex.pk]
    return {key: f"{shared} {mark}" for key, mark in _MARKS_OF_PROCESSES(keys)}


def shared_marks(annexes: Sequence[Annex]) -> dict[int, str]:
    """Return by annex the marks of what all its processes share, with what they are of."""
    plan, body = annexes[0].plan_id, annexes[0].plan.administration_id
    own = {annex.pk: (ANNEX, annex.pk) for annex in annexes}
    wide = [(PLAN, plan), (BODY, body), (BODY, NATIONAL)]
    rows = _WIDE_MARKS(own, plan, (body, NATIONAL))
    marks = {(scope, key): mark for scope, key, mark in rows}
    return {
        annex: " ".join(f"{at[1]}:{marks.get(at, 0)}" for at in (first, *wide))
        for annex, first in own.items()
    }


def mark_of_process() -> QuerySet:
    """Return the mark of the process an outer query is at, for a subquery of it."""
    marks = ContentMark.objects.filter(scope=PROCESS, key=OuterRef("pk"))
    return marks.order_by().values("mark")


def _standing(annex: int) -> QuerySet:
    """Return one row with all processes of an annex: key, place, number, mark."""
    return _joined(annex, "pk", "position", "number")


def _counted(annex: int, plan: int, bodies: Collection[int]) -> QuerySet:
    """Return one row: the marks all processes of an annex share; key, version, mark of each."""
    wide = _wide_marks((annex,), plan, bodies).order_by().annotate(all=Value(1)).values("all")
    said = wide.annotate(said=JoinedRows("scope", "key", "mark")).values("said")
    rows = Annex.objects.filter(pk=annex).order_by()
    return rows.values_list(
        Subquery(said), Subquery(_joined(annex, "pk", "version").values("said"))
    )


def _joined(annex: int, *names: str) -> QuerySet:
    # one that was never marked is told by its uid, which no other process had or will have
    mark = Coalesce(Cast(Subquery(mark_of_process()), TextField()), Cast("uid", TextField()))
    processes = Process.objects.filter(annex=annex).in_use().order_by()
    said = JoinedRows(*map(F, names), mark)
    return processes.values("annex_id").annotate(said=said).values_list("said")


def _marks_of_processes(keys: Collection[int]) -> QuerySet:
    return ContentMark.objects.filter(scope=PROCESS, key__in=keys).values_list("key", "mark")


def _wide_marks(annexes: Collection[int], plan: int, bodies: Collection[int]) -> QuerySet:
    asked = Q(scope=ANNEX, key__in=annexes) | Q(scope=PLAN, key=plan)
    asked |= Q(scope=BODY, key__in=bodies)
    return ContentMark.objects.filter(asked).values_list("scope", "key", "mark")


_STANDING = KeptStatement(_standing)
_COUNTED = KeptStatement(_counted)
_MARKS_OF_PROCESSES = KeptStatement(_marks_of_processes)
_WIDE_MARKS = KeptStatement(_wide_marks)

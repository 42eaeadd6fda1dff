"""How each process stands to the edition it was copied from, reckoned from what there is.

A copy whose words are those it was copied with is to be reconfirmed, until somebody says that they
still hold or changes them. No flag is kept: what says so is the digest of the words, beside those
that somebody has confirmed, and the causes that were looked at.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from registry.enums import PlanKind
from registry.models import Annex
from registry.readable import grouped
from risk.content.canonical import digest_of
from risk.content.kept import Gap, KeptAnnex, KeptProcess
from risk.enums import ReconfirmationState, Verb
from risk.models import Reconfirmation, Transition
from risk.services.completeness.causes import CauseFound, causes_of

State = ReconfirmationState
FILTER = "?riconferma=da-riconfermare"
"""What leads from the address of a map to the processes that are to be reconfirmed."""


@dataclass(frozen=True)
class Standing:
    """One process beside the edition before; `given` is what was said of it as it is now."""

    kept: KeptProcess
    state: State
    causes: tuple[CauseFound, ...] = ()
    given: Reconfirmation | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide about it."""
        return self.state == State.TO_CONFIRM

    @property
    def has_cause(self) -> bool:
        """Whether it has to be decided by itself."""
        return self.is_open and bool(self.causes)

    @property
    def is_unread(self) -> bool:
        """Whether it is to be confirmed, and nothing has moved."""
        return self.is_open and not self.causes

    @property
    def seen(self) -> str:
        """What names it as a person has read it: its content, and what has moved."""
        marks = sorted(mark for one in self.causes for mark in one.marks)
        return digest_of(" ".join([self.kept.digest, *marks])) if marks else self.kept.digest

    @property
    def new_causes(self) -> tuple[CauseFound, ...]:
        """What nobody has looked at; all that asks for a change is among them."""
        said = self.given
        return tuple(
            one
            for one in self.causes
            if said is None
            or one.cause.needs_change
            or not said.has_seen(one.cause.code, one.marks)
        )

    @property
    def needs_change(self) -> bool:
        """Whether confirming it is not enough."""
        return any(one.cause.needs_change for one in self.causes)


def standings_of(
    annexes: Sequence[KeptAnnex], *, only: Collection[int] | None = None
) -> dict[int, list[Standing]]:
    """Return by the key of each annex that asks for it how its processes stand, in their order.

    With `only` those of some processes. Asked is an open annex of a new edition until it is
    transmitted for the first time, and after that where somebody has confirmed something: what was
    under way before there were confirmations is left alone. An update asks nothing of what it does
    not touch, and what it touches is changed. As many statements for many annexes as for one; none
    where nothing was copied.
    """
    copied = [annex for annex in annexes if _has_copies(annex)]
    if not copied:
        return {}
    given = _given(copied)
    moved = set(_transmitted(copied)) - given.keys()
    asked = [annex for annex in copied if annex.annex.pk not in moved]
    rows = {
        annex.annex.pk: [row for row in annex.processes if only is None or row.pk in only]
        for annex in asked
    }
    copies = [row for some in rows.values() for row in some if row.origin_uid]
    causes = causes_of(copies)
    return {
        key: [_standing(row, causes.get(row.pk, []), given[key]) for row in some]
        for key, some in rows.items()
    }


def unread_copies(annexes: Sequence[KeptAnnex], found: Sequence[Gap]) -> Iterator[tuple[int, Gap]]:
    """Yield one gap for each annex with copies nobody has decided about, with their number."""
    for key, standings in standings_of(annexes).items():
        unread = [row for row in standings if row.is_open]
        if unread:
            caused = sum(row.has_cause for row in unread)
            values = {"count": grouped(len(unread)), "caused": grouped(caused)}
            yield key, Gap(None, FILTER, values, verb=Verb.SUBMIT)


def may_ask(annex: Annex) -> bool:
    """Tell, without a look at its processes, whether an annex may have copies to be read again."""
    plan = annex.plan
    return annex.is_open and plan.origin_id is not None and plan.kind != PlanKind.UPDATE


def _has_copies(annex: KeptAnnex) -> bool:
    # hundreds are gone through at each look
    return may_ask(annex.annex) and any(map(attrgetter("origin_uid"), annex.processes))


def _given(annexes: Sequence[KeptAnnex]) -> dict[int, dict[tuple[int, str], Reconfirmation]]:
    """Return what was confirmed, by annex, then by process and words."""
    keys = [annex.annex.pk for annex in annexes]
    rows = Reconfirmation.objects.filter(process__annex__in=keys).select_related("process", "by")
    given: dict[int, dict[tuple[int, str], Reconfirmation]] = defaultdict(dict)
    for row in rows.defer("process__description"):
        given[row.process.annex_id][row.process_id, row.words] = row
    return given


def _transmitted(annexes: Sequence[KeptAnnex]) -> Iterator[int]:
    keys = [annex.annex.pk for annex in annexes]
    moves = Transition.objects.filter(annex__in=keys, verb=Verb.SUBMIT).order_by()
    yield from moves.values_list("annex_id", flat=True).distinct()


def _standing(
    row: KeptProcess, causes: list[CauseFound], given: dict[tuple[int, str], Reconfirmation]
) -> Standing:
    if not row.origin_uid:
        return Standing(row, State.NEW)
    said = given.get((row.pk, row.words))
    return Standing(row, _state(row, causes, said), tuple(causes), said)


def _state(row: KeptProcess, causes: list[CauseFound], said: Reconfirmation | None) -> State:
    if any(one.cause.needs_change for one in causes):
        return State.TO_CONFIRM
    if row.words != row.words_before:
        return State.CHANGED
    if said and all(said.has_seen(one.cause.code, one.marks) for one in causes):
        return State.CONFIRMED
    return State.TO_CONFIRM

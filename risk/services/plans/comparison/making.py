"""Two editions side by side: what is what, and, opened office by office, what changed.

Whatever has the same digest in both is not opened (docs/decisions/0079).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from registry.fleeting import made_key, recall, remember
from registry.models import Plan, Process
from registry.normalise import fold
from risk.content.comparison import ContentChange
from risk.content.edition_comparison import LevelOrder, Told, difference_between
from risk.content.edition_matching import Pair, pairs_of
from risk.content.edition_values import (
    ComparisonFrame,
    MeasureCounts,
    OfficeDifference,
    ProcessDifference,
    Tally,
)
from risk.enums import EditionChange, Scale
from risk.models import AnnexIssue, Level
from risk.services.plans.comparison import frame as of_frame
from risk.services.plans.comparison.fate import became, told_between
from risk.services.plans.comparison.lineage import (
    Lineage,
    ancestor_column,
    ancestors_in,
    ancestors_of_frame,
    lineage_of,
)
from risk.services.plans.comparison.sides import (
    Side,
    SideAnnex,
    SideProcess,
    annexes_read,
    issue_side,
    side_of,
    with_ancestors,
)

AT_ONCE = 2000
"""Processes opened at once: what both say of so many is in memory, some 40 MB of texts."""
_KEPT_FOR = 24 * 60 * 60


@dataclass(frozen=True)
class OfficePair:
    """The annex of an office before and after, None where there was none, with its processes.

    `own` is what changed in its names and in the measures said once for it, `became` what was said
    of the office when the later edition was opened.
    """

    before: SideAnnex | None
    after: SideAnnex | None
    own: tuple[ContentChange, ...]
    pairs: tuple[Pair, ...]
    became: tuple[str, ...] = ()

    @property
    def uid(self) -> str:
        return (self.after or self.before).uid  # type: ignore[union-attr]

    @property
    def name(self) -> str:
        return (self.after or self.before).office  # type: ignore[union-attr]


@dataclass(frozen=True)
class Counted:
    """How much changed: in each office by its uid, and of what kind in each risk area."""

    offices: dict[str, Tally]
    areas: dict[str, Counter[EditionChange]]


@dataclass(frozen=True)
class EditionComparison:
    """Two sides with their offices in the order of the later plan, those that are gone last."""

    before: Side
    after: Side
    lineage: Lineage
    frame: ComparisonFrame
    offices: tuple[OfficePair, ...]
    wide: frozenset[str]
    levels: LevelOrder
    reasons: dict[str, str]

    def opened(self, offices: Sequence[OfficePair] | None = None) -> Iterator[OfficeDifference]:
        """Yield what changed in some offices, or in all; four statements for `AT_ONCE` processes.

        Raises `ContentChangedError` where somebody wrote meanwhile.
        """
        batch: list[tuple[OfficePair, list[Pair]]] = []
        size = 0
        for office in self.offices if offices is None else offices:
            unsure = [pair for pair in office.pairs if self._may_differ(pair)]
            if batch and size + len(unsure) > AT_ONCE:
                yield from self._opened(batch)
                batch, size = [], 0
            batch.append((office, unsure))
            size += len(unsure)
        yield from self._opened(batch)

    def counted(self) -> Counted:
        """Return how much changed where; remembered as long as both are the same."""
        key = made_key("compared", f"{self.before.token} {self.after.token}")
        found = recall(key)
        if found is None:
            found = _counted(self.opened())
            remember(key, found, _KEPT_FOR)
        return found

    def _may_differ(self, pair: Pair) -> bool:
        """Tell whether a pair must be opened to know."""
        was, row = pair.before, pair.after
        if was is None or row is None or self._moved_from(pair):
            return True
        if self.lineage.is_next and row.next_digest:
            return row.next_digest != was.digest
        return row.digest != was.digest

    def _opened(
        self, offices: Sequence[tuple[OfficePair, list[Pair]]]
    ) -> Iterator[OfficeDifference]:
        """Yield what changed in offices, each given with its pairs that may differ."""
        unsure = [pair for _office, pairs in offices for pair in pairs]
        old = self.before.data(pair.before for pair in unsure if pair.before)
        new = self.after.data(pair.after for pair in unsure if pair.after)
        told = self._told(unsure)
        for one, pairs in offices:
            changes = (self._difference(pair, old, new, told) for pair in pairs)
            yield _difference_of(one, [change for change in changes if change])

    def _told(self, pairs: Sequence[Pair]) -> Told:
        names: list[dict[str, str] | None] = [None, None]
        if self.lineage.is_common:
            for place, (side, depth) in enumerate(
                ((self.before, self.lineage.before), (self.after, self.lineage.after))
            ):
                rows = [pair.before if place == 0 else pair.after for pair in pairs]
                kept = [row.kept.pk for row in rows if row is not None and row.kept]
                # read from an issue they are not known by their keys
                some = kept if len(kept) == sum(row is not None for row in rows) else None
                names[place] = ancestors_in(side.plan, depth, some) if pairs else {}
        return Told(names[0], names[1], self.wide, self.levels)

    def _difference(
        self, pair: Pair, old: dict[str, str], new: dict[str, str], told: Told
    ) -> ProcessDifference | None:
        row: SideProcess = pair.after or pair.before
        return difference_between(
            old[pair.before.uid] if pair.before else None,
            new[pair.after.uid] if pair.after else None,
            told,
            uid=row.uid,
            number=row.number,
            code=row.code,
            title=row.title,
            title_before=pair.before.title if pair.before else row.title,
            moved_from=self._moved_from(pair),
            reason=self.reasons.get(row.key, "") if pair.after is None else "",
        )

    def _moved_from(self, pair: Pair) -> str:
        if pair.before is None or pair.after is None or pair.before.office == pair.after.office:
            return ""
        return next(row.office for row in self.before.annexes if row.uid == pair.before.place)


def compare_plans(before: Plan, after: Plan) -> EditionComparison:
    """Return two plans of one body side by side: each as adopted or issued, else as it is now.

    Where what is kept of both is up to date the statements are as many for any size; with those
    of `opened`, 40 at most. Raises `UnknownFormatError` for an issue of a later version.
    """
    lineage = lineage_of(before, after)
    sides = [side_of(plan, annexes_read(plan)) for plan in (before, after)]
    names = []
    for side, depth in zip(sides, (lineage.before, lineage.after), strict=True):
        known = ancestors_of_frame(side.plan, depth)
        names.append(known)
        with_ancestors(side, known | _process_ancestors(side, depth))
    return _made(*sides, lineage, (names[0], names[1]))


def compare_issues(before: AnnexIssue, after: AnnexIssue) -> EditionComparison:
    """Return two issues of one annex side by side. Raises `UnknownFormatError`."""
    sides = [issue_side(issue) for issue in (before, after)]
    frame = ComparisonFrame(
        before=sides[0].said,
        after=sides[1].said,
        by_ancestor=True,
        own=of_frame.text_changes(*sides),
        measures=MeasureCounts(),
    )
    return EditionComparison(
        before=sides[0],
        after=sides[1],
        lineage=Lineage(),
        frame=frame,
        offices=_offices(*sides, by_ancestor=True, measures=None),
        wide=frozenset(),
        levels=_levels(sides[1].plan),
        reasons={},
    )


def _made(
    before: Side, after: Side, lineage: Lineage, names: tuple[dict, dict]
) -> EditionComparison:
    is_common = lineage.is_common
    measures = (
        of_frame.measures_of(before, lineage.before),
        of_frame.measures_of(after, lineage.after),
    )
    of_frame.read_wide((before, measures[0]), (after, measures[1]))
    plans = (before.plan, after.plan)
    own = (
        *of_frame.text_changes(before, after),
        *of_frame.method_changes(*plans),
        *of_frame.objective_changes(*plans, names if is_common else None),
        *of_frame.chapter_changes(*plans, names if is_common else None),
        *of_frame.wide_changes(measures, "", "", by_ancestor=is_common),
    )
    counts = of_frame.measure_counts(*measures, by_ancestor=is_common)
    told = told_between(after.plan, lineage)
    offices = tuple(
        replace(one, became=became(one.before, one.after, told))
        for one in _offices(before, after, by_ancestor=is_common, measures=measures)
    )
    return EditionComparison(
        before=before,
        after=after,
        lineage=lineage,
        frame=ComparisonFrame(before.said, after.said, is_common, own, counts),
        offices=offices,
        wide=frozenset(measures[0].wide | measures[1].wide),
        levels=_levels(*plans),
        reasons=_reasons(after.plan, lineage.after),
    )


def _process_ancestors(side: Side, depth: int) -> dict[str, str]:
    """Return the ancestors of processes by uid: of the next edition they are read already."""
    rows = [row.kept for row in side.processes]
    if depth == 1 and all(rows):
        return {row.uid: row.origin_uid for row in rows if row and row.origin_uid}
    return ancestors_in(side.plan, depth, None)


def _offices(
    before: Side, after: Side, *, by_ancestor: bool, measures: Any
) -> tuple[OfficePair, ...]:
    """Return the offices in pairs, each with its processes in pairs."""
    known = _same_offices(before.annexes, after.annexes)
    for annex in after.annexes:
        was = known.get(annex.uid)
        for row in annex.processes:
            # in the terms of the earlier plan, so that the same place is the same
            row.office = was.uid if was else annex.uid
    found: dict[str, list[Pair]] = {}
    followed = {was.uid: uid for uid, was in known.items()}
    for pair in pairs_of(before.processes, after.processes, by_ancestor=by_ancestor):
        row = pair.after or pair.before
        at = row.place if pair.after else followed.get(row.place, row.place)
        found.setdefault(at, []).append(pair)
    gone = [row for row in before.annexes if row.uid not in followed]
    both = [(known.get(row.uid), row) for row in after.annexes] + [(row, None) for row in gone]
    return tuple(
        OfficePair(old, new, _own(old, new, measures, by_ancestor), tuple(found.get(uid, ())))
        for old, new in both
        for uid in [(new or old).uid]  # type: ignore[union-attr]
    )


def _same_offices(before: Sequence[SideAnnex], after: Sequence[SideAnnex]) -> dict[str, SideAnnex]:
    """Return by uid which annex was which: by what it was copied from, its office, its name."""
    found: dict[str, SideAnnex] = {}
    for told in (
        # of an office that was divided, the part that stayed is it
        lambda row: (row.key, row.office_id),
        lambda row: row.key,
        lambda row: row.office_id,
        lambda row: fold(row.office),
    ):
        taken = {row.uid for row in found.values()}
        left = {told(row): row for row in before if row.uid not in taken}
        for row in after:
            if row.uid not in found and told(row) in left:
                found[row.uid] = left.pop(told(row))
    return found


def _own(
    before: SideAnnex | None, after: SideAnnex | None, measures: Any, by_ancestor: bool
) -> tuple[ContentChange, ...]:
    own = of_frame.annex_changes(before, after)
    if measures is None:
        return own
    uids = [annex and annex.uid for annex in (before, after)]
    return own + of_frame.wide_changes(measures, *uids, by_ancestor=by_ancestor)


def _levels(*plans: Plan) -> LevelOrder:
    """Return the order of the levels of the methods of plans; one statement."""
    rows = Level.objects.filter(scale=Scale.OVERALL, method__plan_methods__plan__in=plans)
    found: dict[int, dict[str, int]] = {}
    for method, label, ordinal in rows.values_list("method_id", "label", "ordinal"):
        found.setdefault(method, {})[label] = ordinal
    return LevelOrder(tuple(found.values()))


def _reasons(after: Plan, depth: int) -> dict[str, str]:
    """Return why processes of the later plan went to the archive, by ancestor; one statement."""
    rows = Process.objects.filter(annex__plan=after, retired_on__isnull=False).order_by("pk")
    told = rows.values_list(ancestor_column(depth), "retired_reason")
    return {str(key): reason for key, reason in told if key}


def _difference_of(one: OfficePair, found: Sequence[ProcessDifference]) -> OfficeDifference:
    total = len(one.after.processes) if one.after else 0
    kinds = Counter(kind for change in found for kind in change.kinds)
    still = total - sum(not change.is_dropped for change in found)
    return OfficeDifference(
        uid=one.uid,
        name=one.name,
        name_before=one.before.office if one.before else "",
        is_gone=one.after is None,
        own=one.own,
        processes=tuple(found),
        tally=Tally(total, still, kinds),
        became=one.became,
    )


def _counted(offices: Iterator[OfficeDifference]) -> Counted:
    found = Counted({}, {})
    for one in offices:
        found.offices[one.uid] = one.tally
        for row in one.processes:
            found.areas.setdefault(row.area, Counter()).update(row.kinds)
    return found


def summed(tallies: Sequence[Tally]) -> Tally:
    """Return several tallies as one."""
    kinds: Counter[EditionChange] = Counter()
    for one in tallies:
        kinds.update(one.kinds)
    return Tally(
        sum(one.processes for one in tallies), sum(one.unchanged for one in tallies), kinds
    )


def told_of(comparison: EditionComparison) -> str:
    """Return how processes were found again, in a sentence."""
    if comparison.frame.by_ancestor:
        return _("I processi si ritrovano per origine: da quale processo è copiato ciascuno.")
    return _(
        "I due piani non hanno un’edizione in comune: i processi sono accostati per titolo e "
        "numero, non per origine."
    )

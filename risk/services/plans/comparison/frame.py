"""What belongs to no process, compared: texts, methods, objectives, measures said once."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from registry.models import Plan
from registry.normalise import fold
from registry.services.history import FieldChange
from risk.content.adopted_names import name_as_adopted
from risk.content.build_measures import wide_measure
from risk.content.comparison import ContentChange, measures_between, rows_between
from risk.content.edition_values import MeasureCounts
from risk.content.plan_values import PlanIndicator, PlanObjective
from risk.content.values import SheetMeasure
from risk.enums import ChangeKind, Layout, MeasureScope, TextSlot
from risk.formatted.plain import plain
from risk.models import Chapter, ImplementationStep, PlanMethod, PlannedMeasure
from risk.services.plans.comparison.lineage import ancestor_column
from risk.services.plans.comparison.sides import Side, SideAnnex
from risk.services.plans.documents import plan_objectives
from risk.services.treatment.page import answering_offices

WIDE = (MeasureScope.PLAN, MeasureScope.ANNEX)


@dataclass
class SideMeasures:
    """The programmed measures of a side: how each is known, and those said once."""

    keys: dict[str, str] = field(default_factory=dict)
    """By uid that of the ancestor."""
    known: dict[str, list] = field(default_factory=lambda: defaultdict(list))
    """By what they are counted by, when there is no ancestor: place and measure."""
    wide: set[str] = field(default_factory=set)
    """The keys of those said once for a plan or an annex."""
    of: dict[str, list[SheetMeasure]] = field(default_factory=lambda: defaultdict(list))
    """Those said once on one of the sides, by the uid of their annex, "" of the whole plan.

    Each is as it is printed, with its key for its uid.
    """

    @property
    def said(self) -> dict[str, SheetMeasure]:
        """What `of` has of all annexes, by key."""
        return {row.uid: row for rows in self.of.values() for row in rows}


def measures_of(side: Side, depth: int) -> SideMeasures:
    """Return the measures of a side that are part of it; one statement, without their texts."""
    found = SideMeasures()
    annexes = {row.uid for row in side.annexes}
    rows = PlannedMeasure.objects.filter(plan=side.plan).in_use().order_by("position", "pk")
    columns = ("uid", "annex__uid", "annex__office_id", "measure_id", "scope")
    far_column = ancestor_column(depth)
    for uid, annex, office, measure, scope, far in rows.values_list(*columns, far_column):
        if annex is not None and str(annex) not in annexes:
            continue
        key = str(far or uid)
        found.keys[str(uid)] = key
        found.known[f"{office} {measure}"].append(key)
        if scope in WIDE:
            found.wide.add(key)
    return found


def measure_counts(
    before: SideMeasures, after: SideMeasures, *, by_ancestor: bool
) -> MeasureCounts:
    """Return how many measures are new, dropped and carried on.

    One that went on in both parts of an office that was split counts once. Without an ancestor a
    measure is carried on where the same office programmes the same one.
    """
    keys = [set(side.keys.values()) for side in (before, after)]
    old, new = map(len, keys)
    if by_ancestor:
        carried = len(keys[0] & keys[1])
    else:
        carried = sum(min(len(rows), len(before.known[key])) for key, rows in after.known.items())
    return MeasureCounts(new=new - carried, dropped=old - carried, carried=carried)


def read_wide(*sides: tuple[Side, SideMeasures]) -> None:
    """Read the measures said once on one of the sides; at most six statements, none where none is.

    Where offices were united those of a whole office are on some of its processes.
    """
    wide = {key for _side, measures in sides for key in measures.wide}
    if not wide:
        return
    by_plan = {side.plan.pk: (side, measures) for side, measures in sides}
    uids = [uid for _side, one in sides for uid, key in one.keys.items() if key in wide]
    steps = ImplementationStep.objects.select_related("responsible_role", "responsible_office")
    rows = list(
        PlannedMeasure.objects.filter(plan__in=list(by_plan), uid__in=uids)
        .select_related(
            *("annex", "measure", "objective", "responsible_role", "responsible_office")
        )
        .prefetch_related(
            "measure__typologies",
            "progress_indicators",
            Prefetch("steps", queryset=steps.order_by("position")),
        )
        .order_by("position", "pk")
    )
    for key, (side, measures) in by_plan.items():
        own = [row for row in rows if row.plan_id == key]
        name_as_adopted(side.plan, answering_offices(own))
        for row in own:
            said = replace(wide_measure(row), uid=measures.keys[str(row.uid)])
            measures.of[str(row.annex.uid) if row.annex else ""].append(said)


def wide_changes(
    measures: tuple[SideMeasures, SideMeasures],
    before: str | None,
    after: str | None,
    *,
    by_ancestor: bool,
) -> tuple[ContentChange, ...]:
    """Return what changed among the measures said once for an annex, known by its uid on each side.

    "" is the whole plan, None where there is no annex. One that went on elsewhere, as in offices
    that were united or split, is neither new nor gone: where it is now it is compared with what it
    was there. Without an ancestor they are found by their title.
    """
    was, now = measures
    old = [] if before is None else was.of.get(before, [])
    new = [] if after is None else now.of.get(after, [])
    if not by_ancestor:
        return measures_between(old, _named_alike(old, new))
    came = (was.said.keys() & {row.uid for row in new}) - {row.uid for row in old}
    went = (now.said.keys() & {row.uid for row in old}) - {row.uid for row in new}
    stayed = measures_between(
        [row for row in old if row.uid not in went], [row for row in new if row.uid not in came]
    )
    others = [row for row in new if row.uid in came]
    return stayed + measures_between([was.said[row.uid] for row in others], others)


def _named_alike(before: list[SheetMeasure], after: list[SheetMeasure]) -> list[SheetMeasure]:
    left = defaultdict(list)
    for row in before:
        left[fold(row.title)].append(row.uid)
    names = [left[fold(row.title)].pop(0) if left[fold(row.title)] else row.uid for row in after]
    return [replace(row, uid=uid) for row, uid in zip(after, names, strict=True)]


def text_changes(before: Side, after: Side) -> tuple[ContentChange, ...]:
    """Return what changed in the texts of each layout, as they are written, fields not filled."""
    changes = []
    for layout in Layout:
        fields = []
        for slot in TextSlot:
            old, new = (one.blocks.get((layout.value, slot.value), "") for one in (before, after))
            if old != new:
                fields.append(FieldChange(slot.label.capitalize(), old, new))
        if fields:
            title = layout.label.capitalize()
            changes.append(ContentChange(ChangeKind.CHANGED, _("Testi"), title, tuple(fields)))
    return tuple(changes)


def method_changes(before: Plan, after: Plan) -> tuple[ContentChange, ...]:
    """Return which methods came and went; one statement."""
    rows = PlanMethod.objects.filter(plan__in=[before, after]).order_by("-is_default", "pk")
    found: dict[int, list] = defaultdict(list)
    for plan, method, name in rows.values_list("plan_id", "method_id", "method__name"):
        found[plan].append((str(method), name, {}))
    return rows_between(_("Metodo di valutazione"), found[before.pk], found[after.pk])


def objective_changes(
    before: Plan, after: Plan, names: tuple[Mapping[str, str], Mapping[str, str]] | None
) -> tuple[ContentChange, ...]:
    """Return what changed in the objectives; found again by `names`, else by code and name.

    Four statements.
    """
    rows = []
    for place, plan in enumerate((before, after)):
        known = {} if names is None else names[place]
        rows.append([_objective(one, known, names is None) for one in plan_objectives(plan)])
    return rows_between(_("Obiettivo"), *rows)


def chapter_changes(
    before: Plan, after: Plan, names: tuple[Mapping[str, str], Mapping[str, str]] | None
) -> tuple[ContentChange, ...]:
    """Return what changed in the chapters that have a text; found again as objectives are.

    One statement.
    """
    told: dict[int, list] = {before.pk: [], after.pk: []}
    known = {before.pk: {}, after.pk: {}} if names is None else dict(zip(told, names, strict=True))
    rows = Chapter.objects.filter(plan__in=[before, after]).order_by("position")
    for row in rows:
        key = fold(row.title) if names is None else known[row.plan_id].get(str(row.uid), row.uid)
        if row.blocks:
            fields = {_("Titolo"): row.title, _("Testo"): plain(row.blocks)}
            told[row.plan_id].append((str(key), row.title, fields))
    return rows_between(_("Capitolo"), told[before.pk], told[after.pk])


def _objective(
    row: PlanObjective, names: Mapping[str, str], by_words: bool
) -> tuple[str, str, dict[str, str]]:
    fields = {
        _("Denominazione"): row.title,
        _("Descrizione"): "\n".join(row.description),
        _("Obiettivo della performance"): row.performance,
        _("Indicatori"): "\n".join(map(_indicator, row.indicators)),
    }
    key = fold(row.title) if by_words else names.get(row.uid, row.uid)
    return key, row.title, {label: text for label, text in fields.items() if text}


def _indicator(row: PlanIndicator) -> str:
    told = [f"{_('valore di partenza')} {row.baseline}"] if row.baseline else []
    told += [f"{year}: {value}" for year, value in row.targets if value]
    return ": ".join(filter(None, (row.label, ", ".join(told))))


def annex_changes(before: SideAnnex | None, after: SideAnnex | None) -> tuple[ContentChange, ...]:
    """Return what changed in the names an annex prints; those of an open one may come yet."""
    if before is None or after is None:
        return ()
    fields = [FieldChange(_("Ufficio"), before.office, after.office)]
    if after.head or not after.is_open:
        fields.append(FieldChange(head_label(), before.head, after.head))
    moved = tuple(one for one in fields if one.before != one.after)
    return (ContentChange(ChangeKind.CHANGED, _("Intestazione"), "", moved),) if moved else ()


def head_label() -> str:
    """Return the label under which the name of a head stands: left out where anybody reads."""
    return _("Responsabile")

"""What belongs to no process, compared: texts, methods, objectives, measures said once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.db.models import Prefetch, Q
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
    of: dict[str, list[SheetMeasure]] = field(default_factory=lambda: defaultdict(list))
    """Those said once as they are printed, by the uid of their annex, "" of the whole plan."""


def measures_of(side: Side, depth: int) -> SideMeasures:
    """Return the measures of a side that are part of it; one statement, without their texts."""
    found = SideMeasures()
    annexes = {row.uid for row in side.annexes}
    rows = PlannedMeasure.objects.filter(plan=side.plan).order_by("position", "pk")
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

    Without an ancestor a measure is carried on where the same office programmes the same one.
    """
    old, new = len(before.keys), len(after.keys)
    if by_ancestor:
        carried = len(set(before.keys.values()) & set(after.keys.values()))
    else:
        carried = sum(min(len(rows), len(before.known[key])) for key, rows in after.known.items())
    return MeasureCounts(new=new - carried, dropped=old - carried, carried=carried)


def read_wide(*sides: tuple[Side, SideMeasures]) -> None:
    """Read the measures said once of both sides; at most six statements, none where none is."""
    by_plan = {side.plan.pk: (side, measures) for side, measures in sides if measures.wide}
    if not by_plan:
        return
    steps = ImplementationStep.objects.select_related("responsible_role", "responsible_office")
    rows = list(
        PlannedMeasure.objects.filter(Q(plan__in=list(by_plan)), scope__in=WIDE)
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
        own = [row for row in rows if row.plan_id == key and str(row.uid) in measures.keys]
        name_as_adopted(side.plan, answering_offices(own))
        for row in own:
            said = replace(wide_measure(row), uid=measures.keys[str(row.uid)])
            measures.of[str(row.annex.uid) if row.annex else ""].append(said)


def wide_changes(
    before: Iterable[SheetMeasure], after: Iterable[SheetMeasure], *, by_ancestor: bool
) -> tuple[ContentChange, ...]:
    """Return what changed among measures said once; without an ancestor, found by their title."""
    old, new = list(before), list(after)
    if not by_ancestor:
        new = _named_alike(old, new)
    return measures_between(old, new)


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

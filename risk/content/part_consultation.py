"""What people said of the draft of a plan, and what has become of it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from risk.content.part_values import (
    PartCell,
    PartColumn,
    PartLink,
    PartSection,
    PartTable,
    to_process,
)
from risk.content.plan_facts import PlanFacts
from risk.content.plan_values import PlanContribution
from risk.enums import ContributionSubject

COLUMNS = (
    PartColumn("contributo-da", gettext_lazy("Da chi"), is_fixed=True),
    PartColumn("contributo", gettext_lazy("Contributo"), is_fixed=True),
    PartColumn("esito", gettext_lazy("Esito e motivo"), is_fixed=True),
    PartColumn("cambiato", gettext_lazy("Che cosa è cambiato"), is_fixed=True),
)


def consultation(facts: PlanFacts) -> tuple[PartSection, ...]:
    """Return the table of the contributions to a plan, none where there were none."""
    if not facts.contributions:
        return ()
    rows = tuple(map(_row, facts.contributions))
    return (PartSection(table=PartTable(_("Esiti della consultazione"), COLUMNS, rows)),)


def _row(one: PlanContribution) -> tuple[PartCell, ...]:
    return (
        PartCell((f"{_('n.')} {one.number}, {one.sender}", f"{one.received_on}, {one.way}")),
        PartCell((f"{one.subject}:", *one.text)),
        PartCell((outcome_of(one), *one.reason)),
        _changed(one),
    )


def outcome_of(one: PlanContribution) -> str:
    """Return what has become of a contribution, in words."""
    return one.outcome or _("in esame")


def _changed(one: PlanContribution) -> PartCell:
    links = tuple(
        PartLink(label, to_process(uid))
        for kind, uid, label in one.changed
        if kind == ContributionSubject.PROCESS
    )
    others = (label for kind, _uid, label in one.changed if kind != ContributionSubject.PROCESS)
    return PartCell(tuple(others), links=links)

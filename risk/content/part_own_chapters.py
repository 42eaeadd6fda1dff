"""The chapters of a plan: what it says in its own words."""

from risk.content.part_values import PartSection
from risk.content.plan_facts import PlanFacts
from risk.content.rich_text import rich_blocks


def own_chapters(facts: PlanFacts) -> tuple[PartSection, ...]:
    """Return a section for each chapter with a text, in the order of the plan."""
    return tuple(
        PartSection(title=row.title, words=rich_blocks(row.blocks)) for row in facts.chapters
    )

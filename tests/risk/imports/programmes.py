"""Registers with measures, and what their programmes have become."""

from registry.models import Administration, ExecutorRole
from risk.models import Measure, MeasureTypology, PlannedMeasure

HEADS = ["Processo", "Rischio", "Misure"]
ROW = ["Gare", "Favori", "Rotazione"]


def make_lists(body: Administration) -> None:
    """Make two measures, a person and two typologies."""
    for code, label in (("ROT", "Rotazione"), ("FOR", "Formazione")):
        Measure.objects.create(administration=body, code=code, label=label, character="specific")
    ExecutorRole.objects.create(administration=body, code="DIR", label="Dirigente")
    MeasureTypology.objects.create(code="CTRL", label="Misure di controllo")
    MeasureTypology.objects.create(code="REGOL", label="Misure di regolamentazione")


def planned(**where) -> PlannedMeasure:
    """Return the one planned measure."""
    return PlannedMeasure.objects.get(**where)


def step_of(row: PlannedMeasure) -> tuple:
    """Return the one step of a measure: its words, its time in words, its day."""
    step = row.steps.get()
    return step.description, step.timing, step.due_on

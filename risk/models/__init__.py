from risk.models.assessments import Assessment, Rating
from risk.models.behaviours import Coverage, EnablingFactor, EventCategory, RiskBehaviour
from risk.models.library import (
    LibraryAction,
    LibraryBehaviour,
    LibraryCopy,
    LibraryPhase,
    LibraryProcess,
)
from risk.models.measures import (
    ImplementationStep,
    Measure,
    MeasureTarget,
    MeasureTypology,
    PlannedMeasure,
    ProgressIndicator,
)
from risk.models.methods import Answer, Indicator, Level, MatrixCell, Method, PlanMethod
from risk.models.texts import TextBlock
from risk.models.workflow import AnnexIssue, Transition

__all__ = [
    "AnnexIssue",
    "Answer",
    "Assessment",
    "Coverage",
    "EnablingFactor",
    "EventCategory",
    "ImplementationStep",
    "Indicator",
    "Level",
    "LibraryAction",
    "LibraryBehaviour",
    "LibraryCopy",
    "LibraryPhase",
    "LibraryProcess",
    "MatrixCell",
    "Measure",
    "MeasureTarget",
    "MeasureTypology",
    "Method",
    "PlanMethod",
    "PlannedMeasure",
    "ProgressIndicator",
    "Rating",
    "RiskBehaviour",
    "TextBlock",
    "Transition",
]

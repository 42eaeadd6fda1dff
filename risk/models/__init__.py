from risk.models.approvals import Approval, Remark, RemarkAnswer
from risk.models.assessments import Assessment, Rating
from risk.models.behaviours import Coverage, EnablingFactor, EventCategory, RiskBehaviour
from risk.models.chapters import (
    Chapter,
    ChapterApproval,
    ChapterRemark,
    ChapterRemarkAnswer,
)
from risk.models.consultations import Consultation, ConsultationPaper, PendingContribution
from risk.models.contents import ContentMark, ProcessContent
from risk.models.contributions import Contribution, ContributionSender
from risk.models.documents import DocumentChoice, Emblem, EmblemImage
from risk.models.editions import (
    Confirmation,
    DeadlineExtension,
    Exemption,
    PlanIssue,
    PlanTransition,
)
from risk.models.entry_requests import ListEntryRequest
from risk.models.facts import Fact
from risk.models.follow_ups import FollowUp
from risk.models.imports import ColumnMapping, RegisterImport, RiskAlias
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
from risk.models.monitored import Evidence, Measurement, RoundCheck
from risk.models.monitoring import MonitoringRound, RoundAnswer, RoundItem, RoundTransition
from risk.models.notices import Notice, Reminder
from risk.models.objectives import Objective, ObjectiveIndicator
from risk.models.readings import ProcessReading
from risk.models.reconfirmations import Reconfirmation
from risk.models.references import ChapterTitle, LegalReference
from risk.models.reviews import YearlyReview
from risk.models.round_issues import RoundCorrection, RoundIssue
from risk.models.sampling import Sample, SampleDraw
from risk.models.step_states import StepState
from risk.models.suitabilities import EditionProposal, Suitability
from risk.models.texts import TextBlock
from risk.models.workflow import AnnexIssue, Transition

__all__ = [
    "AnnexIssue",
    "Answer",
    "Approval",
    "Assessment",
    "Chapter",
    "ChapterApproval",
    "ChapterRemark",
    "ChapterRemarkAnswer",
    "ChapterTitle",
    "ColumnMapping",
    "Confirmation",
    "Consultation",
    "ConsultationPaper",
    "ContentMark",
    "Contribution",
    "ContributionSender",
    "Coverage",
    "DeadlineExtension",
    "DocumentChoice",
    "EditionProposal",
    "Emblem",
    "EmblemImage",
    "EnablingFactor",
    "EventCategory",
    "Exemption",
    "ImplementationStep",
    "Fact",
    "FollowUp",
    "Indicator",
    "LegalReference",
    "Level",
    "LibraryAction",
    "LibraryBehaviour",
    "LibraryCopy",
    "LibraryPhase",
    "LibraryProcess",
    "MatrixCell",
    "ListEntryRequest",
    "Measure",
    "MeasureTarget",
    "MeasureTypology",
    "Method",
    "Notice",
    "Objective",
    "ObjectiveIndicator",
    "PendingContribution",
    "PlanIssue",
    "PlanMethod",
    "PlanTransition",
    "PlannedMeasure",
    "ProcessContent",
    "ProcessReading",
    "ProgressIndicator",
    "Rating",
    "Reconfirmation",
    "RegisterImport",
    "Remark",
    "RemarkAnswer",
    "Reminder",
    "RiskAlias",
    "RiskBehaviour",
    "Sample",
    "SampleDraw",
    "StepState",
    "Suitability",
    "TextBlock",
    "Transition",
    "Evidence",
    "Measurement",
    "MonitoringRound",
    "RoundAnswer",
    "RoundCheck",
    "RoundCorrection",
    "RoundIssue",
    "RoundItem",
    "RoundTransition",
    "YearlyReview",
]

from registry.models.bodies import Administration, Alias, Office
from registry.models.catalogues import (
    AnacArea,
    ExecutorRole,
    InstitutionalFunction,
    Macroprocess,
    RiskArea,
)
from registry.models.directory import DirectoryRule
from registry.models.files import FilePiece
from registry.models.installation import Installation
from registry.models.invitations import Invitation
from registry.models.jobs import Job
from registry.models.people import Membership, User
from registry.models.plans import Annex, Plan, PlanDeadline
from registry.models.processes import Action, Phase, Process
from registry.models.trail import RefusedSignIn, TrailRecord
from registry.models.upkeep import LastRun

__all__ = [
    "Action",
    "Administration",
    "Alias",
    "AnacArea",
    "Annex",
    "DirectoryRule",
    "ExecutorRole",
    "FilePiece",
    "Installation",
    "InstitutionalFunction",
    "Invitation",
    "Job",
    "LastRun",
    "Macroprocess",
    "Membership",
    "Office",
    "Phase",
    "Plan",
    "PlanDeadline",
    "Process",
    "RefusedSignIn",
    "RiskArea",
    "TrailRecord",
    "User",
]

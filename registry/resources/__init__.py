from registry.resources.lists import (
    ActionResource,
    ExecutorRoleResource,
    InstitutionalFunctionResource,
    MacroprocessResource,
    OfficeResource,
    PhaseResource,
    ProcessResource,
    RiskAreaResource,
)

__all__ = [
    "ActionResource",
    "ExecutorRoleResource",
    "InstitutionalFunctionResource",
    "MacroprocessResource",
    "OfficeResource",
    "PhaseResource",
    "ProcessResource",
    "RiskAreaResource",
]

"""Guards: rules over several tables that no constraint can hold, kept by triggers on both engines.

Triggers are created again after every migrate by one idempotent function (`registry.triggers`):
SQLite drops them whenever it remakes a table (docs/decisions/0006).
"""

from registry.guards.borders import GUARDS, OFFICE_CIRCLE, OTHER_BODY, body_of
from registry.guards.histories import history_guards
from registry.guards.marks import Marker
from registry.guards.refusals import is_guarded, refusal_of
from registry.guards.rules import (
    Guard,
    Together,
    append_only,
    fixed,
    never_emptied,
    same,
)

__all__ = [
    "GUARDS",
    "OFFICE_CIRCLE",
    "OTHER_BODY",
    "Guard",
    "Marker",
    "Together",
    "append_only",
    "body_of",
    "fixed",
    "history_guards",
    "is_guarded",
    "never_emptied",
    "refusal_of",
    "same",
]

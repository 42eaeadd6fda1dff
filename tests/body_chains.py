"""No act forgets whose it is: what touches rows of a body is told in the chain of that body.

Which chain each kind of act goes to is said here, once; every act that any test lets the code do is
looked at when it ends (`tests/conftest.py`).
"""

import contextlib
import sys
from pathlib import Path
from typing import Any

from registry import acts
from registry.hanging import paths_of
from registry.models import Administration
from registry.services import bulk, ordering
from registry.trail.chain import body_of

OF_THE_HOUSE = frozenset(
    {"seal", "sign-in", "sign-out", "page", "second-factor-reset", "reference"}
)
"""Kinds of act that name no body."""
OF_EITHER = frozenset(
    # of a person by themselves; of lists that are national or of a body; of a body that goes
    {"people", "person", "backoffice", "import", "export", "undo", "administration"}
)
"""Kinds of act that are of a body where they name one, or touch its rows."""
_TESTS = Path(__file__).resolve().parent


def watch(*, opened: Any, **kwargs: Any) -> None:
    """Signal receiver: fail for an act of the code that has forgotten whose it is."""
    if body_of(opened) is not None or len(opened.bodies) > 1 or _is_of_a_test():
        return
    forgotten = sorted({name for row in opened.touched if (name := _name_of_body_row(row))})
    is_of_body = opened.kind not in OF_THE_HOUSE | OF_EITHER and opened.has_touched
    if forgotten or is_of_body:
        raise AssertionError(
            f"act «{opened.kind}» on {forgotten or 'rows'} names no body: give it a subject that "
            "does (registry/trail/subjects.py), or note_body(…)"
        )


def _name_of_body_row(row: Any) -> str:
    """Return the name of the model of a history row that is of a body; "" of any other.

    Those that have several bodies are told by them (`registry.trail.chain.body_of`).
    """
    model = getattr(row, "instance_type", None)
    if model is None or model is Administration:
        return ""
    is_of_plan = getattr(model, "BODY_PATH", "").rpartition("__")[2] == "plan"
    return model._meta.label if paths_of(model) or is_of_plan else ""


def _is_of_a_test() -> bool:
    """Tell whether it is a test that has opened the act which ends."""
    frame: Any = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename != _ACT:
        frame = frame.f_back
    # out of the act, and of what goes on with the act of whoever calls it
    while frame is not None and frame.f_code.co_filename in _HANDED_ON:
        frame = frame.f_back
    return frame is None or Path(frame.f_code.co_filename).is_relative_to(_TESTS)


_ACT = acts.__file__
_HANDED_ON = frozenset({_ACT, contextlib.__file__, bulk.__file__, ordering.__file__})

"""Public bodies: what one is given when it enters the installation."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import Any

from registry.acts import Act, act, note_body
from registry.models import Administration, InstitutionalFunction, Macroprocess, RiskArea
from registry.services.bulk import create_in_bulk
from registry.services.rows import copy_of, store
from registry.trail.subjects import body_subject

KIND = "administration"


def create_administration(
    *, ipa_code: str, name: str, tax_code: str = "", adopting_organ: str = "", by: Any = None
) -> Administration:
    """Create an administration with its own copy of the national lists; return it.

    What is copied and what stays national: docs/decisions/0024.

    Consequences: risk areas, institutional functions and macroprocesses in use among the national
    ones become rows of the body, with the same codes and sources, free to be reworded. Executor
    roles and the lists of ANAC stay national. One act in the history.

    Raises `ValidationError` when the IPA code is taken or wrongly written, or the name is empty.
    `by` is the acting person, None for a command.
    """
    with act(KIND, by=by, subject=f"administration {ipa_code}"):
        body = store(
            Administration(
                ipa_code=ipa_code, name=name, tax_code=tax_code, adopting_organ=adopting_organ
            )
        )
        note_body(body.pk)
        _copy_national(RiskArea, body, by=by)
        functions = _copy_national(InstitutionalFunction, body, by=by)
        own = {function.code: function for function in functions}
        national = Macroprocess.objects.filter(administration=None, retired_on=None)
        create_in_bulk(
            [
                # a programme whose mission is no longer in use stands without one
                copy_of(
                    row, administration=body, function=row.function and own.get(row.function.code)
                )
                for row in national
            ],
            kind=KIND,
            by=by,
        )
        return body


def _copy_national(model: type, body: Administration, *, by: Any) -> list:
    national = model.objects.filter(administration=None, retired_on=None)
    return create_in_bulk([copy_of(row, administration=body) for row in national], kind=KIND, by=by)


def settings_act(
    body: Administration, *, changed: Collection[str], is_one_person: bool, by: Any
) -> AbstractContextManager[Act]:
    """Open the act that changes what a body says of itself.

    The trail is told which columns, and who may approve from then on.
    """
    detail = {"changed": list(changed), "is_one_person": is_one_person}
    return act(KIND, by=by, subject=body_subject(body), detail=detail)

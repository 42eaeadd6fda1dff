"""What a file says of behaviours the RPCT has added ex officio: the office does not change them."""

from collections.abc import Iterator
from typing import Any

from risk.guards.ex_officio import EX_OFFICIO
from risk.models import Coverage, RiskBehaviour
from risk.services.imports.shapes import Preview, Problem
from risk.services.mapping.behaviours import may_touch


def refuse_ex_officio(preview: Preview, *, by: Any) -> None:
    """Note as a problem each behaviour ex officio the file would change or put on more steps."""
    asked: dict[int, bool] = {}
    for behaviour in _touched(preview):
        if behaviour.is_ex_officio and behaviour.pk and behaviour.pk not in asked:
            asked[behaviour.pk] = may_touch(behaviour=behaviour, by=by)
            if not asked[behaviour.pk]:
                preview.problems.append(Problem("", 0, "", behaviour.text[:120], str(EX_OFFICIO)))


def _touched(preview: Preview) -> Iterator[RiskBehaviour]:
    yield from preview.writes.changed.get(RiskBehaviour, {}).values()
    for coverage in preview.writes.created.get(Coverage, ()):
        yield coverage.behaviour

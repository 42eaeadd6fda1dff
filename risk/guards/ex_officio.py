"""What the RPCT has added ex officio stays as it is, by whatever way an office comes to it.

A trigger does not know who acts, so this guard looks at an act when it ends, inside its
transaction: at the history rows it wrote. Page, back office, import, undo and whatever deletes a
row above are acts, and are all refused alike. A command is nobody's office.
"""

from typing import Any

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from registry.acts import RuleRefused
from registry.enums import RiskPresence
from registry.permissions import reach_of

EX_OFFICIO = _(
    "Questo comportamento è stato aggiunto d’ufficio dal RPCT: l’ufficio non lo modifica e non lo "
    "elimina."
)
TAKEN_AWAY = _(
    "Riguarda un comportamento a rischio aggiunto d’ufficio dal RPCT: l’ufficio non gli toglie le "
    "fasi e le azioni che riguarda, e non archivia il suo processo."
)

DENIED = _(
    "Il processo ha un comportamento a rischio aggiunto d’ufficio dal RPCT: l’ufficio non dichiara "
    "che il rischio è assente."
)

_BY_HAND = ("backoffice", "import")
"""Acts whose coverages come from a form or a file; those of the pages were asked before."""
_PUT_BACK = ("backoffice", "import", "undo", "import-undo")
"""Acts that can make a behaviour ex officio into one that is not."""


def keep_ex_officio(*, opened: Any, **kwargs: Any) -> None:
    """Signal receiver: refuse an act in which somebody else touched what is the RPCT's.

    Raises `RuleRefused`, which undoes the act and is told of on the trail. Acts that come near no
    such behaviour cost nothing, but those that uncover steps, put a process away or call it without
    risk: a query.
    """
    if opened.by is None:
        return
    records = [*opened.touched, *opened.told]
    processes = _changed(opened, _of(records, "riskbehaviour"))
    if processes:
        _refuse_others(opened.by, processes, EX_OFFICIO)
    processes = _uncovered(opened, _of(records, "coverage")) | _put_away(_of(records, "process"))
    if processes:
        _refuse_others(opened.by, processes, TAKEN_AWAY)
    processes = _denied(opened, _of(records, "process"))
    if processes:
        # fields are saved through forms, which ask for a refusal by field
        _refuse_others(opened.by, processes, {NON_FIELD_ERRORS: [DENIED]})


def _of(records: list[Any], name: str) -> list[Any]:
    return [row for row in records if row._meta.model_name == f"historical{name}"]


def _changed(opened: Any, records: list[Any]) -> set[int]:
    """Return the processes of behaviours ex officio that were made, changed or deleted.

    One that only moves up or down, because of those around it, is not changed.
    """
    looked_at = [row for row in records if row.is_ex_officio or opened.kind in _PUT_BACK]
    again = {row.id for row in looked_at if row.history_type == "~"}
    before = _before(opened, "risk.HistoricalRiskBehaviour", again)
    return {
        row.process_id
        for row in looked_at
        if (row.is_ex_officio or getattr(before.get(row.id), "is_ex_officio", False))
        and not _only_moved(row, before.get(row.id))
    }


def _before(opened: Any, history: str, keys: set[int]) -> dict[int, Any]:
    """Return rows as they were before the act, from their history; one query."""
    if not keys:
        return {}
    rows = apps.get_model(history).objects.filter(id__in=keys)
    rows = rows.exclude(history_change_reason=opened.mark).order_by("history_id")
    return {row.id: row for row in rows}


def _only_moved(row: Any, before: Any) -> bool:
    if row.history_type != "~" or before is None:
        return False
    same = all(
        getattr(row, name) == getattr(before, name)
        for name in ("text", "is_ex_officio", "process_id")
    )
    return same and row.position != before.position


def _uncovered(opened: Any, records: list[Any]) -> set[int]:
    """Return the processes of behaviours ex officio that cover less; joined phases stay covered."""
    kinds = "~-+" if opened.kind in _BY_HAND else "~-"
    rows = [row for row in records if row.history_type in kinds]
    if not rows or opened.kind == "merge":
        return set()
    behaviours = apps.get_model("risk", "RiskBehaviour").objects
    ex_officio = behaviours.filter(pk__in={row.behaviour_id for row in rows}, is_ex_officio=True)
    return set(ex_officio.order_by().values_list("process_id", flat=True))


def _put_away(records: list[Any]) -> set[int]:
    """Return the processes put into the archive that have a behaviour ex officio."""
    return _with_some(
        {row.id for row in records if row.history_type == "~" and row.retired_on is not None}
    )


def _denied(opened: Any, records: list[Any]) -> set[int]:
    """Return the processes now said to be without risk that have a behaviour ex officio."""
    absent = {row.id for row in records if row.risk_presence == RiskPresence.ABSENT}
    ex_officio = _with_some(absent)
    before = _before(opened, "registry.HistoricalProcess", ex_officio)
    return {
        key
        for key in ex_officio
        if key not in before or before[key].risk_presence != RiskPresence.ABSENT
    }


def _with_some(processes: set[int]) -> set[int]:
    """Return, of some processes, those with a behaviour ex officio; no query for none."""
    if not processes:
        return set()
    behaviours = apps.get_model("risk", "RiskBehaviour").objects
    ex_officio = behaviours.filter(process__in=processes, is_ex_officio=True)
    return set(ex_officio.order_by().values_list("process_id", flat=True))


def _refuse_others(by: Any, processes: set[int], sentence: Any) -> None:
    """Refuse whoever is not the RPCT of the body of all these processes."""
    bodies = reach_of(by).rpct_of
    rows = apps.get_model("registry", "Process").objects.filter(pk__in=processes)
    homes = rows.order_by().values_list("annex__plan__administration", flat=True)
    if not bodies or not set(homes) <= bodies:
        raise RuleRefused(sentence, code="ex_officio")

"""The words a process has of its own: by them it is known whether a copy was changed since.

Left out is what moves while nobody reads the process: the names of rows, the offices that carry a
part out, the measures said once for a whole plan or office, also where that office was merged into
another since, and how a measure is programmed, whose terms are a year later in the next edition and
whose state is that of the year. What measures are put on it, and on what of it, are words of its
own. So is who answers for it; where the opening of an edition has put the head of today there, the
words before are read as if they had said so (`risk.content.moved_heads`).
"""

import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from registry.models import Process
from risk.content.canonical import digest_of
from risk.content.rows import WITHOUT_TARGETS
from risk.models import PlannedMeasure

_OF_A_MEASURE = ("title", "kind")


def own_words(data: str, process: Process, measures: Iterable[PlannedMeasure]) -> str:
    """Return the digest of the words of a process, from its canonical data.

    Its rows and the `measures` that reach it are read: the same words give the same digest in
    another edition, another office, another body.
    """
    sheet = json.loads(data)["process"]
    roles = _roles(process)
    for phase in sheet["phases"]:
        for row in (phase, *phase["actions"]):
            row["executor"] = roles.get(row["uid"], "")
    wide = wide_measures(measures)
    own = (row for row in sheet["measures"] if row["uid"] not in wide)
    sheet["measures"] = [_programmed(row) for row in own]
    # the level may follow from what is left out: how a method is used, not what is said here
    del sheet["level"]
    return digest_of(json.dumps(_nameless(sheet), sort_keys=True, ensure_ascii=False))


def wide_measures(measures: Iterable[PlannedMeasure]) -> set[str]:
    """Return the uids of those that are, or were, said for a whole plan or office."""
    return {str(row.uid) for row in measures if row.scope in WITHOUT_TARGETS or row.was_wide}


def _roles(process: Process) -> dict[str, str]:
    """Return by the uid of phases and actions the role that carries them out."""
    phases = process.phases.all()
    rows = [row for phase in phases for row in (phase, *phase.actions.all())]
    return {str(row.uid): str(row.executor_role or "") for row in rows}


def _programmed(row: dict[str, Any]) -> dict[str, Any]:
    covered = [entry for entry in row["entries"] if entry["label"] == _("Ambito")]
    return {**{name: row[name] for name in _OF_A_MEASURE}, "entries": covered}


def _nameless(value: Any) -> Any:
    """Return nested content without the uids of its rows."""
    if isinstance(value, dict):
        return {name: _nameless(item) for name, item in value.items() if name != "uid"}
    if isinstance(value, list):
        return [_nameless(item) for item in value]
    return value

"""In which edition the words of each row of a process changed last, where it is another than that
of the process as a whole.

A process is as old as what was written in it last, so that whoever changes one phase of thirty
makes it new; the others keep their age. Left out of the words of a row is what other rows say: who
carries it out, its place, what it covers. How a measure is programmed are words of its row and none
of the process (`risk.content.own_words`): days and values are left out, as they move by themselves.
Of measures said for a whole plan or office nothing is told.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from registry.models import Process
from risk.content.reading import AnnexContent

UNKNOWN = ""
"""Stands for the edition of what nobody knows, where a plan would be named by its key."""

_MOVING = re.compile(
    r"[:,] entro il \d+/\d+/\d{4}| \([^()]*\)$|(?: \([^()]*\))?: valore di partenza .*"
)
"""What a line of a programme says of days, values and people, as `build_measures` prints it."""

Ages = dict[str, list[str]]
"""The uids of rows by the key of a plan, as a text; only those of another than their process."""


class EarlierWords(NamedTuple):
    """What is known of the words of a process at an earlier time.

    `since` is the plan in which they changed last; of its rows `ages` tells it where it is another
    one. `is_own` where they are those of the same rows, and not of those they were copied from.
    """

    words: str
    since: int | None
    ages: Ages
    data: str
    is_own: bool = False


def ages_of(
    data: str,
    *,
    words: str,
    plan: int,
    before: EarlierWords | None,
    names: Mapping[str, str],
    without: Collection[str],
) -> Ages:
    """Return the ages of rows from the canonical data of a process in `plan`.

    `names` gives rows the uid they were copied from; of those in `without` nothing is told.
    """
    if before is None:
        return {}
    same = before.words in ("", words)
    since = before.since if same else plan
    sheet, earlier = _sheet_of(data), _sheet_of(before.data)
    then = None if same else _words_of_rows(earlier)
    then_programmed, programmed = _programmes(earlier), _programmes(sheet)
    older = {uid: plan for plan, uids in before.ages.items() for uid in uids}
    ages: Ages = defaultdict(list)
    for uid, said in _words_of_rows(sheet).items():
        origin = uid if before.is_own else names.get(uid)
        age = _text(since)
        if origin in then_programmed and then_programmed[origin] != programmed.get(uid):
            age = _text(plan)
        elif origin is not None and (then is None or then.get(origin) == said):
            # of what histories told once, and nothing of this row, nobody knows
            untold = before.is_own and not before.data and uid in names
            age = older.get(origin, UNKNOWN if untold else _text(before.since))
        elif origin is not None and origin not in (then or ()) and not before.is_own:
            # it was of another process
            age = UNKNOWN
        if age != _text(since) and uid not in without:
            ages[age].append(uid)
    return dict(ages)


def ancestors(content: AnnexContent, process: Process) -> dict[str, str]:
    """Return the uid each row of a process had in the edition it was copied from."""
    phases, behaviours = process.phases.all(), process.behaviours.all()
    rows = (
        process,
        *phases,
        *(action for phase in phases for action in phase.actions.all()),
        *process.assessments.all(),
        *behaviours,
        *(row for behaviour in behaviours for row in behaviour.assessments.all()),
        *content.measures.get(process.pk, ()),
    )
    return {str(row.uid): str(row.origin_uid) for row in rows if row.origin_uid}


def _sheet_of(data: str) -> Mapping[str, Any]:
    """Return a process as its canonical data have it; of what is damaged nothing is known."""
    try:
        return json.loads(data)["process"]
    except ValueError:
        return {}


def _words_of_rows(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words of each row of a process by its uid."""
    return dict(_rows(sheet)) if sheet else {}


def _programmes(sheet: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return by the uid of each measure of a process in which words it is programmed."""
    rows = sheet.get("measures", ())
    return {row["uid"]: [line for entry in row["entries"] for line in _said(entry)] for row in rows}


def _said(entry: Mapping[str, Any]) -> list[str]:
    """Return what an entry of a measure says of its programme, without what moves by itself."""
    if entry["label"] in (_("Modalità di attuazione"), _("Monitoraggio")):
        return entry["lines"]
    if entry["label"] in (_("Fasi e tempi di attuazione"), _("Indicatori di attuazione")):
        return [_MOVING.sub("", line) for line in entry["lines"]]
    return []


def _rows(sheet: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    own = ("title", "entries", "presence", "presence_reason")
    yield sheet["uid"], [sheet[name] for name in own]
    for phase in sheet["phases"]:
        for row in (phase, *phase["actions"]):
            yield row["uid"], row["title"]
    covered = _("Fasi e azioni interessate")
    for row in sheet["behaviours"]:
        entries = [entry for entry in row["entries"] if entry["label"] != covered]
        yield row["uid"], [row["text"], entries]
    judged = (sheet, *sheet["behaviours"])
    for assessment in (one for row in judged for one in row["assessments"]):
        yield assessment["uid"], {name: v for name, v in assessment.items() if name != "uid"}
    for measure in sheet["measures"]:
        yield measure["uid"], [measure["title"], measure["kind"]]


def _text(plan: int | None) -> str:
    return UNKNOWN if plan is None else str(plan)

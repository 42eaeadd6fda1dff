"""Markers of all that the content of a process is made of: `risk.models.ProcessContent` is kept.

What is written below a process marks that process alone, a measure the processes it is put on. What
many processes share – a measure of a whole annex or plan, the words of a list, the name of an
office – marks the annex, the plan or the body, and so all of theirs.
"""

# ruff: noqa: S608 - the names in the SQL are those of the models, never a person’s input

from typing import Any

from django.apps import apps

from registry.guards import Marker
from registry.guards.marks import EVENTS
from registry.hanging import uses_of
from risk.guards.catalogues import parts_of

PROCESS, ANNEX, PLAN, BODY = "process", "annex", "plan", "body"
"""Scopes of a mark."""

NATIONAL = 0
"""The key of the body of what is of none."""

_INTO = "risk_contentmark"
_UNPRINTED = ("id", "uid", "version")
_ITS_OWN = (*_UNPRINTED, "annex_id", "position", "number", "retired_on", "retired_reason")
"""Of a process: what is read beside its content. Its number is no part of what is approved."""
_OF_LISTS = (*_UNPRINTED, "retired_on", "retired_reason")

_BEHAVIOUR = (
    f"SELECT '{PROCESS}' AS scope, b.process_id AS key FROM risk_riskbehaviour b WHERE b.id"
)
_TARGET = (
    "COALESCE({row}.process_id, (SELECT f.process_id FROM registry_phase f WHERE f.id = "
    "{row}.phase_id), (SELECT f.process_id FROM registry_action x JOIN registry_phase f "
    "ON f.id = x.phase_id WHERE x.id = {row}.action_id), (SELECT b.process_id "
    "FROM risk_riskbehaviour b WHERE b.id = {row}.behaviour_id))"
)
_OF_ASSESSMENT = (
    "COALESCE({row}.process_id, (SELECT b.process_id FROM risk_riskbehaviour b "
    "WHERE b.id = {row}.behaviour_id))"
)


def _as(scope: str, key: str) -> str:
    return f"SELECT '{scope}' AS scope, {key} AS key"


def _of_measure(key: str) -> tuple[str, ...]:
    """Return the marks of a programmed measure: those it is put on, or all it is said for."""
    targets = f"{_as(PROCESS, _TARGET.format(row='t'))} FROM risk_measuretarget t"
    wide = f"FROM risk_plannedmeasure w WHERE w.id = {key} AND w.scope = "
    return (
        f"{targets} WHERE t.planned_measure_id = {key}",
        f"{_as(ANNEX, 'w.annex_id')} {wide}'annex'",
        f"{_as(PLAN, 'w.plan_id')} {wide}'plan'",
    )


_ROW = "{row}.planned_measure_id"
_MARKS: dict[str, tuple[str, ...]] = {
    "registry_phase": (_as(PROCESS, "{row}.process_id"),),
    "registry_action": (
        f"{_as(PROCESS, 'f.process_id')} FROM registry_phase f WHERE f.id = {{row}}.phase_id",
    ),
    "risk_riskbehaviour": (_as(PROCESS, "{row}.process_id"),),
    "risk_riskbehaviour_categories": (f"{_BEHAVIOUR} = {{row}}.riskbehaviour_id",),
    "risk_riskbehaviour_factors": (f"{_BEHAVIOUR} = {{row}}.riskbehaviour_id",),
    "risk_coverage": (f"{_BEHAVIOUR} = {{row}}.behaviour_id",),
    "risk_assessment": (_as(PROCESS, _OF_ASSESSMENT),),
    "risk_rating": (
        f"{_as(PROCESS, _OF_ASSESSMENT.format(row='v'))} FROM risk_assessment v "
        "WHERE v.id = {row}.assessment_id",
    ),
    "risk_measuretarget": (_as(PROCESS, _TARGET),),
    "risk_plannedmeasure": (
        *_of_measure("{row}.id")[:1],
        f"SELECT m.scope, m.key FROM (SELECT '{ANNEX}' AS scope, {{row}}.annex_id AS key "
        f"UNION ALL SELECT '{PLAN}', {{row}}.plan_id) m WHERE m.scope = {{row}}.scope",
    ),
    "risk_implementationstep": _of_measure(_ROW),
    "risk_progressindicator": _of_measure(_ROW),
    "risk_planmethod": (_as(PLAN, "{row}.plan_id"),),
    "risk_objective": (_as(PLAN, "{row}.plan_id"),),
}
"""Tables a content is made of, and whose content: queries for scope and key over one row."""


def content_markers() -> list[Marker]:
    """Return the markers of all tables a content is made of; the apps must be loaded."""
    models: dict[str, Any] = {
        model._meta.db_table: model for model in apps.get_models(include_auto_created=True)
    }
    markers = [_marker(models[table], marks, _UNPRINTED) for table, marks in _MARKS.items()]
    # of one that is added nothing is kept yet, and what is kept goes with it
    process, office = (_as(PROCESS, "{row}.id"),), (_as(BODY, "{row}.administration_id"),)
    markers += [
        _marker(models["registry_process"], process, _ITS_OWN, events=("UPDATE",)),
        _marker(models["registry_office"], office, _UNPRINTED, events=("UPDATE",)),
    ]
    return markers + _of_lists()


def _of_lists() -> list[Marker]:
    """Return the markers of the lists whose words annexes print, and of what is part of their rows.

    A row that is added is not printed yet, and one that is printed does not go.
    """
    lists = [model for model in apps.get_models() if uses_of(model)]
    own = _as(BODY, f"COALESCE({{row}}.administration_id, {NATIONAL})")
    markers = [_marker(model, (own,), _OF_LISTS, events=("UPDATE",)) for model in lists]
    for model in lists:
        for field in model._meta.local_many_to_many:
            key = f"{{row}}.{field.m2m_column_name()}"
            through = field.remote_field.through
            markers.append(_marker(through, (_of_owner(model, key),), _UNPRINTED))
    return markers + [
        _marker(part, (_of_owner(owner, key),), _UNPRINTED) for part, owner, key in parts_of(lists)
    ]


def _of_owner(model: Any, key: str) -> str:
    owned = _as(BODY, f"COALESCE(l.administration_id, {NATIONAL})")
    return f"{owned} FROM {model._meta.db_table} l WHERE l.id = {key}"


def _marker(
    model: Any,
    marks: tuple[str, ...],
    without: tuple[str, ...],
    *,
    events: tuple[str, ...] = EVENTS,
) -> Marker:
    columns = (field.column for field in model._meta.local_concrete_fields)
    return Marker(
        name=f"{model._meta.db_table}_marks_contents",
        table=model._meta.db_table,
        marks=marks,
        columns=tuple(column for column in columns if column not in without),
        into=_INTO,
        events=events,
    )

"""Figures of rounds counted in plain SQL, to be compared with what reports say."""

from collections import Counter

from django.db import connection


def counted(lines) -> dict[str, tuple[int, ...]]:
    return {line.label: line.cells for line in lines}


def of_rows(world, what: str, joins: str) -> dict[str, Counter]:
    """Return, in plain SQL, how many measures have which outcome by something they have."""
    sql = (
        f"SELECT {what}, i.outcome, COUNT(DISTINCT i.id) FROM risk_rounditem i "  # noqa: S608
        "JOIN risk_plannedmeasure p ON p.id = i.planned_measure_id "
        f"JOIN registry_office o ON o.id = i.office_id {joins} "
        f"WHERE i.round_id = %s GROUP BY {what}, i.outcome"
    )
    found: dict[str, Counter] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, [world.round.pk])
        for label, outcome, n in cursor.fetchall():
            found.setdefault(label, Counter())[outcome] += n
    return found


AREAS = (
    "LEFT JOIN risk_measuretarget t ON t.planned_measure_id = p.id "
    "LEFT JOIN registry_process s ON s.id = t.process_id "
    "LEFT JOIN registry_riskarea a ON a.id = s.risk_area_id"
)
TYPOLOGIES = (
    "LEFT JOIN risk_measure_typologies mt ON mt.measure_id = p.measure_id "
    "LEFT JOIN risk_measuretypology y ON y.id = mt.measuretypology_id"
)


def last_outcomes(plan: int) -> dict[tuple[str, str], int]:
    """Return how many measures have which outcome in the last round that asked, by office."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.name, i.outcome, COUNT(*) FROM risk_rounditem i "
            "JOIN risk_monitoringround r ON r.id = i.round_id "
            "JOIN registry_office o ON o.id = i.office_id WHERE r.plan_id = %s AND NOT EXISTS ("
            "SELECT 1 FROM risk_rounditem j JOIN risk_monitoringround s ON s.id = j.round_id "
            "WHERE j.planned_measure_id = i.planned_measure_id AND s.situation_on > r.situation_on)"
            " GROUP BY o.name, i.outcome",
            [plan],
        )
        return {(office, outcome): n for office, outcome, n in cursor.fetchall()}

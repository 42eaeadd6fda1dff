"""Copy a plan of 1,000 processes into its next edition and time it: ``bench_year_copy.py FILE``.

Processor time, that of the server included; both sides are measured in turns, and the best of the
rounds counts. Started by ``bench_year.py`` with an empty database.
"""

import sys
from itertools import chain
from pathlib import Path
from typing import Any

from bench_engines import keep
from bench_spreadsheets_import import timed
from bench_year_body import adopted_plan, counted, rpct_of
from django.db import connection, models, transaction

from registry.hanging import content_models
from registry.models import Action, Annex, Phase, Plan, Process, User
from registry.services.bulk import prepared
from risk.models import (
    Assessment,
    Coverage,
    ImplementationStep,
    MeasureTarget,
    PlannedMeasure,
    ProgressIndicator,
    Rating,
    Reconfirmation,
    RiskBehaviour,
)
from risk.services.plans.editions import copy_plan

ROUNDS = 3
ROWS_A_STATEMENT = 500
OF_PLAN = {
    Annex: "plan",
    Process: "annex__plan",
    Phase: "process__annex__plan",
    Action: "phase__process__annex__plan",
    RiskBehaviour: "process__annex__plan",
    Coverage: "behaviour__process__annex__plan",
    Assessment: "process__annex__plan",
    Rating: "assessment__process__annex__plan",
    PlannedMeasure: "plan",
    MeasureTarget: "planned_measure__plan",
    ImplementationStep: "planned_measure__plan",
    ProgressIndicator: "planned_measure__plan",
}
"""Tables of the rows of a plan, those that others refer to first, and the way to their plan."""
LISTS = (RiskBehaviour.categories.through, RiskBehaviour.factors.through)


class UndoneError(Exception):
    """Takes back what a round has written, so that the next one finds the same database."""


def copied(plan: Plan, by: User, number: int) -> Plan:
    """Copy a plan into an edition of its own."""
    return copy_plan(
        plan=plan,
        title=f"Edizione {number}",
        first_year=plan.first_year + 1,
        last_year=plan.last_year + 1,
        kind="ordinary",
        by=by,
    )


def statements_of(plan: Plan) -> list[tuple[str, list[Any]]]:
    """Return the INSERTs of all rows of a plan, of 500 rows each, with what they are given."""
    ways: dict[type[models.Model], str] = dict(OF_PLAN)
    ways |= dict.fromkeys(LISTS, "riskbehaviour__process__annex__plan")
    return list(chain.from_iterable(_inserts(model, way, plan) for model, way in ways.items()))


def _inserts(model: type[models.Model], way: str, plan: Plan) -> list[tuple[str, list[Any]]]:
    fields = model._meta.concrete_fields
    rows = model._base_manager.filter(**{way: plan}).order_by("pk")
    read = list(zip(*rows.values_list(*(f.attname for f in fields)), strict=True))
    columns = [prepared(field, list(one)) for field, one in zip(fields, read, strict=True)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    values = list(zip(*columns, strict=True))
    mark = f"({', '.join(['%s'] * len(fields))})"
    found = []
    for start in range(0, len(values), ROWS_A_STATEMENT):
        some = values[start : start + ROWS_A_STATEMENT]
        sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES "  # noqa: S608
        found.append((sql + ", ".join([mark] * len(some)), list(chain.from_iterable(some))))
    return found


def inserted(statements: list[tuple[str, list[Any]]]) -> None:
    """Insert rows by statements that lie ready, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, values in statements:
            cursor.execute(sql, values)


def seconds_of_inserts(plan: Plan, by: User, number: int) -> float:
    """Return the time in which the rows of a copy are inserted, which is then taken back."""
    statements: list[tuple[str, list[Any]]] = []
    try:
        with transaction.atomic():
            statements = statements_of(copied(plan, by, number))
            raise UndoneError
    except UndoneError:
        pass
    seconds = 0.0
    try:
        with transaction.atomic():
            made = Plan.objects.create(
                pk=statements_plan(statements),
                administration=plan.administration,
                title=f"Edizione {number}",
                first_year=plan.first_year + 1,
                last_year=plan.last_year + 1,
            )
            seconds, _none = timed(lambda: inserted(statements))
            if not made.annexes.exists():
                raise SystemExit("righe inserite altrove")
            raise UndoneError
    except UndoneError:
        pass
    return seconds


def seconds_of_copy(plan: Plan, by: User, number: int) -> float:
    """Return the time in which a plan is copied; the copy is then taken back."""
    seconds = 0.0
    try:
        with transaction.atomic():
            seconds, _made = timed(lambda: copied(plan, by, number))
            raise UndoneError
    except UndoneError:
        return seconds


def statements_plan(statements: list[tuple[str, list[Any]]]) -> int:
    """Return the key of the plan whose annexes come first."""
    place = [field.attname for field in Annex._meta.concrete_fields].index("plan_id")
    return statements[0][1][place]


def main() -> int:
    """Measure in turns, and write the figures."""
    # what was confirmed in one edition is to be read again in the next
    if set(content_models()) - {*OF_PLAN, Reconfirmation}:
        raise SystemExit("righe di un piano senza misura")
    plan = adopted_plan()
    by = rpct_of(plan)
    asked, _made = counted(lambda: copied(plan, by, 0))
    copies, inserts = [], []
    for number in range(1, ROUNDS + 1):
        inserts.append(seconds_of_inserts(plan, by, number))
        copies.append(seconds_of_copy(plan, by, number))
        print(f"copia {copies[-1]:.2f} s  inserimento {inserts[-1]:.2f} s", flush=True)
    found = {
        "copy_vs_insert": round(min(copies) / min(inserts), 2),
        "copy_queries": asked,
        "copy_seconds": round(min(copies), 2),
    }
    print(found, flush=True)
    keep(Path(sys.argv[1]), found)
    return 0


if __name__ == "__main__":
    sys.exit(main())

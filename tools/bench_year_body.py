"""An invented body with an adopted plan of 1,000 processes, for the measurements of a year."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from registry.models import Membership, Plan, User  # noqa: E402
from risk.enums import MeasureScope  # noqa: E402
from risk.models import PlannedMeasure  # noqa: E402
from risk.services.sample_data.synthetic import rows as synthetic_rows  # noqa: E402
from risk.services.sample_data.synthetic.bodies import make_synthetic_body  # noqa: E402
from tests.register import adopt  # noqa: E402
from tests.statements import COUNTED, LOCK  # noqa: E402

MEASURES_AN_ANNEX = 100
"""In each of 80 annexes: 8,000 in all."""


def adopted_plan(profile: str = "L", *, measures: int = MEASURES_AN_ANNEX) -> Plan:
    """Migrate an empty database and return the adopted plan of a body in it."""
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    with patch.object(synthetic_rows, "MEASURES_AN_ANNEX", measures):
        plan = make_synthetic_body(profile=profile, ipa_code="sintetico")
    # what is put on nothing is asked of nobody
    bare = PlannedMeasure.objects.filter(plan=plan, targets=None).exclude(scope=MeasureScope.PLAN)
    bare.update(scope=MeasureScope.ANNEX)
    adopt(plan)
    if connection.vendor == "postgresql":
        # as autovacuum does in a running installation
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return Plan.objects.select_related("administration").get(pk=plan.pk)


def rpct_of(plan: Plan) -> User:
    """Return who keeps the body of a plan."""
    held = Membership.objects.select_related("user")
    return held.filter(administration=plan.administration, role="rpct")[0].user


def counted(work: Callable[[], Any]) -> tuple[int, Any]:
    """Return how many statements some work asks the engine for, and what it returns.

    What begins and ends a transaction is none, nor is the lock of a chain of the trail; rows that
    follow rows into the same table, in as many statements as the engine asks for, are one.
    """
    asked, last = 0, ""

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal asked, last
        table = sql.partition(" VALUES ")[0] if sql.startswith("INSERT") else ""
        is_more = table and table == last
        asked += not is_more and sql.startswith(COUNTED) and LOCK not in sql
        last = table
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        made = work()
    return asked, made

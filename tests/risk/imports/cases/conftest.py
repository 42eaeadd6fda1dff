"""One world for all cases: the demo body, its plan, and an office that has nothing yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client

from registry.models import Office, Plan, User
from tests.load_once import load_once
from tests.risk.imports.cases.comparing import differences, disagreements
from tests.risk.imports.cases.doors import Told, by_command, by_page
from tests.risk.imports.cases.outcomes import Case, MeasureRow, Outcome, ProcessRow
from tests.risk.imports.cases.register import Rows, changed, register_of
from tests.risk.sample_data.demo.base import load

MOST_KINDS, MOST_ACTS = 6, 10
IS_PAGED = connection.vendor == "sqlite"
"""What the pages ask and show is decided in Python, alike on both engines. What differs is the
statements: on PostgreSQL the command, which makes the same ones, goes through alone.
"""


@dataclass(frozen=True)
class Desk:
    """Where the cases are tried: the plan, a browser of the RPCT, the register before."""

    plan: Plan
    client: Client
    before: Rows

    def command(self, case: Case, outcome: Outcome, folder: Path) -> tuple[Told, list, list]:
        """Return what the command says of a file and what it writes; nothing of it stays."""
        return self._tried(lambda: by_command(self.plan, case, outcome, folder))

    def page(self, case: Case, outcome: Outcome) -> tuple[Told, list, list]:
        """Return what the pages say of a file and what they write; nothing of it stays."""
        return self._tried(lambda: by_page(self.client, self.plan, case, outcome))

    def _tried(self, door) -> tuple[Told, list[ProcessRow], list[MeasureRow]]:
        block = transaction.atomic()
        block._from_testcase = True  # jobs of long files open durable ones inside
        with block:
            told = door()
            rows = changed(self.before, register_of(self.plan)) if told.is_taken else ([], [])
            transaction.set_rollback(True)
        return told, *rows

    def wrong_with(self, case: Case, folder: Path) -> list[str]:
        """Return in lines what is wrong with a case, by the outcome that is missed least."""
        wrong: list[str] = []
        for outcome in case.outcomes:
            told, *rows = self.command(case, outcome, folder)
            lines = differences(outcome, told, *rows)
            if not lines and IS_PAGED:
                shown, *rows = self.page(case, outcome)
                lines = [f"page: {line}" for line in differences(outcome, shown, *rows)]
                lines = disagreements(told, shown) or lines or _too_much(shown)
            if not lines:
                return []
            wrong = min(wrong or lines, lines, key=len)
        return wrong


def _too_much(told: Told) -> list[str]:
    """Return what a file asks of a person that is more than a person should be asked."""
    lines = []
    if len(told.questions) > MOST_KINDS:
        lines.append(f"{len(told.questions)} questions: {list(told.questions)}")
    if told.acts > MOST_ACTS:
        lines.append(f"{told.acts} acts")
    return lines


@pytest.fixture(scope="module")
def desk(django_db_setup, django_db_blocker) -> Iterator[Desk]:
    """Return the demo body with an office PROVA in which nothing is yet."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_once("demo", load)
        plan = Plan.objects.get(title="PTPCT 2021/2023")
        Office.objects.create(administration=plan.administration, code="PROVA", name="PROVA")
        client = Client()
        client.force_login(User.objects.get(username="rpct"))
        yield Desk(plan, client, register_of(plan))
        transaction.set_rollback(True)

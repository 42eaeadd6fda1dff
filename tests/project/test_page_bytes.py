"""No page grows with the processes of an annex or the offices of a body, in bytes or statements.

Two invented bodies: one with an annex as large as a published one and one three times as large,
one with very many offices (docs/decisions/0046).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Annex, Membership, Plan
from risk.enums import Layout
from risk.services.sample_data.reference import load_reference
from risk.services.sample_data.synthetic import bodies
from tests.load_once import load_once
from tests.people import client_of, seen_ahead
from tests.statements import COUNTED

FEW_AND_LONG = bodies.Profile(2, 28 + 84, 300, 400, 250, 300, 8)
"""Two annexes, one of 28 processes and one of 84."""
MANY_OFFICES = bodies.Profile(120, 28 + 119, 300, 350, 250, 300, 8)
"""A first annex of 28 processes, and one process in each of the others."""


@dataclass(frozen=True)
class Page:
    """A page, who asks for it, and at most how many kilobytes of HTML it is."""

    name: str
    kb: int
    role: str = "rpct"
    parts: tuple[str, ...] = ()
    of_annex: bool = True
    of_process: bool = False


PAGES = [
    Page("risk:annex", 250, parts=(Layout.CATALOGUE.value,)),
    Page("risk:annex", 250, parts=(Layout.RISK_TABLE.value,)),
    Page("risk:annex", 500, parts=(Layout.SHEETS.value,)),
    Page("risk:annex", 500, parts=(Layout.COMPLETE.value,)),
    Page("risk:mapping", 120, role="editor"),
    Page("risk:changes", 120),
    Page("risk:figures", 120),
    Page("risk:bulk", 60, role="editor", parts=("processi",)),
    Page("risk:bulk", 60, role="editor", parts=("fasi",)),
    Page("risk:bulk", 60, role="editor", parts=("comportamenti",)),
]
OF_MANY_OFFICES = [
    Page("risk:plan", 120, of_annex=False),
    Page("risk:plan_processes", 60, of_annex=False),
    Page("risk:plan_behaviours", 60, of_annex=False),
    Page("risk:plan_measures", 60, of_annex=False),
    Page("risk:process_sheet", 120, role="editor", of_annex=False, of_process=True),
]


@dataclass(frozen=True)
class Answer:
    kb: float
    statements: int


class Body:
    """An invented body and the browsers of its people."""

    def __init__(self, ipa_code: str, profile: bodies.Profile) -> None:
        bodies.PROFILES[ipa_code] = profile
        try:
            self.plan: Plan = bodies.make_synthetic_body(profile=ipa_code, ipa_code=ipa_code)
        finally:
            del bodies.PROFILES[ipa_code]
        self.annexes = list(self.plan.annexes.order_by("pk"))
        self.clients: dict[str, Client] = {}

    def ask(self, page: Page, annex: Annex) -> Answer:
        """Return what a page costs, once what Django remembers is remembered."""
        address = reverse(page.name, args=[*self._named(page, annex), *page.parts])
        client = self._client(page.role)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        assert answer.status_code == 200, address
        counted = [query for query in captured if query["sql"].startswith(COUNTED)]
        return Answer(len(answer.content) / 1000, len(counted))

    def _named(self, page: Page, annex: Annex) -> tuple:
        if page.of_process:
            return (annex.processes.order_by("position")[14].uid,)
        body = (self.plan.administration.ipa_code, self.plan.slug)
        return (annex.uid,) if page.of_annex else body

    def _client(self, role: str) -> Client:
        if role not in self.clients:
            held = Membership.objects.filter(administration=self.plan.administration, role=role)
            self.clients[role] = seen_ahead(client_of(held.order_by("pk")[0].user))
        return self.clients[role]


@pytest.fixture(scope="module")
def answers(django_db_setup, django_db_blocker) -> Iterator[dict]:
    """Return what each page costs: of the short annex, of the long one, among many offices."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_once("reference", load_reference)
        few, many = Body("c_lungo", FEW_AND_LONG), Body("c_largo", MANY_OFFICES)
        short, long = few.annexes
        (wide, *_others) = many.annexes
        yield {
            line: (few.ask(line, short), few.ask(line, long), many.ask(line, wide))
            for line in (*PAGES, *OF_MANY_OFFICES)
        }
        transaction.set_rollback(True)


def name_of(line: Page) -> str:
    return " ".join((line.name, *line.parts))


@pytest.mark.django_db
@pytest.mark.parametrize("line", PAGES, ids=name_of)
def test_a_page_does_not_grow_with_the_processes_of_an_annex(answers, line):
    short, long, _wide = answers[line]
    assert long.kb <= line.kb
    assert long.kb <= 1.5 * short.kb
    assert long.statements <= short.statements


@pytest.mark.django_db
@pytest.mark.parametrize("line", [*PAGES, *OF_MANY_OFFICES], ids=name_of)
def test_a_page_does_not_grow_with_the_offices_of_a_body(answers, line):
    few, _long, many = answers[line]
    assert many.kb <= line.kb
    assert many.statements <= few.statements

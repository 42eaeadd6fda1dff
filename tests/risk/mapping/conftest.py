"""A small body with an office, its annex, lists and people: what every test of the map needs."""

import datetime
from types import SimpleNamespace

import pytest
from model_bakery import baker

from registry.models import (
    Annex,
    ExecutorRole,
    InstitutionalFunction,
    Macroprocess,
    Membership,
    Office,
    Plan,
    Process,
    RiskArea,
    User,
)
from risk.models import Level, Method, PlanMethod

SINCE = datetime.date(2020, 1, 1)


def make_person(username: str, *, body, role: str, office=None) -> User:
    """Create a person with one membership."""
    person = baker.make(
        User, username=username, first_name=username.title(), last_name="Prova", is_active=True
    )
    Membership.objects.create(
        user=person, administration=body, office=office, role=role, starts_on=SINCE
    )
    return person


def make_processes(annex: Annex, count: int, **fields) -> list[Process]:
    """Create processes with numbers and positions from 1."""
    return [
        Process.objects.create(
            annex=annex, number=number, position=number, title=f"Processo {number}", **fields
        )
        for number in range(1, count + 1)
    ]


@pytest.fixture
def world(transactional_db_or_db):
    """Return the body, its rows and its people by name."""
    body = baker.make("registry.Administration", ipa_code="c_x001", name="Comune di Prova")
    office = Office.objects.create(administration=body, code="SI", name="Servizi Informativi")
    other = Office.objects.create(administration=body, code="TR", name="Tributi")
    plan = Plan.objects.create(
        administration=body, title="PTPCT 2021/2023", first_year=2021, last_year=2023
    )
    annex = Annex.objects.create(plan=plan, office=office)
    function = InstitutionalFunction.objects.create(
        administration=body, code="01", label="Servizi istituzionali, generali e di gestione"
    )
    method = Method.objects.create(code="PROVA", name="Metodo di prova", kind="qualitative")
    PlanMethod.objects.create(plan=plan, method=method, is_default=True)
    return SimpleNamespace(
        body=body,
        office=office,
        annex=annex,
        plan=plan,
        method=method,
        level=Level.objects.create(method=method, ordinal=3, code="A", label="Alto", tone="high"),
        function=function,
        general=Macroprocess.objects.create(
            administration=body, code="01.11", label="Altri servizi generali", function=function
        ),
        organs=Macroprocess.objects.create(
            administration=body, code="01.01", label="Organi istituzionali", function=function
        ),
        digital=RiskArea.objects.create(
            administration=body, code="S", label="Agenda Digitale", kind="specific"
        ),
        contracts=RiskArea.objects.create(
            administration=body, code="D", label="Contratti pubblici", kind="general"
        ),
        role=ExecutorRole.objects.create(administration=None, code="DIR", label="Dirigente"),
        editor=make_person("anna", body=body, role="editor", office=office),
        head=make_person("bruno", body=body, role="head", office=office),
        auditor=make_person("clara", body=body, role="auditor"),
        stranger=make_person("dario", body=body, role="editor", office=other),
    )


@pytest.fixture
def transactional_db_or_db(request):
    """The browser's server has a connection of its own, so its stories need real commits."""
    browser = request.node.get_closest_marker("browser")
    request.getfixturevalue("transactional_db" if browser else "db")


@pytest.fixture
def editor(client, world):
    """Return a client signed in as the officer who edits the annex."""
    client.force_login(world.editor)
    return client


@pytest.fixture
def reading():
    """Return a function that counts the statements a request made.

    Transactions are left out, and the lock PostgreSQL takes for the trail: it reads no row.
    """

    def count(captured) -> int:
        words = ("SELECT", "INSERT", "UPDATE", "DELETE")
        statements = [query["sql"].lstrip("( ").upper() for query in captured]
        return sum(text.startswith(words) and "_ADVISORY_" not in text for text in statements)

    return count

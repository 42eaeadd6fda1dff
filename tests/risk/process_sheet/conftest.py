"""A process with phases, an action and behaviours, and the people around it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from model_bakery import baker

from registry.models import Action, ExecutorRole, Membership, Office, TrailRecord, User
from registry.services.trail_verification import verify_trail
from tests.register import make_annex, make_area, make_behaviour, make_phase, make_process
from tests.statements import COUNTED, LOCK


def person(username: str, body, role: str, office: Office | None = None):
    user = baker.make("registry.User", username=username, first_name="", last_name="")
    Membership.objects.create(
        user=user,
        administration=body,
        office=office,
        role=role,
        starts_on=datetime.date(2021, 1, 1),
    )
    return user


@pytest.fixture
def annex(db):
    return make_annex()


@pytest.fixture
def body(annex):
    return annex.plan.administration


@pytest.fixture
def process(annex):
    return make_process(annex, "Rimborso di tributi", risk_presence="present")


@pytest.fixture
def phases(process):
    """Three phases; the second has two actions."""
    rows = [make_phase(process, title) for title in ("Istruttoria", "Verifica", "Pagamento")]
    for position, title in enumerate(("Controllo degli atti", "Visto"), start=1):
        Action.objects.create(phase=rows[1], position=position, title=title)
    return rows


@pytest.fixture
def behaviours(process, phases):
    return [
        make_behaviour(process, "Favorire un utente", phases[:2]),
        make_behaviour(process, "Ritardare il visto", phases[1:2]),
    ]


@pytest.fixture
def lists(body):
    """What the fields that are chosen by typing find."""
    role = ExecutorRole.objects.create(administration=body, code="RUP", label="Responsabile unico")
    return {"area": make_area(body), "role": role}


@pytest.fixture
def editor(annex, body):
    return person("editor", body, "editor", annex.office)


@pytest.fixture
def auditor(body):
    return person("auditor", body, "auditor")


@pytest.fixture
def stranger(body):
    office = Office.objects.create(administration=body, code="ALTRO", name="Anagrafe")
    return person("stranger", body, "head", office)


@pytest.fixture
def desk(client, editor):
    """The client of the editor."""
    client.force_login(editor)
    return client


@pytest.fixture
def counted():
    """Return a function that counts the statements on rows a call makes (docs/decisions/0032)."""

    def count(call, *args, **kwargs) -> int:
        with CaptureQueriesContext(connection) as queries:
            call(*args, **kwargs)
        statements = [query["sql"] for query in queries]
        return sum(sql.startswith(COUNTED) and LOCK not in sql for sql in statements)

    return count


def told_refused(client, *, kind=None, subject=None) -> None:
    """The last record says that the person of a client was refused, once."""
    last, *rest = TrailRecord.objects.order_by("-pk")[:2]
    assert (last.outcome, "d’ufficio" in last.detail["reason"]) == ("refused", True)
    assert last.person == User.objects.get(pk=client.session["_auth_user_id"]).trail_token
    assert not rest or rest[0].outcome == "done"
    assert kind in (None, last.kind)
    assert subject in (None, last.subject)
    assert verify_trail() == []

"""Attacks on a closed annex: each refused, nothing changed."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from registry.models import Annex, Process
from risk.guards.freezing import STATE_OF
from risk.models import AnnexIssue, Transition
from tests.load_once import made_once
from tests.people import client_of, people_of
from tests.register import close, complete_annex, reconfirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    """A submitted annex with a row of every kind."""
    annex = draft()
    close(annex)
    return annex


@made_once
def draft():
    annex = complete_annex()
    behaviour = annex.processes.get().behaviours.get()
    behaviour.categories.create(code="1", label="Conflitto")
    behaviour.factors.create(code="1", label="Opacità")
    assessment = annex.processes.get().assessments.get()
    indicator = assessment.method.indicators.create(code="I", position=1, label="Indicatore")
    assessment.ratings.create(indicator=indicator)
    phase = annex.processes.get().phases.get()
    phase.actions.create(position=1, title="Azione")
    measure = annex.planned_measures.get().measure
    planned = annex.planned_measures.create(plan=annex.plan, measure=measure, scope="processes")
    planned.targets.create(process=annex.processes.get())
    annex.processes.update(origin_uid=uuid.uuid4())
    reconfirm(annex.processes.get())
    return annex


def run(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)


def dump(table: str) -> list:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608
        return cursor.fetchall()


@pytest.mark.parametrize("table", STATE_OF)
def test_raw_sql_on_every_frozen_table_is_refused(annex, table):
    before = dump(table)
    assert before, f"nothing in {table} to attack"
    with connection.cursor() as cursor:
        columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
    kept = ", ".join(f'"{name}"' for name in columns if name != "id")
    with pytest.raises(IntegrityError, match=f"{table}_frozen_update"):
        run(f'UPDATE {table} SET "{columns[-1]}" = "{columns[-1]}"')  # noqa: S608
    with pytest.raises(IntegrityError, match=f"{table}_frozen_delete"):
        run(f"DELETE FROM {table}")  # noqa: S608
    with pytest.raises(IntegrityError, match=f"{table}_frozen_insert"):
        run(
            *unique_no_more(table),
            f"INSERT INTO {table} ({kept}) SELECT {kept} FROM {table}",  # noqa: S608
        )
    assert dump(table) == before


def unique_no_more(table: str) -> list[str]:
    """PostgreSQL looks at uniqueness before the guards, which see what a statement has added."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table).items()
    names = [name for name, said in constraints if said["unique"] and not said["primary_key"]]
    return [
        "SET CONSTRAINTS ALL IMMEDIATE",
        *(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}"' for name in names),
        *(f'DROP INDEX IF EXISTS "{name}"' for name in names),
    ]


@pytest.mark.parametrize("state", ["draft", "returned", "approved", "validated", "issued"])
def test_the_state_itself_moves_only_by_a_transition(annex, state):
    with pytest.raises(IntegrityError, match="registry_annex_moves_by_a_transition"):
        run(f"UPDATE registry_annex SET state = '{state}'")  # noqa: S608
    with pytest.raises(IntegrityError), transaction.atomic():
        Annex.objects.update(state=state)
    assert Annex.objects.get(pk=annex.pk).state == "submitted"


def test_an_old_transition_is_no_permission(annex):
    close(annex, "returned")
    close(annex, "submitted")
    with pytest.raises(IntegrityError, match="registry_annex_moves_by_a_transition"):
        run("UPDATE registry_annex SET state = 'returned'")


def test_what_has_moved_is_not_begun_anew_under_its_own_key(annex):
    """Deleted and written again at once, an open annex would be in a state of its own."""
    close(annex, "returned")
    with pytest.raises(IntegrityError, match="registry_annex_moved_stays"):
        run("DELETE FROM registry_annex")
    assert Annex.objects.get(pk=annex.pk).state == "returned"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE registry_annex SET head_surname = 'Altri'",
        "UPDATE registry_annex SET office_name = 'Altro'",
        "DELETE FROM registry_annex",
        "UPDATE risk_transition SET reason = 'x'",
        "DELETE FROM risk_transition",
    ],
)
def test_names_and_transitions_stay(annex, sql):
    with pytest.raises(IntegrityError):
        run(sql)
    assert Transition.objects.count() == 1


def test_an_annex_is_not_born_closed(annex):
    office = annex.office.administration.offices.create(code="NUOVO", name="Nuovo")
    with (
        pytest.raises(IntegrityError, match="registry_annex_begins_as_draft"),
        transaction.atomic(),
    ):
        Annex.objects.create(plan=annex.plan, office=office, state="issued")


def test_nothing_is_carried_into_or_out_of_a_closed_annex(annex):
    office = annex.office.administration.offices.create(code="NUOVO", name="Nuovo")
    other = Annex.objects.create(plan=annex.plan, office=office)
    process = Process.objects.create(annex=other, number=1, position=1, title="Altrui")
    for sql in (
        f"UPDATE registry_phase SET process_id = {process.pk}",  # noqa: S608
        f"UPDATE registry_process SET annex_id = {other.pk}, number = 9, position = 9",  # noqa: S608
        f"UPDATE registry_process SET annex_id = {annex.pk}, number = 9, position = 9 "  # noqa: S608
        f"WHERE id = {process.pk}",
    ):
        with pytest.raises(IntegrityError):
            run(sql)


@pytest.mark.parametrize("who", ["editor", "head", "rpct"])
def test_every_page_that_writes_refuses(annex, who):
    """All addresses of the rooms that take a POST, with the rows of a closed annex in them."""
    client = client_of(people_of(annex)[who])
    process = annex.processes.get()
    before = {table: dump(table) for table in STATE_OF}
    for address in writing_addresses(annex, process):
        answer = client.post(address, {"title": "Cambiato", "version": 1, "verb": "submit"})
        assert answer.status_code in (302, 400, 403, 404, 405, 409, 422), address
    assert {table: dump(table) for table in STATE_OF} == before
    assert Annex.objects.get(pk=annex.pk).state == "submitted"
    assert not AnnexIssue.objects.exists()


def writing_addresses(annex, process) -> list[str]:
    phase, behaviour = process.phases.get(), process.behaviours.get()
    base, of_annex = f"/processi/{process.uid}", f"/allegati/{annex.uid}"
    return [
        f"{base}/riga/",
        *(f"{base}/riga/{verb}/" for verb in ("su", "giu", "duplica", "archivia", "ripristina")),
        *(f"{base}/descrizione/{part}/" for part in ("identita", "svolgimento", "presenza")),
        f"{base}/fasi/",
        f"{base}/fasi/{phase.uid}/",
        f"{base}/fasi/{phase.uid}/elimina/",
        f"{base}/comportamenti/",
        f"{base}/comportamenti/{behaviour.uid}/",
        f"{base}/comportamenti/{behaviour.uid}/elimina/",
        f"{base}/matrice/",
        f"{base}/approva/",
        f"{of_annex}/mappa/aggiungi/",
        f"{of_annex}/mappa/rinumera/",
        f"{of_annex}/mappa/incolla/",
        f"{of_annex}/insieme/processi/",
        f"{of_annex}/iter/",
        f"{of_annex}/approva/",
    ]

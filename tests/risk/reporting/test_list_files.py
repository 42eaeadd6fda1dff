"""Lists as files hold all that is filtered, as it was typed, at a cost that does not grow."""

import json

import pytest
from django.urls import reverse

from registry.models import Office, Process, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.models import Measure, PlannedMeasure, RegisterImport
from risk.services.annexes.remarks import add_remark, answer_remark
from tests.people import client_of
from tests.register import (
    assess,
    make_annex,
    make_area,
    make_behaviour,
    make_method,
    make_phase,
    make_process,
    use_method,
)
from tests.statements import at_most

pytestmark = pytest.mark.django_db

NASTY = ("=1+1", "+39 0471", "-5", "@SUM(A1)", "==1+1", "'=x", "<r>x</r>", 'a;b"c')


@pytest.fixture
def annex():
    annex = make_annex()
    area = make_area(annex.plan.administration)
    for number in range(60):
        title = NASTY[number] if number < len(NASTY) else f"Processo {number}"
        make_process(annex, title, risk_area=area if number % 2 else None)
    return annex


def plan_address(annex, name: str) -> str:
    return reverse(f"risk:{name}", args=[annex.plan.administration.ipa_code, annex.plan.slug])


def rows_of(client, address: str, **query) -> list[dict]:
    answer = client.get(address, {**query, "formato": "json"})
    assert answer.status_code == 200
    return json.loads(b"".join(answer.streaming_content))


def test_all_pages_of_the_map_leave_and_every_title_as_it_was_typed(annex, people):
    rows = rows_of(
        client_of(people["editor"]), reverse("risk:mapping", args=[annex.uid]), pagina="2"
    )

    assert [row["Processo"] for row in rows] == list(
        Process.objects.order_by("position").values_list("title", flat=True)
    )
    assert rows[0]["Numero"] == 1
    assert rows[0]["Identificativo"] == str(annex.processes.get(number=1).uid)


def test_a_list_leaves_exactly_as_filtered(annex, people):
    client, address = client_of(people["rpct"]), plan_address(annex, "plan_processes")

    page = client.get(address, {"area": "F", "q": "processo 5"}).context["page"]
    rows = rows_of(client, address, area="F", q="processo 5")

    assert page.paginator.count == len(rows) == 9
    assert {row["Processo"] for row in rows} == {process.title for process in page}


def test_the_level_of_a_process_is_the_one_of_the_page(annex, people):
    method = make_method()
    use_method(annex, method)
    own, derived, none = annex.processes.order_by("number")[:3]
    assess(own, method, "Alto", "Perché sì.")
    assess(make_behaviour(derived), method, "Basso", "Perché no.")

    rows = rows_of(client_of(people["rpct"]), plan_address(annex, "plan_processes"))

    found = {row["Numero"]: (row["Livello"], row["Livello derivato"]) for row in rows}
    assert [found[process.number] for process in (own, derived, none)] == [
        ("Alto", ""),
        ("Basso", "sì"),
        ("", ""),
    ]


def test_an_editor_gets_the_rows_of_the_own_office_only(annex, people):
    make_process(make_annex(annex.plan.administration, office="Personale"), "Concorso")
    address = plan_address(annex, "plan_processes")

    assert len(rows_of(client_of(people["editor"]), address)) == 60
    assert len(rows_of(client_of(people["rpct"]), address)) == 61


def test_a_measure_leaves_with_its_steps_and_indicators(annex, people):
    measure = Measure.objects.create(code="FORM", label="Formazione", character="general")
    planned = PlannedMeasure.objects.create(
        plan=annex.plan, annex=annex, measure=measure, scope="annex"
    )
    planned.steps.create(position=1, description="Corso", timing="entro giugno")
    planned.steps.create(position=2, description="Verifica")
    planned.progress_indicators.create(position=1, label="Persone formate", kind="quantity")

    (row,) = rows_of(client_of(people["rpct"]), plan_address(annex, "plan_measures"))

    assert row["Fasi e tempi"] == "Corso (entro giugno)\nVerifica"
    assert row["Indicatori di attuazione"] == "Persone formate"


def test_the_trail_says_what_left_and_not_what_was_searched_for(annex, people):
    rows_of(client_of(people["rpct"]), plan_address(annex, "plan_processes"), q="processo 59")

    record = TrailRecord.objects.get(kind="export")
    assert record.detail == {"format": "json", "rows": 1, "list": "processes"}
    assert record.subject == f"plan {annex.plan.administration.ipa_code} {annex.plan.title}"
    assert verify_trail() == []


@pytest.mark.parametrize(
    "name", ["mapping", "completeness", "plan_processes", "plan_behaviours", "plan_measures"]
)
def test_a_long_list_costs_no_more_than_a_short_one(annex, people, name):
    client = client_of(people["rpct"])
    address = (
        reverse(f"risk:{name}", args=[annex.uid])
        if name in ("mapping", "completeness")
        else plan_address(annex, name)
    )
    for process in annex.processes.all():
        make_behaviour(process, phases=[make_phase(process)])

    with at_most(40):
        rows_of(client, address)


def test_the_address_of_a_plan_gives_two_lists(annex, people):
    client, address = client_of(people["rpct"]), plan_address(annex, "plan")

    assert [row["Ufficio"] for row in rows_of(client, address)] == ["Tributi"]
    assert rows_of(client, address, elenco="iter") == []


def test_remarks_leave_with_their_answers(annex, people):
    remark = add_remark(
        annex=annex,
        process=None,
        row=annex,
        kind="annex",
        text="=2+2",
        blocks="",
        by=people["rpct"],
    )
    answer_remark(remark=remark, text="Corretto.", by=people["editor"])

    (row,) = rows_of(client_of(people["rpct"]), reverse("risk:remarks", args=[annex.uid]))

    assert (row["Osservazione"], row["Chiusa il"]) == ("=2+2", None)
    assert row["Risposte"] == f"{people['editor']}: Corretto."


def test_processes_one_works_on_and_files_one_brought_leave_too(annex, people):
    other = Office.objects.get(code="ALTRO")
    process = annex.processes.first()
    make_phase(process, executor_office=other)
    RegisterImport.objects.create(
        plan=annex.plan, by=people["rpct"], filename="registro.xlsx", content=b"", digest="0" * 64
    )

    executed = rows_of(client_of(people["colleague"]), reverse("risk:executed"))
    imports = rows_of(client_of(people["rpct"]), plan_address(annex, "import_start"))

    assert [row["Identificativo"] for row in executed] == [str(process.uid)]
    assert [row["File"] for row in imports] == ["registro.xlsx"]

"""Start page, missing points, lists and figures: who sees them, what they say, what they cost."""

import datetime

import pytest
from django.urls import reverse

from registry.enums import RiskPresence
from registry.models import PlanDeadline
from risk.models import EventCategory, Measure, PlannedMeasure
from risk.services.plans.exemptions import exempt_annex
from tests.people import client_of
from tests.register import (
    assess,
    make_annex,
    make_area,
    make_behaviour,
    make_method,
    make_process,
    use_method,
)

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12


@pytest.fixture
def annex():
    return make_annex()


def plan_address(name: str, annex) -> str:
    plan = annex.plan
    return reverse(f"risk:{name}", args=[plan.administration.ipa_code, plan.slug])


def fill(annex, times: int) -> None:
    area = annex.plan.administration.riskarea_set.filter(code="F").first()
    area = area or make_area(annex.plan.administration)
    method = annex.plan.methods.get().method
    for _index in range(times):
        process = make_process(annex, risk_area=area, risk_presence=RiskPresence.PRESENT)
        assess(make_behaviour(process), method, "Alto", "Motivo.")
        measure, _made = Measure.objects.get_or_create(
            code="M", defaults={"label": "Rotazione", "character": "general"}
        )
        PlannedMeasure.objects.create(plan=annex.plan, annex=annex, measure=measure, scope="annex")


ANNEX_PAGES = ["completeness", "figures"]
PLAN_PAGES = ["plan_processes", "plan_behaviours", "plan_measures", "plan_figures"]


def addresses(annex) -> list[str]:
    of_annex = [reverse(f"risk:{name}", args=[annex.uid]) for name in ANNEX_PAGES]
    return [*of_annex, *(plan_address(name, annex) for name in PLAN_PAGES)]


@pytest.mark.parametrize(
    ("who", "of_annex", "of_plan"),
    [
        ("head", 200, 200),
        ("editor", 200, 200),
        ("rpct", 200, 200),
        ("auditor", 200, 200),
        ("colleague", 404, 200),
        ("stranger", 404, 404),
    ],
)
def test_who_sees_the_pages(annex, people, who, of_annex, of_plan):
    client = client_of(people[who])
    answers = [client.get(address).status_code for address in addresses(annex)]
    assert answers == [of_annex] * len(ANNEX_PAGES) + [of_plan] * len(PLAN_PAGES)


def test_a_colleague_sees_no_row_of_another_office(annex, people):
    make_process(annex, "Processo riservato")
    answer = client_of(people["colleague"]).get(plan_address("plan_processes", annex))
    assert "Processo riservato" not in answer.content.decode()


@pytest.mark.parametrize("name", ["desk", *ANNEX_PAGES, *PLAN_PAGES])
def test_the_queries_do_not_grow(annex, people, name, django_assert_max_num_queries):
    use_method(annex, make_method())
    client = client_of(people["editor"])
    if name == "desk":
        address = "/"
    elif name in ANNEX_PAGES:
        address = reverse(f"risk:{name}", args=[annex.uid])
    else:
        address = plan_address(name, annex)
    # what was written is read at the first look, one query for each kind of row, and then kept
    first = MOST_QUERIES if name != "completeness" else 35
    for times in (1, 6):
        fill(annex, times)
        for most in (first, MOST_QUERIES):
            with django_assert_max_num_queries(most):
                assert client.get(address).status_code == 200


def test_the_start_page_says_what_is_mine_and_what_is_next(annex, people, settings):
    settings.TODAY = datetime.date(2020, 11, 16)
    for day in (15, 30):
        PlanDeadline.objects.create(
            plan=annex.plan, due_on=f"2020-11-{day}", label=f"Scadenza {day}", kind="transmission"
        )
    PlanDeadline.objects.create(
        plan=annex.plan, due_on="2020-11-30", label="Monitoraggio", kind="monitoring"
    )
    page = client_of(people["editor"]).get("/").content.decode()
    assert "Da fare adesso" in page
    assert reverse("risk:completeness", args=[annex.uid]) in page
    assert "30/11/2020" in page
    assert "Scadenza 15" not in page
    assert "Monitoraggio" not in page, "it begins once the plan is published"
    assert "Da fare adesso" not in client_of(people["auditor"]).get("/").content.decode()


def test_the_list_as_a_file_says_who_is_exempted_as_the_page_does(annex, people):
    exempt_annex(annex=annex, reason="Ufficio soppresso.", by=people["rpct"])
    client = client_of(people["rpct"])
    assert "esonerato" in client.get("/").content.decode()
    rows = b"".join(client.get("/?formato=csv").streaming_content).decode("utf-8-sig")
    assert "esonerato" in rows
    assert "bozza" not in rows


def test_the_start_page_of_a_stranger_says_what_to_do(people):
    page = client_of(people["stranger"]).get("/").content.decode()
    assert "chiedi al RPCT" in page


def test_missing_points_are_links_to_their_place(annex, people):
    process = make_process(annex, risk_presence=RiskPresence.PRESENT)
    behaviour = make_behaviour(process, "Favorire un utente")
    process.phases.create(position=1, title="Istruttoria")
    page = client_of(people["head"]).get(reverse("risk:completeness", args=[annex.uid]))
    sheet = reverse("risk:process_sheet", args=[process.uid])
    text = page.content.decode()
    assert f'href="{sheet}#comportamento-{behaviour.uid}"' in text
    assert f'href="{sheet}#valutazione"' in text


def test_the_short_list_is_a_fragment(annex, people):
    make_process(annex)
    address = reverse("risk:completeness", args=[annex.uid])
    answer = client_of(people["editor"]).get(address, headers={"hx-request": "true"})
    text = answer.content.decode()
    assert "<html" not in text
    assert "Manca l’area di rischio." in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Alfa qualità", "Beta", "Gamma"]),
        ("q=QUALITA%CC%80", ["Alfa qualità"]),
        ("area=F", ["Alfa qualità"]),
        ("area=-", ["Beta", "Gamma"]),
        ("livello=A", ["Alfa qualità"]),
        ("livello=-", ["Beta"]),
        ("presenza=absent", ["Gamma"]),
        ("area=inventata", ["Alfa qualità", "Beta", "Gamma"]),
    ],
)
def test_processes_are_filtered(annex, people, query, found):
    method = make_method()
    use_method(annex, method)
    area = make_area(annex.plan.administration)
    first = make_process(annex, "Alfa qualità", risk_area=area, risk_presence="present")
    assess(first, method, "Alto", "Motivo.")
    make_process(annex, "Beta")
    make_process(annex, "Gamma", risk_presence="absent", risk_presence_reason="Vincolato.")
    page = client_of(people["rpct"]).get(f"{plan_address('plan_processes', annex)}?{query}")
    assert [row.title for row in page.context["page"]] == found


def test_behaviours_and_measures_are_filtered(annex, people):
    category = EventCategory.objects.create(code="7", label="Conflitto di interessi")
    process = make_process(annex)
    make_behaviour(process, "Primo").categories.add(category)
    make_behaviour(process, "Secondo")
    client = client_of(people["rpct"])
    address = plan_address("plan_behaviours", annex)
    for value, found in (("7", ["Primo"]), ("-", ["Secondo"])):
        page = client.get(f"{address}?categoria={value}")
        assert [row.text for row in page.context["page"]] == found
    measure = Measure.objects.create(code="M", label="Rotazione", character="general")
    for state in ("done", "to_start"):
        PlannedMeasure.objects.create(
            plan=annex.plan, annex=annex, measure=measure, scope="annex", start_state=state
        )
    page = client.get(f"{plan_address('plan_measures', annex)}?stato=done&carattere=general")
    assert [row.start_state for row in page.context["page"]] == ["done"]


def test_a_cell_of_the_heat_map_leads_to_its_rows(annex, people):
    method = make_method()
    use_method(annex, method)
    area = make_area(annex.plan.administration)
    process = make_process(annex, "Rimborso", risk_area=area, risk_presence="present")
    assess(process, method, "Alto", "Motivo.")
    client = client_of(people["rpct"])
    text = client.get(reverse("risk:figures", args=[annex.uid])).content.decode()
    query = f"ufficio={annex.office.code}&amp;area=F&amp;livello=A"
    address = f"{plan_address('plan_processes', annex)}?{query}"
    assert f'href="{address}"' in text
    page = client.get(address.replace("&amp;", "&"))
    assert [row.title for row in page.context["page"]] == ["Rimborso"]


def test_an_office_is_looked_for_by_name_or_code_and_one_that_is_not_there_is_told(annex, people):
    process = make_process(annex, "Rimborso")
    client = client_of(people["rpct"])
    address = plan_address("plan_processes", annex)
    for typed in (annex.office.code.lower(), annex.office.name.upper(), f" {annex.office.name} "):
        page = client.get(address, {"ufficio": typed})
        assert process in page.context["page"].object_list
        assert f'value="{annex.office.name}"' in page.content.decode()
    for typed in ("nessuno così", "x" * 5000, "%", "<b>"):
        page = client.get(address, {"ufficio": typed})
        assert page.status_code == 200
        assert "house-field-error" in page.content.decode()


def test_a_long_list_is_paged(annex, people):
    for _index in range(51):
        make_process(annex)
    client = client_of(people["rpct"])
    page = client.get(plan_address("plan_processes", annex))
    assert len(page.context["page"]) == 50
    assert "pagina=2" in page.content.decode()

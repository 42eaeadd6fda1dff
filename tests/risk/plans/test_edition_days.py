"""The page of the days of an edition: those of before beside them, corrected in place."""

import datetime

import pytest
from django.urls import reverse

from registry.models import Plan, TrailRecord
from risk.models import ImplementationStep, ProgressIndicator
from risk.services.plans.edition_days import DAYS_A_PAGE, has_days, years_named
from risk.services.plans.editions import copy_plan
from tests.people import client_of, people_of
from tests.register import adopt, close, complete_annex
from tests.statements import at_most

pytestmark = pytest.mark.django_db

DAY = datetime.date
KIND = "edition-days"


@pytest.fixture
def people():
    annex = complete_annex()
    planned = annex.planned_measures.get()
    planned.steps.update(due_on=DAY(2024, 2, 29))
    planned.steps.create(position=2, description="Verifica", due_on=DAY(2021, 6, 30))
    planned.progress_indicators.update(target=5, target_on=DAY(2021, 12, 31))
    wide = annex.plan.planned_measures.create(measure=planned.measure, scope="plan")
    wide.steps.create(position=1, description="Corso per tutti", due_on=DAY(2021, 3, 31))
    people = people_of(annex)
    adopt(annex.plan)
    return people


@pytest.fixture
def plan(people) -> Plan:
    source = Plan.objects.get()
    values = {"title": "PTPCT 2022/2024", "first_year": 2022, "last_year": 2024}
    made = copy_plan(plan=source, kind="ordinary", by=people["rpct"], **values)
    return Plan.objects.select_related("administration").get(pk=made.pk)


def page_of(plan: Plan, **asked: str) -> str:
    page = reverse("risk:plan_days", args=[plan.administration.ipa_code, plan.slug])
    return f"{page}?{'&'.join(f'{k}={v}' for k, v in asked.items())}" if asked else page


def steps(plan: Plan):
    return ImplementationStep.objects.filter(planned_measure__plan=plan).order_by("due_on")


def typed(*rows, day: str) -> dict[str, str]:
    told = {f"giorno-{row.uid}": day for row in rows}
    return told | {f"versione-{row.uid}": str(row.version) for row in rows}


def test_opening_an_edition_leads_to_its_days(people):
    source = Plan.objects.select_related("administration").get()
    page = reverse("risk:plan_copy", args=[source.administration.ipa_code, source.slug])
    data = {"kind": "ordinary", "title": "PTPCT 2022/2024", "first_year": 2022, "last_year": 2024}
    answer = client_of(people["rpct"]).post(page, data)
    assert answer.url == page_of(Plan.objects.select_related("administration").latest("pk"))


def test_the_page_that_opens_an_edition_names_the_one_being_made(people):
    source = Plan.objects.select_related("administration").get()
    client = client_of(people["rpct"])
    page = reverse("risk:plan_copy", args=[source.administration.ipa_code, source.slug])
    assert "già aperta" not in client.get(page).content.decode()
    made = copy_plan(
        plan=source, title="Prova", kind="ordinary", by=None, first_year=2022, last_year=2024
    )
    shown = client.get(page).content.decode()
    assert "Da questo piano è già aperta un’edizione" in shown
    there = reverse("risk:plan", args=[source.administration.ipa_code, made.slug])
    assert f'<a href="{there}">Prova</a>, in preparazione' in shown
    # it is no refusal, and one that was adopted is none that is being made
    data = {"kind": "ordinary", "title": "Altra", "first_year": 2022, "last_year": 2024}
    assert client.post(page, data).status_code == 302
    for one in Plan.objects.exclude(pk=source.pk):
        adopt(one)
    assert "già aperta" not in client.get(page).content.decode()


def test_yearly_targets_that_are_missing_lead_there_too():
    annex = complete_annex()
    objective = annex.plan.objectives.create(position=1, code="OB.1", name="Più trasparenza")
    objective.indicators.create(position=1, label="Accessi", second_target=20, third_target=30)
    assert not has_days(annex.plan)
    rpct = people_of(annex)["rpct"]
    adopt(annex.plan)
    source = Plan.objects.select_related("administration").get()
    page = reverse("risk:plan_copy", args=[source.administration.ipa_code, source.slug])
    data = {"kind": "ordinary", "title": "PTPCT 2022/2024", "first_year": 2022, "last_year": 2024}
    answer = client_of(rpct).post(page, data)
    assert answer.url == page_of(Plan.objects.select_related("administration").latest("pk"))


def test_each_day_stands_beside_the_one_of_before(people, plan):
    shown = client_of(people["rpct"]).get(page_of(plan))
    told = [(str(one.row), one.before, one.day) for one, *_rest in shown.context["rows"]]
    assert told == [
        ("Corso per tutti", DAY(2021, 3, 31), DAY(2022, 3, 31)),
        ("Verifica", DAY(2021, 6, 30), DAY(2022, 6, 30)),
        (told[2][0], DAY(2021, 12, 31), DAY(2022, 12, 31)),
        (told[3][0], DAY(2024, 2, 29), DAY(2025, 2, 28)),
    ]
    page = shown.content.decode()
    assert page.count("il 29 febbraio non c’è in quell’anno") == 1
    assert "tutto il piano" in page


def test_a_row_that_moved_keeps_the_day_it_had(people, plan):
    first, second = steps(plan).filter(planned_measure__scope="annex")
    ImplementationStep.objects.filter(pk=first.pk).update(position=9)
    ImplementationStep.objects.filter(pk=second.pk).update(position=2)
    added = first.planned_measure.steps.create(
        position=1, description="Nuova", due_on=DAY(2022, 1, 31)
    )
    shown = client_of(people["rpct"]).get(page_of(plan))
    before = {one.row: one.before for one, *_rest in shown.context["rows"]}
    assert [before[row] for row in (first, second, added)] == [
        DAY(2021, 6, 30),
        DAY(2024, 2, 29),
        None,
    ]


def test_the_days_of_one_office(people, plan):
    annex = plan.annexes.select_related("office").get()
    shown = client_of(people["rpct"]).get(page_of(plan, ufficio=annex.office.code))
    assert {one.office for one, *_rest in shown.context["rows"]} == {annex.office}
    assert len(shown.context["rows"]) == 3


def test_several_days_are_one_act(people, plan):
    rows, indicator = (
        list(steps(plan)),
        ProgressIndicator.objects.get(planned_measure__plan=plan),
    )
    data = {**typed(*rows[:2], day="2022-05-02"), **typed(indicator, day="")}
    data |= typed(rows[2], day=rows[2].due_on.isoformat())
    answer = client_of(people["rpct"]).post(page_of(plan), data, follow=True)
    assert "Corrette 3 scadenze." in answer.content.decode()
    assert [row.due_on for row in steps(plan)] == [DAY(2022, 5, 2)] * 2 + [DAY(2025, 2, 28)]
    indicator.refresh_from_db()
    assert indicator.target_on is None
    (record,) = TrailRecord.objects.filter(kind=KIND)
    assert (record.row_count, record.person) == (3, people["rpct"].trail_token)


@pytest.mark.parametrize("day", ["2022-02-30", "31/31/2022", "domani"])
def test_what_is_no_day_is_said_at_its_row_and_nothing_is_saved(people, plan, day):
    first, second, _third = steps(plan)
    data = {**typed(first, day="2022-05-02"), **typed(second, day=day)}
    answer = client_of(people["rpct"]).post(page_of(plan), data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f'id="errore-{second.uid}"' in page
    assert f'id="errore-{first.uid}"' not in page
    # what was typed is still there
    assert f'value="{day}"' in page
    assert 'value="2022-05-02"' in page
    assert [row.due_on.year for row in steps(plan)] == [2022, 2022, 2025]
    assert not TrailRecord.objects.filter(kind=KIND, outcome="done").exists()


@pytest.mark.parametrize(("day", "is_outside"), [("2035-01-01", True), ("2024-12-31", False)])
def test_a_day_outside_the_years_of_the_plan_is_saved_and_said(people, plan, day, is_outside):
    first, *_others = steps(plan)
    client = client_of(people["rpct"])
    answer = client.post(page_of(plan), typed(first, day=day), follow=True)
    first.refresh_from_db()
    assert first.due_on.isoformat() == day
    page = answer.content.decode()
    assert "Corretta 1 scadenza." in page
    assert ("Una scadenza salvata è fuori dagli anni del piano (2022–2024)" in page) == is_outside
    # the day that was the 29th of February 2024 is in 2025
    assert page.count(">fuori dagli anni del piano<") == 1 + is_outside
    # who saves again what stood there is told nothing of it
    first.refresh_from_db()
    again = client.post(page_of(plan), typed(first, day=day), follow=True).content.decode()
    assert "scadenza salvata è fuori" not in again


def test_words_that_name_a_year_before_the_plan_are_shown_and_marked(people, plan):
    first, second, _third = steps(plan)
    for row, words in ((first, "dal 1° aprile 2021"), (second, "ogni semestre dal 2023")):
        ImplementationStep.objects.filter(pk=row.pk).update(timing=words)
    page = client_of(people["rpct"]).get(page_of(plan)).content.decode()
    assert "in parole: dal 1° aprile 2021" in page
    assert "in parole: ogni semestre dal 2023" in page
    assert page.count("nomina il 2021") == page.count("Cambia le parole") == 1
    there = reverse("risk:programme", args=[first.planned_measure.uid])
    assert f'href="{there}#fasi"' in page


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("dal 1° aprile 2020", [2020]),
        ("31/12/2020 e 06/2021", [2020, 2021]),
        ("nell’anno scolastico 2020/2021", [2020]),
        ("come dice il d.lgs. 33/2013, la l. 190/2012", []),
        ("entro 120 giorni, 12019 atti", []),
    ],
)
def test_the_years_that_words_name(words, years):
    assert years_named(words) == years


def test_a_day_somebody_else_wrote_meanwhile_is_asked(people, plan):
    first, second, _third = steps(plan)
    seen = {**typed(first, day="2022-05-02"), **typed(second, day="2022-05-03")}
    client_of(people["rpct"]).post(page_of(plan), typed(second, day="2022-07-07"))
    answer = client_of(people["rpct"]).post(page_of(plan), seen)
    assert "ha scritto intanto 07/07/2022" in answer.content.decode()
    assert sorted(steps(plan).values_list("due_on", flat=True))[:2] == [
        DAY(2022, 3, 31),
        DAY(2022, 7, 7),
    ]


def test_a_closed_annex_keeps_its_days(people, plan):
    row = steps(plan).get(description="Verifica")
    close(plan.annexes.get(), "submitted")
    shown = client_of(people["rpct"]).get(page_of(plan)).content.decode()
    assert f"giorno-{row.uid}" not in shown
    answer = client_of(people["rpct"]).post(page_of(plan), typed(row, day="2022-05-02"))
    assert answer.status_code == 409
    assert steps(plan).get(description="Verifica").due_on == DAY(2022, 6, 30)


def test_others_find_no_such_page_and_a_first_edition_has_none(people, plan):
    for who in ("head", "editor", "auditor", "colleague", "stranger"):
        assert client_of(people[who]).get(page_of(plan)).status_code == 404
    rpct = client_of(people["rpct"])
    source = Plan.objects.select_related("administration").get(origin=None)
    assert rpct.get(page_of(source)).status_code == 404
    adopt(plan)
    assert rpct.get(page_of(plan)).status_code == 404


def test_a_page_does_not_grow_with_the_days(people, plan):
    for row in steps(plan).filter(position=1):
        for number in range(3, DAYS_A_PAGE // 2 + 8):
            row.planned_measure.steps.create(
                position=number, description=f"Corso {number}", due_on=DAY(2022, 5, 1)
            )
    client = client_of(people["rpct"])
    client.get(page_of(plan))
    with at_most(19):
        shown = client.get(page_of(plan))
    assert len(shown.context["rows"]) == DAYS_A_PAGE
    assert "Pagina 1 di 2" in shown.content.decode()

"""An office reads every measure it answers for: whatever annex it is of, and of the whole plan."""

import datetime

import pytest
from django.urls import reverse

from registry.clock import today
from registry.models import Annex, Plan
from risk.models import ImplementationStep, PlannedMeasure, ProgressIndicator
from tests.people import client_of
from tests.register import adopt, make_annex, make_body, make_process
from tests.risk.treatment.conftest import member

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def due(planned, days, **fields):
    return ImplementationStep.objects.create(
        planned_measure=planned,
        position=planned.steps.count() + 1,
        description=f"Passo {days}",
        due_on=today() + days * DAY,
        **fields,
    )


def planned_in(annex, measure, **fields):
    return PlannedMeasure.objects.create(
        plan=annex.plan, annex=annex, measure=measure, scope="annex", **fields
    )


@pytest.fixture
def other(annex):
    return make_annex(annex.plan.administration, office="Ambiente")


@pytest.fixture
def register(annex, other, measures):
    """Return measures of another office and of the plan, by why one’s own office meets them."""
    whole = PlannedMeasure.objects.create(
        plan=annex.plan,
        measure=measures["general"],
        scope="plan",
        responsible_office=annex.office,
    )
    elsewhere = planned_in(other, measures["by_area"], responsible_office=annex.office)
    in_part = planned_in(other, measures["elsewhere"], responsible_office=other.office)
    strange = planned_in(other, measures["by_factor"])
    own = planned_in(annex, measures["by_category"])
    due(whole, 40)
    due(elsewhere, 5)
    due(elsewhere, -90)
    due(in_part, 9, responsible_office=annex.office)
    ProgressIndicator.objects.create(
        planned_measure=whole,
        position=1,
        label="Pratiche controllate",
        kind="number",
        unit="%",
        baseline="2.000",
        target="12.500",
        target_on=today() + 20 * DAY,
    )
    return {"whole": whole, "elsewhere": elsewhere, "in_part": in_part, "own": own, "no": strange}


def labels(answer) -> list[str]:
    return [row.measure.label for row in answer.context["page"]]


def test_an_office_sees_what_it_answers_for_next_due_first(as_editor, register):
    answer = as_editor.get(reverse("risk:answered"))

    assert labels(answer) == [
        register[name].measure.label for name in ("elsewhere", "in_part", "whole", "own")
    ]
    text = " ".join(answer.content.decode().split())
    assert "2 % → 12,5 %" in text
    assert "2,000" not in text


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("scadenza=vicina", ["elsewhere", "in_part", "whole"]),
        ("scadenza=nessuna", ["own"]),
        ("scadenza=oltre", []),
        ("q=registro", ["elsewhere"]),
        ("ordina=-scadenza", ["whole", "in_part", "elsewhere", "own"]),
    ],
)
def test_the_list_is_filtered_and_sorted(as_editor, register, asked, names):
    answer = as_editor.get(f"{reverse('risk:answered')}?{asked}")

    assert labels(answer) == [register[name].measure.label for name in names]


def test_what_it_answers_for_is_on_its_desk(as_editor, register):
    page = as_editor.get("/").content.decode()

    assert reverse("risk:programme", args=[register["elsewhere"].uid]) in page
    assert reverse("risk:programme", args=[register["no"].uid]) not in page


def test_a_measure_of_another_annex_is_read_and_no_more(as_editor, register, other):
    process = make_process(other, "Carte d’identità")
    to_read = reverse("risk:programme", args=[register["elsewhere"].uid])
    page = as_editor.get(to_read)

    assert page.status_code == 200
    assert reverse("risk:mapping", args=[other.uid]) not in page.content.decode()
    assert as_editor.post(to_read, {"notes": "Mio"}).status_code == 403
    assert as_editor.get(reverse("risk:programme", args=[register["no"].uid])).status_code == 404
    for name, row in (("mapping", other), ("process_sheet", process)):
        assert as_editor.get(reverse(f"risk:{name}", args=[row.uid])).status_code == 404


def test_who_answers_for_nothing_reads_nothing_of_others(register, stranger, auditor):
    assert labels(client_of(auditor).get(reverse("risk:answered"))) == []
    mine = labels(client_of(stranger).get(reverse("risk:answered")))
    assert register["elsewhere"].measure.label not in mine
    assert register["own"].measure.label not in mine


def test_an_office_is_read_by_itself_by_its_people_and_by_who_reads_the_body(
    as_editor, register, annex, other, auditor
):
    def answers(client, office):
        return client.get(reverse("risk:answered_office", args=[code, office.pk]))

    code = annex.plan.administration.ipa_code
    of_own = [register[name] for name in ("elsewhere", "in_part", "whole", "own")]
    assert labels(answers(as_editor, annex.office)) == [row.measure.label for row in of_own]
    assert answers(as_editor, other.office).status_code == 404
    read = answers(client_of(auditor), other.office)
    assert labels(read) == [register[name].measure.label for name in ("in_part", "no")]
    assert f"Di che cosa risponde: {other.office.name}" in read.content.decode()
    assert (
        client_of(auditor)
        .get(reverse("risk:answered_office", args=["c_altro", other.office.pk]))
        .status_code
        == 404
    )


def test_another_body_reads_nothing(register):
    foreign = make_annex(make_body("c_b009"), office="Tributi")
    person = member(foreign, "editor", username="altrove.prova")

    assert labels(client_of(person).get(reverse("risk:answered"))) == []


def test_it_leaves_as_a_file(as_editor, register):
    answer = as_editor.get(reverse("risk:answered"), {"formato": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")

    assert "Valori di partenza e attesi" in text
    assert "2 % → 12,5 %" in text


def test_the_plan_lists_them_by_office_and_term(register, annex):
    rpct = member(annex, "rpct", office=False)
    plan = annex.plan
    way = reverse("risk:plan_measures", args=[plan.administration.ipa_code, plan.slug])
    answer = client_of(rpct).get(way, {"risponde": annex.office.name, "ordina": "scadenza"})

    assert labels(answer) == [
        register[name].measure.label for name in ("elsewhere", "in_part", "whole")
    ]
    assert reverse("risk:programme", args=[register["whole"].uid]) in answer.content.decode()
    wrong = client_of(rpct).get(way, {"risponde": "Nessuno"})
    assert "Nessun ufficio, o più d’uno, si chiama così." in wrong.content.decode()
    assert len(labels(wrong)) == 5


def test_an_office_finds_them_in_the_list_of_the_plan_too(as_editor, register, annex):
    plan = annex.plan
    way = reverse("risk:plan_measures", args=[plan.administration.ipa_code, plan.slug])

    assert register["elsewhere"].measure.label in labels(as_editor.get(way))
    assert register["no"].measure.label not in labels(as_editor.get(way))


def test_a_measure_carried_into_another_edition_is_there_once(as_editor, annex, measures):
    was = planned_in(annex, measures["by_category"])
    adopt(annex.plan, "published")
    body = annex.plan.administration
    newer = Plan.objects.create(
        administration=body, title="PTPCT 2022/2024", first_year=2022, last_year=2024
    )
    copy = PlannedMeasure.objects.create(
        plan=newer,
        annex=Annex.objects.create(plan=newer, office=annex.office),
        measure=was.measure,
        scope="annex",
        origin=was,
    )
    address = reverse("risk:answered")

    def shown() -> list[PlannedMeasure]:
        return list(as_editor.get(address).context["page"])

    # as adopted, until the next edition is
    assert shown() == [was]
    assert [*as_editor.get(reverse("risk:desk")).context["answered"]] == [was]
    adopt(newer)
    assert shown() == [copy]
    # what another edition adds is its own
    adopt(annex.plan, "closed")
    assert shown() == [copy]

"""The control room of a plan: who holds what, by when, what stands in the way, at any size."""

import datetime
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Annex, Office, PlanDeadline, Process
from risk.models import Remark
from risk.services.annexes.contents import kept_annex
from risk.services.desk.control_room import annexes_of_room, room_rows
from risk.services.notices.reminders import remind
from risk.services.plans.deadlines import days_of, extend_annex
from risk.services.plans.exemptions import exempt_annex
from risk.services.process_sheet.acts import add_behaviour
from tests.people import client_of
from tests.register import close, make_process
from tests.statements import COUNTED

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2020, 12, 20)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def annex(annex, settings):
    settings.TODAY = TODAY
    PlanDeadline.objects.create(
        plan=annex.plan, due_on=TODAY - 2 * DAY, kind="transmission", label="Invio"
    )
    return annex


def offices(annex, names: str) -> dict[str, Annex]:
    """Open the annexes of more offices of the same body, by name."""
    made = {}
    for name in names.split():
        row = Office.objects.create(
            administration=annex.plan.administration, code=name.upper(), name=name
        )
        made[name] = Annex.objects.create(plan=annex.plan, office=row)
    return made


def room_of(annex) -> str:
    return reverse("risk:plan", args=[annex.plan.administration.ipa_code, annex.plan.slug])


def rows(annex):
    return room_rows(list(annexes_of_room(annex.plan.annexes.all(), days_of([annex.plan]))))


def test_the_latest_stand_first_and_what_is_done_last(annex, people):
    made = offices(annex, "Avvocatura Bilancio Cultura Demanio")
    rpct = people["rpct"]
    close(made["Avvocatura"], "issued")
    exempt_annex(annex=made["Bilancio"], reason="Soppresso.", by=rpct)
    extend_annex(annex=made["Cultura"], due_on=TODAY + 3 * DAY, reason="Rinvio.", by=rpct)
    close(made["Demanio"], "approved")
    told = [(row.annex.office.name, row.days, row.is_late) for row in rows(annex)]
    assert told == [
        ("Tributi", -2, True),
        ("Cultura", 3, False),
        ("Demanio", None, False),
        ("Avvocatura", None, False),
        ("Bilancio", None, False),
    ]


def test_a_row_says_who_holds_it_what_is_missing_and_who_wrote_last(annex, people):
    kept_annex(annex)
    make_process(annex, "Nuovo")
    (row,) = rows(annex)
    # what was written since is told as not counted, and nothing is built for it
    assert (row.blocking, row.old) == (0, 1)
    kept_annex(annex)
    (row,) = rows(annex)
    assert row.blocking > 0
    assert row.old == 0
    assert [person.username for person in row.holder.people] == ["testa", "penna"]
    add_behaviour(process=Process.objects.first(), uid=uuid4(), text="Altro", by=people["editor"])
    (row,) = rows(annex)
    assert row.last_edit.by == people["editor"]
    remind(annex=annex, by=reachable(people))
    (row,) = rows(annex)
    assert row.last_edit.by == people["editor"], "a reminder writes nothing of the annex"
    assert not row.may_be_reminded


def reachable(people):
    people["head"].email = "testa@prova.example"
    people["head"].save()
    return people["rpct"]


def test_a_passed_day_is_said_in_words_until_it_is_met_or_moved(annex, people):
    rpct = client_of(people["rpct"])
    assert "passata da 2 giorni" in rpct.get(room_of(annex)).content.decode()
    extend_annex(annex=annex, due_on=TODAY + DAY, reason="Cambio.", by=people["rpct"])
    page = rpct.get(room_of(annex)).content.decode()
    assert "manca 1 giorno" in page
    assert "Cambio." in page


def test_the_day_of_the_annexes_is_met_once_each_is_handed_in_or_exempted(annex, people):
    made, rpct = offices(annex, "Bilancio Demanio"), client_of(people["rpct"])

    def days() -> str:
        page = rpct.get(room_of(annex)).content.decode()
        return re.search(r'aria-labelledby="scadenze">.*?</section>', page, re.S)[0]

    close(annex, "submitted")
    close(made["Bilancio"], "issued")
    exempt_annex(annex=made["Demanio"], reason="Soppresso.", by=people["rpct"])
    PlanDeadline.objects.create(
        plan=annex.plan, due_on=TODAY - DAY, kind="consultation", label="Consultazione"
    )
    assert "passata da 2 giorni" in days(), "its head is still awaited"
    close(annex, "approved")
    assert "rispettata" in days()
    assert "passata da 2 giorni" not in days()
    assert "passata da 1 giorno" in days(), "of another kind"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Tributi", "Cultura", "Demanio"]),
        ("q=DEM", ["Demanio"]),
        ("stato=approved", ["Demanio"]),
        ("tocca=rpct", ["Demanio"]),
        ("tocca=ufficio", ["Tributi", "Cultura"]),
        ("scadenza=passata", ["Tributi"]),
        ("scadenza=vicina", ["Cultura"]),
        ("scadenza=prorogata", ["Cultura"]),
        ("osservazioni=aperte", ["Cultura"]),
        ("scadenza=boh", ["Tributi", "Cultura", "Demanio"]),
    ],
)
def test_the_filters_are_the_address(annex, people, query, found):
    made, rpct = offices(annex, "Cultura Demanio"), people["rpct"]
    extend_annex(annex=made["Cultura"], due_on=TODAY + 3 * DAY, reason="Rinvio.", by=rpct)
    close(made["Demanio"], "approved")
    culture = made["Cultura"]
    Remark.objects.create(
        annex=culture, text="Perché?", row_kind="annex", row_uid=culture.uid, by=rpct
    )
    page = client_of(rpct).get(f"{room_of(annex)}?{query}")
    assert [row.annex.office.name for row in page.context["page"]] == found


def test_the_bar_says_in_words_what_it_draws(annex, people):
    close(offices(annex, "Demanio")["Demanio"], "approved")
    page = client_of(people["rpct"]).get(room_of(annex))
    sentence = "2 uffici: approvato dal responsabile 1, bozza 1; 1 in ritardo."
    assert f'aria-label="{sentence}"' in page.content.decode()
    bar = page.context["totals"].bar
    assert [(part["at"], part["width"]) for part in bar] == [(0, 500), (500, 500)]


def test_an_office_sees_its_own_row_and_no_act(annex, people):
    offices(annex, "Demanio")
    page = client_of(people["editor"]).get(room_of(annex))
    assert [row.annex.office.name for row in page.context["page"]] == ["Tributi"]
    assert "Sollecita" not in page.content.decode()
    assert "Sollecita" not in client_of(people["auditor"]).get(room_of(annex)).content.decode()


def test_the_list_as_a_file_says_who_holds_and_how_late(annex, people):
    answer = client_of(people["rpct"]).get(room_of(annex), {"formato": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "l’ufficio" in text
    assert "-2" in text


def test_the_count_is_made_anew_beside_the_row(annex, people):
    make_process(annex, "Nuovo")
    address = reverse("risk:completeness", args=[annex.uid])
    answer = client_of(people["rpct"]).get(f"{address}?conta=1", headers={"hx-request": "true"})
    assert re.search(r"\d+ cos[ae]", answer.content.decode())
    assert "ricontare" not in answer.content.decode()
    assert "<" not in answer.content.decode().strip()


def test_three_hundred_offices_cost_what_three_do(annex, people):
    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(room_of(annex))
        assert answer.status_code == 200
        counted = [one for one in captured if one["sql"].startswith(COUNTED)]
        return len(counted), len(answer.content)

    client = client_of(people["rpct"])
    offices(annex, "Avvocatura Demanio")
    Remark.objects.create(
        annex=annex, text="Perché?", row_kind="annex", row_uid=annex.uid, by=people["rpct"]
    )
    client.get(room_of(annex))
    few, _bytes = cost()
    body = annex.plan.administration
    made = Office.objects.bulk_create(
        Office(administration=body, code=f"N{n}", name=f"Servizio numero {n} del territorio")
        for n in range(297)
    )
    Annex.objects.bulk_create(Annex(plan=annex.plan, office=row) for row in made)
    many, size = cost()
    assert many <= few
    assert size <= 120_000

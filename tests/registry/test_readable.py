"""Plain values as a person reads them, and pages without values as the machine writes them."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from registry.models import Process
from registry.readable import all_grouped, grouped, readable
from risk.models import PlannedMeasure
from tests.people import client_of, people_of
from tests.register import close, complete_annex

READ = [
    (True, "sì"),
    (False, "no"),
    (Decimal("2.000"), "2"),
    (Decimal("1000.000"), "1.000"),
    (Decimal("2.500"), "2,5"),
    (Decimal("-0.125"), "-0,125"),
    (Decimal("0.000"), "0"),
    (7, "7"),
    (date(2027, 1, 31), "31/01/2027"),
    (datetime(2027, 1, 31, 23, 30, tzinfo=UTC), "01/02/2027 00:30"),
    (datetime(2027, 1, 31, 23, 30), "31/01/2027 23:30"),
    ("2.000", "2.000"),
]
RAW = re.compile(r">[^<>]*\b(?:True|False|None|Decimal|\d+[.,]\d00|\d{4}-\d\d-\d\d)\b[^<>]*<")
"""A value as Python or the database writes it, between two tags."""


@pytest.mark.parametrize(("value", "text"), READ)
def test_a_value_is_read_out_as_a_person_reads_it(value, text):
    assert readable(value) == text


def test_a_large_number_of_a_sentence_has_the_dots_a_page_gives_it():
    assert [grouped(number) for number in (7, 500, 80_888)] == ["7", "500", "80.888"]
    assert grouped(80_888) == readable(80_888)
    filled = {"name": "Prova", "rows": 80_888, "is_new": True}
    assert all_grouped(filled) == filled | {"rows": "80.888"}


@pytest.fixture
def annex(db):
    annex = complete_annex()
    planned = PlannedMeasure.objects.get()
    planned.progress_indicators.update(
        is_master=True, baseline="2.000", target="12.500", target_on=date(2027, 1, 31)
    )
    close(annex)
    return annex


def test_no_page_shows_a_value_as_the_machine_writes_it(annex):
    process, planned = Process.objects.get(), PlannedMeasure.objects.get()
    of_process = ("process_sheet", "assessment", "treatment", "process_history")
    of_annex = ("mapping", "annex_history", "changes")
    subjects = dict.fromkeys(of_process, (process.uid,)) | dict.fromkeys(of_annex, (annex.uid,))
    subjects["programme"] = (planned.uid,)
    subjects["plan_measures"] = (annex.plan.administration.ipa_code, annex.plan.slug)
    client, raw = client_of(people_of(annex)["editor"]), {}
    for name, subject in subjects.items():
        answer = client.get(reverse(f"risk:{name}", args=subject))
        assert answer.status_code == 200
        text = answer.content.decode()
        main = text[text.index("<main") : text.index("</main>")]
        if found := RAW.findall(re.sub(r"<(script|style)\b.*?</\1>", "", main, flags=re.DOTALL)):
            raw[name] = found
    assert raw == {}


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("submitted", "aspetta il responsabile dell’ufficio"),
        ("approved", "aspetta il RPCT"),
        ("validated", "aspetta di essere emesso"),
        ("issued", "se il RPCT lo riapre, o nella prossima edizione"),
    ],
)
def test_a_locked_page_says_at_its_head_why_and_until_when(db, people_of_closed, state, why):
    annex, editor = people_of_closed(state)
    process, planned = Process.objects.get(), PlannedMeasure.objects.get()
    subjects = dict.fromkeys(("process_sheet", "assessment", "treatment"), (process.uid,))
    subjects |= {"programme": (planned.uid,), "mapping": (annex.uid,)}
    subjects["bulk"] = (annex.uid, "processi")
    client = client_of(editor)
    for name, subject in subjects.items():
        text = client.get(reverse(f"risk:{name}", args=subject)).content.decode()
        head = text[text.index("<main") :]
        assert "Sola lettura:" in head, name
        assert why in head, name
        assert reverse("risk:workflow", args=[annex.uid]) in head, name


@pytest.fixture
def people_of_closed():
    def made(state):
        annex = complete_annex()
        close(annex, state)
        return annex, people_of(annex)["editor"]

    return made


def test_an_open_process_without_risk_is_not_said_to_be_closed_to_its_office(db):
    annex = complete_annex()
    process = Process.objects.get()
    process.risk_presence, process.risk_presence_reason = "absent", "Attività vincolata."
    process.save()
    address = reverse("risk:treatment", args=[process.uid])
    page = client_of(people_of(annex)["editor"]).get(address).content.decode()
    assert "Sola lettura" not in page

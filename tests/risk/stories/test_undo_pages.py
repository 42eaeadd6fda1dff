"""One button takes back the last act of a person on an annex, then the one before."""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.enums import MembershipRole
from registry.models import Process
from registry.services.editing import save_fields
from registry.services.last_act import UNDOABLE
from registry.services.processes import retire_process
from registry.trail.words import word_of
from risk.services.library.copying import copy_to_annex
from risk.services.mapping import bulk
from risk.services.mapping.paste.processes import preview_processes, take_processes
from risk.services.mapping.processes import move_by_one
from tests.people import client_of
from tests.register import make_annex, make_area, make_process
from tests.risk.imports.pages import KNOWN, take, upload
from tests.risk.library.conftest import make_library_process
from tests.risk.treatment.conftest import member

pytestmark = pytest.mark.django_db

HIDDEN = re.compile(r'<form id="annulla"[^>]*\bhidden\b')


@pytest.fixture
def process():
    return make_process(make_annex(), "Prima")


@pytest.fixture
def editor(process):
    return member(process.annex, MembershipRole.EDITOR)


def rename(process, title, by):
    row = Process.objects.get(pk=process.pk)
    save_fields(row=row, values={"title": title}, version=row.version, kind="edit", by=by)


def undo(client, process, **sent):
    answer = client.post(reverse("risk:undo", args=[process.annex.uid]), sent, follow=True)
    process.refresh_from_db()
    return " ".join(answer.content.decode().split()), answer


def test_act_after_act_is_taken_back_and_told(client, process, editor):
    client.force_login(editor)
    rename(process, "Seconda", editor)
    rename(process, "Terza", editor)
    sheet = reverse("risk:process_sheet", args=[process.uid])

    text, answer = undo(client, process, torna=sheet)

    assert process.title == "Seconda"
    assert answer.redirect_chain[0][0] == sheet
    assert f"Era: «{word_of('edit')}», delle {timezone.localtime():%H}:" in text
    undo(client, process)
    assert process.title == "Prima"
    text, _answer = undo(client, process)
    assert "Non c’è nulla di tuo da annullare" in text
    assert process.title == "Prima"


def test_what_somebody_else_has_touched_since_stays(client, process, editor):
    head = member(process.annex, MembershipRole.HEAD)
    client.force_login(editor)
    rename(process, "Mia", editor)
    rename(process, "Sua", head)

    text, _answer = undo(client, process)

    assert process.title == "Sua"
    assert "è stato modificato dopo" in text


def test_what_has_no_room_any_more_is_told_and_changes_nothing(client, process, editor):
    client.force_login(editor)
    other = make_process(process.annex, "Seconda")
    values = {"number": 7}
    save_fields(row=other, values=values, version=other.version, kind="edit", by=editor)
    Process.objects.create(annex=process.annex, number=2, position=3, title="Al suo posto")

    text, _answer = undo(client, process)

    assert "Un altro processo dell’allegato ha già questo numero." in text
    other.refresh_from_db()
    assert other.number == 7


@pytest.mark.parametrize("back", ["https://esempio.example/", "//esempio.example/", "javascript:1"])
def test_it_leads_back_to_this_site_alone(client, process, editor, back):
    client.force_login(editor)
    rename(process, "Dopo", editor)

    _text, answer = undo(client, process, torna=back)

    assert answer.redirect_chain[0][0] == reverse("risk:mapping", args=[process.annex.uid])


# --- the acts of a day, each taken back -----------------------------------------------------------


def pasted(annex, process, by):
    text = "Processo\tObiettivo\nIncollato\tx"
    digest = preview_processes(annex=annex, text=text).digest
    take_processes(annex=annex, text=text, digest=digest, by=by)


def given_an_area(annex, process, by):
    area, rows = make_area(annex.plan.administration), list(annex.processes.all())
    digest = bulk.propose_area(processes=rows, area=area).digest
    bulk.apply_area(annex=annex, processes=rows, area=area, digest=digest, by=by)


def copied(annex, process, by):
    typical = make_library_process("CP-01", "Affidamento diretto")
    copy_to_annex(processes=[typical], annex=annex, request=uuid.uuid4(), by=by)


def imported(annex, process, by):
    make_area(annex.plan.administration)
    client = client_of(by)
    upload(client, annex.plan, KNOWN, office=annex.office.code)
    take(client)


ACTS = {
    "a cell": (lambda annex, process, by: rename(process, "Seconda", by), "modifica di una riga"),
    "a paste": (pasted, "righe incollate"),
    "a bulk act": (given_an_area, "area di rischio di più processi"),
    "a move": (
        lambda annex, process, by: move_by_one(process=process, up=False, by=by),
        "spostamento di una riga",
    ),
    "an archive": (
        lambda annex, process, by: retire_process(process=process, reason="Non si fa più.", by=by),
        "processo dismesso",
    ),
    "a library copy": (copied, "processi tipo"),
    "an import": (imported, "importazione"),
}


def said(annex) -> list:
    rows = annex.processes.order_by("position")
    return list(rows.values_list("title", "number", "risk_area", "retired_on"))


@pytest.mark.parametrize("name", ACTS)
def test_each_act_is_told_on_its_button_and_taken_back(client, process, editor, name):
    do, words = ACTS[name]
    make_process(process.annex, "Ultima")
    before = said(process.annex)
    client.force_login(editor)
    page = reverse("risk:last_act", args=[process.annex.uid])
    assert HIDDEN.search(client.get(page, headers={"HX-Request": "true"}).content.decode())

    do(process.annex, process, editor)

    assert said(process.annex) != before
    shown = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert not HIDDEN.search(shown)
    assert f'title="Riprende «{words}», delle ' in shown
    text, _answer = undo(client, process)
    assert said(process.annex) == before
    assert f"Era: «{words}», delle " in text


def test_a_saved_cell_says_that_there_is_something_to_take_back(client, process, editor):
    client.force_login(editor)
    way = reverse("risk:row_save", args=[process.uid])
    data = {"title": "Altra", "number": "1", "version": process.version}
    data["risk_presence"] = process.risk_presence
    refused = client.post(way, data | {"number": "x"}, headers={"HX-Request": "true"})
    assert "X-Act" not in refused.headers
    assert client.post(way, data, headers={"HX-Request": "true"}).headers["X-Act"] == "1"


def test_every_kind_that_is_taken_back_has_its_word():
    assert [kind for kind in UNDOABLE if word_of(kind) == kind] == []

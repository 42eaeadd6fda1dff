"""Without scripts, what was typed when the access ended is shown, and sent again once one is in."""

import re
from html import unescape

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from ptpct.signin.kept_forms import COOKIE, TICKET
from registry.models import Process
from tests.people import people_of
from tests.register import make_annex, make_process

pytestmark = pytest.mark.django_db
STATE = {"digital_state": "unknown", "is_procedure": "unknown"}
HERE = {"Origin": "http://testserver"}
TYPED = 'Si verificano i requisiti,\npoi si liquida "subito" <b>&</b>.'


@pytest.fixture
def process():
    return make_process(make_annex(), "Rimborsi")


@pytest.fixture
def editor(process):
    return people_of(process.annex)["editor"]


@pytest.fixture
def visitor(editor):
    """Return a browser that is signed in, and minds the marks of its forms."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    return client


def part_of(process) -> str:
    return reverse("risk:process_sheet_part", args=[process.uid, "svolgimento"])


def form_in(answer) -> dict[str, str]:
    """Return what the form of a page sends, as a browser without scripts reads it."""
    form = re.search(
        r'<form method="post" action="/processi/.*?</form>', answer.content.decode(), re.DOTALL
    )[0]
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    pairs += re.findall(r'name="([^"]+)" rows="5">\n(.*?)</textarea>', form, re.DOTALL)
    return {name: unescape(value) for name, value in pairs}


def sent(process, visitor, **more) -> dict[str, str]:
    page = visitor.get(reverse("risk:process_sheet", args=[process.uid])).content.decode()
    mark = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    return {"csrfmiddlewaretoken": mark, "version": process.version, "times": TYPED} | STATE | more


def ticket_of(visitor, path) -> str:
    cookie = visitor.cookies.get(COOKIE)
    return signing.dumps([cookie.value if cookie else "altro", path], salt=TICKET)


TEXT = "Una frase che qualcuno ha scritto per intero."
FIELDS = {
    "a part of the description": ("process_sheet_part", "times", "Tempi", ["svolgimento"]),
    "a phase": ("phase_add", "title", "Denominazione", []),
    "a new behaviour": ("behaviour_add", "text", "Comportamento", []),
    "an assessment": ("assessment", "x-motivation", "Motivazione", []),
    "a reason": ("row_act", "motivo", "Motivo", ["archivia"]),
}


@pytest.mark.parametrize("name", FIELDS)
def test_each_text_has_the_label_of_its_field(process, visitor, name):
    address, field, label, more = FIELDS[name]
    visitor.session.flush()
    way = reverse(f"risk:{address}", args=[process.uid, *more])
    page = visitor.post(way, {field: TEXT}, headers=HERE).content.decode()
    shown = re.search(r"<label[^>]*>(.*?)</label>", page, re.DOTALL)[1]
    assert label.lower() in shown.lower()
    assert "Testo 1" not in shown


def test_what_was_typed_is_shown_and_saved_after_signing_in_again(process, visitor, editor):
    data = sent(process, visitor)
    visitor.session.flush()
    answer = visitor.post(part_of(process), data, headers=HERE)
    assert answer.status_code == 403
    assert "Quello che hai scritto è qui" in answer.content.decode()
    assert "Accedi in un’altra scheda" in answer.content.decode()
    again = form_in(answer)
    assert again["times"] == TYPED
    assert Process.objects.get().times == ""

    # still out: it is still there
    assert form_in(visitor.post(part_of(process), again, headers=HERE))["times"] == TYPED
    visitor.force_login(editor)
    # the mark is that of the access before
    visitor.cookies["csrftoken"] = "b" * 32
    # no ticket, one of another form or another browser: asked once more
    others = [
        again | {"modulo-conservato": ""},
        again | {"modulo-conservato": ticket_of(visitor, f"/processi/{process.uid}/")},
        again | {"modulo-conservato": ticket_of(Client(), part_of(process))},
    ]
    for other in others:
        answer = visitor.post(part_of(process), other, headers=HERE)
        assert answer.status_code == 403
        assert f"lo invii come {editor}" in answer.content.decode()
    for origin in ({}, {"Origin": "https://altrove.example"}):
        assert visitor.post(part_of(process), again, headers=origin).status_code == 403
    assert Process.objects.get().times == ""

    answer = visitor.post(part_of(process), again, headers=HERE)
    assert answer.status_code == 302
    assert Process.objects.get().times == TYPED.strip()


@pytest.mark.parametrize(
    ("more", "headers"),
    [
        ({}, {"Origin": "https://altrove.example"}),
        ({}, {}),
        ({"password": "una password lunga"}, HERE),
        ({"times": "breve"}, HERE),
        ({}, {**HERE, "HX-Request": "true"}),
    ],
    ids=["another site", "nobody says", "secrets", "nothing written", "a script"],
)
def test_what_is_no_typed_text_of_this_site_is_not_shown(process, visitor, more, headers):
    data = sent(process, visitor, **more)
    visitor.session.flush()
    answer = visitor.post(part_of(process), data, headers=headers)
    assert "Invia di nuovo" not in answer.content.decode()
    assert Process.objects.get().times == ""

"""One button takes back the last act of a person on an annex, then the one before."""

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.enums import MembershipRole
from registry.models import Process
from registry.services.editing import save_fields
from registry.services.last_act import UNDOABLE
from registry.trail.words import word_of
from tests.register import make_annex, make_process
from tests.risk.treatment.conftest import member

pytestmark = pytest.mark.django_db


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


@pytest.mark.parametrize("back", ["https://esempio.example/", "//esempio.example/", "javascript:1"])
def test_it_leads_back_to_this_site_alone(client, process, editor, back):
    client.force_login(editor)
    rename(process, "Dopo", editor)

    _text, answer = undo(client, process, torna=back)

    assert answer.redirect_chain[0][0] == reverse("risk:mapping", args=[process.annex.uid])


def test_every_kind_that_is_taken_back_has_its_word():
    assert [kind for kind in UNDOABLE if word_of(kind) == kind] == []

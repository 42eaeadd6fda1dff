"""What the RPCT adds ex officio: marked, told on sheet and paper, left alone by the office."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from risk.content.build import build_document
from risk.content.reading import read_annex
from risk.enums import Layout
from risk.models import RiskBehaviour
from risk.paper.html import render_html
from risk.services.mapping.behaviours import remove_behaviour, set_coverage
from risk.services.process_sheet.acts import add_behaviour, change_coverage, change_words
from tests.people import client_of
from tests.risk.admin.test_forms import typed
from tests.risk.process_sheet.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rpct(body):
    return person("rpct", body, "rpct")


@pytest.fixture
def head(annex, body):
    return person("head", body, "head", annex.office)


def add(process, by):
    return add_behaviour(process=process, uid=uuid.uuid4(), text="Omettere un controllo", by=by)


@pytest.fixture
def row(process, phases, rpct):
    return add(process, rpct)


def test_only_what_the_rpct_adds_from_outside_the_office_is_marked(annex, body, process, editor):
    both = person("entrambi", body, "rpct")
    both.memberships.create(
        administration=body, office=annex.office, role="editor", starts_on="2021-01-01"
    )
    assert not add(process, editor).is_ex_officio
    assert not add(process, both).is_ex_officio
    assert add(process, person("altro", body, "rpct")).is_ex_officio


@pytest.mark.parametrize("who", ["editor", "head"])
def test_the_services_refuse_the_office(request, process, phases, row, who):
    by = request.getfixturevalue(who)
    acts = (
        lambda: remove_behaviour(behaviour=row, by=by),
        lambda: set_coverage(behaviour=row, phases=phases[:1], by=by),
        lambda: change_coverage(
            process=process, added=[(row.uid, phases[0].uid)], removed=[], by=by
        ),
        lambda: change_words(behaviour=row, added={"factors": {"1"}}, removed={}, by=by),
    )
    for act in acts:
        with pytest.raises(ValidationError, match="aggiunto d’ufficio dal RPCT"):
            act()
    assert process.behaviours.filter(pk=row.pk).exists()
    assert not row.coverages.exists()


def test_the_page_says_so_and_its_addresses_change_nothing(process, row, desk):
    page = desk.get(reverse("risk:process_sheet", args=[process.uid])).content.decode()
    assert "d’ufficio</span>" in page
    assert "l’ufficio non lo modifica e non lo elimina" in page
    save = reverse("risk:behaviour", args=[process.uid, row.uid])
    assert save not in page
    answer = desk.post(save, {"text": "Altro", "version": 1})
    assert "aggiunto d’ufficio dal RPCT" in answer.content.decode()
    gone = desk.post(reverse("risk:behaviour_remove", args=[process.uid, row.uid]), follow=True)
    assert "aggiunto d’ufficio dal RPCT" in gone.content.decode()
    row.refresh_from_db()
    assert row.text == "Omettere un controllo"


def test_the_rpct_goes_on_editing_and_deletes(process, phases, row, rpct):
    client = client_of(rpct)
    sheet = reverse("risk:process_sheet", args=[process.uid])
    save = reverse("risk:behaviour", args=[process.uid, row.uid]).removeprefix(sheet)
    assert f'action="{save}"' in client.get(sheet).content.decode()
    change_coverage(process=process, added=[(row.uid, phases[0].uid)], removed=[], by=rpct)
    assert row.coverages.count() == 1
    remove_behaviour(behaviour=row, by=rpct)
    assert not RiskBehaviour.objects.filter(pk=row.pk).exists()


def test_the_paper_says_so(annex, row):
    assert "d’ufficio, dal RPCT" in render_html(
        build_document(read_annex(annex)), layout=Layout.SHEETS
    )


@pytest.mark.parametrize(("who", "status"), [("editor", 403), ("rpct", 200)])
def test_the_back_office_obeys(request, row, who, status):
    by = request.getfixturevalue(who)
    client, change = client_of(by), "admin:risk_riskbehaviour_change"
    assert client.post(reverse(change, args=[row.pk]), {}).status_code == status
    gone = reverse("admin:risk_riskbehaviour_delete", args=[row.pk])
    assert client.get(gone).status_code == status


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_office_does_not_call_its_process_without_risk(process, row, editor, rpct, headers):
    save = reverse("risk:process_sheet_part", args=[process.uid, "presenza"])
    data = {"risk_presence": "absent", "risk_presence_reason": "Atto vincolato."}

    answer = client_of(editor).post(
        save, {**data, "version": process.version}, headers=headers, follow=True
    )

    assert "non dichiara che il rischio è assente" in answer.content.decode()
    process.refresh_from_db()
    assert process.risk_presence == "present"
    client_of(rpct).post(save, {**data, "version": process.version})
    process.refresh_from_db()
    assert process.risk_presence == "absent"


def test_what_the_rpct_called_without_risk_is_still_edited_by_the_office(process, editor, rpct):
    save = reverse("risk:process_sheet_part", args=[process.uid, "presenza"])
    client_of(rpct).post(
        save, {"risk_presence": "absent", "risk_presence_reason": "Atto vincolato.", "version": 1}
    )
    add(process, rpct)
    process.refresh_from_db()
    assert process.risk_presence == "absent"

    words = {"risk_presence": "absent", "risk_presence_reason": "Atto dovuto."}
    client_of(editor).post(save, {**words, "version": process.version})

    process.refresh_from_db()
    assert process.risk_presence_reason == "Atto dovuto."


def test_neither_on_the_map_nor_in_the_back_office(process, row, editor):
    client, told = client_of(editor), "non dichiara che il rischio è assente"
    desk = reverse("risk:row_save", args=[process.uid])
    names = ("number", "kind", "title", "version")
    data = {name: getattr(process, name) for name in names}
    back = reverse("admin:registry_process_change", args=[process.pk])
    for address, fields in ((desk, data), (back, typed(client, process))):
        answer = client.post(address, {**fields, "risk_presence": "absent"}, follow=True)
        assert told in answer.content.decode(), address
        process.refresh_from_db()
        assert process.risk_presence == "present", address

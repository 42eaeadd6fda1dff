"""The pages of remarks: what they show to whom, what they refuse, what they cost."""

import pytest
from django.urls import reverse

from risk.enums import RowKind
from risk.models import Remark, RemarkAnswer
from risk.services.annexes.remarks import add_remark, close_remark
from risk.services.process_sheet.row_keys import key_of
from tests.people import client_of
from tests.statements import at_most

MOST_QUERIES = 12


@pytest.fixture
def row_page(process, phase):
    return reverse("risk:row_remarks", args=[process.uid, "phase", phase.uid])


def remark_on(row, kind, annex, by, **fields):
    process = None if kind == RowKind.ANNEX else fields.pop("process")
    text = fields.pop("text", "Chi controlla gli atti?")
    return add_remark(annex=annex, process=process, row=row, kind=kind, text=text, by=by, **fields)


def read(client, name, *args, **query):
    return client.get(reverse(f"risk:{name}", args=args), query).content.decode()


def test_a_remark_from_the_sheet_to_its_closing(annex, process, phase, people, row_page):
    rpct, editor = client_of(people["rpct"]), client_of(people["editor"])
    sheet = reverse("risk:process_sheet", args=[process.uid])
    all_acts = f"?riga={phase.uid}"
    assert f'value="riga:{key_of(phase.uid)}"' in rpct.get(sheet).content.decode()
    assert f'href="{row_page}"' in rpct.get(f"{sheet}{all_acts}").content.decode()
    form = {"text": "Chi controlla gli atti?", "blocks": "submit"}
    answer = rpct.post(row_page, form, follow=True)
    remark = Remark.objects.get()
    own_page = reverse("risk:remark", args=[remark.uid])
    assert answer.redirect_chain[-1][0] == own_page

    sheet = read(editor, "process_sheet", process.uid)
    assert own_page in sheet
    assert "Chi controlla gli atti?" in sheet
    missing = read(editor, "completeness", annex.uid)
    assert f'href="{own_page}"' in missing
    panel = read(editor, "workflow", annex.uid)
    assert "1 osservazione aperta" in panel
    assert "1 blocca: trasmissione" in panel
    refused = editor.post(reverse("risk:workflow", args=[annex.uid]), {"verb": "submit"})
    assert refused.status_code == 409
    assert "Chi controlla gli atti?" in refused.content.decode()

    editor.post(own_page, {"text": "Il responsabile, ogni mese."})
    assert "Il responsabile, ogni mese." in read(rpct, "remark", remark.uid)
    close = reverse("risk:remark_close", args=[remark.uid])
    assert "la chiude chi l’ha fatta" in editor.post(close, follow=True).content.decode()
    assert f'action="{close}"' not in read(editor, "remark", remark.uid)
    assert f'action="{close}"' in read(rpct, "remark", remark.uid)
    rpct.post(close)
    assert "Chiusa da" in read(editor, "remark", remark.uid)
    assert "bloccava: trasmissione" in read(editor, "remark", remark.uid)
    assert own_page not in read(editor, "process_sheet", process.uid)
    assert "Nessuna osservazione aperta" in read(editor, "workflow", annex.uid)


def test_refusals_stand_beside_the_field_and_keep_what_was_typed(people, row_page, annex):
    client = client_of(people["editor"])
    for page in (row_page, reverse("risk:remarks", args=[annex.uid])):
        assert "Scrivi l’osservazione." in client.post(page, {"text": " "}).content.decode()
        wrong = client.post(page, {"text": "Da rivedere", "blocks": "return"}).content.decode()
        assert "Da rivedere" in wrong
    assert not Remark.objects.exists()


def test_an_empty_answer_is_refused(annex, process, phase, people):
    remark = remark_on(phase, RowKind.PHASE, annex, people["rpct"], process=process)
    client = client_of(people["editor"])
    page = client.post(reverse("risk:remark", args=[remark.uid]), {"text": ""})
    assert "Scrivi la risposta." in page.content.decode()
    close_remark(remark=remark, by=people["rpct"])
    late = client.post(reverse("risk:remark", args=[remark.uid]), {"text": "Tardi"})
    assert "già chiusa" in late.content.decode()
    assert not RemarkAnswer.objects.exists()


def test_the_auditor_reads_and_makes_none(annex, process, phase, people, row_page):
    assert "qui sotto" in read(client_of(people["editor"]), "remarks", annex.uid)
    assert "qui sotto" not in read(client_of(people["auditor"]), "remarks", annex.uid)
    remark = remark_on(phase, RowKind.PHASE, annex, people["rpct"], process=process)
    client = client_of(people["auditor"])
    own_page = reverse("risk:remark", args=[remark.uid])
    assert own_page in read(client, "process_sheet", process.uid)
    assert row_page not in read(client, "process_sheet", process.uid)
    assert "<textarea" not in read(client, "remark", remark.uid)
    for address in (row_page, own_page, reverse("risk:remarks", args=[annex.uid])):
        assert client.get(address).status_code == 200
        assert client.post(address, {"text": "Ecco"}).status_code == 403
    assert client.post(reverse("risk:remark_close", args=[remark.uid])).status_code == 403
    assert Remark.objects.get().is_open


def test_the_list_is_filtered(annex, process, phase, people):
    mine = remark_on(phase, RowKind.PHASE, annex, people["editor"], process=process, text="Mia")
    other = remark_on(annex, RowKind.ANNEX, annex, people["rpct"], text="Sua")
    gone = remark_on(annex, RowKind.ANNEX, annex, people["rpct"], text="Risolta")
    close_remark(remark=gone, by=people["rpct"])
    client = client_of(people["editor"])

    def shown(**query):
        page = read(client, "remarks", annex.uid, **query)
        rows = {"mine": mine, "other": other, "gone": gone}
        return {name for name, row in rows.items() if str(row.uid) in page}

    assert shown() == {"mine", "other"}
    assert shown(stato="chiuse") == {"gone"}
    assert shown(stato="tutte") == {"mine", "other", "gone"}
    assert shown(stato="tutte", di="mie") == {"mine"}
    assert shown(stato="boh", di="boh") == {"mine", "other"}


def test_rows_of_other_processes_and_kinds_are_not_found(process, other_process, phase, people):
    client = client_of(people["editor"])
    behaviour = process.behaviours.get()
    for kind, row in (("phase", behaviour), ("behaviour", phase), ("measure", phase)):
        address = reverse("risk:row_remarks", args=[process.uid, kind, row.uid])
        assert client.get(address).status_code == 404
        assert client.post(address, {"text": "Ecco"}).status_code == 404
    elsewhere = reverse("risk:row_remarks", args=[other_process.uid, "phase", phase.uid])
    assert client.get(elsewhere).status_code == 404


def test_what_was_remarked_on_a_row_that_is_gone_is_still_read(annex, process, phase, people):
    remark_on(phase, RowKind.PHASE, annex, people["rpct"], process=process)
    address = reverse("risk:row_remarks", args=[process.uid, "phase", phase.uid])
    phase.delete()
    client = client_of(people["editor"])
    page = client.get(address).content.decode()
    assert "Istruttoria" in page
    assert "<textarea" not in page
    assert client.post(address, {"text": "Ecco"}).status_code == 404


def test_assessment_and_measures_are_remarked_from_their_parts(annex, process, people):
    client = client_of(people["editor"])
    assessment = process.assessments.first()
    measure = annex.planned_measures.get()
    for part, kind, row in (
        ("assessment", "assessment", assessment),
        ("treatment", "measure", measure),
    ):
        address = reverse("risk:row_remarks", args=[process.uid, kind, row.uid])
        assert f'href="{address}"' in read(client, part, process.uid)
        client.post(address, {"text": f"Su {kind}"})
        assert f"Su {kind}" in read(client, "process_sheet", process.uid)


def test_lists_cost_the_same_however_many_they_are(annex, process, phase, people):
    client = client_of(people["editor"])
    for count in (1, 20):
        for _number in range(count):
            remark_on(phase, RowKind.PHASE, annex, people["rpct"], process=process)
        for name, args in (
            ("remarks", [annex.uid]),
            ("row_remarks", [process.uid, "phase", phase.uid]),
        ):
            with at_most(MOST_QUERIES):
                read(client, name, *args)

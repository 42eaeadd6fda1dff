"""Files and forms made to reach further than the person who brings them."""

import io
import uuid

import pytest
import xlsxwriter

from registry.enums import AliasKind
from registry.models import Alias, Annex, Macroprocess, Office, Process, RiskArea
from risk.models import Assessment, RegisterImport
from risk.services.imports import ImportRefusedError, apply_import, preview_import
from risk.services.imports.apply import may_undo
from risk.services.imports.parse.own_entries import aligned
from risk.services.imports.preview import preview_of
from risk.workbooks import rowids
from tests.people import client_of, make_member
from tests.processor import at_most_seconds
from tests.register import (
    assess,
    close,
    make_annex,
    make_area,
    make_body,
    make_method,
    make_process,
    use_method,
)
from tests.risk.imports.files import brought
from tests.risk.imports.pages import KNOWN, ODD, address, take, text_of, upload

pytestmark = pytest.mark.django_db

HEADS = ["Processo", "Ufficio", "Livello di rischio", "Motivazione", rowids.HEAD]


def forged(annex, rows, ids) -> bytes:
    """A workbook of ours with rows and with ids for them that somebody has made up."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"nan_inf_to_errors": False}) as book:
        sheet = book.add_worksheet("Catalogo")
        sheet.write_row(0, 0, HEADS)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
        hidden = book.add_worksheet(rowids.SHEET)
        origin = rowids.Origin(annex.plan.title, annex.plan.administration.ipa_code, "catalogo")
        for number, cells in enumerate(rowids.lines(origin, ids)):
            hidden.write_row(number, 0, cells)
        hidden.very_hidden()
    return out.getvalue()


def preview(annex, by, rows, ids):
    content = forged(annex, rows, ids)
    return preview_import(plan=annex.plan, content=content, filename="x.xlsx", by=by)


# the ids of rows


@pytest.mark.parametrize("version", [10**30, -1, 2**31, 2**63])
def test_a_version_no_row_can_have_spoils_the_ids_and_nothing_else(annex, people, version):
    process = make_process(annex)
    ids = [rowids.RowId("r1", "process", 1, process.uid, version)]
    found = preview(
        annex, people["editor"], [[process.title, annex.office.name, "", "", "r1"]], ids
    )
    assert found.is_ready
    assert found.writes_nothing


def test_a_version_without_end_is_none():
    origin = rowids.Origin("Piano", "c_x001", "catalogo")
    row = rowids.RowId("r1", "process", 1, uuid.uuid4(), 1)
    lines = [list(line) for line in rowids.lines(origin, [row])]
    assert rowids.parse(lines)
    lines[-1][-1] = float("inf")
    assert rowids.parse(lines) is None


@pytest.mark.parametrize(("entries", "rows", "letters"), [(2, 1, 200_000), (30_000, 3_000, 5)])
def test_rewritten_texts_are_found_in_a_moment_or_not_at_all(entries, rows, letters):
    known = [rowids.RowId("r1", "behaviour", 1, uuid.uuid4(), 1) for _row in range(rows)]
    texts = {row.uid: "ab" * letters for row in known}
    written = [f"{'ba' * letters} {number}" for number in range(entries)]
    with at_most_seconds(10):
        found = list(aligned(written, known, texts))
    assert [text for text, _row in found] == written


@pytest.mark.parametrize("where", ["office", "body"])
def test_the_uid_of_a_process_elsewhere_finds_nothing(annex, people, where):
    body = annex.plan.administration if where == "office" else make_body("c_x002")
    foreign = make_process(make_annex(body, office="Altrove"), "Segreto altrui")
    ids = [rowids.RowId("r1", "process", 1, foreign.uid, foreign.version)]
    found = preview(annex, people["editor"], [["Mio titolo", annex.office.name, "", "", "r1"]], ids)
    assert [row.kind for row in found.changes.added] == ["process"]
    assert not found.changes.changed
    assert (
        "Segreto"
        not in f"{found.changes.added}{found.changes.conflicts}{found.problems}{found.questions}"
    )


@pytest.mark.parametrize("version", [1, 7])
def test_the_uid_of_a_judgement_elsewhere_shows_and_changes_nothing(annex, people, version):
    method = make_method()
    use_method(annex, method)
    own = make_process(annex, "Proprio")
    other = make_annex(annex.plan.administration, office="Altrove")
    foreign = assess(make_process(other, "Altrui"), method, "Alto", "Motivo segreto.")
    beside = assess(make_process(annex, "Vicino"), method, "Alto", "Motivo del vicino.")
    for stolen in (foreign, beside):
        ids = [
            rowids.RowId("r1", "process", 1, own.uid, own.version),
            rowids.RowId("r1", "assessment", 1, stolen.uid, version),
        ]
        rows = [
            ["Proprio", annex.office.name, "Basso", "Mio motivo.", "r1"],
            # so that the register of the other office is read too
            ["Altrui", "Altrove", "", "", ""],
        ]
        found = preview(annex, people["rpct"], rows, ids)
        assert not found.changes.changed
        assert "assessment" in {row.kind for row in found.changes.added}
        assert "segreto" not in f"{found.changes.changed}{found.changes.conflicts}{found.questions}"
    assert Assessment.objects.filter(level__label="Alto").count() == 2


# what is confirmed is what was shown


def test_other_columns_than_were_shown_are_not_taken(annex, people):
    text = b"Processo;Area di rischio;Note interne\nPatrocini;F;Una nota\n"
    found = brought(annex.plan, annex.office, by=people["editor"], content=text)
    sheet = found.report["sheets"][0]["name"]
    digests = {}
    for field in ("objective", "output"):
        found.mapping = {sheet: {"1": "process_title", "2": "risk_area", "3": field}}
        found.save()
        shown = preview_of(register_import=found, by=people["editor"])
        assert len(shown.changes.added) == 1
        digests[field] = shown.digest
    with pytest.raises(ImportRefusedError, match="cambiato dopo"):
        apply_import(register_import=found, digest=digests["objective"], by=people["editor"])
    apply_import(register_import=found, digest=digests["output"], by=people["editor"])
    assert Process.objects.get().output == "Una nota"


def test_a_list_that_says_something_else_by_now_asks_for_another_look(annex, people):
    body = annex.plan.administration
    rows = [make_area(body, code, f"Area {code}") for code in "XY"]
    alias = Alias.objects.create(
        administration=body, kind=AliasKind.RISK_AREA, text="Entrate nostre", risk_area=rows[0]
    )
    text = b"Processo;Area di rischio\nPatrocini;Entrate nostre\n"
    found = brought(annex.plan, annex.office, by=people["editor"], content=text)
    alias.risk_area = rows[1]
    alias.save()
    with pytest.raises(ImportRefusedError, match="cambiato dopo"):
        apply_import(register_import=found, digest=found.report["digest"], by=people["editor"])
    assert not Process.objects.exists()


# taking back


def test_whoever_has_moved_office_takes_nothing_back_also_when_it_is_renamed(annex, people, editor):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    take(editor)
    Office.objects.filter(pk=annex.office_id).update(name="Entrate e patrimonio")
    person = people["editor"]
    person.memberships.update(ends_on="2020-12-31")
    other = Office.objects.create(administration=annex.plan.administration, code="N", name="Nuovo")
    person.memberships.create(
        administration=other.administration, office=other, role="editor", starts_on="2021-01-01"
    )
    client = client_of(person)
    assert "Annulla l’importazione" not in text_of(client.get(address("import")))
    answer = client.post(address("import_undo"), follow=True)
    assert "non si possono più modificare" in text_of(answer)
    assert Process.objects.count() == 1


def test_who_is_no_longer_the_rpct_does_not_take_lists_back(annex, people):
    rpct = people["rpct"]
    text = b"Processo;Macroprocesso\nPatrocini;Mai visto\n"
    found = brought(annex.plan, annex.office, by=rpct, content=text)
    found.answers = {"macroprocess": {"Mai visto": {"new": True}}}
    found.save()
    shown = preview_of(register_import=found, by=rpct)
    apply_import(register_import=found, digest=shown.digest, by=rpct)
    assert Macroprocess.objects.count() == 1
    taken = RegisterImport.objects.get()
    assert may_undo(taken, rpct)
    editor = people["editor"]
    assert not may_undo(taken, editor)


# forged forms


@pytest.mark.parametrize("row", ["-1", "0", "9" * 30, "x"])
def test_a_row_of_heads_that_is_none_is_refused_in_words(annex, editor, row):
    upload(editor, annex.plan, ODD, office=annex.office.code)
    answer = editor.post(address("import_columns"), {"riga-0": row, "rileggi": "1"})
    assert answer.status_code == 200
    assert RegisterImport.objects.get().mapping == {}


@pytest.mark.parametrize("field", ["row_uid", "indicator:../x", "annex", "uid"])
def test_a_column_is_no_field_nobody_offers(annex, editor, field):
    upload(editor, annex.plan, ODD, office=annex.office.code)
    data = {"layout": "auto", "colonna-0-0": "process_title", "colonna-0-2": field}
    answer = editor.post(address("import_columns"), data)
    assert answer.status_code == 200
    assert RegisterImport.objects.get().mapping == {}


def test_an_answer_is_no_row_of_another_body(annex, editor):
    foreign = RiskArea.objects.create(
        administration=make_body("c_x002"), code="Z", label="Altrui", kind="general"
    )
    text = "Processo;Area di rischio\nUno;Mai vista\n"
    upload(editor, annex.plan, text, office=annex.office.code)
    for said in ({"risposta-0": f"is:{foreign.code}"}, {"risposta-0": "other", "voce-0": "Z"}):
        assert editor.post(address("import_values"), said).status_code == 200
    assert editor.post(address("import_values"), {"risposta-0": "new"}).status_code == 200
    assert RegisterImport.objects.get().answers == {}


def test_the_steps_of_others_are_nobodys(annex, people, editor):
    upload(editor, annex.plan, ODD, office=annex.office.code)
    deputy = make_member("altra", "editor", body=annex.plan.administration, office=annex.office)
    client = client_of(deputy)
    pages = ("import", "import_columns", "import_values", "import_preview")
    for name in pages:
        assert client.get(address(name)).status_code == 404
        assert client.post(address(name), {"digest": "x"}).status_code in (404, 405)
    for name in ("import_read", "import_discard", "import_undo"):
        assert client.post(address(name)).status_code == 404
    assert RegisterImport.objects.get().state == "uploaded"


def test_a_closed_annex_takes_nothing_whoever_confirms(annex, people, editor):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    digest = RegisterImport.objects.get().report["digest"]
    close(Annex.objects.get(pk=annex.pk))
    for who in ("editor", "rpct"):
        client = client_of(people[who])
        answer = client.post(address("import_preview"), {"digest": digest})
        assert answer.status_code == 409
    assert not Process.objects.exists()

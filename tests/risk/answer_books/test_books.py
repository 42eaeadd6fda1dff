"""Answers by workbook: out, filled in, back, many at once, and back again."""

import datetime
import io
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry.acts import Refused
from registry.models import Job, TrailRecord
from registry.services.trail_verification import verify_trail
from registry.services.undo import NotUndoable
from risk.enums import ImportState
from risk.models import Evidence, Measurement, RegisterImport, RoundAnswer, StepState
from risk.services.answer_books.files import books_archive
from risk.services.answer_books.uploads import undo_books
from risk.services.monitoring.checking import check_answer
from risk.services.monitoring.rounds import create_round
from risk.workbooks import rowids
from tests.calc import converted
from tests.people import client_of
from tests.risk.answer_books.conftest import GOOD, book_of, bring, bytes_of, filled, take
from tests.risk.monitoring.acts import tell_step
from tests.risk.monitoring.conftest import DAY, ROUND, item_of
from tests.risk.monitoring.test_rounds import answer, confirm, measure
from tests.statements import at_most

pytestmark = pytest.mark.django_db
OWN, LATE, INDICATOR = "Controlli a campione", "Rotazione", "Pratiche controllate"
STEP = "Estrazione"
MEASURED = {"Numeratore": 6, "Denominatore": 10, "Da dove viene il numero": "Protocollo"}
PROOF = {"Prova: atto, protocollo o indirizzo": "Verbale 3/2021", "Che cosa prova": "L’estrazione"}


def places(upload):
    return [one["place"] for one in upload.report["conflicts"]]


# --- out ----------------------------------------------------------------------------------------


def test_a_workbook_says_what_is_asked_and_what_was_answered(world):
    answer(world, "late", declared="late", done="", reason="Manca il personale.", cause="skills")
    book = openpyxl.load_workbook(io.BytesIO(book_of(world)))

    assert [sheet.title for sheet in book] == [
        *("Misure", "Indicatori", "Fasi", "_elenchi", "_righe")
    ]
    assert [sheet.sheet_state for sheet in book][3:] == ["hidden", "veryHidden"]
    rows = {row[0].value: row for row in book["Misure"].iter_rows(min_row=5)}
    assert set(rows) == {OWN, LATE}
    texts = [cell.value for cell in rows[OWN]]
    assert "Estrazione 30/06/2021" in texts
    assert any(INDICATOR in str(text) and "50" in str(text) for text in texts)
    assert [cell.value for cell in rows[LATE][5:9]] == [
        *("in ritardo", None, "Manca il personale.", "competenze")
    ]
    assert [cell.protection.locked for cell in rows[OWN][4:7]] == [True, False, False]
    assert book["Misure"].protection.sheet
    assert book["Misure"].protection.password is None
    offered = {one.formula1 for one in book["Misure"].data_validations.dataValidation}
    assert {"elenco_esiti", "elenco_cause"} <= {text.lstrip("=") for text in offered}
    ids = rowids.parse([[cell.value for cell in row] for row in book["_righe"].iter_rows()])
    assert (ids.origin.round, ids.origin.office) == (
        str(world.round.uid),
        world.annex.office.code,
    )


def test_all_workbooks_come_with_the_texts_of_their_mails(world):
    into = io.BytesIO()
    with at_most(12):
        count = books_archive(row=world.round, by=world.people["rpct"], into=into)
    names = zipfile.ZipFile(into).namelist()

    assert count == 2
    assert len([name for name in names if name.endswith(".xlsx")]) == 2
    assert len([name for name in names if name.startswith("mail/")]) == 2
    mail = zipfile.ZipFile(into).read(next(name for name in names if name.startswith("mail/")))
    assert "30/06/2021" in mail.decode()
    with pytest.raises(Refused):
        books_archive(row=world.round, by=world.people["head"], into=into)
    again = bring(world, ("tutti.zip", into.getvalue()))
    assert [one["sentence"] for one in again.report["files"]] == ["", ""]
    assert again.report["digest"] == ""


# --- back ---------------------------------------------------------------------------------------


def test_what_was_written_is_shown_then_taken_in_one_act(world):
    edits = (OWN, {**GOOD, **PROOF}), (INDICATOR, MEASURED), (LATE, {"Esito": "non avviata"})
    content = filled(book_of(world), *edits)
    upload = bring(world, content)

    report = upload.report
    assert [report[name] for name in ("answers", "measurements", "evidence")] == [2, 1, 1]
    assert not RoundAnswer.objects.exclude(declared="").exists()
    take(world, upload)
    own = item_of(world, "own")
    assert (own.answer.declared, own.answer.done, own.state) == (
        *("done", "Estratte 6 pratiche."),
        "answered",
    )
    # without reason and cause it is not complete
    assert item_of(world, "late").state == "to_answer"
    row = Measurement.objects.get()
    assert (row.numerator, row.denominator, row.measured_on) == (6, 10, DAY)
    assert Evidence.objects.get().reference == "Verbale 3/2021"
    record = TrailRecord.objects.filter(kind="round-books").get()
    assert record.detail["answers"] == 2
    said = [one.sentence for one in verify_trail()]
    assert not [one for one in said for uid in (row.uid, own.uid) if str(uid) in one]
    assert bring(world, content).report["digest"] == ""
    with pytest.raises(Refused, match="già"):
        take(world, upload)


def test_untouched_through_calc_nothing_changes_and_edited_what_was_edited(world):
    answer(world, "late", declared="late", done="Prima\nriga", reason="X", cause="skills")
    content = book_of(world)
    files = {"a.xlsx": content, "b.xlsx": filled(content, (OWN, GOOD), (INDICATOR, MEASURED))}
    back = converted(files, "ods")
    upload = bring(world, ("a.ods", back["a.ods"]))
    assert (upload.report["digest"], upload.report["wrong"]) == ("", [])
    upload = bring(world, ("b.ods", back["b.ods"]))
    assert upload.report["wrong"] == []
    assert (upload.report["answers"], upload.report["measurements"]) == (1, 1)


WRONG = (
    (OWN, {"Esito": "fatta"}, "F5", "«fatta» non è un esito"),
    (OWN, {"Causa": "boh"}, "I5", "non è una causa"),
    (OWN, {"Nuova data proposta": "domani"}, "J5", "non è una data"),
    (OWN, {"Che cosa è stato fatto": "x" * 2001}, "G5", "2.001"),
    (OWN, {"Che cosa prova": "Il verbale"}, "N5", "dove si trova la prova"),
    (INDICATOR, {**MEASURED, "Numeratore": 11}, "F5", "denominatore"),
    (INDICATOR, {**MEASURED, "Denominatore": 0}, "G5", "maggiore di zero"),
    (INDICATOR, {**MEASURED, "Numeratore": "tanti"}, "F5", "non è un numero"),
    (INDICATOR, {**MEASURED, "Rilevata il": "31/02/2021"}, "H5", "non è una data"),
    (INDICATOR, {**MEASURED, "Rilevata il": "01/07/2021"}, "H5", "giorno precedente"),
    (INDICATOR, {"Numeratore": 6, "Denominatore": 10}, "I5", "vuoto"),
    (OWN, {"Misura": LATE, "Esito": "attuata"}, "A5", "ordinate o copiate a metà"),
)
"""Cells of a row, the place where it is told, and what is said."""


def test_a_wrong_cell_is_told_with_its_place_and_the_rest_is_taken(world):
    own = book_of(world)
    other = (LATE, {"Esito": "nessun caso nel periodo", "Che cosa è stato fatto": "Nulla."})
    files = [
        (f"{n:02d}.xlsx", filled(own, (row, values), other))
        for n, (row, values, _place, _words) in enumerate(WRONG)
    ]
    upload = bring(world, *files)

    told = upload.report["wrong"]
    assert [one["file"] for one in told] == [name for name, _content in files]
    for one, (_row, _values, place, words) in zip(told, WRONG, strict=True):
        assert one["place"].endswith(place), one
        assert words in one["sentence"], one
    take(world, upload)
    assert item_of(world, "late").state == "answered"
    assert item_of(world, "own").answer.declared == ""
    assert not Measurement.objects.exists()


def test_each_file_that_is_not_taken_says_why(world):
    own = book_of(world)

    def changed(**values):
        book = openpyxl.load_workbook(io.BytesIO(own))
        for row in book["_righe"].iter_rows():
            if row[0].value in values:
                row[1].value = values[row[0].value]
        return bytes_of(book)

    last = create_round(plan=world.plan, by=world.people["rpct"], **{**ROUND, "label": "Scorso"})
    plain = openpyxl.Workbook()
    plain.active["A1"] = "Altro"
    files = {
        "altro.xlsx": (changed(monitoraggio=str(last.uid)), "foglio di «Scorso»"),
        "ignoto.xlsx": (changed(monitoraggio="0"), "che qui non c’è"),
        "ente.xlsx": (changed(ipa="c_z999"), "altra amministrazione"),
        "ufficio.xlsx": (changed(ufficio="NESSUNO"), "«NESSUNO» qui non c’è"),
        "altrui.xlsx": (book_of(world, "other"), "non rispondi tu"),
        "registro.xlsx": (changed(modello="catalogo"), "non è un foglio di risposte"),
        "foglio.xlsx": (bytes_of(plain), "Non è un foglio di risposte"),
        "rotto.xlsx": (own[:2000], "danneggiato"),
        "vuoto.xlsx": (b"", "vuoto"),
        "testo.pdf": (b"%PDF-1.7", "PDF"),
    }
    good = filled(own, (OWN, GOOD))
    sent = [(name, content) for name, (content, _words) in files.items()]
    upload = bring(world, *sent, ("buono.xlsx", good), who="editor")

    told = {one["name"]: one["sentence"] for one in upload.report["files"]}
    assert told.pop("buono.xlsx") == ""
    for name, (_content, words) in files.items():
        assert words.casefold() in told[name].casefold(), (name, told[name])
    take(world, upload, who="editor")
    assert item_of(world, "own").state == "answered"


def test_what_was_changed_meanwhile_is_a_conflict_and_stays(world):
    content = filled(book_of(world), (OWN, GOOD), (LATE, GOOD), (INDICATOR, MEASURED))
    upload = bring(world, content)
    answer(world, "own", done="Nel frattempo.")
    measure(world)

    with pytest.raises(Refused, match="guardala di nuovo"):
        take(world, upload)
    page = reverse("risk:round_brought", args=[upload.uid])
    client = client_of(world.people["rpct"])
    refused = client.post(page, {"atto": "prendi", "digest": upload.report["digest"]}, follow=True)
    assert "Righe in conflitto" in refused.content.decode()
    upload.refresh_from_db()
    # what was measured is what the file says, but for its place
    assert places(upload) == ["«Misure», riga 5"]
    client.post(page, {"atto": "prendi", "digest": upload.report["digest"]})
    assert item_of(world, "own").answer.done == "Nel frattempo."
    assert item_of(world, "late").answer.done == GOOD["Che cosa è stato fatto"]
    untouched = bring(world, filled(book_of(world), (LATE, {"Motivo": "Altro."})))
    assert places(untouched) == []


def test_steps_go_out_and_come_back(world):
    tell_step(world, progress="not_begun", note="Da settembre")
    given = book_of(world)
    rows = [row[:6] for row in openpyxl.load_workbook(io.BytesIO(given))["Fasi"].values]
    assert rows[-1] == (OWN, STEP, "30/06/2021", "non iniziata", None, "Da settembre")
    day = datetime.datetime(2021, 6, 28)
    wrong = bring(world, filled(given, (STEP, {"Fatta il": datetime.datetime(2021, 7, 1)})))
    assert "di una fase fatta" in wrong.report["wrong"][0]["sentence"]
    done = {"A che punto è": "fatta", "Fatta il": day, "Nota sulla fase": None}
    upload = bring(world, filled(given, (STEP, done)), who="head")
    assert (upload.report["steps"], upload.report["answers"]) == (1, 0)
    take(world, upload, who="head")
    row = StepState.objects.get()
    assert (row.progress, row.done_on, row.note) == ("done", day.date(), "")
    answer(world)
    with pytest.raises(Refused, match="per ultimo"):
        confirm(world, "own")
    # what it holds is what the register says; what the older one holds nobody wishes any more
    assert bring(world, filled(given, (STEP, done))).report["digest"] == ""
    assert bring(world, given).report["conflicts"] == []
    other = bring(world, filled(given, (STEP, {"A che punto è": "in corso"})))
    assert "qualcun altro" in other.report["conflicts"][0]["sentence"]
    undo_books(row=world.round, upload=upload, by=world.people["head"])
    assert StepState.objects.get().progress == "not_begun"
    assert confirm(world, "own").confirmed == 1


def test_what_was_sent_back_is_compiled_again_by_what_a_file_adds(world):
    answer(world)
    confirm(world, "own")
    asked = {"item": item_of(world, "own"), "by": world.people["rpct"]}
    check_answer(**asked, request="A che punto è?")
    told = {"A che punto è": "in corso"}
    take(world, bring(world, filled(book_of(world), (STEP, told))))

    assert item_of(world, "own").state == "answered"
    assert confirm(world, "own").confirmed == 1


def test_two_files_that_contradict_each_other_are_both_left(world):
    mine, other = (filled(book_of(world), (OWN, {**GOOD, "Motivo": n})) for n in "12")
    late = filled(book_of(world), (LATE, GOOD))
    upload = bring(world, ("1.xlsx", mine), ("2.xlsx", other), ("3.xlsx", late))

    assert [one["file"] for one in upload.report["conflicts"]] == ["1.xlsx", "2.xlsx"]
    assert upload.report["answers"] == 1


def test_whoever_takes_a_file_does_not_confirm_it(world):
    take(world, bring(world, filled(book_of(world), (OWN, GOOD)), who="head"), who="head")

    with pytest.raises(Refused, match="per ultimo"):
        confirm(world, "own")
    content = filled(book_of(world), (LATE, GOOD))
    take(world, bring(world, content, who="editor"), who="editor")
    assert confirm(world, "own", "late").confirmed == 1


def test_it_is_taken_back_as_one_while_nobody_went_on(world):
    answer(world, "own", done="Com’era.")
    edits = (OWN, {**GOOD, "Che cosa è stato fatto": "Dal foglio."}), (INDICATOR, MEASURED)
    upload = bring(world, filled(book_of(world), *edits), who="head")
    take(world, upload, who="head")
    assert item_of(world, "own").answer.done == "Dal foglio."

    undo_books(row=world.round, upload=upload, by=world.people["head"])
    own = item_of(world, "own")
    assert (own.answer.done, own.state) == ("Com’era.", "answered")
    # written once: it stays, and is corrected by hand
    assert Measurement.objects.count() == 1
    # the words that stand again are the editor’s, the number is the head’s until it is corrected
    with pytest.raises(Refused, match="per ultimo"):
        confirm(world, "own")
    measure(world, correction_reason="Ricontate.")
    assert confirm(world, "own").confirmed == 1
    upload = bring(world, filled(book_of(world), (LATE, GOOD)))
    take(world, upload)
    confirm(world, "late")
    with pytest.raises(NotUndoable, match="modificat"):
        undo_books(row=world.round, upload=upload, by=world.people["rpct"])


def test_forty_workbooks_are_brought_by_page_and_taken_in_one_act(world):
    own, other = (book_of(world, name) for name in ("annex", "other"))
    files = [filled(own, (OWN, GOOD)), filled(other, ("Registro degli accessi", GOOD))]
    files += [own, other] * 19
    sent = [SimpleUploadedFile(f"{n:02d}.xlsx", one) for n, one in enumerate(files)]
    client = client_of(world.people["rpct"])
    answered = client.post(reverse("risk:round_books", args=[world.round.uid]), {"fogli": sent})

    upload = RegisterImport.objects.get(layout=rowids.ANSWERS)
    place = reverse("risk:round_brought", args=[upload.uid])
    # a folder is read outside the page
    assert answered.url == reverse("registry:job", args=[Job.objects.get().uid])
    assert place in client.get(answered.url).content.decode()
    page = client.get(place).content.decode()
    assert "Prendi le risposte" in page
    assert page.count("<strong>") == len(files)
    with at_most(60):
        client.post(place, {"atto": "prendi", "digest": upload.report["digest"]})
    assert {item_of(world, name).state for name in ("own", "other")} == {"answered"}
    assert TrailRecord.objects.filter(kind="round-books").count() == 1
    assert "Annulla le risposte prese" in client.get(place).content.decode()
    client.post(place, {"atto": "annulla"})
    assert item_of(world, "other").answer.declared == ""
    assert RegisterImport.objects.get(pk=upload.pk).state == ImportState.UNDONE


def test_who_does_not_bring_it_does_not_see_it(world):
    upload = bring(world, filled(book_of(world), (OWN, GOOD)), who="editor")
    page = reverse("risk:round_brought", args=[upload.uid])
    books = reverse("risk:round_books", args=[world.round.uid])
    file = reverse("risk:round_office_book", args=[world.round.uid, world.annex.office_id])
    expected = {
        "editor": (200, 200, 200),
        "head": (404, 200, 200),
        "rpct": (200, 200, 200),
        "colleague": (404, 200, 404),
        "auditor": (404, 403, 200),
        "stranger": (404, 404, 404),
    }
    for who, codes in expected.items():
        client = client_of(world.people[who])
        assert tuple(client.get(one).status_code for one in (page, books, file)) == codes, who
    imports = reverse(
        "risk:import_start", args=[world.plan.administration.ipa_code, world.plan.slug]
    )
    assert "foglio.xlsx" not in client_of(world.people["rpct"]).get(imports).content.decode()
    scrap = client_of(world.people["editor"]).post(page, {"atto": "scarta"})
    assert scrap.url == books
    assert RegisterImport.objects.get(pk=upload.pk).state == ImportState.DISCARDED
    assert "scartato" in client_of(world.people["editor"]).get(page).content.decode()

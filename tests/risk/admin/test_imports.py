"""What the import and the export of the back office promise, claim by claim."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from registry.models import (
    ExecutorRole,
    InstitutionalFunction,
    Macroprocess,
    Office,
    Process,
    RiskArea,
    TrailRecord,
)
from risk.models import LegalReference, LibraryProcess, RiskBehaviour
from tests.register import adopt
from tests.risk.admin.test_files import (
    KINDS,
    PORTABLE,
    address,
    confirmed,
    exported,
    imported,
    sheet,
)

AREA = ["Amministrazione", "Codice", "Denominazione", "Tipo"]


@pytest.fixture
def rpct(world, client):
    client.force_login(world.people["rpct"])
    return client


def refused(page) -> list[str]:
    return [refusal.text for refusal in page.context["refusals"]]


# --- headings of versions before


@pytest.mark.parametrize(
    ("model", "now", "former"),
    [
        (Process, "Tipo di processo", "Primario o di supporto"),
        (LibraryProcess, "Tipo di processo", "Primario o di supporto"),
        (LegalReference, "Modi di scriverlo", "Grafie"),
    ],
)
def test_a_file_with_a_heading_of_a_version_before_comes_back_unchanged(rpct, model, now, former):
    file = exported(rpct, model, "1")
    assert now.encode() in file
    page = imported(rpct, model, file.replace(now.encode(), former.encode()), "1")

    assert not page.context["refusals"]
    totals = page.context["result"].totals
    assert (totals["new"], totals["update"], totals["skip"] >= 1) == (0, 0, True)


def test_a_heading_of_now_and_of_before_are_one_column_twice(rpct):
    heads = ["Codice", "Tipo di processo", "Primario o di supporto"]
    page = imported(rpct, LibraryProcess, sheet(heads, ["X", "", ""]), "0")

    assert refused(page) == ["Colonne ripetute: «Tipo di processo»."]


# --- natural keys


def test_a_code_means_the_row_of_the_body_unless_it_says_national(world, rpct):
    body = world.a.administration
    own = InstitutionalFunction.objects.create(administration=body, code="01", label="Propria")
    national = InstitutionalFunction.objects.create(code="01", label="Nazionale")
    heads = ["Amministrazione", "Codice", "Denominazione", "Funzione istituzionale"]
    file = sheet(
        heads,
        [body.ipa_code, "MP1", "Primo", "01"],
        [body.ipa_code, "MP2", "Secondo", "nazionale/01"],
    )

    confirmed(rpct, Macroprocess, imported(rpct, Macroprocess, file, "0"))

    assert Macroprocess.objects.get(code="MP1").function == own
    assert Macroprocess.objects.get(code="MP2").function == national


def test_no_file_holds_a_key_of_the_database(world, rpct):
    for model in PORTABLE:
        heads = exported(rpct, model, "1").decode("utf-8-sig").splitlines()[0].split(";")
        assert not {"id", "pk"} & {head.lower() for head in heads}, model


def test_the_same_row_twice_in_a_file_is_refused_whole(world, rpct):
    own = world.a.administration.ipa_code
    new = [[own, "N", "Prima", "generale"], [own, "N", "Seconda", "generale"]]
    known = [[own, "C1", "Prima", "generale"], [own, "C1", "Seconda", "generale"]]

    for rows in (new, known):
        page = imported(rpct, RiskArea, sheet(AREA, *rows), "0")
        assert refused(page) == ["La riga ripete la riga 2."]
        assert "confirm_form" not in page.context


# --- Italian messages


ENGLISH = re.compile(
    r"\b(error|row|line|field|required|invalid|unknown|import failed|please|format not|this)\b",
    re.IGNORECASE,
)


def messages_of(page) -> str:
    """Return the words of the errors on a page."""
    form = page.context["form"]
    errors = [text for texts in form.errors.values() for text in texts]
    return " ".join([*errors, *refused(page)] if "refusals" in page.context else errors)


def test_what_is_wrong_with_the_form_is_said_in_italian(world, rpct):
    nothing = rpct.post(address(RiskArea, "import"), {"format": "0", "resource": ""})
    file = SimpleUploadedFile("elenco.xlsx", sheet(AREA))
    no_kind = rpct.post(address(RiskArea, "import"), {"import_file": file, "resource": ""})

    for page in (nothing, no_kind):
        assert messages_of(page)
        assert not ENGLISH.search(messages_of(page)), messages_of(page)


@pytest.mark.parametrize("kind", range(len(KINDS)), ids=KINDS)
@pytest.mark.parametrize("content", [b"\x00\x01", b"PK\x03\x04", b"%PDF-1.7", b""])
def test_a_file_of_another_kind_is_refused_in_italian(world, rpct, kind, content):
    page = imported(rpct, RiskArea, content, str(kind))

    assert "confirm_form" not in page.context
    assert messages_of(page)
    assert not ENGLISH.search(messages_of(page)), messages_of(page)


def test_a_file_that_is_too_large_is_refused(world, rpct):
    page = imported(rpct, RiskArea, b"x" * (10 * 1024 * 1024 + 1), "1")

    assert "10 MB" in messages_of(page)


def test_columns_that_are_missing_or_repeated_are_named(world, rpct):
    missing = imported(rpct, RiskArea, sheet(["Codice"], ["A"]), "0")
    repeated = imported(rpct, RiskArea, sheet([*AREA, "Tipo"], ["", "A", "x", "", ""]), "0")

    assert refused(missing) == ["Colonne mancanti: «Amministrazione»."]
    assert refused(repeated) == ["Colonne ripetute: «Tipo»."]


def test_what_is_no_text_enters_a_text_as_it_is_seen_in_the_sheet(world, rpct):
    own = world.a.administration.ipa_code
    day = datetime.date(2027, 1, 31)
    file = sheet([*AREA, "Fonte"], *([own, n, n, "generale", n] for n in (7, 2.5, day, True)))

    confirmed(rpct, RiskArea, imported(rpct, RiskArea, file, "0"))

    found = RiskArea.objects.filter(code__in=["7", "2,5", "31/01/2027", "vero"])
    assert {row.label for row in found} == {"7", "2,5", "31/01/2027", "vero"}


# --- preview, all or nothing


def test_the_preview_shows_what_changes_with_its_row_and_not_the_rest(world, rpct):
    own = world.a.administration.ipa_code
    for n in range(1, 4):
        RiskArea.objects.create(
            administration=world.a.administration, code=f"V{n}", label=f"Voce {n}", kind="general"
        )
    heads = ["Amministrazione", "Codice", "Denominazione", "Fonte"]
    rows = [[own, f"V{n}", f"Voce {n}", ""] for n in range(1, 4)]
    changed = [rows[0], [own, "V2", "Voce due", "Delibera 7"], rows[2]]

    page = imported(rpct, RiskArea, sheet(heads, *changed), "0").content.decode()
    same = imported(rpct, RiskArea, sheet(heads, *rows), "0").content.decode()

    table = re.sub(r"\s+", " ", page.partition("house-preview")[2].partition("<tbody>")[2])
    assert "<td>3</td> <td> modificata </td>" in table
    assert "Voce 3" not in table
    assert "<del>Voce 2</del>" in table
    assert "<ins>Voce due</ins>" in table
    # a cell that was empty is marked too
    assert "<ins>Delibera 7</ins>" in table
    assert "L’elenco è già come il file" in same
    assert "house-preview" not in same


def test_nothing_is_written_before_it_is_confirmed(world, rpct):
    own = world.a.administration.ipa_code
    before = TrailRecord.objects.filter(kind="import").count()
    page = imported(rpct, RiskArea, sheet(AREA, [own, "N", "Nuova", "generale"]), "0")

    assert page.context["confirm_form"]
    assert not RiskArea.objects.filter(code="N").exists()
    assert TrailRecord.objects.filter(kind="import").count() == before


def test_confirming_twice_writes_once(world, rpct):
    own = world.a.administration.ipa_code
    page = imported(rpct, RiskArea, sheet(AREA, [own, "N", "Nuova", "generale"]), "0")

    confirmed(rpct, RiskArea, page)
    again = confirmed(rpct, RiskArea, page)

    assert RiskArea.objects.filter(code="N").count() == 1
    assert "caricarlo di nuovo" in again.content.decode()


# --- rights


def test_national_rows_are_not_the_rpcts_to_write(world, rpct):
    ExecutorRole.objects.create(code="RUP", label="RUP")
    heads = ["Amministrazione", "Codice", "Denominazione"]

    page = imported(rpct, ExecutorRole, sheet(heads, ["", "RUP", "Altro nome"]), "0")

    (refusal,) = page.context["refusals"]
    # the cell that would change, as it stands in the file
    assert (refusal.row, refusal.column, refusal.value) == (2, "Denominazione", "Altro nome")
    assert refusal.text.startswith("È una voce nazionale: non si può scrivere")


def test_a_new_national_row_is_refused_by_its_code(world, rpct):
    heads = ["Denominazione", "Codice", "Amministrazione"]

    page = imported(rpct, ExecutorRole, sheet(heads, ["Un nome", "NUOVO", ""]), "0")

    (refusal,) = page.context["refusals"]
    assert (refusal.row, refusal.column, refusal.value) == (2, "Codice", "NUOVO")
    assert refusal.text.startswith("È una voce nazionale: non si può scrivere")


def test_what_was_added_ex_officio_is_refused_beside_the_cell_that_would_change(world, client):
    client.force_login(world.people["editor"])
    behaviour = RiskBehaviour.objects.filter(process=world.a.process).first()
    RiskBehaviour.objects.filter(pk=behaviour.pk).update(is_ex_officio=True)
    file = sheet(["Identificativo", "Comportamento a rischio"], [str(behaviour.uid), "Altro"])

    (refusal,) = imported(client, RiskBehaviour, file, "0").context["refusals"]

    assert (refusal.row, refusal.column, refusal.value) == (2, "Comportamento a rischio", "Altro")


def test_who_may_only_read_gets_the_export_and_no_import(world, client):
    client.force_login(world.people["auditor"])

    assert client.get(address(Process, "import")).status_code == 403
    assert exported(client, Process, "0").startswith(b"PK")


def test_an_export_holds_only_what_the_person_sees(world, client):
    client.force_login(world.people["rpct"])
    content = exported(client, Process, "1").decode("utf-8-sig")

    assert str(world.a.process.uid) in content
    assert str(world.b.process.uid) not in content


def test_rows_of_an_adopted_plan_are_refused(world, rpct):
    adopt(world.a.plan)
    file = sheet(["Identificativo", "Processo"], [str(world.a.process.uid), "Un altro nome"])

    (refusal,) = imported(rpct, Process, file, "0").context["refusals"]
    assert (refusal.row, refusal.column, refusal.value) == (2, "Processo", "Un altro nome")
    assert "non si può scrivere" in refusal.text


def test_a_row_cannot_be_moved_to_another_body(world, rpct):
    other = world.b.administration.ipa_code
    file = sheet(["Amministrazione", "Codice", "Denominazione"], [other, "U", "Ufficio mio"])

    (refusal,) = imported(rpct, Office, file, "0").context["refusals"]

    assert (refusal.column, refusal.value) == ("Amministrazione", other)


# --- exactly as filtered


def test_an_export_is_filtered_and_searched_as_the_list_was(world, rpct):
    body = world.a.administration
    for code in ("X1", "X2"):
        RiskArea.objects.create(
            administration=body, code=code, label=f"Area {code}", kind="general"
        )
    link = f"{address(RiskArea, 'export')}?q=X2"

    content = rpct.post(link, {"format": "1", "resource": ""}).content.decode("utf-8-sig")

    assert [line.split(";")[1] for line in content.splitlines()[1:]] == ["X2"]


def test_an_upload_named_like_a_path_stays_where_uploads_are(world, rpct):
    own = world.a.administration.ipa_code
    file = SimpleUploadedFile("../../elenco.xlsx", sheet(AREA, [own, "N", "Nuova", "generale"]))
    page = rpct.post(
        address(RiskArea, "import"), {"import_file": file, "format": "0", "resource": ""}
    )
    initial = dict(page.context["confirm_form"].initial)
    initial["import_file_name"] = "../../../etc/passwd"

    answer = rpct.post(address(RiskArea, "process_import"), initial, follow=True)

    assert "caricarlo di nuovo" in answer.content.decode()
    assert not RiskArea.objects.filter(code="N").exists()

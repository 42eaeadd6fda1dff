"""Lists as files: what goes out comes back unchanged, and nothing enters that may not."""

import io

import openpyxl
import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry.admin.limited_formats import LimitedFormat, limited
from registry.admin.portable import PortableAdmin
from registry.models import Office, Process, RiskArea
from registry.spreadsheets import (
    TextCSV,
    TextJSON,
    TextODS,
    TextXLSX,
    UnreadableFile,
    escape,
    unescape,
)
from tests.register import close
from tests.risk.admin.test_rights import MODELS, is_portable, name_of

PORTABLE = [model for model in MODELS if is_portable(model)]
KINDS = ("xlsx", "csv", "ods", "json")
"""The formats in the order in which the forms number them."""
NASTY = (
    "=1+1",
    "+39 0471",
    "-5",
    "@SUM(A1)",
    "\tA",
    "'=x",
    "==1+1",
    '=CONCATENA("x";"y")',
    "<r>=1</r>",
    "_x0041_",
    "a  b",
)


def address(model, act):
    return reverse(f"admin:{model._meta.app_label}_{name_of(model)}_{act}")


def exported(client, model, kind):
    return client.post(address(model, "export"), {"format": kind, "resource": ""}).content


def imported(client, model, content, kind):
    """Upload a file; return the page that says what it would do."""
    name = f"elenco.{KINDS[int(kind)]}"
    file = SimpleUploadedFile(name, content)
    return client.post(
        address(model, "import"), {"import_file": file, "format": kind, "resource": ""}
    )


def confirmed(client, model, page):
    initial = page.context["confirm_form"].initial
    return client.post(address(model, "process_import"), initial, follow=True)


def sheet(*rows):
    """Return an XLSX file of these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def rpct(world, client):
    client.force_login(world.people["rpct"])
    return client


@pytest.mark.parametrize("kind", [str(n) for n in range(len(KINDS))], ids=KINDS)
def test_what_goes_out_comes_back_unchanged(world, rpct, kind):
    for number, text in enumerate(NASTY):
        Process.objects.create(
            annex=world.a.annex,
            position=number + 2,
            number=number + 2,
            title=f"Processo {number}",
            objective=text,
            description='riga\r\nriga, con ; e "virgolette"',
        )
    for model in PORTABLE:
        page = imported(rpct, model, exported(rpct, model, kind), kind)

        assert not page.context["refusals"], (model, page.context["refusals"])
        totals = page.context["result"].totals
        assert totals["skip"] >= 1, model
        assert totals["new"] == totals["update"] == 0, model


def test_a_text_of_a_workbook_is_never_a_formula(world, rpct):
    Process.objects.filter(pk=world.a.process.pk).update(objective="=1+1")

    book = openpyxl.load_workbook(io.BytesIO(exported(rpct, Process, "0")))

    cells = [cell for row in book.active.rows for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.parametrize("text", [*NASTY, "", "prosa", "l’ufficio", "''=x"])
def test_the_apostrophe_of_a_csv_cell_is_taken_away_again(text):
    assert unescape(escape(text)) == text
    assert not escape(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_the_columns_of_no_list_carry_states_or_times():
    forbidden = {"state", "version", "history", "created_at", "copied_at", "level", "folded"}
    for model in PORTABLE:
        resource = admin.site._registry[model].resource_classes[0]()
        assert not forbidden & set(resource.fields), model


def test_new_and_changed_rows_are_shown_first_and_then_written(world, rpct):
    own = world.a.administration.ipa_code
    file = sheet(
        ["Amministrazione", "Codice", "Denominazione", "Tipo"],
        [own, "C1", "Nuovo nome", "generale"],
        [own, "N", "Area nuova", "specifica"],
    )
    page = imported(rpct, RiskArea, file, "0")
    assert not RiskArea.objects.filter(code="N").exists()
    text = page.content.decode()
    assert "Nuovo nome" in text
    assert "Righe modificate: 1" in text
    assert "None" not in text

    answer = confirmed(rpct, RiskArea, page)

    assert "1 nuove, 1 modificate, 0 invariate" in answer.content.decode()
    row = RiskArea.objects.get(code="C1", administration=world.a.administration)
    assert row.label == "Nuovo nome"
    assert row.history.first().history_user == world.people["rpct"]


def test_one_wrong_row_keeps_the_whole_file_out(world, rpct):
    own = world.a.administration.ipa_code
    file = sheet(
        ["Amministrazione", "Codice", "Denominazione", "Tipo"],
        [own, "N", "Area nuova", "specifica"],
        [],
        [own, "M", "Area strana", "speciale"],
        ["c_b002", "K", "Di un’altra amministrazione", "generale"],
    )
    page = imported(rpct, RiskArea, file, "0")

    found = [(r.row, r.column, r.value) for r in page.context["refusals"]]
    assert found == [(4, "Tipo", "speciale"), (5, "Amministrazione", "c_b002")]
    assert "confirm_form" not in page.context
    assert not RiskArea.objects.filter(code="N").exists()


def test_an_unknown_column_is_named(world, rpct):
    page = imported(rpct, RiskArea, sheet(["Amministrazione", "Codice", "Statto"], ["x"]), "0")

    (refusal,) = page.context["refusals"]
    assert "«Statto»" in refusal.text
    assert "«Denominazione»" in refusal.text


def test_rows_of_an_annex_that_is_not_open_are_refused(world, rpct):
    close(world.a.annex)
    file = sheet(["Identificativo", "Processo"], [str(world.a.process.uid), "Un altro nome"])

    (refusal,) = imported(rpct, Process, file, "0").context["refusals"]

    assert refusal.row == 2
    assert "non si può scrivere" in refusal.text


def test_rows_of_another_office_are_not_known(world, client):
    client.force_login(world.people["stranger"])
    heads = ["Identificativo", "Allegato", "Numero", "Processo"]
    file = sheet(
        heads,
        [str(world.a.process.uid), "", "", "Mio"],
        ["", str(world.a.annex.uid), 9, "Mio"],
    )

    refusals = imported(client, Process, file, "0").context["refusals"]

    assert [(r.row, r.column) for r in refusals if r.column] == [
        (2, "Identificativo"),
        (3, "Allegato"),
    ]
    assert not Process.objects.filter(title="Mio").exists()


def test_a_process_is_known_by_its_annex_and_number_or_is_new(world, rpct):
    heads = ["Identificativo", "Allegato", "Numero", "Processo", "Area di rischio"]
    annex = str(world.a.annex.uid)
    file = sheet(heads, ["", annex, 1, "Nome nuovo", "C1"], ["", annex, None, "Secondo", "C1"])

    confirmed(rpct, Process, imported(rpct, Process, file, "0"))

    rows = Process.objects.filter(annex=world.a.annex).values_list("number", "position", "title")
    assert list(rows.order_by("number")) == [(1, 1, "Nome nuovo"), (2, 2, "Secondo")]


def test_what_changed_between_showing_and_confirming_is_refused(world, rpct):
    own = world.a.administration.ipa_code
    heads = ["Amministrazione", "Codice", "Denominazione", "Ufficio superiore"]
    Office.objects.create(administration=world.a.administration, code="T", name="Temporaneo")
    page = imported(rpct, Office, sheet(heads, [own, "NU", "Nuovo", "T"]), "0")
    Office.objects.filter(code="T").delete()

    answer = confirmed(rpct, Office, page)

    assert "Riga 2, Ufficio superiore" in answer.content.decode()
    assert not Office.objects.filter(code="NU").exists()


@pytest.mark.parametrize("reader", [TextXLSX, TextCSV, TextODS, TextJSON])
@pytest.mark.parametrize("content", [b"", b"\x00"])
def test_a_file_without_heads_is_unreadable(reader, content):
    with pytest.raises(UnreadableFile):
        reader().create_dataset(content)


@pytest.mark.parametrize("reader", [TextXLSX, TextODS, TextJSON])
def test_a_file_cut_short_is_unreadable(reader):
    with pytest.raises(UnreadableFile):
        reader().create_dataset(b"PK\x03\x04")


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b"[]",
        b"[1]",
        b"[" * 100_000,
        b'[{"Codice": NaN}]',
        b'[{"Codice": ["A"]}]',
        b'[{"Codice": "A", "Codice": "B"}]',
        b'[{"Codice": "A"}, {"Denominazione": "B"}]',
        b'[{"Codice": "A"}, 7]',
    ],
)
def test_json_that_is_no_list_of_equal_rows_is_refused(content):
    with pytest.raises(UnreadableFile):
        TextJSON().create_dataset(content)


def test_every_list_offers_the_same_formats_both_ways(world, rpct):
    for model in PORTABLE:
        for act in ("import", "export"):
            form = rpct.get(address(model, act)).context["form"]
            assert [label for _n, label in form.fields["format"].choices if label != "---"] == [
                *KINDS
            ], (model, act)


def test_a_csv_of_an_italian_spreadsheet_is_read():
    table = TextCSV().create_dataset("Codice;Denominazione\r\nA;Qualità".encode("cp1252"))

    assert table.dict == [{"Codice": "A", "Denominazione": "Qualità"}]


def test_the_preview_writes_days_as_the_site_does_and_tells_nought_from_nothing(world, rpct):
    own = world.a.administration.ipa_code
    RiskArea.objects.filter(code="C1").update(position=0)
    file = sheet(
        ["Amministrazione", "Codice", "Ordine", "Non più in uso dal", "Motivo"],
        [own, "C1", 7, "31/01/2027", "Accorpata"],
    )
    page = imported(rpct, RiskArea, file, "0")
    assert not page.context["refusals"], page.context["refusals"]
    (row,) = page.context["result"].valid_rows()
    cells = dict(zip(page.context["result"].diff_headers, row.diff, strict=True))
    assert cells["Ordine"] == ("0", "7", True)
    assert cells["Non più in uso dal"] == ("", "31/01/2027", True)


def test_the_columns_a_file_may_have_are_named_in_their_order(world, rpct):
    page = imported(rpct, RiskArea, sheet(["Inventata"], ["x"]), "0")
    (refusal,) = page.context["refusals"]
    assert "Colonne previste: «Amministrazione», «Codice», «Denominazione»" in refusal.text


def test_a_file_that_takes_too_long_to_read_is_refused(world, rpct, settings):
    settings.PAGE_SECONDS = 0
    read = limited(TextCSV)().create_dataset
    with pytest.raises(UnreadableFile, match="più tempo o memoria"):
        read(b"a;b\n1;2\n")
    settings.PAGE_SECONDS = 300
    assert read(b"a;b\n1;2\n").dict == TextCSV().create_dataset(b"a;b\n1;2\n").dict


def test_every_list_reads_its_files_within_limits():
    lists = [page for page in admin.site._registry.values() if isinstance(page, PortableAdmin)]
    assert lists
    for page in lists:
        assert all(issubclass(kind, LimitedFormat) for kind in page.import_formats)

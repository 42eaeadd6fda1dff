"""A block pasted over rows of the map: what each cell was is shown, then all is written."""

import pytest
from django.urls import reverse

from registry.models import Process
from tests.risk.mapping.conftest import make_processes

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(world):
    make_processes(world.annex, 4, risk_area=world.digital, kind="support")
    return list(Process.objects.order_by("position"))


def post(client, world, row, text: str, start: str = "title", **data):
    address = reverse("risk:mapping_paste", args=[world.annex.uid])
    told = {"testo": text, "inizio": start, "riga": row.uid, "dove": "sopra"}
    return client.post(address, {**told, **data})


def take(client, world, row, text: str, start: str = "title", **data):
    preview = post(client, world, row, text, start, **data).context["preview"]
    return post(client, world, row, text, start, digest=preview.digest, conferma="1", **data)


def table() -> list[tuple]:
    fields = ("title", "kind", "risk_area__code")
    return list(Process.objects.order_by("position").values_list(*fields))


def test_the_block_begins_at_the_cell_and_leaves_the_rest(editor, world, rows):
    text = "Seconda\tPrimario\nProcesso 3\tPrimario"
    page = post(editor, world, rows[1], text)
    (one, other) = page.context["preview"].lines
    assert [cell.before for cell in one.cells.values()] == ["Processo 2", "Processo di supporto"]
    assert [cell.before for cell in other.cells.values()] == ["", "Processo di supporto"]
    assert "Cambia 3 celle" in page.content.decode()
    assert table()[1][0] == "Processo 2"

    answer = take(editor, world, rows[1], text)

    assert table() == [
        ("Processo 1", "support", "S"),
        ("Seconda", "primary", "S"),
        ("Processo 3", "primary", "S"),
        ("Processo 4", "support", "S"),
    ]
    assert Process.objects.get(title="Seconda").folded == "seconda"
    (said,) = editor.get(answer.url).context["messages"]
    assert str(said) == "Righe cambiate: 2."
    editor.post(reverse("risk:undo", args=[world.annex.uid]))
    assert table()[1] == ("Processo 2", "support", "S")


def test_one_column_is_pasted_without_titles_and_an_empty_cell_empties(editor, world, rows):
    take(editor, world, rows[0], "D\n-\nD", start="risk_area")
    assert [code for *_rest, code in table()] == ["D", None, "D", "S"]


def test_a_row_that_was_changed_meanwhile_is_shown_again(editor, world, rows):
    preview = post(editor, world, rows[0], "Prima").context["preview"]
    rows[0].title = "Di altri"
    rows[0].save()

    page = post(editor, world, rows[0], "Prima", digest=preview.digest, conferma="1")

    assert "qualcosa è cambiato" in page.content.decode()
    assert page.context["preview"].lines[0].cells["process"].before == "Di altri"
    assert table()[0][0] == "Di altri"


@pytest.mark.parametrize(
    ("text", "start", "said"),
    [
        ("a\nb\nc\nd\ne", "title", "incolla le altre in fondo"),
        ("Z", "risk_area", "non è in elenco"),
        ("4\n1", "number", "Il numero 4 è già di un altro processo"),
        ("x" * 1001, "title", "1.001"),
    ],
)
def test_what_does_not_fit_is_said_and_changes_nothing(editor, world, rows, text, start, said):
    before = table()
    page = post(editor, world, rows[0], text, start, conferma="1", digest="x")
    assert said in page.content.decode()
    assert table() == before


def test_numbers_change_places(editor, world, rows):
    answer = take(editor, world, rows[0], "2\n1", start="number")
    assert answer.status_code == 302
    numbers = Process.objects.order_by("position").values_list("number", flat=True)
    assert list(numbers) == [2, 1, 3, 4]


@pytest.mark.parametrize("row", ["boh", "00000000-0000-4000-8000-000000000000"])
def test_a_row_of_no_map_is_none(editor, world, rows, row):
    address = reverse("risk:mapping_paste", args=[world.annex.uid])
    page = editor.post(address, {"testo": "Nuovo", "inizio": "title", "riga": row, "dove": "sopra"})
    assert "Aggiungi 1 riga" in page.content.decode()

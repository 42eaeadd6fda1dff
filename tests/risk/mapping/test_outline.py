"""A list typed by hand becomes processes with their phases, whole or not at all."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from registry.models import Phase, Process
from risk.services.mapping.outline import OutlineRefused, read_outline
from tests.risk.mapping.conftest import make_processes

pytestmark = pytest.mark.django_db

LIST = "Acquisti\r\n- Fabbisogno\r\n  – Scelta del  contraente\r\n\r\nContributi\r\n\tDomanda\r\n"


def address_of(annex) -> str:
    return reverse("risk:mapping_outline", args=[annex.uid])


def add(client, annex, text: str, after: int = 1):
    return client.post(address_of(annex), {"elenco": text, "dopo": after})


def test_a_list_is_read_as_it_is_written():
    found = [(one.title, one.phases) for one in read_outline(LIST)]

    assert found == [
        ("Acquisti", ["Fabbisogno", "Scelta del contraente"]),
        ("Contributi", ["Domanda"]),
    ]


@pytest.mark.parametrize("mark", ["-", "- ", "–", "— ", "•\t", "* ", "\t", "   - ", "▪"])
def test_the_marks_people_begin_a_line_with(mark):
    assert read_outline(f"Acquisti\n{mark}Fabbisogno")[0].phases == ["Fabbisogno"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n", "è vuoto"),
        ("- Fabbisogno\nAcquisti", "Riga 1: «Fabbisogno» è una fase senza un processo sopra"),
        ("Acquisti\n\n- ", "Riga 3: dopo il trattino manca"),
        ("x" * 1001, "Riga 1: il testo ha 1.001 caratteri"),
        ("Acqui\x07sti", "Riga 1: "),
        ("Acquisti\n" * 2001, "2.001: il massimo è 2.000"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_changes_nothing(editor, world, text, said):
    with pytest.raises(OutlineRefused) as refused:
        read_outline(text)
    assert said in refused.value.problems[0]

    page = add(editor, world.annex, text)
    assert page.status_code == 200
    assert page.context["text"] == text
    assert page.context["problems"] == refused.value.problems
    assert not Process.objects.exists()


def test_the_list_is_one_act_behind_what_is_there(editor, world):
    make_processes(world.annex, 2)
    page = add(editor, world.annex, LIST, after=3)

    assert page.status_code == 302
    added = Process.objects.filter(number__gt=2).order_by("position")
    assert [(one.number, one.position, one.title) for one in added] == [
        (3, 3, "Acquisti"),
        (4, 4, "Contributi"),
    ]
    assert list(added[0].phases.order_by("position").values_list("title", flat=True)) == [
        "Fabbisogno",
        "Scelta del contraente",
    ]
    rows = [*added, *Phase.objects.all()]
    marks = {row.history.get().history_change_reason for row in rows}
    assert len(marks) == 1
    assert {row.history.get().history_user for row in rows} == {world.editor}
    (said,) = editor.get(page.url).context["messages"]
    assert str(said) == "Aggiunti 2 processi, con 3 fasi."

    editor.post(reverse("risk:undo", args=[world.annex.uid]))
    assert (Process.objects.count(), Phase.objects.count()) == (2, 0)


def test_what_is_sent_twice_is_not_added_twice(editor, world):
    add(editor, world.annex, LIST)
    again = add(editor, world.annex, LIST)

    assert again.status_code == 200
    assert "ha altri processi" in again.content.decode()
    assert (again.context["after"], Process.objects.count()) == (3, 2)


def test_a_list_costs_no_more_statements_when_it_is_longer(
    editor, world, django_assert_max_num_queries
):
    def statements(count: int) -> int:
        text = "".join(f"Processo {n}\n- Una\n- Due\n" for n in range(count))
        after = Process.objects.count() + 1
        with django_assert_max_num_queries(60) as asked:
            assert add(editor, world.annex, text, after).status_code == 302
        return len(asked)

    statements(1)
    assert statements(30) <= statements(2)


SPREADSHEET = 40
"""Cells that ten processes with three phases each are: one act each, where one types them in."""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_ten_processes_with_three_phases_are_typed_in_few_acts(page, sign_in, world, live_server):
    sign_in(world.editor)
    page.goto(live_server.url + reverse("risk:mapping", args=[world.annex.uid]))
    acts = 0

    def press(key: str) -> None:
        nonlocal acts
        acts += 1
        page.keyboard.press(key)

    page.get_by_role("link", name="Scrivi un elenco").click()
    expect(page.locator("#elenco")).to_be_focused()
    acts += 1
    lines = [line for n in range(1, 11) for line in (f"Attività {n}", "- A", "- B", "- C")]
    for number, line in enumerate(lines):
        page.keyboard.insert_text(line)
        if number < len(lines) - 1:
            press("Enter")
    press("Tab")
    press("Enter")
    expect(page.locator(".house-message")).to_contain_text("Aggiunti 10 processi, con 30 fasi.")
    assert Process.objects.count() == 10
    assert Phase.objects.count() == 30
    assert acts <= 1.1 * SPREADSHEET

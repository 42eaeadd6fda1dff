"""Without scripts the map is one form: one press saves all of it, and nothing typed is lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Process
from tests.register import close
from tests.risk.mapping.conftest import make_processes
from tests.sent_form import Sent

pytestmark = pytest.mark.django_db
NOT_ALL = "Non tutto è salvato"


@pytest.fixture
def processes(world):
    return make_processes(world.annex, 3)


def address(world, query: str = "") -> str:
    return reverse("risk:mapping", args=[world.annex.uid]) + query


def sent_of(answer) -> dict:
    """Return all that a page would send as it is shown."""
    values = Sent(answer.content.decode(), "tutte").values
    values.pop("csrfmiddlewaretoken", None)
    return values


def shown(editor, world, query: str = "") -> dict:
    return sent_of(editor.get(address(world, query)))


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def name(row, field: str) -> str:
    return f"f{row.pk}:{field}"


def titles(world) -> list[str]:
    rows = Process.objects.filter(annex=world.annex).in_use().order_by("position")
    return list(rows.values_list("title", flat=True))


def test_all_that_is_typed_is_saved_at_once(editor, world, processes):
    one, two, three = processes
    data = shown(editor, world, "?q=processo")
    data |= {
        name(one, "title"): "Rilascio\r\ncarte",
        name(two, "macroprocess"): "01.11",
        name(two, "risk_area"): "s)",
        name(three, "kind"): "primary",
        "nuovo:title": "In fondo",
        "aggiungi:title": "Dall’alto",
    }
    answer = editor.post(address(world, "?q=processo"), data, follow=True)
    assert "Salvato." in text_of(answer)
    assert "Aggiunto: n. 5." in text_of(answer)
    assert titles(world) == ["Rilascio carte", "Processo 2", "Processo 3", "Dall’alto", "In fondo"]
    two.refresh_from_db()
    assert (two.macroprocess, two.risk_area) == (world.general, world.digital)
    assert Process.objects.get(pk=three.pk).kind == "primary"


def test_what_is_not_changed_is_not_written_nor_looked_up(editor, world, processes):
    Process.objects.filter(pk=processes[0].pk).update(
        macroprocess=world.general, risk_area=world.digital, title="Accento: «è» & <b>"
    )
    data, before = shown(editor, world), Process.history.count()
    with CaptureQueriesContext(connection) as captured:
        answer = editor.post(address(world), data)
    assert answer.url == address(world)
    assert Process.history.count() == before
    assert not any('"registry_process"."title"' in query["sql"] for query in captured)


def test_what_is_refused_stays_as_typed_and_the_rest_is_saved(editor, world, processes):
    one, two, three = processes
    data = shown(editor, world)
    data |= {
        name(one, "title"): "Rilascio carte",
        name(two, "number"): "3",
        name(two, "title"): "Non ancora",
        name(three, "risk_area"): "nessuna così",
        "nuovo:number": "1",
        "nuovo:title": "Anche questo no",
    }
    answer = editor.post(address(world), data)
    said = text_of(answer)
    assert NOT_ALL in said
    assert "Il numero 3 è già di «Processo 3»." in said
    assert "«nessuna così» non è in elenco." in said
    assert "Il numero 1 è già di «Rilascio carte»." in said
    again = sent_of(answer)
    for field in (name(two, "title"), name(three, "risk_area"), "nuovo:title", "nuovo:number"):
        assert again[field] == [data[field]], field
    assert titles(world) == ["Rilascio carte", "Processo 2", "Processo 3"]
    again |= {name(two, "number"): "8", name(three, "risk_area"): "S", "nuovo:number": ""}
    assert editor.post(address(world), again).status_code == 302
    assert titles(world) == ["Rilascio carte", "Non ancora", "Processo 3", "Anche questo no"]
    assert Process.objects.get(pk=three.pk).risk_area == world.digital


@pytest.mark.parametrize(("choice", "kept"), [("mio", "Mio"), ("suo", "Di altri")])
def test_two_people_on_one_field_are_asked(editor, world, processes, choice, kept):
    one, two, _three = processes
    data = shown(editor, world)
    for row, title in ((one, "Di altri"), (two, "Pure di altri")):
        row.title = title
        row.save()
    data |= {name(one, "title"): "Mio", name(one, "kind"): "support"}
    answer = editor.post(address(world), data)
    assert NOT_ALL in text_of(answer)
    assert "Di altri" in text_of(answer)
    again = sent_of(answer)
    assert again[name(one, "title")] == ["Mio"]
    assert again[name(one, "tieni-title")] == ["suo"]
    assert titles(world) == ["Di altri", "Pure di altri", "Processo 3"]
    again[name(one, "tieni-title")] = choice
    assert editor.post(address(world), again).status_code == 302
    one.refresh_from_db()
    # of the row nobody typed in, what the other has saved stays
    assert (one.title, one.kind) == (kept, "support")
    assert titles(world)[1] == "Pure di altri"


def test_a_row_taken_away_meanwhile_is_told(editor, world, processes):
    data = shown(editor, world)
    data |= {name(processes[0], "title"): "Perduto?", name(processes[1], "title"): "Salvo"}
    processes[0].delete()
    said = text_of(editor.post(address(world), data, follow=True))
    assert "Una riga è stata tolta nel frattempo da altri" in said
    assert "vi era scritto: «1» «Perduto?»." in said
    assert titles(world) == ["Salvo", "Processo 3"]


@pytest.mark.parametrize(
    ("pressed", "expected"),
    [
        ({"atto": "duplica:{uid}"}, ["Altro", "Processo 2", "Processo 2", "Processo 3"]),
        ({"atto": "su:{uid}"}, ["Processo 2", "Altro", "Processo 3"]),
        ({"atto": "giu:{uid}"}, ["Altro", "Processo 3", "Processo 2"]),
        ({"atto": "archivia:{uid}", "motivo": "Non si fa più"}, ["Altro", "Processo 3"]),
        (
            {"aggiungi": "dopo", "dopo:title": "Dopo"},
            ["Altro", "Processo 2", "Dopo", "Processo 3"],
        ),
        ({"atto": "numera"}, ["Altro", "Processo 2", "Processo 3"]),
    ],
)
def test_every_button_saves_the_page_first(editor, world, processes, pressed, expected):
    uid = processes[1].uid
    data = shown(editor, world, f"?riga={uid}") | {name(processes[0], "title"): "Altro"}
    data |= {key: value.format(uid=uid) for key, value in pressed.items()}
    assert editor.post(address(world, f"?riga={uid}"), data).status_code == 302
    assert titles(world) == expected


def test_a_menu_opens_with_the_page_saved(editor, world, processes):
    uid = processes[1].uid
    data = shown(editor, world) | {name(processes[0], "title"): "Altro", "vai": str(uid)}
    answer = editor.post(address(world), data)
    assert answer.url == address(world, f"?riga={uid}#r-{uid}")
    assert titles(world)[0] == "Altro"
    assert 'value="archivia:' in text_of(editor.get(answer.url))


def test_a_reason_to_archive_is_not_lost_by_another_button(editor, world, processes):
    uid = processes[1].uid
    data = shown(editor, world, f"?riga={uid}") | {"motivo": "Non si fa più"}
    answer = editor.post(address(world), data)
    assert "premi «Archivia»" in text_of(answer)
    assert sent_of(answer)["motivo"] == ["Non si fa più"]
    without = data | {"motivo": "", "atto": f"archivia:{uid}", name(processes[0], "number"): "2"}
    answer = editor.post(address(world), without)
    assert sent_of(answer)[name(processes[0], "number")] == ["2"]
    assert len(titles(world)) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"atto": "duplica:x"},
        {"atto": "brucia:x"},
        {"vai": "x"},
        {"aggiungi": "dopo"},
    ],
)
def test_what_no_page_sends_is_not_found(editor, world, processes, wrong):
    assert editor.post(address(world), wrong).status_code == 404


def test_what_is_not_of_the_map_is_left_alone(editor, world, processes):
    data = {"mostrate": "x. -1.a ² " + "9" * 40 + f". {processes[0].pk}.zzz"}
    assert editor.post(address(world), data).status_code == 302
    assert titles(world)[0] == "Processo 1"


def test_who_may_not_write_saves_nothing(client, editor, world, processes):
    data = shown(editor, world) | {name(processes[0], "title"): "Altro"}
    client.force_login(world.auditor)
    assert client.post(address(world), data).status_code == 403
    client.force_login(world.stranger)
    assert client.post(address(world), data).status_code == 404
    client.force_login(world.editor)
    close(world.annex)
    assert client.post(address(world), data).status_code == 403
    assert titles(world)[0] == "Processo 1"


@pytest.mark.parametrize("count", [3, 30, 60])
def test_a_save_costs_fifteen_statements_at_most(editor, world, reading, count):
    row = make_processes(world.annex, count)[0]
    data = shown(editor, world) | {
        name(row, "number"): "900",
        name(row, "title"): "Altro",
        name(row, "risk_area"): "S",
    }
    with CaptureQueriesContext(connection) as captured:
        answer = editor.post(address(world), data)
    assert answer.status_code == 302
    assert reading(captured) <= 15


@pytest.mark.parametrize("count", [3, 60])
def test_a_refused_save_reads_the_same_at_any_size(editor, world, reading, count):
    row = make_processes(world.annex, count)[0]
    data = shown(editor, world) | {name(row, "risk_area"): "nessuna così"}
    with CaptureQueriesContext(connection) as captured:
        answer = editor.post(address(world), data)
    assert NOT_ALL in text_of(answer)
    assert reading(captured) <= 15

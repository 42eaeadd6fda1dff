"""The page of the map: rows saved by themselves, acts on rows, filters, rights, cost."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Action, Phase, Process
from risk.models import Assessment, Coverage, EventCategory, RiskBehaviour
from tests.register import close
from tests.risk.mapping.conftest import make_processes

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"HX-Request": "true"}}


def map_url(world) -> str:
    return reverse("risk:mapping", args=[world.annex.uid])


def save_url(process) -> str:
    return reverse("risk:row_save", args=[process.uid])


def act_url(process, verb: str) -> str:
    return reverse("risk:row_act", args=[process.uid, verb])


def typed(process, **changes) -> dict:
    """Return what the row's inputs send."""
    return {
        "version": process.version,
        "number": process.number,
        "title": process.title,
        "kind": process.kind,
        "macroprocess": process.macroprocess.label if process.macroprocess else "",
        "risk_area": str(process.risk_area or ""),
        "risk_presence": process.risk_presence,
        **changes,
    }


def titles(world) -> list[str]:
    rows = Process.objects.filter(annex=world.annex).in_use().order_by("position")
    return list(rows.values_list("title", flat=True))


@pytest.fixture
def process(world):
    return make_processes(world.annex, 3)[0]


# --- saving a row ----------------------------------------------------------------------------


def test_a_row_saves_by_itself_and_says_so(editor, world, process):
    data = typed(process, title="  Nuovo\r\n nome ", macroprocess="01.11", risk_area="s)")
    answer = editor.post(save_url(process), data, **HTMX).content.decode()
    process.refresh_from_db()
    assert process.title == "Nuovo nome"
    assert (process.macroprocess, process.risk_area) == (world.general, world.digital)
    assert "Salvato" in answer
    assert f'value="{process.version}"' in answer
    assert "Servizi istituzionali, generali e di gestione" in answer
    assert "<textarea" not in answer
    assert process.history.first().history_user == world.editor


def test_without_javascript_the_row_saves_and_the_map_comes_back(editor, world, process):
    answer = editor.post(f"{save_url(process)}?q=processo", typed(process, kind="primary"))
    assert answer.status_code == 302
    assert answer.url == f"{map_url(world)}?q=processo#r-{process.uid}"
    process.refresh_from_db()
    assert process.kind == "primary"


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("number", "2", "è già di «Processo 2»"),
        ("number", "0", "maggiore o uguale a 1"),
        ("number", "dodici", "numero intero"),
        ("title", "", "Scrivi che cosa fa"),
        ("title", "x" * 100_000, "1000 caratteri"),
        ("risk_area", "Agenda digitle", "Agenda Digitale"),
        ("macroprocess", "Organi", "Organi istituzionali"),
        ("kind", "terziario", "terziario"),
    ],
)
def test_what_cannot_stand_is_kept_and_explained(editor, world, process, field, text, words):
    data = typed(process, **{field: text}, risk_presence="present")
    fragment = editor.post(save_url(process), data, **HTMX).content.decode()
    assert words in fragment
    assert "Non salvato" in fragment
    page = editor.post(save_url(process), data)
    (row,) = [row for row in page.context["rows"] if row.form]
    assert row.cells[field].value == text
    assert words in " ".join(row.cells[field].errors)
    process.refresh_from_db()
    assert process.risk_presence == "to_assess"


def test_saving_twice_is_saving_once(editor, world, process):
    data = typed(process, title="Una volta")
    for _time in range(2):
        assert "Salvato" in editor.post(save_url(process), data, **HTMX).content.decode()
    process.refresh_from_db()
    assert process.version == 2


def test_two_people_on_one_field_are_asked(editor, world, process):
    Process.objects.get(pk=process.pk).save()
    other = Process.objects.get(pk=process.pk)
    other.title = "Titolo di altri"
    other.save()
    data = typed(process, title="Titolo mio", kind="support")
    answer = editor.post(save_url(process), data, **HTMX).content.decode()
    assert "Titolo di altri" in answer
    assert "Titolo mio" in answer
    process.refresh_from_db()
    assert (process.title, process.kind) == ("Titolo di altri", "")
    data = {**data, "version": process.version, "tieni-title": "mio", "scelta": "1"}
    assert "data-force" in editor.post(save_url(process), data, **HTMX).content.decode()
    process.refresh_from_db()
    assert (process.title, process.kind) == ("Titolo mio", "support")


# --- acts ------------------------------------------------------------------------------------


def test_a_row_is_added_at_the_end_and_after_another(editor, world, process):
    address = reverse("risk:mapping_add", args=[world.annex.uid])
    editor.post(address, {"title": "In fondo", "risk_area": "D"})
    editor.post(address, {"title": "Dopo il primo", "dopo": process.uid})
    assert titles(world) == ["Processo 1", "Dopo il primo", "Processo 2", "Processo 3", "In fondo"]
    numbers = Process.objects.order_by("position").values_list("number", flat=True)
    assert list(numbers) == [1, 5, 2, 3, 4]


def test_a_row_takes_the_number_it_is_given(editor, world, process):
    address = reverse("risk:mapping_add", args=[world.annex.uid])
    editor.post(address, {"title": "Con numero", "number": "28"}, **HTMX)
    assert Process.objects.get(title="Con numero").number == 28
    answer = editor.post(address, {"title": "Doppio", "number": "28"}, **HTMX).content.decode()
    assert "è già di «Con numero»" in answer
    assert ">&#10;Doppio</textarea>" in answer
    assert Process.objects.count() == 4


def test_a_duplicate_has_the_content_and_no_judgement(editor, world, process):
    phase = Phase.objects.create(process=process, position=1, title="Avvio")
    action = Action.objects.create(phase=phase, position=1, title="Protocollo")
    behaviour = RiskBehaviour.objects.create(process=process, position=1, text="Favorire")
    behaviour.categories.add(EventCategory.objects.create(code="C1", label="Uso improprio"))
    Coverage.objects.create(behaviour=behaviour, phase=phase)
    Coverage.objects.create(behaviour=behaviour, action=action)
    Assessment.objects.create(process=process, method=world.method, level=world.level)
    editor.post(act_url(process, "duplica"), **HTMX)
    copy = Process.objects.get(title="Processo 1", number=4)
    assert titles(world)[:2] == ["Processo 1", "Processo 1"]
    assert copy.uid != process.uid
    (copied,) = copy.behaviours.all()
    assert copied.categories.get().code == "C1"
    covered = {coverage.phase or coverage.action for coverage in copied.coverages.all()}
    assert covered == {copy.phases.get(), copy.phases.get().actions.get()}
    assert not copy.assessments.exists()
    marks = {row.history.first().history_change_reason for row in (copy, copied, copy.phases.get())}
    assert len(marks) == 1


def test_rows_move_and_are_numbered_again(editor, world, process):
    editor.post(act_url(process, "giu"))
    assert titles(world) == ["Processo 2", "Processo 1", "Processo 3"]
    editor.post(act_url(process, "su"))
    editor.post(act_url(process, "su"))
    assert titles(world)[0] == "Processo 1"
    editor.post(act_url(process, "giu"))
    editor.post(reverse("risk:mapping_renumber", args=[world.annex.uid]))
    rows = Process.objects.order_by("position").values_list("number", "title")
    assert list(rows) == [(1, "Processo 2"), (2, "Processo 1"), (3, "Processo 3")]


def test_a_row_goes_to_the_archive_with_a_reason_and_comes_back(editor, world, process):
    refused = editor.post(act_url(process, "archivia"), {"motivo": " "})
    assert "motivo" in refused.content.decode()
    for _time in range(2):
        editor.post(act_url(process, "archivia"), {"motivo": "Non più svolto"})
    process.refresh_from_db()
    assert process.retired_on == datetime.date.today()
    assert titles(world) == ["Processo 2", "Processo 3"]
    assert "Non più svolto" in editor.get(f"{map_url(world)}?archivio=on").content.decode()
    editor.post(act_url(process, "ripristina"))
    assert titles(world)[0] == "Processo 1"


def test_an_unknown_act_is_not_found(editor, world, process):
    assert editor.post(act_url(process, "brucia")).status_code == 404


# --- looking ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=QUALITA", ["Qualità dei servizi"]),
        ("q=agenda", ["Qualità dei servizi"]),
        ("area=S", ["Qualità dei servizi"]),
        ("area=nessuno", ["Processo 2", "Processo 3"]),
        ("macroprocesso=01.11", ["Processo 2"]),
        ("tipo=support", ["Processo 3"]),
        ("presenza=present", ["Processo 2"]),
        ("livello=A", ["Qualità dei servizi"]),
        ("livello=nessuno", ["Processo 2", "Processo 3"]),
        ("tipo=boh&area=boh", ["Qualità dei servizi", "Processo 2", "Processo 3"]),
        ("q=3", ["Processo 3"]),
        ("archivio=on", []),
    ],
)
def test_filters_are_in_the_address(editor, world, process, query, found):
    rows = Process.objects.filter(annex=world.annex)
    rows.filter(number=1).update(
        title="Qualità dei servizi", folded="qualita dei servizi", risk_area=world.digital
    )
    rows.filter(number=2).update(macroprocess=world.general, risk_presence="present")
    rows.filter(number=3).update(kind="support")
    Assessment.objects.create(process=process, method=world.method, level=world.level)
    page = editor.get(f"{map_url(world)}?{query}")
    assert [row.process.title for row in page.context["rows"]] == found


def test_what_still_misses_something_is_a_filter(editor, world, process):
    page = editor.get(f"{map_url(world)}?manca=on")
    assert len(page.context["rows"]) == 3


def test_the_map_is_read_in_pages(editor, world):
    make_processes(world.annex, 120)
    page = editor.get(f"{map_url(world)}?pagina=3")
    assert [row.process.number for row in page.context["rows"]][0] == 61
    assert len(page.context["rows"]) == 30


@pytest.mark.parametrize("count", [3, 60])
def test_the_map_costs_twelve_queries_whatever_its_size(editor, world, reading, count):
    rows = make_processes(world.annex, count, macroprocess=world.general, risk_area=world.digital)
    for row in rows:
        Assessment.objects.create(process=row, method=world.method, level=world.level)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert editor.get(map_url(world)).status_code == 200
    assert reading(captured) <= 12


@pytest.mark.parametrize("count", [3, 60])
@pytest.mark.parametrize(
    "change",
    [
        {"number": "900"},
        {"title": "Altro"},
        {"macroprocess": "Servizi istituzionali, generali e di gestione: altri servizi generali"},
        {"risk_area": "agendadigitale"},
        {"number": "900", "title": "Altro", "risk_area": "S"},
    ],
    ids=lambda change: "+".join(change),
)
def test_saving_a_row_costs_fifteen_queries_at_most(editor, world, reading, count, change):
    process = make_processes(world.annex, count)[0]
    with CaptureQueriesContext(connection) as captured:
        answer = editor.post(save_url(process), typed(process, **change), **HTMX)
    assert "is-saved" in answer.content.decode()
    assert reading(captured) <= 15


# --- rights ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "reads", "writes"),
    [("editor", 200, 302), ("head", 200, 302), ("auditor", 200, 403), ("stranger", 404, 404)],
)
def test_rights(client, world, process, person, reads, writes):
    client.force_login(getattr(world, person))
    assert client.get(map_url(world)).status_code == reads
    posts = {
        save_url(process): typed(process, kind="primary"),
        act_url(process, "giu"): {},
        act_url(process, "duplica"): {},
        reverse("risk:mapping_add", args=[world.annex.uid]): {"title": "Nuovo"},
        reverse("risk:mapping_renumber", args=[world.annex.uid]): {},
    }
    for address, data in posts.items():
        assert client.post(address, data).status_code == writes, address


def test_a_reader_sees_plain_text(client, world, process):
    client.force_login(world.auditor)
    page = client.get(map_url(world)).content.decode()
    assert "Processo 1" in page
    assert "map-input" not in page
    assert "Incolla" not in page


def test_an_annex_that_is_not_open_is_read_by_all(editor, world, process):
    close(world.annex)
    assert "map-input" not in editor.get(map_url(world)).content.decode()
    assert editor.post(save_url(process), typed(process)).status_code == 403


def test_an_empty_map_says_what_to_do(editor, client, world):
    assert "Scrivi il primo processo" in editor.get(map_url(world)).content.decode()
    client.force_login(world.auditor)
    assert "la compila il referente" in client.get(map_url(world)).content.decode()


def test_a_process_is_added_above_the_rows(editor, world):
    make_processes(world.annex, 2)
    address = reverse("risk:mapping_add", args=[world.annex.uid])

    answer = editor.post(address, {"title": "Rilascio carte", "sopra": "1"}, follow=True)

    assert "Aggiunto: n. 3." in answer.content.decode()
    assert Process.objects.get(number=3).title == "Rilascio carte"


def test_what_cannot_be_added_above_is_said_above(editor, world):
    make_processes(world.annex, 2)
    address = reverse("risk:mapping_add", args=[world.annex.uid])

    above = editor.post(address, {"title": " ", "sopra": "1"}).content.decode()
    below = editor.post(address, {"title": " "}).content.decode()

    said = 'class="map-error">Scrivi che cosa fa il processo.</span>'
    assert f'id="aggiungi-errore" {said}' in " ".join(above.split())
    assert f'id="e-nuovo-title" {said}' not in " ".join(above.split())
    assert f'id="aggiungi-errore" {said}' not in " ".join(below.split())
    assert f'id="e-nuovo-title" {said}' in " ".join(below.split())
    assert Process.objects.count() == 2


def test_a_code_stands_above_the_title_where_there_is_one_and_finds_its_row(editor, world, process):
    assert "map-code" not in editor.get(map_url(world)).content.decode()
    process.code = "AP.01.01"
    process.save()
    page = editor.get(map_url(world), {"q": "ap.01"}).content.decode()
    assert page.count('<span class="map-code">AP.01.01</span>') == 1
    assert page.count('class="map-row"') == 1

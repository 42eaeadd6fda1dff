"""A block pasted over phases: texts and executors, from the row and the field it is pasted into."""

import pytest
from django.urls import reverse

from registry.models import Phase
from tests.register import make_phase
from tests.risk.mapping.conftest import make_processes

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(world):
    (process,) = make_processes(world.annex, 1)
    for title in ("Avvio", "Istruttoria", "Chiusura"):
        phase = make_phase(process, title)
        phase.executor_role = world.role
        phase.save()
    return process


def post(client, process, text, *, at=1, start="title", **data):
    address = reverse("risk:phases_paste", args=[process.uid])
    row = process.phases.get(position=at)
    told = {"testo": text, "inizio": start, "riga": row.uid, "dove": "sopra"}
    return client.post(address, {**told, **data})


def take(client, process, text, **data):
    preview = post(client, process, text, **data).context["preview"]
    return post(client, process, text, digest=preview.digest, conferma="1", **data)


def table() -> list[tuple]:
    fields = ("title", "description", "executor_role__code", "executor_office__code")
    return list(Phase.objects.order_by("position").values_list(*fields))


WHOLE = [(title, "", "DIR", None) for title in ("Avvio", "Istruttoria", "Chiusura")]


@pytest.mark.parametrize(
    ("text", "data", "changed"),
    [
        ("Esame\tDirigente\tTributi", {"at": 2}, {1: ("Esame", "", "DIR", "TR")}),
        ("\tDirigente\tSI\nVisto", {"at": 1}, {0: ("Avvio", "", "DIR", "SI"), 1: "Visto"}),
        ("-\tTributi", {"at": 3, "start": "executor_role"}, {2: ("Chiusura", "", None, "TR")}),
        ("SI\nSI", {"start": "executor_office"}, {0: "SI", 1: "SI"}),
        (
            "Esecutore\nDirigente, Tributi\nTributi\n-",
            {},
            {0: ("DIR", "TR"), 1: (None, "TR"), 2: (None, None)},
        ),
        ("Fase\tDescrizione\nAvvio\tDa capo", {}, {0: ("Avvio", "Da capo", "DIR", None)}),
    ],
)
def test_each_line_goes_over_a_phase_and_leaves_the_rest(
    editor, world, process, text, data, changed
):
    answer = take(editor, process, text, **data)

    expected = list(WHOLE)
    for place, told in changed.items():
        title, description, role, office = WHOLE[place]
        if isinstance(told, tuple):
            expected[place] = told if len(told) == 4 else (title, description, *told)
        elif told == "SI":
            expected[place] = (title, description, role, "SI")
        else:
            expected[place] = (told, description, None, None)
    assert table() == expected
    assert f"#fase-{Phase.objects.get(position=min(changed) + 1).uid}" in answer.url
    editor.post(reverse("risk:undo", args=[world.annex.uid]))
    assert table() == WHOLE


def test_what_each_cell_was_is_shown(editor, process):
    page = post(editor, process, "Esame\t-", at=2)
    (line,) = page.context["preview"].lines
    assert [cell.before for cell in line.cells.values()] == ["Istruttoria", "Dirigente"]
    assert "Cambia 2 celle" in page.content.decode()
    assert "al posto di ciò che c’è, da «2. Istruttoria» in giù" in page.content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Uno\nDue\nTre\nQuattro", "in giù ce ne sono 3"),
        ("Fase\tEsecutore\tRuolo\nUno\tDirigente\tDirigente", "Chi esegue è detto due volte"),
        ("Uno\tNessuno", "non è in elenco"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_changes(editor, process, text, said):
    page = post(editor, process, text)
    assert said in page.content.decode()
    preview = page.context.get("preview")
    digest = preview.digest if preview else "x"
    post(editor, process, text, digest=digest, conferma="1")
    assert table() == WHOLE


def test_somebody_elses_change_meanwhile_shows_the_preview_again(editor, process):
    preview = post(editor, process, "Esame").context["preview"]
    Phase.objects.filter(position=1).update(title="Altro")
    page = post(editor, process, "Esame", digest=preview.digest, conferma="1")
    assert "Dall’anteprima qualcosa è cambiato" in page.content.decode()
    assert table()[0][0] == "Altro"

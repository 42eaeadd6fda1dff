"""Measures pasted into the treatment of a process: with steps, indicators, and what they lie on."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from risk.enums import MeasureScope, ProgressKind
from risk.models import ImplementationStep, MeasureTarget, PlannedMeasure, ProgressIndicator
from tests.register import make_behaviour
from tests.risk.mapping.conftest import make_processes
from tests.risk.treatment.conftest import make_measure

pytestmark = pytest.mark.django_db

HEADS = (
    "Misura\tComportamenti\tResponsabile\tFase di attuazione\tEntro il\tIndicatore\tTarget\tTempi"
)


@pytest.fixture
def process(world):
    (process,) = make_processes(world.annex, 1)
    make_measure("MS01", "Rotazione del personale")
    make_measure("MS02", "Doppia firma")
    for text in ("Favorire un utente", "Omettere un controllo"):
        make_behaviour(process, text)
    return process


def post(client, process, text, **data):
    address = reverse("risk:measures_paste", args=[process.uid])
    return client.post(address, {"testo": text, **data})


def take(client, process, text, **data):
    preview = post(client, process, text, **data).context["preview"]
    assert [problem.message for problem in preview.problems] == []
    return post(client, process, text, digest=preview.digest, conferma="1", **data)


def test_lines_become_measures_with_their_steps_and_indicators(editor, world, process):
    text = f"""{HEADS}
MS01 Rotazione del personale\t1, 2\tDirigente\tCalendario\t31/12/2027\tRotazioni\t90%\togni anno
\t\tDirigente\tVerifica\t\tControlli\t1.000\t
Doppia firma\t\t\t\t\t\t\t"""

    answer = take(editor, process, text)

    first, second = PlannedMeasure.objects.order_by("position")
    treatment = reverse("risk:treatment", args=[process.uid])
    assert answer.url == f"{treatment}#misura-{first.uid}"
    assert (first.scope, second.scope) == (MeasureScope.BEHAVIOURS, MeasureScope.PROCESSES)
    assert first.printed_responsible == "Dirigente"
    targets = MeasureTarget.objects.filter(planned_measure=first)
    assert {row.behaviour.text for row in targets} == {
        "Favorire un utente",
        "Omettere un controllo",
    }
    assert MeasureTarget.objects.get(planned_measure=second).process == process
    steps = ImplementationStep.objects.order_by("position")
    assert [
        (row.description, row.due_on, row.timing, row.printed_responsible) for row in steps
    ] == [
        ("Calendario", datetime.date(2027, 12, 31), "ogni anno", ""),
        ("Verifica", None, "", "Dirigente"),
    ]
    indicators = ProgressIndicator.objects.order_by("position")
    assert [(row.label, row.kind, row.target, row.is_master) for row in indicators] == [
        ("Rotazioni", ProgressKind.PERCENTAGE, Decimal(90), True),
        ("Controlli", ProgressKind.QUANTITY, Decimal(1000), False),
    ]
    editor.post(reverse("risk:undo", args=[world.annex.uid]))
    assert not PlannedMeasure.objects.exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Misura ignota", "non è in elenco"),
        ("\t1", "Manca la misura."),
        ("MS01\t7", "non è fra i comportamenti del processo"),
        ("MS01\t\tNessuno", "non è in elenco"),
        ("MS01\t\t\t\t31/12/2027", "Manca la fase di attuazione"),
        ("MS01\t\t\tFase\tprima o poi", "non è una data"),
        ("MS01\t\t\t\t\t\t90%", "Manca l’indicatore"),
        ("MS01\t\t\t\t\tRotazioni\tmolte", "non è un valore"),
        ("MS01\nMS01", "È già nella riga 2."),
        ("MS01\n\t2", "Va nella riga della misura"),
    ],
)
def test_what_is_wrong_is_said_at_its_cell_and_nothing_is_written(editor, process, line, said):
    text = f"{HEADS}\n{line}"
    page = post(editor, process, text)
    assert said in page.content.decode().replace("&#x27;", "’")
    digest = page.context["preview"].digest
    refused = post(editor, process, text, digest=digest, conferma="1")
    assert "Ci sono celle da correggere" in refused.content.decode()
    assert not PlannedMeasure.objects.exists()


def test_a_measure_that_is_there_is_not_put_there_twice(editor, process):
    take(editor, process, "MS01\t1")
    page = post(editor, process, "MS01\t1\nMS01\t2\nMS01\t-")
    assert [problem.row for problem in page.context["preview"].problems] == [1]
    assert "La misura c’è già" in page.content.decode()


def test_columns_are_chosen_and_cells_mended_where_they_stand(editor, process):
    chosen = {"colonna-0": "step", "colonna-1": "measure"}
    page = post(editor, process, "Calendario\tMS0l", **chosen).content.decode()
    assert 'name="cella-1-1"' in page
    assert '<option value="step" selected>' in page
    take(editor, process, "Calendario\tMS0l", **chosen, **{"cella-1-1": "MS01"})
    assert ImplementationStep.objects.get().description == "Calendario"


def test_the_treatment_leads_there(editor, process):
    process.risk_presence = "present"
    process.save()
    page = editor.get(reverse("risk:treatment", args=[process.uid])).content.decode()
    assert reverse("risk:measures_paste", args=[process.uid]) in page

"""What stands after the measures of a register is their programme, whatever its heads and words."""

import datetime

import pytest

from registry.models import ExecutorRole, Process
from risk.models import Assessment, ImplementationStep, Measure, PlannedMeasure
from risk.services.imports import undo_import
from risk.services.imports.report import report_of
from risk.services.plans.making import use_method
from tests.messy_workbooks import as_xlsx
from tests.risk.imports.programmes import HEADS, ROW, make_lists, planned, step_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lists(annex):
    make_lists(annex.plan.administration)


@pytest.mark.parametrize(
    ("head", "said", "timing", "due"),
    [
        ("Tempi di attuazione", "entro il 31/12/2024", "", (2024, 12, 31)),
        ("TEMPISTICA", "31.12.2024", "", (2024, 12, 31)),
        ("Termine di attuazione*", "entro 30-06-24", "", (2024, 6, 30)),
        ("Tempi", "Entro il 1° marzo 2025", "", (2025, 3, 1)),
        ("Termini", datetime.date(2024, 12, 31), "", (2024, 12, 31)),
        ("Scadenza", "31/02/2024", "31/02/2024", None),
        ("Tempi di realizzazione", "in atto", "in atto", None),
        ("Tempi", "2021", "2021", None),
        ("Tempistica", "dal 01/01/2024 al 31/12/2024", "dal 01/01/2024 al 31/12/2024", None),
        ("Tempi", "ogni semestre", "ogni semestre", None),
    ],
)
def test_a_term_is_a_day_or_stays_words(take, head, said, timing, due):
    answers = {"programme": {head.capitalize(): {"is": "measures"}}}
    take([*ROW, said], heads=[*HEADS, head], answers=answers, write=as_xlsx)

    day = datetime.date(*due) if due else None
    assert step_of(planned()) == ("Rotazione", timing, day)
    assert Process.objects.get().times == ""


@pytest.mark.parametrize(
    "head",
    [
        *("Responsabile della misura", "Responsabile attuazione misure", "RESPONSABILE"),
        *("Responsabilità", "Responsabile dell’attuazione", "Soggetti responsabili"),
    ],
)
@pytest.mark.parametrize("said", ["Dirigente", "dirigente"])
def test_a_person_of_the_list_answers_for_the_measure(take, head, said):
    answers = {"programme": {head.capitalize(): {"is": "measures"}}}
    take([*ROW, said], heads=[*HEADS, head], answers=answers)

    assert planned().printed_responsible == "Dirigente"
    assert not planned().steps.exists()
    assert Process.objects.get().responsible == ""


def test_a_person_who_is_not_in_the_list_is_asked(look, take):
    heads, row = [*HEADS, "Responsabile della misura"], [*ROW, "Dirigente Gare"]

    (question,) = look(row, heads=heads).questions

    assert (question.kind, question.value, question.proposed) == (
        *("executor_role", "Dirigente Gare", "DIR"),
    )
    take(row, heads=heads, answers={"executor_role": {"Dirigente Gare": {"new": True}}})
    assert planned().printed_responsible == "Dirigente Gare"


@pytest.mark.parametrize(
    ("heads", "asked"),
    [
        (["Processo", "Rischio", "Misure", "Tempi", "Responsabile"], "Tempi, Responsabile"),
        (["Processo", "Rischio", "Misure", "Responsabilità"], "Responsabilità"),
        (["Processo", "Responsabile", "Rischio", "Misure", "Responsabile"], "Responsabile"),
        (["Processo", "Rischio", "Misure", "Tempi", "Responsabile", "Indicatore"], ""),
        (["Processo", "Rischio", "Misure", "Tempi", "Target"], ""),
        (["Processo", "Tempi", "Responsabile", "Rischio", "Misure"], ""),
        (["Processo", "Tempistica", "Rischio", "Misure"], ""),
        (["Processo", "Rischio", "Misure", "Tempi di attuazione"], ""),
    ],
)
def test_whose_times_and_persons_are_is_asked_once_where_nothing_says_so(look, heads, asked):
    row = ["Gare", "Favori", "Rotazione", "Dirigente", "Dirigente", "Dirigente"]
    questions = look(row[: len(heads)], heads=heads).questions

    found = [one for one in questions if one.kind == "programme"]
    assert [one.value for one in found] == ([asked] if asked else [])
    assert all(one.proposed == "measures" for one in found)


def test_what_a_person_calls_the_process_s_is_the_process_s(take):
    heads = [*HEADS, "Tempi", "Responsabile"]
    answers = {"programme": {"Tempi, Responsabile": {"is": "process"}}}
    take([*ROW, "30 giorni", "Dirigente"], heads=heads, answers=answers)

    process = Process.objects.get()
    assert (process.times, process.responsible) == ("30 giorni", "Dirigente")
    assert not planned().steps.exists()


def test_before_the_measures_they_are_the_process_s(take):
    heads = ["Processo", "Tempistica", "Responsabile", "Rischio", "Misure"]
    take(["Gare", "30 giorni", "Dirigente", "Favori", "Rotazione"], heads=heads)

    process = Process.objects.get()
    assert (process.times, process.responsible) == ("30 giorni", "Dirigente")
    assert planned().printed_responsible == ""


def test_steps_have_the_words_of_the_file_one_for_each_row_of_a_measure(take):
    heads = ["Processo", "Rischio", "Misure", "Fasi di attuazione", "Tempi di attuazione"]
    take(
        ["Gare", "Favori", "Rotazione", "Bozza", "30/06/2024"],
        [None, None, None, "Adozione", "31/12/2024"],
        heads=heads,
        merges=[(2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 3, 3)],
        write=as_xlsx,
    )

    steps = planned().steps.order_by("position").values_list("description", "due_on")
    assert list(steps) == [
        ("Bozza", datetime.date(2024, 6, 30)),
        ("Adozione", datetime.date(2024, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("da attuare", "to_start"),
        ("In corso di attuazione", "in_progress"),
        ("in atto", "continuous"),
        ("attuato", "done"),
        ("boh", "unknown"),
    ],
)
def test_a_state_is_kept_or_said_not_to_be_known(take, look, said, state):
    heads = [*HEADS, "Stato di attuazione"]
    take([*ROW, said], heads=heads)

    assert planned().start_state == state
    notes = report_of(look(["Altro", "Favori", "Formazione", said], heads=heads))["notes"]
    assert bool(notes) == (state == "unknown")


@pytest.mark.parametrize("said", ["Controllo", "misure di controllo", "CTRL"])
def test_a_new_measure_gets_its_typology(take, said):
    heads = [*HEADS, "Tipologia di misura"]
    answers = {"measure": {"Registro degli accessi": {"new": True}}}
    take(["Gare", "Favori", "Registro degli accessi", said], heads=heads, answers=answers)

    new = Measure.objects.get(label="Registro degli accessi")
    assert [one.code for one in new.typologies.all()] == ["CTRL"]


def test_a_typology_nobody_knows_is_said(look):
    (note,) = report_of(look([*ROW, "Varie"], heads=[*HEADS, "Tipologia di misura"]))["notes"]

    assert (note["value"], "D2" in note["reason"]) == ("Varie", True)


def test_a_measure_beside_one_of_several_behaviours_treats_that_one(take, look):
    rows = [
        ["Gare", "Favori", "Rotazione", "31/12/2024"],
        ["Gare", "Ritardi", "Formazione", "in atto"],
        ["Mense", "Favori", "Rotazione", "31/12/2024"],
        ["Asili", "Favori", "Rotazione", "30/06/2024"],
    ]
    heads = [*HEADS, "Tempi di attuazione"]
    take(*rows, heads=heads)

    told = {
        (row.measure.label, row.steps.get().due_on, str(target))
        for row in PlannedMeasure.objects.all()
        for target in row.targets.all()
    }
    last, june = datetime.date(2024, 12, 31), datetime.date(2024, 6, 30)
    mense, asili = (str(Process.objects.get(title=title)) for title in ("Mense", "Asili"))
    assert told == {
        ("Rotazione", last, "Favori"),
        ("Formazione", None, "Ritardi"),
        ("Rotazione", last, mense),
        ("Rotazione", june, asili),
    }
    assert look(*rows, heads=heads).writes_nothing


def test_another_programme_than_the_register_s_is_said_and_changes_nothing(take, look):
    heads = [*HEADS, "Tempi di attuazione"]
    take([*ROW, "31/12/2024"], heads=heads)

    again = look([*ROW, "30/06/2025"], heads=heads)

    assert again.writes_nothing
    assert ["già programmata" in note.reason for note in again.notes] == [True]


def test_the_page_tells_the_programme_and_undoing_takes_all_of_it_back(take, look, rpct):
    heads = [*HEADS, "Tipologia", "Tempi", "Indicatore", "Target 2024", "Responsabile"]
    row = ["Gare", "Favori", "Registro", "Controllo", "31/12/2024", "% atti", "80%", "Segretario"]
    answers = {
        "measure": {"Registro": {"new": True}},
        "executor_role": {"Segretario": {"new": True}},
    }
    told = {change.label for change in look(row, heads=heads, answers=answers).changes.added}
    assert {
        "Registro – Segretario",
        "Registro – entro il 31/12/2024",
        "% atti – 80 % – 2024",
    } <= told

    taken = take(row, heads=heads, answers=answers)
    row = planned()
    assert (row.printed_responsible, row.steps.count(), row.progress_indicators.count()) == (
        *("Segretario", 1, 1),
    )

    undo_import(register_import=taken, by=rpct)
    assert not PlannedMeasure.objects.exists()
    assert not Measure.objects.filter(label="Registro").exists()
    assert not ExecutorRole.objects.filter(label="Segretario").exists()


def test_what_stands_beside_no_measure_is_said_to_be_left_out(look):
    heads = [*HEADS, "Tempi di attuazione"]
    (note,) = report_of(look(ROW + [None], ["Mense", "Favori", None, "2021"], heads=heads))["notes"]

    assert (note["value"], "D3" in note["reason"]) == ("2021", True)


@pytest.mark.parametrize(
    "head", ["Rischio residuo", "LIVELLO RESIDUO", "Livello di rischio residuo"]
)
def test_a_residual_level_is_a_judgement_of_its_own(annex, methods, take, look, head):
    use_method(plan=annex.plan, method=methods["PNA2019"], is_default=True, by=None)
    rows = [
        ["Gare", "Favori", "ALTO", "BASSO"],
        ["Mense", "Favori", "ALTO", "MEDIO"],
        ["Mense", "Ritardi", "MEDIO", "BASSO"],
    ]
    heads = ["Processo", "Rischio", "Rischio inerente", head]
    take(*rows, heads=heads)

    told = {
        (str(row.behaviour or row.process.title), row.moment, row.level.label)
        for row in Assessment.objects.all()
    }
    assert told == {
        *(("Gare", "inherent", "ALTO"), ("Gare", "residual", "BASSO")),
        *(("Favori", "inherent", "ALTO"), ("Favori", "residual", "MEDIO")),
        *(("Ritardi", "inherent", "MEDIO"), ("Ritardi", "residual", "BASSO")),
    }
    assert look(*rows, heads=heads).writes_nothing
    (change,) = look(["Gare", "Favori", "ALTO", "MEDIO"], heads=heads).changes.changed
    assert [(one.before, one.after) for one in change.changes] == [("BASSO", "MEDIO")]


def test_a_method_without_residual_risk_leaves_it_out_and_says_so(annex, methods, look):
    use_method(plan=annex.plan, method=methods["SCALA7"], is_default=True, by=None)
    heads = ["Processo", "Rischio", "Rischio inerente", "Rischio residuo"]

    preview = look(["Gare", "Favori", "ALTO", "BASSO"], heads=heads)

    assert any("non ha il rischio residuo" in note.reason for note in preview.notes)
    assert not any("residuo" in row.label for row in preview.changes.added)


def test_a_measure_over_two_rows_with_the_same_term_is_to_be_done_once(take):
    heads = ["Processo", "Evento rischioso", "Misure", "Termine di attuazione"]
    rows = [
        ("Gare", "Favori", "Formazione", "31/12/2021"),
        ("", "Ritardi", "", "31/12/2021"),
        ("", "Omissioni", "", "30/06/2022"),
    ]
    take(*rows, heads=heads, merges=[(2, 1, 4, 1), (2, 3, 4, 3)], write=as_xlsx)

    assert [str(step.due_on) for step in ImplementationStep.objects.order_by("position")] == [
        *("2021-12-31", "2022-06-30")
    ]


@pytest.mark.parametrize(
    ("often", "mode", "frequency"),
    [
        ("Semestrale", "Relazione al RPCT", "half_yearly"),
        ("ogni anno.", "Relazione al RPCT", "yearly"),
        # what is no frequency of the register is kept as words
        ("a ogni seduta", "Relazione al RPCT, a ogni seduta", ""),
    ],
)
def test_how_and_how_often_a_measure_is_monitored(take, often, mode, frequency):
    heads = [*HEADS, "Modalità di monitoraggio", "Periodicità del monitoraggio"]
    take([*ROW, "Relazione al RPCT", often], heads=heads)

    assert (planned().monitoring_mode, planned().monitoring_frequency) == (mode, frequency)

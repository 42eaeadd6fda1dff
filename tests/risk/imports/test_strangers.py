"""Registers as strangers keep them: nothing beside, under or inside a table is misplaced."""

import datetime

import pytest

from risk.models import Measure
from risk.services.imports import preview_import
from risk.services.imports.parse.programme_words import day_of
from risk.services.imports.report import report_of
from tests.messy_workbooks import Grid, as_xlsx
from tests.register import use_method
from tests.risk.imports.test_rows_of_nobody import added

pytestmark = pytest.mark.django_db

HEADS = ["Processo", "Rischio", "Livello"]
GARE, ATTI = ("Gare", "Favori", "Alto"), ("Atti", "Ritardo", "Basso")


@pytest.fixture(autouse=True)
def _method(annex, methods):
    use_method(annex, methods["PNA2019"])


def told(preview):
    """What a preview says with its places, in one text."""
    return " | ".join(f"{one.row}{one.column} {one.value} {one.reason}" for one in preview.notes)


def levels(preview):
    """The judged things with their levels, by the words of the preview."""
    rows = preview.changes.created
    return [row.level.label for model, some in rows.items() for row in some if _is_judged(model)]


def _is_judged(model):
    return model.__name__ == "Assessment"


# under the table


@pytest.mark.parametrize(
    "foot",
    [
        [(), ("Gruppo di lavoro",), ("Nome", "Ruolo", "Firma"), ("Ada Prova", "Dirigente", "")],
        [(), ("Nome e cognome", "Qualifica"), ("Ada Prova", "Dirigente"), ("Bice Prova", "RPCT")],
        [
            (),
            (),
            ("Rev.", "Data", "Descrizione della modifica"),
            ("1", "1/2/2021", "Prima stesura"),
        ],
        [
            (),
            ("Redatto da", "Verificato da", "Approvato da"),
            ("Ada Prova", "B. Prova", "C. Prova"),
        ],
    ],
)
def test_people_and_revisions_under_a_table_are_none_of_it(look, foot):
    preview = look(GARE, ATTI, *foot, heads=HEADS, write=as_xlsx)

    assert (preview.problems, preview.questions) == ([], [])
    assert added(preview, "process") == ["Gare", "Atti"]
    assert added(preview, "riskbehaviour") == ["Favori", "Ritardo"]
    assert "persone, firme o revisioni" in told(preview)
    assert not preview.ledger.account.unclaimed()


@pytest.mark.parametrize(
    "row",
    [
        # no blank row parts it, or its words are those of a process
        ("Nome", "Firma", ""),
        ("Firma digitale", "Uso improprio", "Alto"),
    ],
)
def test_a_process_with_words_of_people_is_one(look, row):
    gap = [()] if row[2] else []
    preview = look(GARE, *gap, row, heads=HEADS, write=as_xlsx)

    assert added(preview, "process") == ["Gare", row[0]]


# levels where risks are expected


@pytest.mark.parametrize(
    ("heads", "rows", "risks"),
    [
        (["Processo", "Evento", "Rischio"], [("Gare", "Favori", "Alto")], ["Favori"]),
        (["Processo", "Rischio", "Evento"], [("Gare", "Alto", "Favori")], ["Favori"]),
        (["Processo", "Rischio"], [("Gare", "Alto"), ("Atti", "Medio")], []),
        (["Processo", "Rischio"], [("Gare", "Alto rischio di favori")], ["Alto rischio di favori"]),
    ],
)
def test_a_word_of_a_scale_is_a_level_and_no_risk(look, heads, rows, risks):
    preview = look(*rows, heads=heads)

    assert (preview.problems, preview.questions) == ([], [])
    assert added(preview, "riskbehaviour") == risks
    assert len(levels(preview)) == sum(row[1:].count("Alto") + ("Medio" in row) for row in rows)


def test_a_level_among_risks_is_said_and_left_out(look):
    preview = look(("Gare", "• Favori\n• Medio", "Alto"), ATTI, heads=HEADS)

    assert added(preview, "riskbehaviour") == ["Favori", "Ritardo"]
    assert "«Medio» fra i rischi è un livello" in told(preview)


@pytest.mark.parametrize(
    ("text", "likely"), [("12 - ALTO", "A"), ("1. Medio", "M"), ("Medio/Alto", ""), ("Forse", "")]
)
def test_the_only_level_among_the_words_is_likely(look, text, likely):
    [question] = look(("Gare", "Favori", text), heads=HEADS).questions

    assert (question.kind, question.proposed) == ("level", likely)


@pytest.mark.parametrize("text", ["Alta", "media", "BASSA"])
def test_a_level_agrees_with_what_it_is_said_of(look, text):
    preview = look(("Gare", "Favori", text), heads=HEADS)

    assert preview.questions == []
    assert len(levels(preview)) == 1


# columns of yes and no


def test_measures_in_columns_of_yes_and_no(annex, look, rpct):
    heads = ["Processo", "Rischio", "Formazione", "Rotazione"]
    for code, label in (("F1", "Formazione"), ("R1", "Rotazione")):
        Measure.objects.create(administration=annex.plan.administration, code=code, label=label)
    preview = look(("Gare", "Favori", "Sì", "No"), ("Atti", "Ritardo", "no", "si"), heads=heads)

    assert (preview.problems, preview.questions) == ([], [])
    assert sorted(added(preview, "plannedmeasure")) == ["Formazione", "Rotazione"]
    [unread] = [
        note for note in report_of(preview)["notes"] if "segnate con un no" in note["reason"]
    ]
    assert "C3, D2" in unread["reason"]


# beside each other


def test_forms_beside_each_other_are_two_processes(annex, rpct):
    rows = [
        ["Processo", "Gare", "", "Processo", "Atti"],
        ["Evento rischioso", "Favori", "", "Evento rischioso", "Ritardo"],
        ["Livello di rischio", "Alto", "", "Livello di rischio", "Basso"],
        ["Motivazione", "Molti interessi", "", "Motivazione", "Tutto è tracciato"],
    ]
    preview = preview_import(
        plan=annex.plan, office=annex.office, content=as_xlsx(Grid(rows)), filename="r", by=rpct
    )

    assert (preview.problems, preview.questions) == ([], [])
    assert added(preview, "process") == ["Gare", "Atti"]
    assert {(one.process, one.label) for one in preview.changes.added} >= {
        ("Gare", "Favori"),
        ("Atti", "Ritardo"),
    }
    assert levels(preview) == ["ALTO", "BASSO"]
    assert not preview.ledger.account.unclaimed()


# over the table


@pytest.mark.parametrize(
    ("title", "area"),
    [
        ("AREA F: Entrate", "F"),
        ("Area F – Entrate", "F"),
        ("Area B) Entrate", "F"),
        ("AREA POLITICHE DEL PERSONALE", ""),
        ("Area tecnica: lavori", ""),
    ],
)
def test_a_lettered_area_over_a_table_is_that_of_its_rows(look, title, area):
    preview = look(HEADS, GARE, heads=[title], write=as_xlsx)

    [process] = [
        row for model, rows in preview.changes.created.items() for row in rows
        if model.__name__ == "Process"
    ]  # fmt: skip
    assert (process.risk_area.code if process.risk_area else "") == area


# after the measures


def test_years_behind_an_indicator_are_asked_about_as_its_targets(look):
    heads = ["Processo", "Rischio", "Misure", "Indicatore", "2021", "2022", "Note"]
    preview = look(("Gare", "Favori", "Formazione", "n. corsi", "1", "2", ""), heads=heads)

    asked = {one.value: one.proposed for one in preview.questions if one.kind == "column"}
    assert asked == {"2021": "measure_target:2021", "2022": "measure_target:2022"}


@pytest.mark.parametrize(
    ("existing", "planned", "measures"),
    [
        ("Formazione; Rotazione", "Controlli", ["Controlli", "Formazione", "Rotazione"]),
        ("Formazione; mai vista", "Rotazione", ["Formazione; mai vista", "Rotazione"]),
    ],
)
def test_known_measures_on_a_line_are_several_beside_another_column(
    annex, look, existing, planned, measures
):
    for label in ("Formazione", "Rotazione", "Controlli"):
        Measure.objects.create(
            administration=annex.plan.administration, code=label[:3], label=label
        )
    heads = ["Processo", "Rischio", "Misure in essere", "Misure da attuare"]
    answers = {"measure": {"Formazione; mai vista": {"new": True}}}
    preview = look(("Gare", "Favori", existing, planned), heads=heads, answers=answers)

    assert preview.questions == []
    assert sorted(added(preview, "plannedmeasure")) == measures


@pytest.mark.parametrize("head", ["Risultato atteso", "Risultati attesi"])
def test_what_is_expected_of_a_measure_is_no_output(look, head):
    heads = ["Processo", "Rischio", "Misure", "Indicatore", head]
    preview = look(("Gare", "Favori", "Formazione", "n. corsi", "2"), heads=heads)

    table = preview.recognised.tables[0]
    assert table.mapping[5] == "measure_target"


@pytest.mark.parametrize(
    "text",
    ["2021-12-31 0:00:00", "31/12/2021 00:00", "2021/12/31", datetime.datetime(2021, 12, 31, 0, 0)],
)
def test_the_midnight_of_a_day_is_that_day(text):
    assert day_of(text) == datetime.date(2021, 12, 31)


def test_another_hour_is_words():
    assert day_of("31/12/2021 12:30") is None


# several in one cell


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("1. Bando\n2. Prove\n3. Stipula", ["Bando", "Prove", "Stipula"]),
        ("- Bando\n- Prove", ["Bando", "Prove"]),
        ("Bando\ne prove", ["Bando e prove"]),
        ("1. Bando", ["1. Bando"]),
    ],
)
def test_phases_listed_in_one_cell_are_several(look, text, phases):
    heads = ["Processo", "Attività che scandiscono e compongono il processo", "Rischio", "Livello"]
    preview = look(("Gare", text, "Favori", "Alto"), heads=heads, write=as_xlsx)

    assert added(preview, "phase") == phases
    assert added(preview, "riskbehaviour") == ["Favori"]
    [coverages] = [
        by_relations for model, by_relations in preview.changes.tied.items()
        if model.__name__ == "Coverage"
    ]  # fmt: skip
    assert sum(map(len, coverages.values())) == len(phases)
    # of the process, as where the cell is merged over its rows
    assert levels(preview) == ["ALTO"]


def test_a_bullet_without_its_font_is_one(look):
    preview = look(("Gare", "§ Favori\n§ Ritardo", "Alto"), heads=HEADS)

    assert added(preview, "riskbehaviour") == ["Favori", "Ritardo"]


# beside the table


@pytest.mark.parametrize(("head", "is_legend"), [("Legenda", True), ("Protocollo", False)])
def test_a_legend_beside_a_table_says_what_is_likely(look, head, is_legend):
    rows = [
        ("Gare", "Favori", "3", "1", "Basso"),
        ("Atti", "Ritardo", "1", "2", "Medio"),
        ("Mensa", "Favori", "2", "3", "Alto"),
    ]
    preview = look(*rows, heads=[*HEADS, head, ""])

    proposed = {one.value: one.proposed for one in preview.questions if one.kind == "level"}
    assert proposed == ({"3": "A", "1": "B", "2": "M"} if is_legend else dict.fromkeys("312", ""))
    assert all(("legenda" in one.reason) is is_legend for one in preview.questions)

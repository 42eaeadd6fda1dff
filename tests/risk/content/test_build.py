"""The context built from the register."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.text import capfirst

from registry.models import Annex, Process
from risk.content.build import build_document
from risk.content.reading import read_annex
from risk.content.texts import UnresolvedField
from risk.enums import Layout
from risk.forms.process_sheet.sheet import ConditionsForm, FlowForm, IdentityForm
from risk.models import Assessment, MeasureTarget, PlannedMeasure, RiskBehaviour
from risk.paper.html import render_html
from tests.risk.paper import register

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    return register.body()


def fresh(known):
    return Annex.objects.with_names().get(pk=known.annex.pk)


def test_the_catalogue_prints_the_labels_of_the_catalogues(known):
    register.process(known, number=1)
    document = build_document(read_annex(fresh(known)))
    (row,) = document.catalogue
    assert row.kind == "Processo primario"
    assert row.function == "Servizi generali"
    assert row.macroprocess == "Servizi generali: Altri servizi"
    assert (row.number, row.title) == ("1", "Affidamento 1")
    assert row.area == "D) Contratti (generale)"
    assert row.office == "SERVIZIO GARE"
    assert str(document.head) == "Dott.ssa Elvira Nardi"
    assert document.is_draft


def test_an_empty_field_prints_a_dash(known):
    register.process(known, number=1)
    known.annex.processes.update(kind="", macroprocess=None, risk_area=None, objective="")
    document = build_document(read_annex(fresh(known)))
    row = document.catalogue[0]
    assert {row.kind, row.function, row.macroprocess, row.area} == {"—"}
    assert document.table[0].objective == "—"
    assert "Vincoli del processo" in [entry.label for entry in document.sheets[0].entries]


def test_an_action_covered_shows_on_its_phase(known):
    register.process(known, number=1)
    (row,) = build_document(read_annex(fresh(known))).table
    assert [[b.text for b in phase.behaviours] for phase in row.phases] == [
        ["Rischio 1.1"],
        ["Rischio 1.1", "Rischio 1.2"],
    ]


def test_a_behaviour_that_covers_nothing_is_not_lost(known):
    process = register.process(known, number=1)
    RiskBehaviour.objects.create(process=process, position=9, text="Ancora sospeso")
    last = build_document(read_annex(fresh(known))).table[0].phases[-1]
    assert last.title == "—"
    assert [behaviour.text for behaviour in last.behaviours] == ["Ancora sospeso"]


def test_the_level_is_the_own_one_or_the_highest_of_the_behaviours(known):
    process = register.process(known, number=1)
    level = build_document(read_annex(fresh(known))).table[0].level
    assert (level.label, level.tone, level.derived) == ("ALTO", "high", True)
    Assessment.objects.create(process=process, method=known.method, level=known.low)
    level = build_document(read_annex(fresh(known))).table[0].level
    assert (level.label, level.tone, level.derived) == ("BASSO", "low", False)


def test_a_residual_level_does_not_hide_the_inherent_one(known):
    process = register.process(known, number=1)
    for moment, level in (("residual", known.low), ("inherent", known.high)):
        Assessment.objects.create(process=process, method=known.method, level=level, moment=moment)
    assert build_document(read_annex(fresh(known))).table[0].level.label == "ALTO"


def test_a_process_without_assessment_has_no_level(known):
    register.process(known, number=1)
    Assessment.objects.all().delete()
    assert build_document(read_annex(fresh(known))).table[0].level is None


def test_measures_of_the_plan_reach_every_process(known):
    register.process(known, number=1)
    register.process(known, number=2)
    MeasureTarget.objects.all().delete()
    PlannedMeasure.objects.all().delete()
    PlannedMeasure.objects.create(plan=known.plan, measure=known.measure, scope="plan")
    document = build_document(read_annex(fresh(known)))
    assert [[text for _uid, text in row.measures] for row in document.table] == [["Rotazione"]] * 2
    assert document.sheets[0].measures[0].entries[0].lines == ("tutto il piano",)


def test_the_paper_calls_a_field_as_the_screen_does(known):
    register.process(known, number=1)
    (sheet,) = build_document(read_annex(fresh(known))).sheets
    words = [entry.word for entry in sheet.entries]
    names = [*IdentityForm.Meta.fields, *FlowForm.Meta.fields, *ConditionsForm.Meta.fields]
    fields = [Process._meta.get_field(name) for name in names if name not in ("title", "code")]
    assert [
        field.name
        for field in fields
        if not any(word.startswith(str(capfirst(field.verbose_name))) for word in words)
    ] == []


def test_the_sheet_tells_the_programming_in_italian(known):
    register.process(known, number=1)
    (sheet,) = build_document(read_annex(fresh(known))).sheets
    told = {entry.label: entry.lines for entry in sheet.measures[0].entries}
    assert told["Fasi e tempi di attuazione"] == (
        "1. Scrivere il regolamento: entro l’estate, entro il 30/06/2021",
    )
    assert told["Indicatori di attuazione"] == (
        "Incarichi ruotati (percentuale): valore di partenza 12,5 %",
    )
    assert told["Valore target"] == ("80 % entro il 31/12/2021",)
    assert told["Soggetto responsabile"] == ("RUP",)


def test_what_is_not_programmed_is_named_in_one_line(known):
    register.process(known, number=1)
    known.annex.planned_measures.update(responsible_role=None)
    (sheet,) = build_document(read_annex(fresh(known))).sheets
    last = sheet.measures[0].entries[-1]
    assert last.label == "Non ancora indicati"
    assert last.lines == (
        "tipologia, stato di attuazione al 1° gennaio, modalità di attuazione, "
        "soggetto responsabile",
    )


def test_the_sheet_tells_phases_behaviours_and_ratings(known):
    register.process(known, number=1)
    (sheet,) = build_document(read_annex(fresh(known))).sheets
    assert [phase.behaviours for phase in sheet.phases] == ["1", "2"]
    assert sheet.phases[1].actions[0].behaviours == "1"
    assert sheet.phases[1].actions[0].executor == "RUP"
    first = sheet.behaviours[0]
    assert first.entries[0].lines == ("1. Fase 1.1", "2.1 Azione")
    assert first.entries[2].lines == ("Pochi controlli",)
    rating = first.assessments[0].ratings[0]
    assert (rating.indicator, rating.value, rating.evidence) == (
        "Discrezionalità",
        "Molta (2,5)",
        "Un reclamo.",
    )


def test_a_retired_process_is_not_printed(known):
    register.process(known, number=1)
    known.annex.processes.update(retired_on="2021-01-01", retired_reason="Non si fa più.")
    document = build_document(read_annex(fresh(known)))
    assert (document.catalogue, document.table, document.sheets) == ((), (), ())


def test_the_nearest_text_block_is_printed(known):
    owned = {"administration": known.administration}
    register.text_block(known, slot="title", text="Nazionale")
    register.text_block(known, slot="closing", text="Nazionale")
    register.text_block(known, slot="closing", text="Del Comune", **owned)
    register.text_block(known, slot="note", text="Del Comune", **owned)
    register.text_block(known, slot="note", text="{{piano}}: {{ufficio}}", plan=known.plan, **owned)
    texts = build_document(read_annex(fresh(known))).texts_of("catalogo")
    assert (texts.title, texts.closing) == ("Nazionale", "Del Comune")
    assert texts.note == "PTPCT 2021/2023: SERVIZIO GARE"


def test_an_unresolved_field_stops_the_export_with_its_name(known):
    register.text_block(known, slot="note", text="Firmato: {{sindaco}}")
    with pytest.raises(UnresolvedField, match="sindaco"):
        build_document(read_annex(fresh(known)))


def queries_of(known):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        build_document(read_annex(fresh(known)))
    return len(captured)


def test_queries_do_not_grow_with_the_register(known):
    register.process(known, number=1)
    with_one = queries_of(known)
    for number in (2, 3, 4):
        register.process(known, number=number)
    assert queries_of(known) == with_one
    assert with_one <= 25


@pytest.mark.parametrize("layout", Layout.values)
def test_every_layout_prints_what_is_in_the_register(known, layout):
    register.process(known, number=1)
    html = render_html(build_document(read_annex(fresh(known))), layout=layout)
    assert "Affidamento 1" in html
    assert "SERVIZIO GARE" in html


def test_no_primary_key_is_printed(known):
    for number in (1, 2):
        register.process(known, number=number)
    known.annex.processes.filter(number=1).delete()
    html = render_html(build_document(read_annex(fresh(known))), layout="completo")
    # which ends like the key of an eighth row
    html = html.replace('charset="utf-8"', "")
    process = known.annex.processes.get()
    for row in (process, *process.phases.all(), *process.behaviours.all()):
        assert f'-{row.pk}"' not in html

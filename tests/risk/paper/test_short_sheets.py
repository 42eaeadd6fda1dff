"""Sheets on paper: a measure in full once, what is empty in one line, nothing lost."""

from dataclasses import replace

import pytest

from risk.content.values import DASH, Entry, SheetAssessment, SheetRating
from risk.paper.html import render_pdf
from risk.paper.joining import places_of
from risk.paper.name_trees import bare
from risk.paper.short_sheets import SaidMeasure, ShortSheet, shortened
from tests.risk.paper import samples
from tests.risk.paper.conftest import Printed
from tests.risk.paper.reading import text_of


def with_measures(number: int, *measures):
    return replace(samples.sheet(number), measures=measures)


def on_paper(measure):
    (sheet,) = shortened([with_measures(1, measure)])
    return sheet.measures[0]


def test_a_measure_is_programmed_once_and_referred_to_with_what_differs():
    (whole, other) = samples.sheet(1).measures
    place = [entry.label for entry in whole.entries].index("Ambito")
    scope = replace(whole.entries[place], lines=("la fase 2",))
    here = replace(whole, entries=(*whole.entries[:place], scope, *whole.entries[place + 1 :]))
    later = replace(here, entries=(*here.entries[:-1], Entry("Valore target", ("7",))))
    first, second, third, fourth = shortened(
        [
            with_measures(1, whole, other),
            with_measures(2, whole),
            with_measures(3, here, other),
            with_measures(4, later),
        ]
    )
    assert first.measures == (on_paper(whole), on_paper(other))
    assert second.measures == (SaidMeasure(whole.uid, whole.title, whole.kind, said_on="1"),)
    assert [one.said_on for one in third.measures] == ["1", "1"]
    assert third.measures[0].entries == (Entry("Ambito", ("la fase 2",)),)
    # another programme is told in full
    assert fourth.measures == (on_paper(later),)


def test_what_is_empty_is_named_in_one_line_and_one_alone_stays_where_it_is():
    filled, empty = Entry("Obiettivo", ("Uno",)), [Entry("Vincoli"), Entry("Risorse")]
    (sheet, other) = shortened(
        [
            replace(samples.sheet(), entries=(empty[0], filled, empty[1])),
            replace(samples.sheet(2), entries=(empty[0], filled)),
        ]
    )
    assert sheet.entries == (filled, Entry("Non ancora indicati", ("vincoli; risorse",)))
    assert other.entries == (empty[0], filled)


def test_only_a_sheet_without_more_than_a_description_shares_its_page():
    bare = replace(
        samples.sheet(2),
        entries=(Entry("Obiettivo", ("Uno",)), Entry("Vincoli")),
        phases=(),
        behaviours=(),
        assessments=(),
        measures=(),
        presence="Assente",
        presence_reason="Motivo.",
    )
    long = replace(bare, uid="lungo", entries=(Entry("Obiettivo", ("parola " * 200,)),))
    whole, short, still_long = shortened([samples.sheet(1), bare, long])
    assert [isinstance(one, ShortSheet) for one in (whole, short, still_long)] == [0, 1, 0]
    assert short.entries == (
        Entry("Obiettivo", ("Uno",)),
        Entry("Fasi e azioni", ("non ancora indicate",)),
        Entry("Presenza del rischio", ("Assente", "Motivo.")),
    )
    assert short.unsaid == "vincoli"


@pytest.mark.parametrize(
    ("indicators", "targets", "lines"),
    [
        (["Atti"], ["7"], ("Atti; valore target 7",)),
        (["Atti", "Corsi"], ["7", "9"], ("Atti; valore target 7", "Corsi; valore target 9")),
        (["Atti", "Corsi"], ["7"], None),
        ([], [], None),
    ],
)
def test_an_indicator_has_its_target_beside_it_where_each_has_one(indicators, targets, lines):
    entries = (
        Entry("Indicatori di attuazione", tuple(indicators)),
        Entry("Valore target", tuple(targets)),
        Entry("Soggetto responsabile", ("RPCT",)),
    )
    (measure,) = samples.sheet(1).measures[:1]
    (sheet,) = shortened([with_measures(1, replace(measure, entries=entries))])
    pair = Entry("Indicatori e valori target", lines or ())
    expected = entries if lines is None else (pair, entries[2])
    assert sheet.measures[0].entries == expected


LONG = "comportamento 1. " + "parola " * 12
KIND, SCOPE, STATE = "Tipologia", "Ambito", "Stato di attuazione al 1° gennaio"
WHO, WATCH = "Soggetto responsabile", "Monitoraggio"


@pytest.mark.parametrize(
    ("entries", "lines"),
    [
        (
            {KIND: ("Controllo", "Rotazione"), SCOPE: ("il processo",), STATE: ("attuata",)},
            {
                KIND: "Controllo; Rotazione · ambito: il processo · "
                "stato di attuazione al 1° gennaio: attuata"
            },
        ),
        # the first of a line is left alone, not its last
        (
            {KIND: ("Misure di controllo" * 3,), SCOPE: ("il processo",), STATE: ("attuata",)},
            {
                KIND: "Misure di controllo" * 3,
                SCOPE: "il processo · stato di attuazione al 1° gennaio: attuata",
            },
        ),
        (
            {KIND: ("Controllo",), SCOPE: (LONG, LONG), STATE: ("attuata",)},
            {KIND: "Controllo", SCOPE: (LONG, LONG), STATE: "attuata"},
        ),
        (
            {WHO: ("RPCT",), WATCH: ("semestrale", "L’ufficio scrive.")},
            {WHO: "RPCT · monitoraggio: semestrale: L’ufficio scrive."},
        ),
        (
            {STATE: ("attuata",), "Modalità di attuazione": ("Sì.",), WHO: ("RPCT",)},
            {STATE: "attuata", "Modalità di attuazione": "Sì.", WHO: "RPCT"},
        ),
        ({SCOPE: ("il processo",), STATE: ()}, {SCOPE: "il processo", STATE: ()}),
    ],
)
def test_what_is_short_shares_lines_and_nothing_is_lost(entries, lines):
    (measure,) = samples.sheet(1).measures[:1]
    told = tuple(Entry(label, said) for label, said in entries.items())
    found = on_paper(replace(measure, entries=told)).entries
    expected = {label: one if isinstance(one, tuple) else (one,) for label, one in lines.items()}
    assert {entry.label: entry.lines for entry in found} == expected


def test_the_day_of_an_assessment_stands_in_its_head():
    day = Entry("Data della valutazione", ("10/12/2020",))
    reason = Entry("Motivazione", ("Una.",))
    dated = SheetAssessment("a", "Metodo", "rischio inerente", None, entries=(reason, day))
    bare = replace(dated, entries=(reason,))
    (sheet,) = shortened([replace(samples.sheet(1), assessments=(dated, bare))])
    assert sheet.assessments[0].entries == (reason,)
    assert sheet.assessments[1] == bare
    document = replace(samples.worked(1), sheets=(replace(samples.sheet(1), assessments=(dated,)),))
    printed = Printed(render_pdf(document, layout="schede"))
    assert text_of("Metodo · rischio inerente · data della valutazione: 10/12/2020") in printed.text


@pytest.mark.parametrize(
    ("values", "evidences", "is_brief", "has_evidence"),
    [
        (["ALTO", "12,5"], ["Dati.", DASH], True, True),
        (["ALTO", "È parzialmente vincolato dalla legge (2)"], [DASH, DASH], False, False),
        ([], [], True, False),
    ],
)
def test_columns_have_the_width_of_what_they_say(values, evidences, is_brief, has_evidence):
    ratings = tuple(
        SheetRating("Indicatore", value, evidence)
        for value, evidence in zip(values, evidences, strict=True)
    )
    assessment = SheetAssessment("a", "Metodo", "rischio inerente", None, ratings=ratings)
    assert (assessment.is_brief, assessment.has_evidence) == (is_brief, has_evidence)


def test_the_paper_leads_from_the_reference_to_the_programme():
    document = samples.worked(1)
    (sheet,) = document.sheets
    again = replace(sheet, uid="foglio-2", number="2", behaviours=(), assessments=())
    printed = Printed(render_pdf(replace(document, sheets=(sheet, again)), layout="schede"))
    names = [f"misura-1-{measure.uid}" for measure in sheet.measures]
    assert places_of(printed.data, names).keys() == set(names)
    assert text_of("programmata nella scheda n. 1") in text_of(printed.pages[-1])
    links = [str(link.Dest) for link in printed.opened().pages[-1].Annots]
    assert [bare(name) for name in links] == names

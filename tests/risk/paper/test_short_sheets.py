"""Sheets on paper: a measure in full once, what is empty in one line, nothing lost."""

from dataclasses import replace

from risk.content.values import Entry
from risk.paper.html import render_pdf
from risk.paper.joining import places_of
from risk.paper.name_trees import bare
from risk.paper.short_sheets import SaidMeasure, short_ones, shortened
from tests.risk.paper import samples
from tests.risk.paper.conftest import Printed
from tests.risk.paper.reading import text_of


def with_measures(number: int, *measures):
    return replace(samples.sheet(number), measures=measures)


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
    assert first.measures == (whole, other)
    assert second.measures == (SaidMeasure(whole.uid, whole.title, whole.kind, "1"),)
    assert [one.said_on for one in third.measures] == ["1", "1"]
    assert third.measures[0].entries == (Entry("Ambito", ("la fase 2",)),)
    # another programme is told in full
    assert fourth.measures == (later,)


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
    bare = replace(samples.sheet(2), phases=(), behaviours=(), assessments=(), measures=())
    long = replace(bare, uid="lungo", entries=(Entry("Obiettivo", ("parola " * 200,)),))
    assert short_ones([samples.sheet(1), bare, long]) == {bare.uid}


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

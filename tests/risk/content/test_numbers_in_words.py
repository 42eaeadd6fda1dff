"""None, one and many in sentences of editions and rounds: verb and noun go with the number."""

import pytest

from registry.models import Office
from risk.content.edition_values import MeasureCounts
from risk.content.round_parts import parts_of
from risk.content.round_values import RoundReport
from risk.content.values import AnnexDocument, OfficeHead
from risk.models import Sample, SampleDraw
from risk.services.monitoring.sampling import sample_sentence
from risk.services.plans.office_lines import SPLIT, ChangeLine, line_told


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((0, 0, 0), "0 nuove, 0 non riprese, 0 proseguite"),
        ((1, 1, 1), "1 nuova, 1 non ripresa, 1 proseguita"),
        ((2, 1, 1_000), "2 nuove, 1 non ripresa, 1.000 proseguite"),
    ],
)
def test_the_measures_of_a_comparison(counts, told):
    assert MeasureCounts(*counts).sentence == f"Misure programmate: {told}."


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("Riconfermati in blocco 0 processi su 1 copiati", None),
        ("Riconfermati in blocco 1 processi su 1 copiati", "Riconfermato in blocco 1 processo su"),
        ("Riconfermati in blocco 1 processi su 2 copiati", "Riconfermato in blocco 1 processo su"),
        ("Riconfermati in blocco 2 processi su 2 copiati", "Riconfermati in blocco 2 processi su"),
        ("Riconfermati in blocco 11 processi su 21 copiati", "Riconfermati in blocco 11 processi"),
    ],
)
def test_how_an_annex_was_read_again_on_paper(kept, told):
    """What is kept stays as digests of closed annexes have it."""
    document = AnnexDocument("", "", "", "", OfficeHead(""), reconfirmed=(f"{kept} dall’edizione",))
    (printed,) = document.reread_told
    assert printed.startswith(
        told or "Riconfermati in blocco 0 processi su 1 copiato dall’edizione"
    )
    assert ("su 1 copiato " in printed) == ("su 1 copiati" in kept)


@pytest.mark.parametrize(
    ("target", "numbers", "told"),
    [
        ("GARE", "n. 1", "gli resta il processo 1"),
        ("GARE", "n. 1, n. 3-4", "gli restano i processi 1, 3-4"),
        ("ICT", "n. 2", "va a «ICT» il processo 2"),
        ("ICT", "n. 2, n. 5", "vanno a «ICT» i processi 2, 5"),
    ],
)
def test_where_the_processes_of_a_split_office_go(target, numbers, told):
    offices = {
        code: Office(pk=key, code=code, name=code) for key, code in enumerate(("GARE", "ICT"), 1)
    }
    line = ChangeLine(1, "GARE", SPLIT, target, processes=numbers)
    sentence = line_told(line, offices["GARE"], offices[target])
    assert " ".join(sentence.split()) == f"«GARE» è diviso: {told}"


@pytest.mark.parametrize(
    ("drawn", "size", "told"),
    [
        (0, 1, "si estrarrà almeno il 30 % di 1 misura"),
        (0, 3, "si estrarrà almeno il 30 % di 3 misure"),
        (1, 1, "estratta 1 di 1 misura, almeno il 30 %"),
        (1, 3, "estratta 1 di 3 misure, almeno il 30 %"),
        (2, 3, "estratte 2 di 3 misure, almeno il 30 %"),
    ],
)
def test_how_many_measures_are_drawn(drawn, size, told):
    sample = Sample(percent=30, size=size)
    if drawn:
        sample.draw = SampleDraw(sample=sample, drawn_size=drawn)
    assert sample_sentence(sample) == told


@pytest.mark.parametrize(("drawn", "told"), [(1, "1 misura di 3"), (2, "2 misure di 3")])
def test_how_many_measures_a_report_says_were_drawn(drawn, told):
    names = ("seed_source", "seed", "population_digest", "drawn_digest", "algorithm")
    sample = {**dict.fromkeys(names, "x"), "drawn": ["x"] * drawn, "population": 3}
    sample |= {"percent": 30, "seed_known_on": "2020-12-11"}
    known = dict.fromkeys(("plan", "label", "situation_on", "coverage", "criteria"), "")
    known |= {"kind": "final", "coverage": "sample"}
    report = RoundReport(**known, measures=(), data={"sample": sample})
    (part,) = [one for one in parts_of(report) if one.name == "campione"]
    assert part.facts[0] == ("Estratte", told)

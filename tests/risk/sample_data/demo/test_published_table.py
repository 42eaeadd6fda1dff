"""The published process-risk table, read back from the database word by word."""

import re

from registry.models import Annex, Macroprocess, Phase
from risk.content.build import build_document
from risk.content.reading import read_annex
from risk.enums import MeasureScope
from risk.models import Assessment, PlannedMeasure, RiskBehaviour
from tests.risk.sample_data.demo.base import DemoTestCase, lines_of

SAME_THREE = (
    "Omesso controllo",
    "Omessa comunicazione",
    "Alterazione dei dati occultandone gli esiti",
)
# Activity, number of phases, first words of each behaviour with the phases it covers: read in the
# published table by a person, since its cells do not say it.
READING = [
    (
        "Erogazione del Servizio",
        4,
        [("Distruzione", [1, 2, 3]), ("Errata", [1, 2, 3]), ("Mancata disattivazione", [4])],
    ),
    ("Assistenza", 4, [("Possibilità di privilegiare", [1, 2, 3, 4])]),
    (
        "Formazione",
        4,
        [
            ("Alterazione dell'analisi dei fabbisogni formativi per negligenza", [1, 2, 3]),
            ("Alterazione dell'analisi dei fabbisogni formativi", [1, 2, 3]),
            ("Avvantaggiare alcuni soggetti", [4]),
        ],
    ),
    ("Incident Management", 3, [(text, [1, 2, 3]) for text in SAME_THREE]),
    ("Gestione degli attacchi informatici", 4, [(text, [1, 2, 3, 4]) for text in SAME_THREE]),
]
MEASURES = [
    "Codice Etico",
    "Whistleblowing",
    "Rotazione del personale",
    "Informatizzazione dei processi",
    "Formazione",
]


def words(text: str) -> list[str]:
    """Return the words of a text, without the markup of the transcription, sorted."""
    return sorted(re.findall(r"\w+", re.sub(r"<[^>]*>", " ", text)))


class PublishedTableTest(DemoTestCase):
    def setUp(self):
        self.rows = list(self.processes_of("ICT"))

    def test_activities_and_phases_are_complete(self):
        assert [(row.title, row.phases.count()) for row in self.rows] == [
            (title, phases) for title, phases, _behaviours in READING
        ]
        assert Phase.objects.filter(process__in=self.rows).count() == 19

    def test_behaviours_cover_exactly_their_phases(self):
        assert RiskBehaviour.objects.filter(process__in=self.rows).count() == 13
        for row, (_title, _phases, expected) in zip(self.rows, READING, strict=True):
            behaviours = list(row.behaviours.order_by("position"))
            for behaviour, (text, covered) in zip(behaviours, expected, strict=True):
                assert behaviour.text.startswith(text)
                coverages = behaviour.coverages.order_by("phase__position")
                assert [found.phase.position for found in coverages] == covered

    def test_the_last_phase_of_incidents_is_back_in_its_place(self):
        incidents = self.rows[3].phases.order_by("position")

        assert [phase.title for phase in incidents][-1] == "Reporting e Analisi"
        assert not self.rows[4].phases.filter(title="Reporting e Analisi").exists()

    def test_five_measures_are_said_once_over_all_activities(self):
        planned = PlannedMeasure.objects.filter(annex__office__code="ICT").order_by("position")

        assert [row.measure.label for row in planned] == MEASURES
        for row in planned:
            assert row.scope == MeasureScope.PROCESSES
            assert {target.process for target in row.targets.all()} == set(self.rows)

    def test_levels_stand_without_invented_reasons(self):
        levels = Assessment.objects.filter(process__in=self.rows)

        assert [(row.level.label, row.motivation) for row in levels] == [("BASSO", "")] * 5
        assert {row.method.code for row in levels} == {"PNA2019"}
        assert not Assessment.objects.filter(behaviour__process__in=self.rows).exists()

    def test_the_macroprocess_is_the_body_s_own(self):
        macroprocess = Macroprocess.objects.get(processes=self.rows[0])

        assert macroprocess.printed == "Processi di Gestione dei Servizi Tecnici"
        assert {row.macroprocess for row in self.rows} == {macroprocess}

    def test_the_database_holds_each_word_of_the_table_and_no_other(self):
        told = [self.rows[0].macroprocess.printed, *MEASURES]
        for row in self.rows:
            told += [row.objective, row.title, row.assessments.get().level.label]
            told += [phase.title for phase in row.phases.all()]
            told += [behaviour.text for behaviour in row.behaviours.all()]

        assert words(" ".join(told)) == words(" ".join(lines_of("table.tsv")))

    def test_the_paper_merges_what_the_document_merges(self):
        document = build_document(read_annex(Annex.objects.get(office__code="ICT")))

        assert [row.level.label for row in document.table] == ["BASSO"] * 5
        assert [[text for _uid, text in row.measures] for row in document.table] == [MEASURES] * 5
        assert len({row.macroprocess_key for row in document.table}) == 1

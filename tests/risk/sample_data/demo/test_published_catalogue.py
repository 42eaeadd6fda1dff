"""The published office catalogue, read back from the database word by word."""

from collections import Counter

from registry.enums import AliasKind, RiskPresence
from registry.models import Alias, Annex, Office, Process, RiskArea
from registry.normalise import fold
from risk.models import Assessment, PlannedMeasure, RiskBehaviour, TextBlock
from risk.services.annexes.documents import document_of
from tests.risk.sample_data.demo.base import DemoTestCase, lines_of

# Six columns as printed in the document, with its slips in the last two.
ROWS = [line.split("\t") for line in lines_of("catalogue.tsv")]


def area_spelled(text: str) -> RiskArea:
    """Return the area that is printed so, or that has this other spelling."""
    printed = RiskArea.objects.exclude(administration=None)
    by_text = {fold(area.printed): area for area in printed}
    aliases = Alias.objects.filter(kind=AliasKind.RISK_AREA)
    by_text |= {alias.folded: alias.risk_area for alias in aliases}
    return by_text[fold(text)]


class PublishedCatalogueTest(DemoTestCase):
    def setUp(self):
        self.rows = list(self.processes_of("SI").select_related("macroprocess__function"))

    def test_every_row_stands_in_its_place(self):
        told = [
            [
                row.get_kind_display(),
                row.macroprocess.function.label,
                row.macroprocess.printed,
                row.printed,
            ]
            for row in self.rows
        ]

        assert len(ROWS) == 28
        assert told == [row[:4] for row in ROWS]

    def test_areas_are_those_of_the_document_however_spelled(self):
        assert [row.risk_area for row in self.rows] == [area_spelled(row[4]) for row in ROWS]
        assert Counter(row.risk_area.code for row in self.rows) == {"S": 19, "P": 4, "G": 3, "D": 2}

    def test_each_spelling_of_the_office_leads_to_it(self):
        spellings = {row[5] for row in ROWS}
        office = Office.objects.get(code="SI")

        assert len(spellings) == 3
        for spelling in spellings:
            assert list(Office.objects.answering_to(spelling)) == [office], spelling

    def test_slips_are_never_labels(self):
        labels = [
            *Office.objects.values_list("name", flat=True),
            *Annex.objects.values_list("office_name", flat=True),
            *(area.printed for area in RiskArea.objects.all()),
            *Process.objects.values_list("title", flat=True),
        ]

        for slip in ("INFORMATICI", "INFORM ATIVI", "specificata"):
            assert not [label for label in labels if slip in label]
        assert Office.objects.get(code="SI").name == "SERVIZI INFORMATIVI"

    def test_nothing_is_judged_before_the_mapping(self):
        inside = {"process__annex__office__code": "SI"}

        assert {row.risk_presence for row in self.rows} == {RiskPresence.TO_ASSESS}
        assert not RiskBehaviour.objects.filter(**inside).exists()
        assert not Assessment.objects.filter(**inside).exists()
        assert not PlannedMeasure.objects.filter(annex__office__code="SI").exists()

    def test_the_closing_text_is_kept_as_it_stands(self):
        block = TextBlock.objects.get(plan__isnull=False, layout="catalogo", slot="closing")

        assert [block.text] == lines_of("closing.txt")

    def test_the_cover_names_plan_and_head(self):
        annex = Annex.objects.get(office__code="SI")

        assert annex.plan.title == "PTPCT 2021/2023"
        assert annex.plan.state == "preparation"
        assert annex.printed_head == "Rag. Ottavio Bellandi"
        # the list of the annexes of an adopted plan has it as the cover of each
        assert str(document_of(annex).head) == annex.printed_head

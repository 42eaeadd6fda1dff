"""How a document of the chosen parts begins, beside the choice: at once, and as it is chosen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Job
from risk.content.part_beginnings import LINES, ROWS, SECTIONS, beginning_of, without_counts
from risk.content.part_values import PartCell, PartColumn, PartContent, PartSection, PartTable
from risk.content.values import Entry
from risk.models import DocumentChoice, Objective
from risk.services.plans.choices import Chosen
from risk.services.plans.preview import PROCESSES, preview_of
from tests.people import client_of, people_of
from tests.register import complete_annex, make_annex, make_process
from tests.risk.plans.test_document_parts import TICKED

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_what_is_chosen_is_shown_at_once_in_its_order_and_without_its_columns():
    annex = complete_annex()
    plan = annex.plan
    address = reverse("risk:plan_parts", args=[plan.administration.ipa_code, plan.slug])
    client = client_of(people_of(annex)["auditor"])
    assert 'id="parte-programma"' in client.get(address).content.decode()
    # with a script the preview alone, without one the page with what was ticked
    for headers, has_page in ((HTMX, False), ({}, True)):
        answer = client.post(address, TICKED, headers=headers).content.decode()
        assert ("<html" in answer) == has_page
        shown = answer[answer.index("Così cominciano") :]
        assert shown.index('id="parte-graduatoria"') < shown.index('id="parte-sintesi"')
        assert "Motivazione" in shown
        assert "Che cosa manca" not in shown
        assert "Allegato 1 – Tributi" in shown
        assert 'id="parte-programma"' not in shown
    for wrong, sentence in (
        ({"parte": []}, "Un documento ha almeno una parte"),
        ({"posto-sintesi": "x"}, "è un numero: «x» non lo è."),
        ({"parte": ["prefazione"]}, "Parte «prefazione» sconosciuta."),
    ):
        answer = client.post(address, {**TICKED, **wrong}, headers=HTMX).content.decode()
        assert sentence in answer
        assert "paper" not in answer
    assert not DocumentChoice.objects.exists()
    assert not Job.objects.exists()


def test_of_many_processes_the_first_are_read_and_the_others_told():
    annex = complete_annex()
    plan = annex.plan
    own = ("sintesi", "graduatoria", "uffici-e-aree", "obiettivi", "glossario")
    chosen = Chosen((*own, "allegati"))
    Objective.objects.create(plan=plan, position=1, code="OB.1", name="Più trasparenza")
    for place in range(PROCESSES):
        make_process(annex, f"Processo {place}")
    few = _statements(plan, chosen)
    for place in range(3):
        make_process(annex, f"Altro processo {place}")
        make_process(make_annex(plan.administration, office=f"Ufficio {place}"))
    assert _statements(plan, chosen) == few
    preview = preview_of(plan=plan, chosen=chosen)
    assert "legge i primi 12 processi di" in preview.read
    summary, ranking, index, objectives, glossary = preview.parts
    # of some processes it would be another count
    assert "Quanti sono i rischi" not in str(summary.drawn)
    assert "gli altri processi del piano" in ranking.more
    columns = [one.name for one in index.drawn["sections"][0]["table"]["columns"]]
    assert columns == ["ufficio", "responsabile"]
    assert [len(row) for row in index.drawn["sections"][0]["table"]["rows"]] == [2]
    (section,) = objectives.drawn["sections"]
    assert section["title"] == "OB.1 – Più trasparenza"
    assert "le misure che servono a ciascuno" in objectives.more
    assert [one["title"] for one in glossary.drawn["sections"]] == ["Parole"]
    assert "i livelli e i metodi del piano" in glossary.more
    assert preview.annexes.offices[-1] == "Allegato 4 – Ufficio 2"


def _statements(plan, chosen) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        preview_of(plan=plan, chosen=chosen)
    return len(asked)


def test_the_beginning_of_a_part_tells_what_it_leaves_out():
    cell = PartCell(tuple("abcdefg"))
    table = PartTable("t", (PartColumn("a", "A"),), ((cell,),) * (ROWS + 2))
    section = PartSection("s", entries=(Entry("e", tuple("abcdefg")),), table=table)
    part = PartContent("graduatoria", "G", (), (section,) * (SECTIONS + 3))
    begun = beginning_of(part)
    assert (begun.sections, begun.rows) == (3, 2 * SECTIONS)
    shown = begun.part.sections[0]
    assert len(shown.table.rows) == ROWS
    assert shown.table.rows[0][0].lines == (*tuple("abcdefg")[:LINES], "…")
    assert shown.entries[0].lines[-1] == "…"
    short = PartContent("graduatoria", "G", ("niente",), ())
    assert beginning_of(short).part == short
    # that there is nothing is said of all processes, not of the first
    assert without_counts(short).paragraphs == ()

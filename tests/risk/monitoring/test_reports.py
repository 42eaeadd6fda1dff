"""The report of a round: its figures are those of the rows; frozen; strangers read less of it."""

import csv
import io
import json
from collections import Counter
from types import SimpleNamespace

import openpyxl
import pikepdf
import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from registry.acts import RuleRefused
from registry.models import Job
from registry.services.jobs import kind_of
from registry.services.stored_files import is_sound
from registry.services.trail_verification import verify_trail
from risk.content.round_figures import (
    COLUMNS,
    by_area,
    by_office,
    by_typology,
    over_rounds,
    over_years,
    whole,
)
from risk.content.round_parts import parts_of
from risk.content.round_pieces import pieces_of
from risk.content.round_values import ReportMeasure, restore_round
from risk.enums import DerivedOutcome, Verdict
from risk.models import MonitoringRound, PlannedMeasure, RoundCorrection, RoundIssue
from risk.paper.round_report import ReportFragment, draw_report_fragment, join_report
from risk.services.monitoring.issuing import correct_round, issue_round
from risk.services.monitoring.report import head_of_report, office_pdf, report_now
from risk.services.monitoring.report_files import measures_table, report_workbook
from risk.services.monitoring.suitability import judge_suitability
from risk.services.monitoring.yearly import year_report
from risk.services.reporting import public_states
from risk.services.reporting.public_reviews import review_folders
from risk.services.reporting.public_rounds import public_rounds
from risk.services.verification.verifying import verify_file
from tests.conformance import faults, streams_of_wrong_length
from tests.people import client_of
from tests.risk.monitoring.acts import (
    PRIVATE,
    answer,
    closed,
    confirm,
    issue_of,
    second_round,
    tell_step,
)
from tests.risk.monitoring.conftest import item_of
from tests.risk.monitoring.figures import AREAS, TYPOLOGIES, counted, last_outcomes, of_rows
from tests.risk.paper.reading import elements
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def ended(made):
    """The round closed, with one answer checked, one late, and one missing; then issued."""
    rows = MonitoringRound.objects.select_related("plan__administration", "level")
    world = SimpleNamespace(**{**vars(made), "round": rows.get(pk=made.round.pk)})
    reason = {"reason": "Manca il personale.", "cause": "resources"}
    answer(world, "late", declared="late", done="", **reason)
    confirm(world, "late")
    tell_step(world, done_on="28/06/2021", note="Con due verbali")
    closed(world)
    world.round = rows.get(pk=world.round.pk)
    world.draft = report_now(world.round)[0]
    issue_round(row=world.round, by=world.people["rpct"])
    return world


@pytest.fixture
def reported(db, ended):
    rows = MonitoringRound.objects.select_related("plan__administration", "level")
    return SimpleNamespace(**{**vars(ended), "round": rows.get(pk=ended.round.pk)})


def test_every_figure_is_that_of_the_rows(reported):
    report = restore_round(issue_of(reported).data)
    # the one measure its office calls late stands in a column of its own
    late = {"no_answer": 6, "done": 0, "not_monitorable": 3}
    for table, what, joins, without in (
        (by_office(report), "o.name", "", ""),
        (by_area(report), "a.label", AREAS, "di tutto l’ufficio o di tutto il piano"),
        (by_typology(report), "y.label", TYPOLOGIES, "senza tipologia"),
    ):
        rows = of_rows(reported, what, joins)
        told = counted(table.lines)
        assert len(told) == len(rows)
        for label, counts in rows.items():
            (cells,) = [c for name, c in told.items() if (label or without) in name]
            by_column = Counter({late[outcome]: n for outcome, n in counts.items()})
            assert cells == (*(by_column[n] for n in range(len(COLUMNS))), counts.total())
    (line,) = whole(report).lines
    assert line.cells[-1] == reported.round.items.count() == report.planned == 3
    assert line.sentence == "nei tempi: 1, in ritardo: 1, non rilevate: 1"
    assert [(one.at, one.width) for one in line.bar] == [(0, 33), (33, 34), (67, 33)]


def test_a_report_tells_how_far_steps_are(reported):
    content = json.loads(issue_of(reported).data)["round"]
    measures = {one["measure"]: one for one in content["measures"]}
    # where nothing is said the data are those of before there were steps
    assert {name for name, one in measures.items() if "steps" in one} == {"Controlli a campione"}
    assert "late_days" not in measures["Rotazione"]
    report = restore_round(issue_of(reported).data)
    (part,) = [one for one in parts_of(report) if one.name == "fasi"]
    assert [n for _label, n in part.facts] == ["1", "0", "0", "0"]
    told = "Estrazione (entro il 30/06/2021): fatta il 28/06/2021"
    (sheets,) = [one for one in parts_of(report) if one.name == "schede"]
    cells = [line for one in sheets.lists for row in one.rows for cell in row for line in cell]
    assert f"{told} – Con due verbali" in cells
    names = [reported.plan.administration.ipa_code, reported.plan.slug, reported.round.uid]
    table = Client().get(reverse("risk:published_round_table", args=[*names, "fasi"]))
    (row,) = table.content.decode().splitlines()[1:]
    assert row.strip().endswith("Estrazione;2021-06-30;fatta;2021-06-28")


def test_the_draft_says_what_is_issued(reported):
    report, issue = report_now(reported.round)

    assert reported.draft.measures == report.measures
    assert parts_of(reported.draft) == parts_of(report)
    assert head_of_report(reported.draft, None).is_draft
    assert not head_of_report(report, issue).is_draft


@pytest.mark.parametrize("is_public", [False, True])
def test_the_paper_is_archival_accessible_and_known(reported, is_public):
    issue = issue_of(reported, is_public=is_public)
    pdf = bytes(issue.pdf)

    assert faults(pdf) == []
    assert streams_of_wrong_length(pdf) == []
    for content in (pdf, issue.data.encode()):
        (document,) = verify_file(content).documents
        assert (document.verdict, document.round_issue) == (Verdict.ISSUED, issue)
    (other,) = verify_file(pdf + b" ").documents
    assert other.verdict == Verdict.CHANGED
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert issue.data_digest in text.replace("\n", "")
    assert "BOZZA" not in text


def test_strangers_read_less_and_the_same_figures(reported):
    client = Client()
    plan = reported.plan
    names = [plan.administration.ipa_code, plan.slug, reported.round.uid]
    listed = client.get(reverse("risk:published_plan", args=names[:2])).content.decode()
    assert reverse("risk:published_round", args=names) in listed
    page = client.get(reverse("risk:published_round", args=names)).content.decode()
    data = client.get(reverse("risk:published_round_data", args=names)).content.decode()
    paper = client.get(reverse("risk:published_round_paper", args=names)).content
    table = client.get(reverse("risk:published_round_table", args=[*names, "misure"]))
    rows = table.content.decode()
    text = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(paper)).pages)
    people = [person.last_name or person.username for person in reported.people.values()]

    for said in (page, data, text, rows):
        assert "Rotazione" in said
        assert not [word for word in (*PRIVATE, *people) if word in said]
    issue = issue_of(reported, is_public=True)
    assert (data, paper) == (issue.data, bytes(issue.pdf))
    whole_report = restore_round(issue_of(reported).data)
    assert counted(by_office(restore_round(data)).lines) == counted(by_office(whole_report).lines)
    assert "nei tempi: 1" in page
    assert (
        client.get(reverse("risk:published_round_table", args=[*names, "altro"])).status_code == 404
    )


def test_the_state_of_a_year_is_that_of_the_last_rounds(reported):
    second_round(reported)
    plan = reported.plan
    names = [plan.administration.ipa_code, plan.slug, 2021]
    client = Client()

    def read(name: str, *more: str) -> bytes:
        answered = client.get(reverse(f"risk:{name}", args=[*names, *more]))
        assert answered.status_code == 200, name
        return b"".join(answered) if answered.streaming else answered.content

    by_rows = last_outcomes(plan.pk)
    data = json.loads(read("published_state_data"))["state"]
    told = Counter((one["office"], one["outcome"]) for one in data["measures"])
    assert told == by_rows
    assert told.total() == data["planned"] == 3
    lines = read("published_state_table", "misure").decode("utf-8-sig").splitlines()
    table = list(csv.DictReader(lines, delimiter=";"))
    named = {str(one.label): one.value for one in DerivedOutcome}
    assert Counter((row["ufficio"], named[row["esito"]]) for row in table) == by_rows
    offices = read("published_state_table", "uffici").decode()
    inside = counted(by_office(year_report(plan, 2021).report).lines)
    assert all(";".join(map(str, (name, *cells))) in offices for name, cells in inside.items())
    page, paper = read("published_state").decode(), read("published_state_paper")
    assert faults(paper) == []
    text = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(paper)).pages)
    people = [person.last_name or person.username for person in reported.people.values()]
    for said_there in (page, text, json.dumps(data, ensure_ascii=False), str(table)):
        assert "Rotazione" in said_there
        assert "Finale 2021" in said_there
        assert not [word for word in (*PRIVATE, *people) if word in said_there]
    listed = client.get(reverse("risk:published_plan", args=names[:2])).content.decode()
    assert reverse("risk:published_state", args=names) in listed
    assert client.get(reverse("risk:published_state", args=[*names[:2], 2020])).status_code == 404
    assert client.get(reverse("risk:published_state_table", args=[*names, "x"])).status_code == 404
    # as `tend_open_data` sees them: written, and all that there is
    assert all(map(is_sound, public_states.state_folders(plan)))
    public_states.write_missing_years(public_states.write_public_states)


def test_the_review_of_a_year_is_read_by_everybody(reported):
    second_round(reported)
    plan, rpct = reported.plan, reported.people["rpct"]
    names = [plan.administration.ipa_code, plan.slug, 2021]
    client, address = Client(), reverse("risk:published_review", args=names)
    assert client.get(address).status_code == 404, "nothing was written yet"
    told = {"conclusions": "Il sistema funziona."}
    inside = reverse("risk:plan_review", args=names[:2])
    assert client_of(rpct).post(f"{inside}?anno=2021", told).status_code == 302
    assert Job.objects.filter(kind="write-open-data").exists(), "what is long is drawn by a job"
    measure = PlannedMeasure.objects.select_related("plan__administration").first()
    judged = {"judgement": "strengthen", "factor": "present", "motivation": "Guarda poco."}
    judge_suitability(measure=measure, year=2021, by=rpct, **judged)
    page = client.get(address).content
    paper = b"".join(client.get(reverse("risk:published_review_paper", args=names)))
    assert faults(paper) == []
    text = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(paper)).pages)
    data = json.loads(b"".join(client.get(reverse("risk:published_review_data", args=names))))
    assert data["judged"] == {"to_judge": 2, "strengthen": 1}
    assert sum(data["measures"].values()) == 3
    people = [person.last_name or person.username for person in reported.people.values()]
    for said in (page.decode(), text, json.dumps(data, ensure_ascii=False)):
        assert "Il sistema funziona" in said
        assert not [word for word in (*PRIVATE, *people, "Guarda poco", "Fatti") if word in said]
    assert address in client.get(reverse("risk:published_plan", args=names[:2])).content.decode()
    assert all(map(is_sound, review_folders(plan)))


def test_years_are_told_beside_rounds(reported):
    report = year_report(reported.plan, 2021).report
    assert report.years == ()
    later = year_report(reported.plan, 2022).report
    (before,) = later.years
    assert (before.year, before.plan) == ("2021", reported.plan.title)
    assert before.groups == Counter(one.group.value for one in report.measures)
    lines = over_years(later).lines
    assert [one.label for one in lines] == [f"{one}, {reported.plan.title}" for one in (2021, 2022)]
    assert [one.cells[-1] for one in lines] == [3, 0]


def test_who_reads_which_report(reported):
    report = reverse("risk:round_report", args=[reported.round.uid])
    sheet = reverse("risk:round_office_sheet", args=[reported.round.uid, reported.annex.office_id])
    paper = reverse("risk:round_issue_file", args=[issue_of(reported).uid, "pdf"])
    correct = reverse("risk:round_correct", args=[reported.round.uid])
    answered = {
        who: tuple(
            client_of(person).get(one).status_code for one in (report, sheet, paper, correct)
        )
        for who, person in reported.people.items()
    }

    assert answered == {
        "rpct": (200, 200, 200, 200),
        "auditor": (200, 200, 200, 404),
        "head": (404, 200, 404, 404),
        "editor": (404, 200, 404, 404),
        "colleague": (404, 404, 404, 404),
        "stranger": (404, 404, 404, 404),
    }
    mine = client_of(reported.people["head"]).get(sheet).content.decode()
    assert "Rotazione" in mine
    assert "Registro degli accessi" not in mine
    with at_most(20):
        shown = client_of(reported.people["rpct"]).get(report).content.decode()
    assert "Registro degli accessi" in shown
    assert "Manca il personale." in shown


def test_the_sheet_of_an_office_is_a_document_of_those_who_read_it(reported):
    sheet = reverse("risk:round_office_sheet", args=[reported.round.uid, reported.annex.office_id])
    pdf = office_pdf(reported.round, reported.annex.office)
    assert faults(pdf) == []
    text = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert "Rotazione" in text
    assert "misurato 60 % (30/06/2021)" in " ".join(text.split()), "how its indicator went"
    with pikepdf.open(io.BytesIO(pdf)) as book:
        figures = [one for one in elements(book.Root.StructTreeRoot) if one.S == "/Figure"]
        assert any("atteso 50 %" in str(one.get("/Alt")) for one in figures)
    assert "Registro degli accessi" not in text
    assert "BOZZA" not in text, "the round is issued"
    for who, code in (("head", 302), ("auditor", 302), ("colleague", 404), ("stranger", 404)):
        person = reported.people[who]
        asked = client_of(person).post(sheet, {"formato": "xlsx"})
        assert asked.status_code == code, who
    assert client_of(person).post(sheet, {"formato": "exe"}).status_code == 404
    job = Job.objects.get(kind="round-report", by=reported.people["head"])
    assert job.title.startswith(f"{reported.annex.office.name}, "), "its title tells it from others"
    may = kind_of(job).may_read
    reads = {who: may(one, job) for who, one in reported.people.items()}
    assert [who for who in reads if reads[who]] == ["editor", "head", "rpct", "auditor"]


def test_later_truth_stands_beside_what_was_issued(reported):
    rpct, row = reported.people["rpct"], reported.round
    before = {one: (issue_of(reported, is_public=one).data) for one in (False, True)}
    said = {"said": "La rotazione era avvenuta.", "reason": "Il decreto è arrivato dopo."}
    with pytest.raises(RuleRefused, match="spetta al RPCT"):
        correct_round(row=row, by=reported.people["head"], **said)
    issue = correct_round(row=row, item=item_of(reported, "late"), outcome="done", by=rpct, **said)

    assert {one: issue_of(reported, is_public=one).data for one in before} == before
    assert (issue.number, issue.is_public) == (2, False)
    report = restore_round(issue.data)
    assert report.corrects == issue_of(reported).data_digest
    (correction,) = report.corrections
    assert (correction.was, correction.outcome) == ("not_monitorable", "done")
    assert report.measures == restore_round(before[False]).measures
    (old,) = verify_file(bytes(issue_of(reported).pdf)).documents
    (new,) = verify_file(bytes(issue.pdf)).documents
    assert (old.verdict, new.verdict) == (Verdict.OVERTAKEN, Verdict.ISSUED)
    (public,) = public_rounds(reported.plan)
    assert (public.earlier, public.is_public) == (1, True)
    names = [reported.plan.administration.ipa_code, reported.plan.slug, row.uid]
    page = Client().get(reverse("risk:published_round", args=names)).content.decode()
    assert "La rotazione era avvenuta." in page
    assert "Il decreto è arrivato dopo." in page
    item = reverse("risk:round_item", args=[item_of(reported, "late").uid])
    assert (
        "La rotazione era avvenuta."
        in client_of(reported.people["head"]).get(item).content.decode()
    )
    written = [RoundCorrection.objects.get(), *RoundIssue.objects.filter(earlier=1)]
    told = [one.sentence for one in verify_trail()]
    assert not [one for row in written for one in told if str(row.uid) in one]
    for change in (
        lambda: RoundCorrection.objects.update(said="Altro"),
        lambda: RoundCorrection.objects.all().delete(),
        lambda: RoundIssue.objects.filter(earlier=1).update(pdf_digest=""),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_workbook_has_texts_and_no_formulas(reported):
    report = reported.draft
    evil = [{**vars(one), "measure": "=HYPERLINK(1)"} for one in report.measures]
    changed = type(report)(**{**vars(report), "measures": tuple(ReportMeasure(**e) for e in evil)})
    book = openpyxl.load_workbook(io.BytesIO(report_workbook(changed, is_draft=True)))

    kinds = {
        cell.data_type
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if str(cell.value).startswith("=")
    }
    assert kinds == {"s"}
    offices = book["Esiti per ufficio"]
    told = {row[0].value: row[len(COLUMNS) + 1].value for row in offices.iter_rows(min_row=2)}
    assert told == {line.label: line.cells[-1] for line in by_office(changed).lines}
    assert len(list(measures_table(changed).rows)) == len(report.measures)


def test_a_long_report_is_one_document_of_its_pieces(reported):
    report = reported.draft
    pieces = pieces_of(parts := parts_of(report), most=8)
    head = head_of_report(report, None)
    fragments = [ReportFragment(head, some, place == 0) for place, some in enumerate(pieces)]
    cut = [part for some in pieces for part in some]

    assert sum(part.size for part in cut) == sum(part.size for part in parts)
    assert [part.title for part in cut if not part.goes_on] == [part.title for part in parts]
    drawn = [(draw_report_fragment(one).content, one.depth) for one in fragments]
    pdf = join_report(drawn)
    assert faults(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as book:
        assert len(book.pages) >= len(fragments)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert text.count("BOZZA") == len(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_what_was_issued_before_there_was_a_paper_is_read(reported):
    content = json.loads(issue_of(reported).data)["round"]
    names = ("plan", "label", "kind", "situation_on", "coverage", "criteria", "measures")
    first = {"format": 1, "round": {name: content[name] for name in names}}
    report = restore_round(json.dumps(first))

    assert len(parts_of(report)) == 7
    assert over_rounds(report).lines[-1].cells[-1] == 3

"""Adoption: one document around the issued annexes, stored whole, recognised, never again."""

import datetime
import hashlib
import io
import json
import re
import zipfile

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from pypdf import PdfReader

from registry.acts import act
from registry.models import Annex, Office, Plan, TrailRecord, User
from registry.services.trail_verification import verify_trail
from risk.content.canonical import digest_of
from risk.content.plan_values import ExemptOffice, PlanAct, PlanDocument, PlanEntry
from risk.enums import PlanVerb, Verb, Verdict
from risk.models import AnnexIssue, PlanIssue, PlannedMeasure, TextBlock
from risk.services.annexes.moves import MoveRefusedError, move_annex
from risk.services.plans import issues as plan_issues
from risk.services.plans.archive_page import PAGE_FORMAT, archive_page
from risk.services.plans.documents import plan_snapshot
from risk.services.plans.issues import AdoptionAct, adopt_plan, write_archive
from risk.services.plans.moves import move_plan
from risk.services.verification.verifying import verify_file
from tests.load_once import closed_once
from tests.risk.plans.proposing import Proposed, proposed_plan
from tests.signing import sign_pdf

pytestmark = pytest.mark.django_db

ACT = AdoptionAct(
    adopting_organ="Giunta comunale",
    act_kind="Deliberazione",
    act_number="12",
    act_date=datetime.date(2021, 1, 29),
    act_effective_on=datetime.date(2021, 2, 8),
    act_link="https://comune.example/atti/12",
)


@closed_once
def adopted_plan() -> tuple[Proposed, PlanIssue]:
    proposed = proposed_plan()
    return proposed, adopt_plan(plan=proposed.plan, act=ACT, by=proposed.people["rpct"])


@pytest.fixture
def world(request) -> tuple[Proposed, PlanIssue | None]:
    """A plan with one annex issued and one office exempted, proposed to the organ; adopted where a
    test asks for it."""
    return adopted_plan() if "adopted" in request.fixturenames else (proposed_plan(), None)


@pytest.fixture
def annex(world) -> Annex:
    return world[0].annex


@pytest.fixture
def people(world) -> dict[str, User]:
    return world[0].people


@pytest.fixture
def proposed(world) -> Plan:
    return world[0].plan


@pytest.fixture
def adopted(world) -> PlanIssue:
    return world[1]


def fresh(plan) -> Plan:
    return Plan.objects.select_related("administration").get(pk=plan.pk)


def words_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join("".join(page.extract_text() for page in pages).split())


def test_the_document_says_act_annexes_exemptions_and_digests(proposed, adopted):
    issue = PlanIssue.objects.get()
    wrapped = AnnexIssue.objects.get()
    assert list(issue.annex_issues.all()) == [wrapped]
    assert hashlib.sha256(issue.data.encode()).hexdigest() == issue.data_digest
    content = json.loads(issue.data)["plan"]
    assert content["act"]["number"] == "12"
    assert [row["pdf_digest"] for row in content["annexes"]] == [wrapped.pdf_digest]
    told = words_of(bytes(issue.pdf))
    for words in (
        "Deliberazione n. 12 del 29/01/2021",
        "Giunta comunale",
        "Tributi minori",
        "Ufficio soppresso nel corso dell’anno.",
    ):
        assert words in told
        assert words in issue.html
    assert wrapped.pdf_digest in told.replace(" ", "")
    assert issue.data_digest in told.replace(" ", "")
    assert "BOZZA" not in told + issue.html
    plan = fresh(proposed)
    assert (plan.state, plan.act_number, plan.act_link) == ("adopted", "12", ACT.act_link)
    assert list(TrailRecord.objects.get(kind="plan-adopt").detail["methods"]) == ["/PROVA/1"]
    assert verify_trail() == []


def test_the_annexes_travel_inside_byte_by_byte(adopted):
    wrapped = AnnexIssue.objects.get()
    with pikepdf.open(io.BytesIO(bytes(PlanIssue.objects.get().pdf))) as book:
        (name,) = book.attachments
        assert book.attachments[name].get_file().read_bytes() == bytes(wrapped.pdf)
        assert len(book.Root.AF) == 1
        assert book.open_metadata().pdfa_status == "2A"


def test_the_same_content_gives_the_same_bytes(proposed, people, monkeypatch):
    moment = datetime.datetime(2021, 2, 1, 9, 30, tzinfo=datetime.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    content = plan_issues.plan_content(proposed, ACT.printed)
    first, second = (plan_issues._draw(proposed, content, people["rpct"]) for _again in range(2))
    assert (first.data, first.html) == (second.data, second.html)
    assert first.pdf == second.pdf


def test_the_archive_holds_every_file_and_is_the_same_each_time(adopted):
    first, second = io.BytesIO(), io.BytesIO()
    issue = PlanIssue.objects.get()
    write_archive(issue, first)
    write_archive(issue, second)
    assert first.getvalue() == second.getvalue()
    with zipfile.ZipFile(first) as archive:
        names = archive.namelist()
        assert names == [
            "ptpct-2021-2023.pdf",
            "ptpct-2021-2023.html",
            "ptpct-2021-2023.json",
            "allegati/allegato-001-tributi.pdf",
            "index.html",
            "SHA256SUMS",
        ]
        page = archive.read("index.html").decode()
        assert set(re.findall(r'href="([^"]+)"', page)) == set(names) - {"index.html"}
        assert "http" not in page
        assert "<script" not in page
        assert archive.read(names[3]) == bytes(AnnexIssue.objects.get().pdf)


def test_the_page_of_an_archive_is_never_changed():
    """Archives that people keep hold it, and are known by it: another page is another format."""
    document = PlanDocument(
        *("Comune di Prova", "c_x001", "PTPCT 2021/2023", "PTPCT, ordinario", "2021–2023"),
        PlanAct("Giunta <1>", "Deliberazione", "12", "29/01/2021"),
        (PlanEntry("u", "Tributi & gare", "Anna Verdi", "1", "28/01/2021", "", "a.pdf", "0", "1"),),
        (ExemptOffice("CED", "Soppresso."),),
    )
    data = plan_snapshot(document)
    kept = PlanIssue(
        plan=Plan(title="PTPCT 2021/2023"),
        issued_at=datetime.datetime(2021, 2, 1, 9, 30, tzinfo=datetime.UTC),
        data=data,
        data_digest=digest_of(data),
    )
    page = archive_page(kept)
    assert (PAGE_FORMAT, hashlib.sha256(page).hexdigest()) == (
        1,
        "1cb632dee5550fd4f2b16e7e6e3e722db90448793e56f73b6b2a02f8854b06d5",
    )


def test_the_archive_is_verified_one_file_at_a_time(adopted):
    out = io.BytesIO()
    write_archive(PlanIssue.objects.get(), out)
    verification = verify_file(out.getvalue())
    (annex_issue,) = AnnexIssue.objects.all()
    assert [
        (one.name, one.verdict, one.plan_issue or one.issue) for one in verification.documents
    ] == [
        ("ptpct-2021-2023.pdf", Verdict.ISSUED, adopted),
        ("ptpct-2021-2023.html", Verdict.ISSUED, adopted),
        ("ptpct-2021-2023.json", Verdict.ISSUED, adopted),
        ("allegati/allegato-001-tributi.pdf", Verdict.ISSUED, annex_issue),
        ("index.html", Verdict.ISSUED, adopted),
    ]
    assert verification.sums_match
    other = io.BytesIO()
    with zipfile.ZipFile(out) as archive, zipfile.ZipFile(other, "w") as copy:
        for name in archive.namelist():
            copy.writestr(name, archive.read(name) + b" " * name.endswith("html"))
    verification = verify_file(other.getvalue())
    assert verification.documents[1].verdict == Verdict.REWRITTEN
    assert (verification.sums_match, verification.is_genuine) == (False, False)


def test_the_adopted_file_is_recognised_also_when_signed(adopted):
    pdf = bytes(PlanIssue.objects.get().pdf)
    for content, verdict in (
        (pdf, Verdict.ISSUED),
        (sign_pdf(pdf), Verdict.SIGNED),
        (pdf + b"\n%signature", Verdict.CHANGED),
        (pdf[:-1] + b"x", Verdict.REWRITTEN),
    ):
        (found,) = verify_file(content).documents
        assert (found.verdict, found.plan_issue) == (verdict, adopted)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("adopting_organ", " "),
        ("act_kind", ""),
        ("act_number", ""),
        ("act_date", datetime.date(2999, 1, 1)),
        ("act_effective_on", datetime.date(2020, 1, 1)),
        ("act_link", "javascript:alert(1)"),
    ],
)
def test_an_act_that_cannot_be_is_refused_by_field(proposed, people, name, value):
    wrong = AdoptionAct(**{**vars(ACT), name: value})
    with pytest.raises(ValidationError) as refused:
        adopt_plan(plan=proposed, act=wrong, by=people["rpct"])
    assert list(refused.value.message_dict) == [name]
    assert fresh(proposed).state == "proposed"


def test_only_the_rpct_registers_an_adoption(proposed, people):
    with pytest.raises(MoveRefusedError, match="spetta al RPCT"):
        adopt_plan(plan=proposed, act=ACT, by=people["head"])
    assert not PlanIssue.objects.exists()


def test_a_reopened_annex_stops_the_adoption(proposed, annex, people):
    move_annex(
        annex=Annex.objects.with_names().get(pk=annex.pk),
        verb=Verb.REOPEN,
        by=people["rpct"],
        reason="Da rivedere.",
    )
    with pytest.raises(MoveRefusedError, match="va emesso, oppure"):
        adopt_plan(plan=proposed, act=ACT, by=people["rpct"])


def test_what_changed_under_an_issued_annex_stops_the_adoption(proposed, annex, people):
    measure = annex.planned_measures.get().measure
    PlannedMeasure.objects.create(plan=annex.plan, measure=measure, scope="plan")
    with pytest.raises(MoveRefusedError, match="cambiato dopo l’emissione"):
        adopt_plan(plan=proposed, act=ACT, by=people["rpct"])
    assert not PlanIssue.objects.exists()


def test_a_change_while_the_document_is_drawn_leaves_nothing(proposed, people, monkeypatch):
    drawn = plan_issues._draw

    def draw_and_move(*args):
        issue = drawn(*args)
        move_plan(plan=proposed, verb=PlanVerb.BACK, by=people["rpct"], reason="Ripensamento.")
        return issue

    monkeypatch.setattr(plan_issues, "_draw", draw_and_move)
    with pytest.raises(MoveRefusedError):
        adopt_plan(plan=proposed, act=ACT, by=people["rpct"])
    assert not PlanIssue.objects.exists()
    assert fresh(proposed).state == "preparation"


def test_a_text_changed_while_the_document_is_drawn_stops_the_adoption(
    proposed, people, monkeypatch
):
    drawn = plan_issues._draw
    body = proposed.administration

    def draw_and_write(*args):
        issue = drawn(*args)
        with act("edit", by=people["rpct"]):
            TextBlock.objects.create(
                administration=body, layout="completo", slot="title", text="Un altro titolo"
            )
        return issue

    monkeypatch.setattr(plan_issues, "_draw", draw_and_write)
    with pytest.raises(MoveRefusedError, match="cambiato dopo l’emissione"):
        adopt_plan(plan=proposed, act=ACT, by=people["rpct"])
    assert not PlanIssue.objects.exists()
    assert fresh(proposed).state == "proposed"


def test_who_acts_elsewhere_meanwhile_has_no_annex_read_again(
    proposed, people, monkeypatch, django_assert_max_num_queries
):
    drawn, checked = plan_issues._draw, plan_issues._check_current
    body = proposed.administration

    def draw_while_somebody_acts(*args):
        issue = drawn(*args)
        with act("edit", by=people["rpct"]):
            Office.objects.create(administration=body, code="NUOVO", name="Ufficio nuovo")
        return issue

    def check(plan, compared=None):
        with django_assert_max_num_queries(4 if compared else 99):
            return checked(plan, compared)

    monkeypatch.setattr(plan_issues, "_draw", draw_while_somebody_acts)
    monkeypatch.setattr(plan_issues, "_check_current", check)
    assert adopt_plan(plan=proposed, act=ACT, by=people["rpct"]).pk


def test_a_plan_is_adopted_once(adopted, proposed, people):
    with pytest.raises(MoveRefusedError):
        adopt_plan(plan=fresh(proposed), act=ACT, by=people["rpct"])
    assert PlanIssue.objects.count() == 1

"""A plan as one document: asked for by a button, made by a job, with every annex as it stands."""

import io
import re
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from docx import Document
from odfdo import Document as OpenDocument
from pypdf import PdfReader

from registry.models import Job, Plan, Process, TrailRecord, User
from registry.services.jobs import run_job
from risk.models import Assessment, Exemption, Method
from risk.services.plans.bound import AnnexPaper, bound_plan, facts_of
from risk.services.plans.choices import Chosen
from risk.services.plans.draft_reading import draft_front
from risk.services.plans.issues import adopt_plan
from risk.tasks import ask_document
from tests.conformance import faults
from tests.people import client_of, people_of
from tests.register import assess, complete_annex, make_annex, make_body, make_process
from tests.risk.paper.reading import text_of
from tests.risk.plans.proposing import ACT, fresh_plan, proposed_plan

pytestmark = pytest.mark.django_db


def pages_read(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_from_the_page_of_a_draft_it_is_one_press_to_the_job_and_its_file():
    annex = complete_annex()
    people, plan = people_of(annex), annex.plan
    address = reverse("risk:plan_document", args=[plan.administration.ipa_code, plan.slug])
    page = reverse("risk:plan", args=[plan.administration.ipa_code, plan.slug])
    for name, shown in (("auditor", True), ("head", False)):
        client = client_of(people[name])
        assert (f'action="{address}"' in client.get(page).content.decode()) == shown, name
        assert shown or client.post(address).status_code == 404
    client = client_of(people["rpct"])
    answer = client.post(address)
    job = Job.objects.get()
    assert answer.url == reverse("registry:job", args=[job.uid])
    assert (job.kind, job.state, job.total_steps) == ("bind-plan", "done", 2)
    file = reverse("registry:job_file", args=[job.uid])
    assert file in client.get(answer.url).content.decode()
    content = b"".join(client.get(file).streaming_content)
    cover, contents, *_others = pages_read(content)
    assert "BOZZA" in cover
    assert "Rpct Prova" in cover
    assert "Allegato 1 – Tributi" in contents
    assert TrailRecord.objects.filter(kind="export", subject=f"{job.subject}").count() == 1
    # drawn once: the second is made of the same pages, and the same
    assert bound_plan(plan=fresh_plan(plan)) == content
    assert faults(content) == []
    for suffix, code in (("docx", 302), ("rtf", 404)):
        written = reverse("risk:plan_text", args=[plan.administration.ipa_code, plan.slug, suffix])
        answer = client.post(written)
        assert answer.status_code == code
        assert client_of(people["head"]).post(written).status_code == 404
    (job,) = Job.objects.filter(kind="write-plan-text")
    assert (job.state, job.total_steps, job.result["file_name"]) == ("done", 2, f"{plan.slug}.docx")
    file = reverse("registry:job_file", args=[job.uid])
    docx = Document(io.BytesIO(b"".join(client.get(file).streaming_content)))
    told = [one.text for one in docx.paragraphs]
    assert any(one.startswith("BOZZA del") for one in told)
    assert f"Versione del contenuto: {re.findall('Versione ([0-9a-f]{12})', cover)[0]}" in told
    headings = [one.text for one in docx.paragraphs if one.style.name == "Heading 1"]
    assert headings[0] == "Sintesi per i cittadini"
    assert headings[-1] == "Allegato 1 – Tributi"
    assert annex.processes.get().title in " ".join(told)


@pytest.mark.usefixtures("_queued")
def test_asked_twice_it_is_one_job_and_who_lost_the_role_gets_nothing():
    people = people_of(complete_annex())
    plan = Plan.objects.get()
    job = ask_document(plan=plan, by=people["rpct"])
    assert ask_document(plan=plan, by=people["rpct"]) == job
    people["rpct"].memberships.update(role="editor", office=people["head"].memberships.get().office)
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, "tutta l’amministrazione" in job.failure) == ("failed", True)


@pytest.fixture
def _queued(settings):
    """Leave the work to a worker, as an installation does."""
    settings.TASK_ENGINE = "database"


WAYS_BACK = re.compile(r"(Indice|(Sintesi)?(Graduatoria)?)$")


def wrapped(pdf: bytes, own: list[bytes]) -> list[str]:
    """Return the pages before some files that stand as they are, but for number and ways back."""
    pages, printed = pages_read(pdf), [page for one in own for page in pages_read(one)]
    before = len(pages) - len(printed)
    for number, text in enumerate(printed, start=before + 1):
        stamp = f"Piano: pag. {number} di {len(pages)}"
        found = text_of(pages[number - 1].replace(stamp, ""))
        assert WAYS_BACK.sub("", found) == text_of(text)
    return pages[:before]


def test_what_was_issued_and_what_was_adopted_is_wrapped_page_for_page(tmp_path):
    proposed = proposed_plan()
    annex = proposed.annex.issues.get()
    assert bytes(annex.pdf).startswith(b"%PDF")
    cover, contents, *_chapters = wrapped(bound_plan(plan=proposed.plan), [annex.pdf])
    assert "BOZZA" in cover
    assert "emissione n. 1 del" in contents
    assert "Uffici esonerati" in contents
    issue = adopt_plan(plan=proposed.plan, act=ACT, by=proposed.people["rpct"])
    file = tmp_path / "piano.pdf"
    call_command("export_plan", plan=proposed.plan.title, format="PDF", output=str(file))
    assert faults(file.read_bytes()) == []
    # with its annexes inside, which are looked at each by itself
    assert faults(bytes(issue.pdf)) == []
    cover, contents, *parts = wrapped(file.read_bytes(), [issue.pdf, annex.pdf])
    assert "Deliberazione n. 12 del 29/01/2021" in cover
    assert "BOZZA" not in cover
    assert "Il piano adottato" in contents
    assert "Uffici esonerati" in contents
    text = tmp_path / "piano.odt"
    call_command(
        "export_plan",
        plan=proposed.plan.title,
        format="odt",
        parts="esoneri,allegati",
        output=str(text),
    )
    written = OpenDocument(text)
    headings = [one.inner_text for one in written.body.headers if int(one.level) == 1]
    assert headings == ["Uffici esonerati", "Allegato 1 – Tributi"]
    told = " ".join(one.inner_text for one in written.body.paragraphs)
    for words in (
        "Deliberazione n. 12 del 29/01/2021",
        "Ufficio soppresso nel corso dell’anno.",
        "Copia modificabile dell’emissione n. 1",
    ):
        assert words in told
    assert "BOZZA" not in told
    # what is said before them is made of what was issued, and not said twice
    assert "Il metodo usato non dice quali livelli sono alti" in " ".join(parts[0].split())
    assert not re.search("Uffici esonerati|Che cosa manca", " ".join(parts))


def test_the_draft_for_everybody_says_nothing_of_the_issues_it_is_drawn_from():
    proposed = proposed_plan()
    issue, only = proposed.annex.issues.get(), Chosen(parts=("allegati",))
    told = {}
    for mark in ("", "BOZZA IN CONSULTAZIONE"):
        pages = pages_read(bound_plan(plan=proposed.plan, chosen=only, mark=mark))
        whole = "".join(pages).replace("\n", "")
        told[mark] = ("Emissione n. 1" in whole, issue.data_digest in whole)
    assert [*told.values()] == [(True, True), (False, False)]


def test_the_command_tells_what_it_does_not_find_and_writes_a_plan_without_annexes(tmp_path):
    body = make_body()
    Plan.objects.create(administration=body, title="PTPCT vuoto", first_year=2022, last_year=2024)
    file = tmp_path / "piano.pdf"
    ask = {"format": "pdf", "output": str(file)}
    for options, code in (
        ({"plan": "PTPCT pieno"}, 2),
        ({"plan": "PTPCT vuoto", "format": "rtf"}, 2),
        ({"plan": "PTPCT vuoto", "output": str(tmp_path / "no" / "piano.pdf")}, 1),
    ):
        with pytest.raises(CommandError) as refused:
            call_command("export_plan", **{**ask, **options})
        assert refused.value.returncode == code
        assert list(Path(tmp_path).iterdir()) == []
    call_command("export_plan", plan="ptpct vuoto", **ask)
    assert len(pages_read(file.read_bytes())) == 2


def test_a_plan_whose_annexes_say_nothing_counts_nothing():
    annex = make_annex(make_body())
    assert draft_front(annex.plan).figures == ()
    # what is there is counted, with the noughts beside it
    make_process(annex, "Procedimento")
    assert draft_front(annex.plan).figures != ()


def test_what_is_written_meanwhile_is_nowhere_in_a_document_and_in_all_of_the_next():
    first = complete_annex()
    second = make_annex(first.plan.administration, office="Ufficio secondo")
    made, method = [make_process(one, "Prima") for one in (first, second)], Method.objects.get()
    for process in made:
        assess(process, method, "Basso", "Motivo.")
    drawn, read = [], []

    def somebody_writes(paper: AnnexPaper) -> None:
        """When the first annex has been drawn: words, a level, an office the plan goes without."""
        if not drawn:
            Process.objects.filter(pk__in=[one.pk for one in made]).update(title="Durante")
            high = method.levels.get(label="Alto")
            Assessment.objects.filter(process=made[0]).update(level=high)
            by = User.objects.get_or_create(username="rpct")[0]
            Exemption.objects.create(annex=second, reason="Soppresso.", by=by)
        drawn.append(paper.annex.pk)

    parts = Chosen(parts=("graduatoria", "esoneri", "quadro", "allegati"))
    for title, other, levels, is_exempt in (
        ("Prima", "Durante", {"Basso": 3}, False),
        ("Durante", "Prima", {"Basso": 1, "Alto": 1}, True),
    ):
        told = {"on_read": read.append, "on_annex": somebody_writes}
        pdf = bound_plan(plan=fresh_plan(first.plan), chosen=parts, **told)
        text = text_of("".join(pages_read(pdf)))
        said = (title in text, other in text, "Soppresso." in text)
        assert said == (True, False, is_exempt)
        front, facts = read[-1].front, read[-1].facts
        assert Counter(one.level.label for _annex, one in facts_of(front, facts).ranked) == levels
        # and as the figures count them
        table = front.figures[0]
        counted = [sum(line.cells[n].count for line in table.lines) for n in range(3)]
        assert +Counter(dict(zip(table.columns, counted, strict=False))) == levels
    assert drawn == [first.pk, second.pk, first.pk]

"""Open data are written once, and from then on no annex is read for them."""

import gzip
import json
import shutil
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from registry.models import Annex, Job, Plan, User
from registry.services.stored_files import BusyError, is_sound, read_folder, stored_folder
from risk.content.build import build_document
from risk.content.canonical import UnknownFormatError, digest_of, snapshot
from risk.content.reading import read_annex
from risk.models import AnnexIssue, PlanIssue
from risk.services.plans.documents import plan_content, plan_snapshot
from risk.services.reporting.open_data import plans as writing
from risk.services.reporting.open_data.files import STORE, folder_of, open_data_files, table_file
from risk.services.reporting.open_data.tables import TABLES
from tests.people import people_of
from tests.register import add_complete_process, adopt, close, complete_annex, make_annex
from tests.risk.plans.proposing import ACT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_files_of_others() -> None:
    shutil.rmtree(storages[STORE].path(""), ignore_errors=True)


def paper(annex: Annex, by: User, number: int = 1) -> AnnexIssue:
    """Issue an annex as the service does, but for its paper, which takes seconds to draw."""
    data = snapshot(build_document(read_annex(Annex.objects.with_names().get(pk=annex.pk))))
    close(annex, "issued", digest=digest_of(data))
    texts = {"data": data, "data_digest": digest_of(data), "html": "", "pdf_digest": "0" * 64}
    return AnnexIssue.objects.create(
        annex=annex,
        plan=annex.plan,
        number=number,
        issued_at=timezone.now(),
        by=by,
        pdf=b"",
        **texts,
    )


def adopted(
    state: str = "published", *, processes: int = 1, high: int = 0, offices: int = 1
) -> PlanIssue:
    """Return a plan as it was adopted; the last `high` of its processes are of a high risk.

    But for one its offices have no processes.
    """
    annex = complete_annex()
    for n in range(1, processes):
        add_complete_process(annex, f"Processo {n}")
    for process in annex.processes.order_by("-position")[:high]:
        for assessment in process.assessments.all():
            assessment.level = assessment.method.levels.get(label="Alto")
            assessment.level.tone = "high"
            assessment.level.save()
            assessment.save()
    by = people_of(annex)["rpct"]
    others = [
        make_annex(annex.plan.administration, office=f"Ufficio {n}") for n in range(1, offices)
    ]
    issues = [paper(row, by, number) for number, row in enumerate((annex, *others), start=1)]
    data = plan_snapshot(plan_content(annex.plan, ACT.printed).document)
    made = PlanIssue.objects.create(
        plan=annex.plan,
        issued_at=timezone.now(),
        by=by,
        data=data,
        data_digest=digest_of(data),
        html="",
        pdf=b"",
        pdf_digest="1" * 64,
    )
    made.annex_issues.set(issues)
    adopt(annex.plan, state)
    return PlanIssue.objects.select_related("plan__administration").get(pk=made.pk)


def addresses(plan: Plan) -> list[str]:
    parts = [plan.administration.ipa_code, plan.slug]
    tables = [reverse("risk:open_data_table", args=[*parts, name]) for name in TABLES]
    return [reverse("risk:open_data", args=parts), *tables]


def given(address: str, **headers: str) -> bytes:
    answer = Client().get(address, headers=headers)
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_request_asks_little_and_reads_no_annex():
    issue = adopted(processes=3)
    open_data_files(issue)
    counts = []
    for address in addresses(issue.plan):
        with CaptureQueriesContext(connection) as asked:
            given(address)
        told = [query["sql"] for query in asked.captured_queries]
        assert [sql for sql in told if "risk_annexissue" in sql or '"data"' in sql] == []
        counts.append(len(told))
    assert set(counts) == {1}


def test_each_annex_is_restored_once_for_all_files(monkeypatch):
    restored = []
    restore = writing.restore
    monkeypatch.setattr(writing, "restore", lambda data: restored.append(data) or restore(data))
    issue = adopted()
    for address in addresses(issue.plan) * 2:
        given(address)

    assert len(restored) == 1
    assert set(read_folder(folder_of(issue.uid))) == {"dati.json", *map(table_file, TABLES)}


def test_what_is_packed_is_what_is_not_and_head_gives_no_body():
    issue = adopted()
    for address in addresses(issue.plan):
        packed = Client().get(address, headers={"accept-encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Cache-Control"] == "public, max-age=300"
        assert packed.headers["Access-Control-Allow-Origin"] == "*"
        plain = given(address)
        assert gzip.decompress(packed.content) == plain
        head = Client().head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["Content-Length"] == str(len(plain))
    assert json.loads(given(addresses(issue.plan)[0]))["superato_da"] is None


def test_whoever_comes_while_they_are_written_is_asked_to_come_again(settings):
    issue = adopted()
    settings.PAGE_SECONDS = 0
    answers = []

    def slow(place: Path) -> None:
        answers.extend(Client().get(address) for address in addresses(issue.plan))
        (place / "x").touch()

    stored_folder(Path(storages[STORE].path("altro")), slow, patience=1)
    assert {answer.status_code for answer in answers} == {503}
    assert {answer.headers["Retry-After"] for answer in answers} == {"10"}
    assert "riprova" in answers[0].content.decode()
    assert given(addresses(issue.plan)[0])


def test_lost_and_damaged_files_come_back_and_those_of_no_plan_go(capsys):
    issue = adopted("adopted")
    other = Path(storages[STORE].path("0" * 32))
    stored_folder(other, lambda place: (place / "x").touch(), patience=1)
    open_data_files(issue)

    def tend() -> str:
        call_command("tend_open_data")
        return capsys.readouterr().out

    assert "scritti per 0 piani, tolte 2 cartelle, non letti 0" in tend()
    adopt(issue.plan, "published")
    assert "scritti per 1 piani, tolte 0 cartelle" in tend()
    assert "scritti per 0 piani, tolte 0 cartelle" in tend()
    file = open_data_files(issue)["dati.json"]
    file.path.write_bytes(b"{}")
    assert "scritti per 1 piani, tolte 0 cartelle" in tend()
    assert is_sound(folder_of(issue.uid))
    # killed before anything was written: the next who asks has it written
    shutil.rmtree(folder_of(issue.uid))
    assert json.loads(given(addresses(issue.plan)[0]))["allegati"]


def test_another_address_of_the_site_is_another_folder(settings):
    issue = adopted()
    before = json.loads(given(addresses(issue.plan)[0]))["schema"]
    settings.SITE_URL = "https://altrove.example"

    assert json.loads(given(addresses(issue.plan)[0]))["schema"] != before


def test_data_of_a_later_version_are_left_and_told(capsys, monkeypatch):
    issue = adopted()

    def unknown(data: str) -> None:
        raise UnknownFormatError(99)

    monkeypatch.setattr(writing, "restore", unknown)
    answer = Client().get(addresses(issue.plan)[0])
    call_command("tend_open_data")

    assert answer.status_code == 503
    assert "formato 99" in answer.content.decode()
    assert "non letti 1" in capsys.readouterr().out


def test_publishing_by_the_page_has_them_written(client):
    issue = adopted("adopted")
    client.force_login(issue.by)
    parts = [issue.plan.administration.ipa_code, issue.plan.slug]

    answer = client.post(reverse("risk:plan", args=parts), {"verb": "publish"})

    assert answer.status_code == 302
    assert (Job.objects.get().kind, Job.objects.get().state) == ("write-open-data", "done")
    assert is_sound(folder_of(issue.uid))


def test_a_disk_that_is_full_is_told_and_nothing_is_left(monkeypatch):
    issue = adopted()

    def full(*args: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("risk.services.reporting.open_data.files.write_table", full)
    with pytest.raises(OSError, match="No space"):
        open_data_files(issue)
    answer = Client(raise_request_exception=False).get(addresses(issue.plan)[0])
    assert answer.status_code == 503
    assert read_folder(folder_of(issue.uid)) == {}


def test_nobody_waits_for_ever():
    issue = adopted()

    def ask(place: Path) -> None:
        with pytest.raises(BusyError):
            open_data_files(issue, patience=0)
        (place / "x").touch()

    stored_folder(Path(storages[STORE].path("altro")), ask, patience=1)

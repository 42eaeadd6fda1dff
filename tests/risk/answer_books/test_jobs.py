"""Many workbooks at once: read, taken and taken back outside the page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry.models import Job
from registry.services.jobs import run_job
from registry.spreadsheets.archives import read_each
from registry.spreadsheets.serialising import serialise
from risk.enums import ImportState
from risk.models import Measurement, RegisterImport
from risk.services.answer_books.read import kept_books, read_brought
from risk.services.answer_books.reading import FEW_FILES
from risk.services.answer_books.uploads import LONG_ROWS
from risk.workbooks import rowids
from tests.people import client_of
from tests.risk.answer_books.conftest import GOOD, book_of, filled, take
from tests.risk.answer_books.test_books import INDICATOR, MEASURED, OWN, places
from tests.risk.monitoring.test_rounds import answer

pytestmark = pytest.mark.django_db


def sent_by(world, settings, who="editor"):
    """Send more than a page waits for while nobody works; return client, upload and its page."""
    settings.TASK_ENGINE = "database"
    content = filled(book_of(world), (OWN, GOOD), (INDICATOR, MEASURED))
    files = [SimpleUploadedFile("foglio.xlsx", content) for _turn in range(FEW_FILES + 1)]
    client = client_of(world.people[who])
    client.post(reverse("risk:round_books", args=[world.round.uid]), {"fogli": files})
    upload = RegisterImport.objects.get(layout=rowids.ANSWERS)
    return client, upload, reverse("risk:round_brought", args=[upload.uid])


def test_long_reading_waits_is_cancelled_and_asked_again(world, settings):
    client, upload, place = sent_by(world, settings)
    job = Job.objects.get()
    assert (job.kind, job.state, upload.tables) == ("read-round-books", "waiting", b"")
    assert "non sono ancora stati letti" in client.get(place).content.decode()
    followed = reverse("registry:job", args=[job.uid])
    codes = {who: client_of(world.people[who]).get(followed).status_code for who in world.people}
    assert {who for who, code in codes.items() if code == 200} == {"editor", "rpct"}  # noqa: PLR2004
    assert client.post(place, {"atto": "leggi"}).url == followed
    client.post(followed, {"annulla": "1"})
    run_job(uid=job.uid)
    upload.refresh_from_db()
    assert (upload.tables, upload.report.get("digest")) == (b"", None)
    client.post(place, {"atto": "leggi"})
    again = Job.objects.exclude(pk=job.pk).get()
    run_job(uid=again.uid)
    again.refresh_from_db()
    assert (again.state, again.total_steps) == ("done", FEW_FILES + 2)
    upload.refresh_from_db()
    # the same file many times says one thing
    assert (upload.report["answers"], upload.report["measurements"]) == (1, 1)
    names = [one["name"] for one in upload.report["files"]]
    assert names[:2] == ["foglio.xlsx", "foglio.xlsx (2)"]


def test_much_is_taken_and_taken_back_as_jobs(world, settings):
    client, upload, place = sent_by(world, settings)

    def worked_off():
        job = Job.objects.first()
        run_job(uid=job.uid)
        job.refresh_from_db()
        upload.refresh_from_db()
        return job.kind, job.state, job.failure

    def ask(what):
        RegisterImport.objects.update(report=upload.report | {"rows": LONG_ROWS})
        client.post(place, {"atto": what, "digest": upload.report["digest"]})

    worked_off()
    ask("prendi")
    answer(world, "own", done="Nel frattempo.")
    kind, state, failure = worked_off()
    assert (kind, state) == ("take-round-books", "failed")
    assert "guardala di nuovo" in failure
    # what is shown now is what is taken next
    assert places(upload)
    ask("prendi")
    cut_off = Job.objects.first()
    take(world, upload, who="editor")
    Job.objects.filter(pk=cut_off.pk).update(attempts=1)
    assert worked_off()[1] == "done"
    assert Measurement.objects.count() == 1
    # while an answer of theirs stays in the register, there is something to take back
    ask("annulla")
    assert worked_off()[1:] == ("failed", "Solo risposte prese da fogli si annullano.")


def test_what_cannot_be_read_is_set_aside_and_told(world, settings):
    _client, upload, _place = sent_by(world, settings)
    settings.DRAWING_SECONDS = 0
    job = Job.objects.get()
    run_job(uid=job.uid)
    job.refresh_from_db()
    upload.refresh_from_db()
    assert (job.state, upload.state) == ("failed", ImportState.DISCARDED)
    assert "portane di meno" in job.failure


def test_what_was_brought_before_an_upgrade_is_read_alike(world):
    content = filled(book_of(world), (OWN, GOOD), (INDICATOR, MEASURED))
    files = [("buono.xlsx", content), ("rotto.xlsx", content[:2000])]

    def told(stored):
        return [
            (one.name, one.refusal, one.origin, one.lost)
            + tuple((row.place(), row.uid, row.version, said(row)) for row in one.rows)
            for one in kept_books(stored)
        ]

    def said(row):
        return {name: (cell.text, cell.value or "") for name, cell in row.cells.items()}

    now = told(read_brought(files).tables)
    assert now == told(serialise(read_each(files)))
    assert [len(one) > 4 for one in now] == [True, False]

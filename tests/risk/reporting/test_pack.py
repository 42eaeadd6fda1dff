"""The pack of a plan: all there is of it in one ZIP, whole by its digests, opened by its page."""

import hashlib
import io
import json
import re
import zipfile
from html import unescape

import jsonschema
import pytest
from django.core.management import call_command
from django.urls import reverse

from registry.models import Job, TrailRecord
from registry.services.jobs import JobLostError, run_job
from registry.spreadsheets.reading import read_workbook
from risk.models import Exemption
from risk.services.plans.issues import adopt_plan, adopted_files
from risk.services.reporting.open_data.plans import SCHEMA
from risk.services.reporting.open_data.tables import TABLES
from risk.services.reporting.pack import write_pack
from risk.tasks import ask_pack
from tests.people import client_of, people_of
from tests.register import complete_annex, make_annex
from tests.risk.plans.proposing import ACT, proposed_plan

pytestmark = pytest.mark.django_db

DATA = {"dati/dati.json", *(f"dati/{name}.csv" for name in TABLES)}
REGISTERS = {f"registri/{name}.xlsx" for name in ("catalogo", "tabella", "schede")}


def opened(content: bytes) -> dict[str, bytes]:
    """Return the files of a pack by name, whose digests and page have told all of them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert sums == {name: one for name, one in digests.items() if name != "SHA256SUMS"}
    page = files["index.html"].decode()
    led = {unescape(one) for one in re.findall(r'href="([^"]+)"', page)}
    assert led == set(files) - {"index.html"}
    assert "src=" not in page
    assert "http" not in re.sub(r"data:[^)]+", "", page)
    return files


def test_who_reads_the_whole_draft_has_its_pack_in_two_presses_and_nobody_elses():
    annex = complete_annex()
    people, plan = people_of(annex), annex.plan
    names = [plan.administration.ipa_code, plan.slug]
    address, page = reverse("risk:plan_pack", args=names), reverse("risk:plan", args=names)
    clients = {name: client_of(people[name]) for name in ("rpct", "auditor", "head")}
    for name, shown in (("auditor", True), ("head", False)):
        found = f'formaction="{address}"' in clients[name].get(page).content.decode()
        assert found == shown, name
    assert clients["head"].post(address).status_code == 404
    job_page = clients["auditor"].post(address).url
    job = Job.objects.get()
    file = reverse("registry:job_file", args=[job.uid])
    assert (job.kind, job.state, job.total_steps) == ("pack-plan", "done", 5)
    assert file in clients["auditor"].get(job_page).content.decode()
    # the RPCT sees that it was made, and has their own
    assert clients["rpct"].get(file).status_code == 404
    files = opened(b"".join(clients["auditor"].get(file).streaming_content))
    document, annex_pdf = f"{plan.slug}-in-un-documento.pdf", "allegati/bozza-001-tributi.pdf"
    assert set(files) == {document, annex_pdf, "index.html", "SHA256SUMS", *DATA, *REGISTERS}
    assert files[document].startswith(b"%PDF")
    assert "BOZZA" in files["index.html"].decode()
    data = json.loads(files["dati/dati.json"])
    assert data["bozza"]
    assert data["allegati"][0]["emissione"] is None
    (process,) = data["allegati"][0]["processi"]
    assert process["titolo"] in files["dati/processi.csv"].decode()
    for name in REGISTERS:
        assert process["titolo"] in str(read_workbook(files[name], name).sheets)
    exported = TrailRecord.objects.get(kind="export")
    assert (exported.detail["format"], exported.subject) == ("zip", job.subject)


def test_the_pack_of_an_adopted_plan_holds_what_was_adopted(tmp_path):
    proposed = proposed_plan()
    issue = adopt_plan(plan=proposed.plan, act=ACT, by=proposed.people["rpct"])
    file = tmp_path / "piano.zip"
    call_command("export_plan", plan=proposed.plan.title, format="zip", output=str(file))
    files = opened(file.read_bytes())
    adopted = dict(adopted_files(issue))
    assert {name: files[name] for name in adopted} == adopted
    others = {f"{proposed.plan.slug}-in-un-documento.pdf", "index.html", "SHA256SUMS"}
    assert set(files) == {*adopted, *others, *DATA, *REGISTERS}
    page = files["index.html"].decode()
    assert "Deliberazione n. 12 del 29/01/2021" in page
    assert "Tributi minori" in page
    assert "BOZZA" not in page
    data = json.loads(files["dati/dati.json"])
    jsonschema.validate(data, json.loads(SCHEMA.read_text()))


def test_documents_and_data_are_of_one_moment_and_the_registers_say_theirs():
    annex = complete_annex()
    other = make_annex(annex.plan.administration, office="Ufficio secondo")
    by = people_of(annex)["rpct"]

    def somebody_writes(_done: int, _total: int, message: str) -> None:
        if message.startswith("Allegato 2"):
            Exemption.objects.create(annex=other, reason="Soppresso.", by=by)

    file = io.BytesIO()
    write_pack(plan=annex.plan, into=file, progress=somebody_writes)
    files = opened(file.getvalue())
    assert "allegati/bozza-002-ufficio-secondo.pdf" in files
    data = json.loads(files["dati/dati.json"])
    assert len(data["allegati"]) == 2
    page = files["index.html"].decode()
    assert "Uffici esonerati" not in page
    assert "dopo i documenti: ciò che è stato scritto nel frattempo sta soltanto qui" in page


@pytest.mark.usefixtures("_queued")
def test_a_pack_asked_twice_is_one_of_each_person_and_stops_when_it_is_cancelled():
    people = people_of(complete_annex())
    plan = people["head"].memberships.get().office.administration.plans.get()
    job = ask_pack(plan=plan, by=people["rpct"])
    assert ask_pack(plan=plan, by=people["rpct"]) == job
    assert ask_pack(plan=plan, by=people["auditor"]) != job

    told = []

    def cancelled(*steps):
        told.append(steps)
        raise JobLostError

    with pytest.raises(JobLostError):
        write_pack(plan=plan, into=io.BytesIO(), progress=cancelled)
    assert told == [(0, 5, "Leggo il piano com’è adesso")]
    people["rpct"].memberships.update(role="editor", office=people["head"].memberships.get().office)
    run_job(uid=job.uid)
    job.refresh_from_db()
    assert (job.state, "tutta l’amministrazione" in job.failure) == ("failed", True)


@pytest.fixture
def _queued(settings):
    """Leave the work to a worker, as an installation does."""
    settings.TASK_ENGINE = "database"

"""One id joins what is said of a request: answer, log, jobs and mails; a refusal is one line."""

import io
import json
import logging
import logging.config
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from ptpct import mail
from ptpct.signin.mails import send, send_reset_link
from registry.models import TrailRecord
from registry.services.jobs import JobKind, Result, register_kind, start_job
from registry.tracing import Trace, current_trace, request_id_from, traced
from tests.people import client_of, people_of
from tests.project.files import ROOT, files_under, read
from tests.register import make_annex, make_process

pytestmark = pytest.mark.django_db

ID = "0123456789abcdef0123456789abcdef"
HEX = re.compile(r"[0-9a-f]{32}")
SEEN: list[Trace] = []

register_kind(
    JobKind(
        name="prova-traccia",
        label="Prova",
        work=lambda job, progress: SEEN.append(current_trace()) or Result(message="Ecco."),
        place=lambda job: "/",
    )
)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the handler of an installation writes."""
    handlers = logging.getLogger("django").handlers
    [handler] = [one for one in handlers if type(one) is logging.StreamHandler]
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def people(annex):
    return people_of(annex)


class TestTheIdOfARequest:
    def test_each_answer_has_its_own(self, client):
        first, second = (client.get("/accedi/").headers["X-Request-ID"] for _n in range(2))

        assert HEX.fullmatch(first)
        assert HEX.fullmatch(second)
        assert first != second

    @pytest.mark.parametrize("behind_a_proxy", [True, False])
    def test_only_a_proxy_brings_one_along(self, client, settings, behind_a_proxy):
        settings.BEHIND_PROXY = behind_a_proxy

        answer = client.get("/accedi/", headers={"x-request-id": ID})

        assert (answer.headers["X-Request-ID"] == ID) == behind_a_proxy

    @pytest.mark.parametrize(
        ("given", "is_taken"),
        [
            (ID, True),
            ("01234567-89ab-4def-8123-456789abcdef", True),
            ("", False),
            (ID.upper(), False),
            (f"{ID}0", False),
            (f"{ID[:-1]}\n", False),
            ("-" * 400 + ID, False),
        ],
    )
    def test_what_has_the_form_of_one(self, given, is_taken):
        assert (request_id_from(given) == given) == is_taken

    def test_nothing_is_left_of_it_afterwards(self, client):
        client.get("/accedi/")

        assert current_trace() == Trace()


class TestTheLog:
    def test_a_refusal_is_one_line_with_its_request(self, annex, people, log):
        make_process(annex)
        address = reverse("risk:bulk", args=[annex.uid, "processi"])

        answer = client_of(people["auditor"]).post(address, {})

        [line] = [one for one in log.getvalue().splitlines() if "Forbidden" in one]
        assert answer.status_code == 403
        assert f"[{answer.headers['X-Request-ID']}]" in line
        assert address in line
        assert "Traceback" not in log.getvalue()

    def test_what_breaks_has_its_traceback_and_its_page_the_id(self, client, log, settings):
        settings.OPERATOR_TOKEN, settings.VAR_DIR = "x" * 32, None
        client.raise_request_exception = False

        answer = client.get("/metriche/", headers={"authorization": f"Bearer {'x' * 32}"})

        assert answer.status_code == 500
        assert "Traceback" in log.getvalue()
        assert answer.headers["X-Request-ID"] in answer.content.decode()

    def test_a_host_that_is_not_ours_is_one_line(self, client, log, settings):
        settings.ALLOWED_HOSTS = ["registro.esempio.it"]

        assert client.get("/accedi/", headers={"host": "altro.esempio.it"}).status_code == 400
        assert "Invalid HTTP_HOST" in log.getvalue()
        assert "Traceback" not in log.getvalue()

    def test_as_json_each_line_is_an_object(self, tmp_path):
        ask = (
            "import logging; from registry.tracing import *\n"
            "with traced(Trace('a' * 32, '10.1.2.3')):\n"
            "    logging.getLogger('risk').warning('perché %s', 1)\n"
            "try: 1 / 0\n"
            "except ZeroDivisionError: logging.getLogger('django.request').exception('rotto')\n"
        )
        variables = {"PTPCT_VAR_DIR": str(tmp_path), "PTPCT_LOG_FORMAT": "json"}
        command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", ask]
        done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)

        first, second = map(json.loads, done.stderr.splitlines())
        assert first.pop("at")
        assert first == {
            **{"level": "WARNING", "logger": "risk", "message": "perché 1"},
            **{"request_id": "a" * 32, "address": "10.1.2.3", "status_code": None},
        }
        assert second["request_id"] == "-"
        assert "ZeroDivisionError" in second["exc_info"]


class TestTheWorker:
    @pytest.mark.parametrize("engine", ["database", "immediate"])
    def test_a_job_is_done_under_the_request_that_asked_for_it(
        self, settings, people, annex, engine
    ):
        settings.TASK_ENGINE = engine
        SEEN.clear()
        body = annex.plan.administration

        with traced(Trace(ID, "10.1.2.3")):
            start_job(kind="prova-traccia", by=people["rpct"], administration=body, subject="x")
        for task in DBTaskResult.objects.all():
            task.task.call(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])

        assert [trace.request_id for trace in SEEN] == [ID]
        assert current_trace() == Trace()

    def test_a_mail_that_waits_in_the_queue_keeps_it(self, settings, people):
        settings.TASK_ENGINE = "database"

        with traced(Trace(ID)):
            send(send_reset_link, address="nessuno@esempio.it")

        assert DBTaskResult.objects.get().args_kwargs["kwargs"]["request_id"] == ID

    def test_every_task_of_the_queue_is_done_under_its_request(self):
        tasks = re.compile(r"^@task\(.*?\)\n(.*)$", re.MULTILINE)
        files = files_under("ptpct", "registry", "risk", ending=".py")
        below = {str(file): tasks.findall(read(str(file))) for file in files}

        assert sum(map(len, below.values())) >= 4
        assert {file for file, lines in below.items() if set(lines) - {"@under_request"}} == set()


class TestMails:
    def test_a_mail_carries_the_id(self, settings):
        message = EmailMessage("Prova", "Ecco.", "a@esempio.it", ["b@esempio.it"])

        with traced(Trace(ID)):
            mail.ConsoleBackend(stream=io.StringIO()).send_messages([message])

        assert message.message()["X-Request-ID"] == ID

    def test_one_of_no_request_has_none(self):
        message = EmailMessage("Prova", "Ecco.", "a@esempio.it", ["b@esempio.it"])

        mail.ConsoleBackend(stream=io.StringIO()).send_messages([message])

        assert message.message()["X-Request-ID"] is None
        assert issubclass(mail.ConsoleBackend, EmailBackend)


def test_a_refused_sign_in_says_where_it_came_from(people, log):
    stranger = Client(REMOTE_ADDR="10.9.8.7")

    stranger.post("/accedi/", {"login": people["editor"].username, "password": "sbagliata"})

    record = TrailRecord.objects.filter(kind="sign-in", outcome="refused").first()
    assert record.refused_sign_in.address == "10.9.8.7"
    assert "10.9.8.7" not in str(record.detail)
    assert record.person == people["editor"].trail_token
    assert "sign-in refused, from 10.9.8.7" in log.getvalue()
    assert "sbagliata" not in log.getvalue()

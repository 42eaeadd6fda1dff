"""A stranger's file is read in a process with limits: whatever it does there, the page answers."""

import os
import signal
from threading import Thread
from time import monotonic, sleep

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from registry.services.limited import strangers_process
from risk.enums import Verdict
from risk.services.verification.limited import Reader
from risk.services.verification.values import Brought, UnreadableFileError
from risk.services.verification.verifying import verify_file
from tests.risk.verification.world import make_issue, zipped
from tests.signing import add_comment, sign_pdf
from tests.works import double, number_of_process, refuse

pytestmark = pytest.mark.django_db
LONG = 300
ZEROS = 240 * 1024 * 1024
"""Bytes that fit what a file may unpack to, and not the least memory the process may have."""


@pytest.fixture
def issue(annex, people):
    return make_issue(annex, people["rpct"])


@pytest.fixture
def limit(settings):
    """Give the process that reads another limit of memory, in megabytes."""

    def set_limit(megabytes: int) -> None:
        settings.VERIFICATION_MEGABYTES = megabytes
        strangers_process().end()
        strangers_process.cache_clear()

    before = settings.VERIFICATION_MEGABYTES
    yield set_limit
    set_limit(before)


def page(content: bytes) -> str:
    file = SimpleUploadedFile("atto.pdf", content)
    answer = Client().post(reverse("risk:verify"), {"file": file})
    assert answer.status_code == 200
    return answer.content.decode()


def says_it_was_stopped(told: str, why: str) -> None:
    assert "<strong>Non riconosciuto</strong>" in told
    assert f"La lettura del file è stata fermata: {why}" in told
    # nothing is said of what was not read
    assert "non dice di esserlo" not in told
    assert "firme non è stata esaminata" in told


def test_a_reading_that_takes_too_long_is_a_sentence_and_the_next_file_is_read(issue, settings):
    settings.PAGE_SECONDS = 1
    os.kill(strangers_process().run(number_of_process, seconds=LONG), signal.SIGSTOP)
    says_it_was_stopped(page(zipped({"atto.pdf": b"testo"})), "ci vuole più tempo")
    settings.PAGE_SECONDS = LONG
    assert "<strong>Emesso, poi modificato</strong>" in page(add_comment(bytes(issue.pdf)))


def test_who_comes_while_others_wait_is_told_so_at_once(issue):
    pool = strangers_process()
    with pool._process(monotonic() + LONG, lambda: None):
        waiting = Thread(target=pool.run, args=(double, 4), kwargs={"seconds": LONG})
        waiting.start()
        while not pool._waiting:
            sleep(0.01)
        assert "In questo momento si leggono altri file" in page(sign_pdf(bytes(issue.pdf)))
    waiting.join()


def test_whatever_reading_raises_is_a_sentence():
    reader = Reader(Brought(b""), monotonic() + LONG)
    with pytest.raises(UnreadableFileError, match="non si lascia leggere"):
        reader._apart(refuse)


def test_a_reading_that_takes_too_much_memory_is_a_sentence(limit):
    archive = zipped({"atto.pdf": bytes(ZEROS)})
    limit(512)
    says_it_was_stopped(page(archive), "ci vogliono più di 512 MB di memoria")


def test_a_reading_that_ends_its_process_is_a_sentence_and_an_issue_needs_none(issue, limit):
    limit(1)
    archive = zipped({"atto.pdf": b"testo"})
    says_it_was_stopped(page(archive), "il programma che lo leggeva è finito")
    for content in (bytes(issue.pdf), issue.data.encode(), issue.html.encode()):
        assert verify_file(content).documents[0].verdict == Verdict.ISSUED
    for content in (b"", b"testo", b"\0\0"):
        (found,) = verify_file(content).documents
        assert (found.verdict, found.note) == (Verdict.UNKNOWN, "")

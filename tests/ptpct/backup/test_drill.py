"""The drill: backed up while somebody writes, lost, restored in an empty place, on both engines."""

import json
import shlex
import subprocess
import threading

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from registry.models import TrailRecord
from tests.ptpct.backup.installation import all_rows, empty_place, looking_into, manage

LONGEST_WAIT = 180
SIGNS = {
    "AWS_SECRET_ACCESS_KEY": "a/b+c&d$e",
    "PTPCT_EMAIL_FROM": "Registro d'Esempio <registro@esempio.it>",
}
"""Variables with signs a shell would read, if they stood there as they are."""

_RECORD = ("chain", "number", "digest")
PAUSE = 0.01
"""Seconds between two saves: nobody else would get to write otherwise."""


class Writer(threading.Thread):
    """Somebody who saves again and again; `written` counts what was saved for certain."""

    def __init__(self, installation) -> None:
        super().__init__()
        self.installation, self.written = installation, 0
        self.is_writing, self.may_stop = threading.Event(), threading.Event()

    def run(self) -> None:
        try:
            # SQLite gives the lock to whoever asks first, and this one asks at once
            while not self.may_stop.wait(PAUSE):
                self.installation.edit(self.written + 1)
                self.written += 1
                self.is_writing.set()
        finally:
            connection.close()

    def __enter__(self) -> "Writer":
        self.start()
        assert self.is_writing.wait(LONGEST_WAIT)
        return self

    def __exit__(self, *_raised) -> None:
        self.may_stop.set()
        self.join()


def test_what_was_saved_before_a_backup_comes_back(
    installation, passphrase_file, tmp_path, monkeypatch
):
    copy = tmp_path / "copia"
    for name, value in SIGNS.items():
        monkeypatch.setenv(name, value)
    before = TrailRecord.objects.count()
    with Writer(installation) as writer:
        saved = writer.written
        call_command("backup", str(copy), passphrase_file=passphrase_file)
        assert writer.is_alive()
    assert writer.written > saved
    records = list(TrailRecord.objects.order_by("pk").values_list(*_RECORD))

    with empty_place(tmp_path, "altrove") as place:
        ended = manage("restore", str(copy), "--passphrase-file", str(passphrase_file), **place)
        assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout + ended.stderr
        assert "tutto integro" in ended.stdout
        with looking_into(place["DATABASE_URL"]):
            came_back = list(TrailRecord.objects.order_by("pk").values_list(*_RECORD))
            rows = all_rows()

    manifest = json.loads((copy / "manifest.json").read_text())
    ends = {chain: {"number": number, "digest": digest} for chain, number, digest in came_back}
    assert {"": manifest["trail"], **manifest["chains"]} == ends
    [anchor] = manifest["anchors"]
    code = anchor.partition(":")[0]
    assert anchor == "{}:{number}:{digest}".format(code, **ends.get(code, ends[""]))
    assert len(came_back) >= before + saved
    assert came_back == records[: len(came_back)]
    [issue] = rows["risk_annexissue"]
    assert installation.issue.pdf in issue
    var = tmp_path / "altrove"
    assert (var / "secret-key").read_text() == settings.SECRET_KEY
    assert (var / "jobs" / installation.file).read_bytes() == b"%PDF- prova"
    read = f"set -a; . {shlex.quote(str(var / 'variabili-ripristinate.env'))}; env -0"
    came = subprocess.run(["sh", "-c", read], capture_output=True, text=True, check=True)
    assert {f"{name}={value}" for name, value in SIGNS.items()} < set(came.stdout.split("\0"))

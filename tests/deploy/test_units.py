"""The units of systemd: sound, closed, one for each thing to be done, of commands there are."""

import re
import subprocess

import pytest
from django.core.management import get_commands

from tests.project.files import ROOT

UNITS = sorted((ROOT / "deploy/systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
TIMED = {"ahead", "sweep", "notices", "verify", "names", "backup"}
COMMAND = re.compile(r"manage\.py (\w+)")
CLOSED = ("User=ptpct", "UMask=0077", "NoNewPrivileges=yes", "ProtectSystem=strict")


def test_systemd_finds_nothing_wrong_with_them(tmp_path):
    for unit in UNITS:
        # the commands have to be there
        (tmp_path / unit.name).write_text(unit.read_text().replace("/srv/ptpct", str(ROOT)))
    names = [str(tmp_path / unit.name) for unit in UNITS]
    found = subprocess.run(
        ["systemd-analyze", "verify", *names], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def test_what_is_done_again_and_again_has_its_timer():
    names = {unit.name for unit in UNITS}
    assert {f"ptpct-{name}.timer" for name in TIMED} <= names
    assert {f"ptpct-{name}.service" for name in TIMED} <= names
    said = "".join(service.read_text() for service in SERVICES)
    asked = {
        "clearsessions",
        "draw_ahead",
        "sweep_imports",
        "send_notices",
        "seal_trail",
        "verify_trail",
        "backup",
    }
    assert asked <= set(COMMAND.findall(said))


@pytest.mark.parametrize("service", SERVICES, ids=lambda unit: unit.stem)
def test_a_service_is_closed_and_runs_what_there_is(service):
    text = service.read_text()
    assert [line for line in CLOSED if line not in text.splitlines()] == []
    assert set(COMMAND.findall(text)) <= set(get_commands())


@pytest.mark.parametrize("page", ["deployment.md", "guide/gestore.md"])
def test_who_stops_the_site_stops_what_would_start_it_again(page):
    """The socket starts it at the first request, with the environment it had before."""
    commands = re.findall(r"systemctl stop ([^`\n]*)", (ROOT / "docs" / page).read_text())
    assert commands
    for units in commands:
        assert {"ptpct.socket", "ptpct-worker", "'ptpct-*.timer'"} <= set(units.split()), units
    socket = (ROOT / "deploy/systemd/ptpct.service").read_text()
    assert "Requires=ptpct.socket" in socket.splitlines()

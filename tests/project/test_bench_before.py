"""The comparison with an earlier version: what it needs of the history, and of this version.

And what is left of a measurement of which a part breaks off.
"""

import json
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.project.address_world import rows_named
from tests.project.files import ROOT
from tools import bench_engines
from tools.bench_before_checkout import COMMIT, LOCK, prepared
from tools.bench_before_names import BEFORE, MODULES, names
from tools.bench_engines import beyond


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Prova", "-c", "user.email=prova@esempio.example")
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def history(tmp_path) -> tuple[Path, str]:
    """A small repository of two commits, and the first of them."""
    folder = tmp_path / "origin"
    folder.mkdir()
    git(folder, "init", "--quiet")
    for version in ("1", "2"):
        (folder / LOCK).write_text(f"rules=={version}\n")
        git(folder, "add", LOCK)
        git(folder, "commit", "--quiet", "--message", version)
    return folder, git(folder, "rev-parse", "HEAD~1")


@pytest.fixture
def clone(history, tmp_path) -> Path:
    """A clone whose virtual environment stands as if it had been made of the first lock file."""
    folder = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(history[0]), str(folder)], check=True)
    environment = folder / "out" / "before" / "venv"
    environment.mkdir(parents=True)
    (environment / "installed.txt").write_text("rules==1\n")
    return folder


def test_a_clone_without_history_is_told_in_a_sentence(history, tmp_path):
    origin, first = history
    shallow = tmp_path / "shallow"
    command = ["git", "clone", "--quiet", "--depth", "1", origin.as_uri(), str(shallow)]
    subprocess.run(command, check=True)

    with pytest.raises(SystemExit) as refused:
        prepared(shallow, first)

    assert str(refused.value) == (
        f"Manca la versione {first[:7]} con cui confrontare: questa copia del repository non ne ha "
        "la storia. La si scarica con «git fetch --unshallow»."
    )
    assert not (shallow / "out").exists()


def test_the_earlier_version_is_checked_out_once_and_kept(history, clone):
    first = history[1]

    made = prepared(clone, first)
    (made.folder / "kept").touch()

    assert (made.folder / LOCK).read_text() == "rules==1\n"
    assert prepared(clone, first) == made
    assert (made.folder / "kept").exists()
    assert git(clone, "status", "--porcelain", "--", LOCK) == ""


def test_it_is_checked_out_again_where_what_was_generated_was_cleaned_away(history, clone):
    first = history[1]
    made = prepared(clone, first)
    shutil.rmtree(made.folder)

    assert (prepared(clone, first).folder / LOCK).read_text() == "rules==1\n"


def test_the_commit_is_the_one_the_limits_speak_of():
    assert COMMIT.startswith("2799581")


def test_every_module_the_comparison_asks_for_is_there():
    """Whoever moves one says so in `bench_before_names`, or the next comparison would stop."""
    services = names("now")

    assert services.rows.FIRST_ANNEX == 28
    # raises where a function that stands for a drawing is not there any more
    with services.undrawn(b""):
        assert services.issues.render_pdf_apart("document") == b""
    assert BEFORE.keys() <= MODULES.keys()


def test_every_compared_figure_has_its_limit(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    compared, growth = import_module("bench_before"), import_module("bench_growth")

    limits = growth.LIMITS | growth.AT_LEAST
    figures = {row[0] for rows in compared.COMPARED.values() for row in rows.values()}
    figures |= {compared.BYTES, *compared.COUNTED.values()}
    assert figures <= limits.keys()
    desk = import_module("bench_desk")
    of_desk = {row[0] for rows in compared.DESK.values() for row in rows.values()}
    assert of_desk < desk.TO_BEFORE.keys()
    assert all((ROOT / "tools" / script).exists() for script in desk.COMPARING)
    assert all((ROOT / "tools" / script).exists() for script in growth.SCRIPTS)
    assert set(growth.SCRIPTS) > growth.ALONE
    assert growth.chosen("") == (list(growth.SCRIPTS), "")
    assert growth.chosen("pages,trail") == (["bench_growth_pages.py", "bench_growth_trail.py"], "")
    assert growth.chosen("changes,missing") == (["bench_before.py"], "changes,missing")


def test_the_measured_body_has_every_row_that_the_addresses_of_its_pages_name(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    addresses = import_module("bench_growth_addresses")
    home = import_module("bench_growth_body").HOME

    named = {
        route.name: rows_named(route, addresses.PARTS.get(route.name, (line.parts,))[0])
        for route, line in addresses._routes("get")
    }
    assert len(named) > 40
    assert {name: rows - home for name, rows in named.items() if rows - home} == {}


def test_a_figure_is_beyond_its_limit_on_either_side():
    limits, at_least = {"small": 0.5}, {"many": 2}
    results = {"small@sqlite": 0.6, "small@postgresql": 0.5, "many@sqlite": 1.9, "more@sqlite": 9}

    assert beyond(limits, results, at_least=at_least) == [
        "many@sqlite: 1.9 < 2",
        "small@sqlite: 0.6 > 0.5",
    ]


def test_what_a_script_had_found_before_it_broke_off_is_kept(tmp_path, monkeypatch):
    script = tmp_path / "tools" / "broken.py"
    script.parent.mkdir()
    script.write_text("import sys; open(sys.argv[1], 'w').write('{\"kb\": 1}'); sys.exit(3)")
    monkeypatch.setattr(bench_engines, "ROOT", tmp_path)

    with pytest.raises(bench_engines.BrokenOffError, match=r"broken\.py: 3") as broken:
        bench_engines.measured("sqlite", "broken.py")

    assert broken.value.found == {"kb": 1}


def test_a_figure_that_cannot_be_had_leaves_the_others_alone(tmp_path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    compared, file = import_module("bench_before"), tmp_path / "found.json"

    def missing() -> dict[str, float]:
        raise compared.NoFigureError("now: KeyError()")

    figures = (compared.tried(find) for find in (lambda: {"a": 1}, missing, lambda: {"b": 2}))
    assert compared.kept(figures, file) == 1

    assert json.loads(file.read_text()) == {"a": 1, "b": 2}
    assert "now: KeyError()" in capsys.readouterr().err


def test_the_other_version_is_run_by_its_own_python(history, clone):
    assert prepared(clone, history[1]).python != sys.executable

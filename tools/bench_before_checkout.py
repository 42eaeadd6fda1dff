"""The earlier version beside this one: its code in a worktree, its libraries from its lock file."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMIT = "2799581e213dbb4ee409e7c6bb841f2fb7c72c43"
LOCK = "requirements.txt"


@dataclass(frozen=True)
class Checkout:
    """One version: where its code is, and the Python that has its libraries."""

    folder: Path
    python: str


def prepared(root: Path = ROOT, commit: str = COMMIT) -> Checkout:
    """Return the earlier version of the repository at `root`, made under ``out/before`` or kept.

    Raises `SystemExit` with an Italian sentence where the history does not reach that far, or where
    its libraries cannot be installed.
    """
    folder = root / "out" / "before"
    code, environment = folder / "code", folder / "venv"
    if not _is_known(root, commit):
        raise SystemExit(
            f"Manca la versione {commit[:7]} con cui confrontare: questa copia del repository non "
            "ne ha la storia. La si scarica con «git fetch --unshallow»."
        )
    if _git(code, "rev-parse", "HEAD") != commit:
        shutil.rmtree(code, ignore_errors=True)
        _git(root, "worktree", "prune")
        _git(root, "worktree", "add", "--quiet", "--detach", str(code), commit, needed=True)
    _install(environment, code / LOCK)
    return Checkout(code, str(environment / "bin" / "python"))


def _is_known(root: Path, commit: str) -> bool:
    return bool(_git(root, "rev-parse", "--quiet", "--verify", f"{commit}^{{commit}}"))


def _git(folder: Path, *arguments: str, needed: bool = False) -> str:
    """Return what git says in a folder; "" where it says nothing or the folder is not there."""
    if not folder.exists():
        return ""
    ran = subprocess.run(  # noqa: S603
        ["git", "-C", str(folder), *arguments],  # noqa: S607 - the git of whoever works here
        check=needed,
        capture_output=not needed,
        text=True,
    )
    return (ran.stdout or "").strip()


def _install(environment: Path, lock: Path) -> None:
    """Make a virtual environment of what is locked, unless it is there already."""
    stamp = environment / "installed.txt"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    print(f"Installo le librerie di {lock}", flush=True)
    shutil.rmtree(environment, ignore_errors=True)
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    quiet = ["--disable-pip-version-check", "--no-input", "--require-hashes", "-r", str(lock)]
    for command in ([sys.executable, "-m", "venv", str(environment)], [*pip, *quiet]):
        if subprocess.run(command, check=False).returncode:  # noqa: S603
            raise SystemExit(
                "Le librerie della versione di confronto non si sono installate: controllare la "
                "rete e riprovare."
            )
    stamp.write_bytes(lock.read_bytes())

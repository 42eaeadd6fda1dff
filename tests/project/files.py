"""The files of the house, for the tests that keep it."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TEXT_ENDINGS = frozenset(
    {".cfg", ".css", ".csv", ".html", ".in", ".js", ".json", ".md", ".po", ".py", ".sh", ".svg"}
    | {".toml", ".txt", ".xml", ".yaml", ".yml"}
)


@cache
def project_files() -> tuple[Path, ...]:
    """Return every file of the project that git knows or would take, relative to the root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = {Path(name) for name in listing.split("\0") if name}
    return tuple(sorted(name for name in names if (ROOT / name).is_file()))


def text_files() -> list[Path]:
    """Return the project's files that hold text."""
    return [
        name
        for name in project_files()
        if name.suffix in TEXT_ENDINGS or name.name in {"Makefile", "run", "LICENSE", "pre-commit"}
    ]


def files_under(*folders: str, ending: str) -> list[Path]:
    """Return the project's files with this ending below any of the folders."""
    return [name for name in project_files() if name.suffix == ending and name.parts[0] in folders]


def read(name: Path | str) -> str:
    """Return the text of a file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def called(call: ast.Call) -> str:
    """Return the last word of what a call calls; "" where it has no name."""
    name = getattr(call.func, "attr", None) or getattr(call.func, "id", "")
    return str(name)

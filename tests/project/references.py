"""What the texts of the project refer to, and whether it is there.

A reference is followed where a person would meet it: in comments and docstrings, and anywhere in
Markdown. Code itself is not looked at, since Python and Django follow what stands there.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from tests.project.files import project_files, read

PACKAGES = ("ptpct", "registry", "risk", "tests")
DECISIONS = "docs/decisions"
NOT_KEPT = ("var/", "out/", ".venv/", "locale/")
"""Folders the programmes make; git keeps nothing of them."""

NOT_OURS = {
    "ATOMIC_REQUESTS": "a setting of Django that is left alone",
    "DeserializationError": "an error of Django, caught by the class it comes from",
    "field_size_limit": "a function of Python's module csv that is not called",
    "manifest.json": "a file that every backup has",
    "PGPASSFILE": "a variable that names the file in which PostgreSQL's programs find passwords",
    "pg_dump": "a program of PostgreSQL that is done without",
    "pgserver": "a user of the system, made by the package that brings PostgreSQL",
    "ptpct.socket": "a unit of systemd (`deploy/systemd`)",
    "pdf.js": "the reader of PDFs in Firefox",
    "dati.json": "the end of an address of a published plan",
}
"""Names that stand in no code and no folder here, with what they are."""

OUTSIDE = tuple(
    re.compile(pattern)
    for pattern in (
        *(r"ruling \d+", r"rulings\.md", r"rulings \d+", r"seed \d{3}", r"seeds[/]"),
        *(r"domain, \d", r"domain note[s]", r"\(design[:,]"),
        *(rf"{word}\.md" for word in ("design", "domain", "house", "style", "paper", "year")),
        r"performance\.md",
    )
)
"""Words that lead to papers which are not in the repository."""

_PYTHON = re.compile(
    r'("""(?:[^"\\]|\\.|"(?!""))*""")|(#[^\n]*)|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S
)
_SCRIPT = re.compile(r"(//[^\n]*|/\*.*?\*/)|\"(?:\\.|[^\"\\\n])*\"|`[^`]*`", re.S)
_COMMENTS = {
    ".py": _PYTHON,
    ".js": _SCRIPT,
    ".css": re.compile(r"(/\*.*?\*/)", re.S),
    ".html": re.compile(r"(\{#.*?#\}|\{% comment.*?endcomment %\}|<!--.*?-->)", re.S),
    ".md": re.compile(r"(.+)", re.S),
}
_HASH = re.compile(r"(?:^|(?<=\s))(#[^\n]*)", re.M)
_WITH_HASH = {".sh", ".toml", ".yml", ".in", ""}

_DECISION = re.compile(rf"{DECISIONS}/(\d{{4}})(?![\w-])")
_DECISION_IN_DECISIONS = re.compile(r"(?<![\w/-])(0\d{3})(?![\w-])")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+?) *$", re.M)
_DOTTED = re.compile(rf"(?<![\w./-])(?:{'|'.join(PACKAGES)})(?:\.[A-Za-z_]\w*)+")
_FOLDERS = "|".join(("docs", "fixtures", "templates", "tools", *PACKAGES))
_PATH = re.compile(
    r"(?<![\w./<>{}$~…-])((?:[\w.*-]+/)*[\w*-][\w.*-]*\.(?:py|html|css|js|md|sh|toml|json|tsv|yml|png)"
    rf"|(?:{_FOLDERS})/[\w./*-]*)(?![\w/])"
)
_BACKTICKED = re.compile(r"`+([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?:\(\))?`+")
_COMMAND = re.compile(r"(?:`|python )(make|manage\.py) ([a-z_]+)")
_VARIABLE = re.compile(r"\bPTPCT_[A-Z][A-Z_]+\b")
_DJANGO_COMMANDS = {"migrate", "collectstatic", "makemigrations", "runserver", "test", "shell"}


def broken_references(name: str, text: str) -> list[str]:
    """Return what the text of a file refers to and is not there, each with its line."""
    found = [*_outside(text), *_decisions(name, text)]
    for start, prose in _prose(name, text):
        for check in (_modules, _paths, _names, _commands, _variables):
            found += [(start + at, what) for at, what in check(name, prose)]
    if name.endswith(".md"):
        found += _links(name, text)
    return [f"{name}:{text.count(chr(10), 0, at) + 1}: {what}" for at, what in sorted(found)]


def _outside(text: str) -> Iterator[tuple[int, str]]:
    for pattern in OUTSIDE:
        for match in pattern.finditer(text):
            if f"docs/{match[0]}" not in _project().files:
                yield match.start(), match[0]


def words_of_the_code() -> frozenset[str]:
    """Return the words of the code and the names of its modules, those of comments left out."""
    return _project().words


def _prose(name: str, text: str) -> Iterator[tuple[int, str]]:
    """Yield the comments and docstrings of a file, with where each begins."""
    suffix = Path(name).suffix
    pattern = _COMMENTS.get(suffix) or (_HASH if suffix in _WITH_HASH else None)
    for match in pattern.finditer(text) if pattern else ():
        group = match.lastindex
        if group:
            yield match.start(group), match[group]


def _decisions(name: str, text: str) -> Iterator[tuple[int, str]]:
    patterns = [_DECISION]
    if name.startswith(DECISIONS):
        patterns.append(_DECISION_IN_DECISIONS)
    for pattern in patterns:
        for match in pattern.finditer(text):
            if match[1] not in _project().decisions:
                yield match.start(), match[0]


def _links(name: str, text: str) -> Iterator[tuple[int, str]]:
    for match in _LINK.finditer(text):
        target, _hash, anchor = match[1].partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        path = _normal(Path(name).parent / target) if target else name
        is_there = path == name or path in _project().files or path in _project().folders
        if not is_there or (anchor and anchor not in _anchors(path, text if path == name else "")):
            yield match.start(), match[1]


def _normal(path: Path) -> str:
    """Return a path without the steps back in it."""
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts) or "."


def _anchors(path: str, text: str) -> set[str]:
    """Return the anchors a Markdown page has: its headings, as they are shown on the web."""
    heads = _HEADING.findall(text or read(path))
    kept = (re.sub(r"[^\w\- ]", "", head.lower()) for head in heads)
    return {head.replace(" ", "-") for head in kept}


def _modules(_name: str, prose: str) -> Iterator[tuple[int, str]]:
    for match in _DOTTED.finditer(prose):
        if match[0] not in NOT_OURS and not resolves(match[0]):
            yield match.start(), match[0]


def _paths(name: str, prose: str) -> Iterator[tuple[int, str]]:
    for match in _PATH.finditer(prose):
        path = match[1].rstrip(".-")
        if not _DECISION.fullmatch(path) and not _is_path(path, name):
            yield match.start(), path


def _is_path(path: str, name: str) -> bool:
    """Tell whether a file or folder is there, as seen from the root or from the file itself."""
    project = _project()
    if path.startswith(NOT_KEPT) or path in NOT_OURS:
        return True
    if "/" not in path:
        return path in project.base_names or _matches(path, project.base_names)
    places = (path, f"templates/{path}", _normal(Path(name).parent / path))
    if any(place.rstrip("/") in project.folders or place in project.files for place in places):
        return True
    return any(_matches(place, project.files) for place in places)


def _matches(pattern: str, names: Iterable[str]) -> bool:
    return "*" in pattern and any(fnmatchcase(name, pattern) for name in names)


def _names(_name: str, prose: str) -> Iterator[tuple[int, str]]:
    for match in _BACKTICKED.finditer(prose):
        parts = match[1].split(".")
        if parts[0] in PACKAGES or _PATH.fullmatch(match[1]):
            continue
        if any(part not in _project().words and part not in NOT_OURS for part in parts):
            yield match.start(), match[0]


def _commands(_name: str, prose: str) -> Iterator[tuple[int, str]]:
    for match in _COMMAND.finditer(prose):
        known = _project().targets if match[1] == "make" else _project().commands
        if match[2] not in known:
            yield match.start(1), f"{match[1]} {match[2]}"


def _variables(_name: str, prose: str) -> Iterator[tuple[int, str]]:
    for match in _VARIABLE.finditer(prose):
        if match[0] not in _project().variables:
            yield match.start(), match[0]


def resolves(dotted: str) -> bool:
    """Tell whether a dotted name leads to a module of the project, or to a name in one.

    The label of a model ("registry.Annex", "registry.annex") leads to its class.
    """
    parts = dotted.split(".")
    for count in range(len(parts), 0, -1):
        module = _module_file("/".join(parts[:count]))
        if module is not None:
            return _has(module, parts[count:]) or (count == 1 and _is_model(parts))
    return False


def _module_file(path: str) -> str | None:
    """Return the file of a module; that of a package is its `__init__`."""
    files = _project().files
    return next((one for one in (f"{path}.py", f"{path}/__init__.py") if one in files), None)


def _has(module: str, names: list[str]) -> bool:
    scope = _tree(module)
    for name in names:
        if name not in scope:
            return False
        scope = scope[name]
    return True


def _is_model(parts: list[str]) -> bool:
    folder = f"{parts[0]}/models/"
    models = {
        name.lower()
        for file in _project().files
        if file.startswith(folder)
        for name in _tree(file)
        if name[0].isupper()
    }
    return len(parts) == 2 and parts[1].lower() in models


@cache
def _tree(module: str) -> dict[str, dict]:
    """Return the names a module defines or imports, those of its classes under theirs."""
    return _names_in(ast.parse(read(module)))


def _names_in(node: ast.AST) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            found[child.name] = _names_in(child)
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            found[child.name] = {}
        elif isinstance(child, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name: {} for alias in child.names}
        elif isinstance(child, ast.Assign | ast.AnnAssign):
            targets = child.targets if isinstance(child, ast.Assign) else [child.target]
            parts = (part for target in targets for part in ast.walk(target))
            found |= {part.id: {} for part in parts if isinstance(part, ast.Name)}
        elif isinstance(child, ast.If | ast.Try | ast.With):
            found |= _names_in(child)
    return found


@dataclass(frozen=True)
class _Project:
    """What can be referred to."""

    files: frozenset[str]
    folders: frozenset[str]
    base_names: frozenset[str]
    decisions: frozenset[str]
    words: frozenset[str]
    """Words of the code and names of modules; comments and docstrings are left out."""
    targets: frozenset[str]
    commands: frozenset[str]
    variables: frozenset[str]


@cache
def _project() -> _Project:
    files = frozenset(map(str, project_files()))
    paths = [Path(name) for name in files]
    pages = (path for path in paths if str(path.parent) == DECISIONS)
    commands = {path.stem for path in paths if path.parent.name == "commands"}
    settings = [path for path in paths if str(path.parent) == "ptpct/settings"]
    told = "".join(map(read, [*settings, Path("docs/deployment.md")]))
    return _Project(
        files=files,
        folders=frozenset(str(parent) for path in paths for parent in path.parents),
        base_names=frozenset(path.name for path in paths),
        decisions=frozenset(path.name[:4] for path in pages),
        words=frozenset(_words(paths)),
        targets=frozenset(re.findall(r"^([a-z]+):", read("Makefile"), re.M)),
        commands=frozenset(commands | _DJANGO_COMMANDS),
        variables=frozenset(_VARIABLE.findall(told)),
    )


def _words(paths: list[Path]) -> set[str]:
    found: set[str] = set()
    for path in paths:
        if path.name in {"references.py", "test_references.py"}:
            continue  # they name what is not there
        if path.suffix == ".py":
            code = _PYTHON.sub(lambda match: " " if match.lastindex else match[0], read(path))
            found.update([path.stem, *re.findall(r"\w+", code)])
        elif path.suffix in {".html", ".css", ".js", ".sh", ".toml"}:
            found.update(re.findall(r"\w+", read(path)))
    return found

"""What an officer reads says each thing in its one word: no word that the glossary replaces.

Read are the texts of pages, papers and mails, every sentence of the code, the scripts of pages, the
lists that come with the house, and the guides.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.project.files import files_under, project_files, read
from tests.project.test_glossary import DATA

_APPS = ("registry", "risk", "ptpct")
_TRANSLATED = re.compile(r"""(?:translate\s+|_\()(?:"([^"]*)"|'([^']*)')""")
_TAGS = re.compile(r"\{#.*?#\}|\{%.*?%\}|<script.*?</script>|<[^>]*>", re.DOTALL)
_VALUE = re.compile(r"\{\{.*?\}\}")
_LITERAL = re.compile(r""""([^"\n]*)"|'([^'\n]*)'|`([^`]*)`""")
_LINK = re.compile(r"\]\([^)]*\)|`[^`]*`")


def _of_template(text: str) -> Iterator[str]:
    for pair in _TRANSLATED.findall(text):
        yield from filter(None, pair)
    yield from (line.strip() for line in _TAGS.sub("\n", _VALUE.sub("…", text)).splitlines())


def _of_code(text: str) -> Iterator[str]:
    """Yield every text of a module but its docstrings."""
    tree = ast.parse(text)
    said = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def _of_script(text: str) -> Iterator[str]:
    for found in _LITERAL.findall(text):
        yield from filter(None, found)


def _of_list(text: str) -> Iterator[str]:
    def values(node: object) -> Iterator[str]:
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict | list):
            for inner in node.values() if isinstance(node, dict) else node:
                yield from values(inner)

    return values(json.loads(text))


def _of_guide(text: str) -> Iterator[str]:
    yield " ".join(_LINK.sub("] ", text).split())


def _readers() -> Iterator[tuple[Path, Callable[[str], Iterator[str]]]]:
    for name in project_files():
        top, folders = name.parts[0], set(name.parts)
        # mails are plain texts
        if name.suffix in {".html", ".txt"} and top == "templates":
            yield name, _of_template
        elif name.suffix == ".py" and top in _APPS and not folders & {"migrations", "tests"}:
            yield name, _of_code
        elif name.suffix == ".js" and top in _APPS and "vendor" not in folders:
            yield name, _of_script
        elif name.suffix == ".json" and top == "fixtures":
            yield name, _of_list
    yield from ((name, _of_guide) for name in files_under("docs", ending=".md") if _is_guide(name))


def _is_guide(name: Path) -> bool:
    return "guide" in name.parts or name.stem == "prima-ora"


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)


def _words(*, of_screen: bool) -> list[str]:
    rows = [row for row in DATA["screen"] if of_screen or not row.get("on_screen")]
    return [word for row in rows for word in row["replaces"]]


REPLACED = _pattern(_words(of_screen=True))
IN_FIXTURES = _pattern(_words(of_screen=False))
LABELS = {label: row["word"] for row in DATA["screen"] for label in row["labels"]}


def wrong_in(text: str, where: str = "") -> str:
    """Return the replaced word a text says, outside the phrases in which it is right; or ""."""
    if text in LABELS:
        return text
    replaced = IN_FIXTURES if where.startswith("fixtures/") else REPLACED
    if not replaced.search(text):
        return ""
    for phrase in DATA["right"]:
        if phrase.get("where", where) == where:
            text = re.sub(re.escape(phrase["phrase"]), "", text, flags=re.IGNORECASE)
    found = replaced.search(text)
    return found[0] if found else ""


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Return what an officer reads, each text with its file."""
    return tuple(
        (name.as_posix(), text)
        for name, reader in _readers()
        for text in reader(read(name))
        if text
    )


def test_what_an_officer_reads_says_no_replaced_word():
    assert [
        f"{where}: {wrong!r} in {text[:90]!r}"
        for where, text in texts()
        if (wrong := wrong_in(text, where))
    ] == []


def test_every_phrase_that_may_hold_one_is_needed():
    said = [(where, text.casefold()) for where, text in texts() if REPLACED.search(text)]

    assert [
        phrase["phrase"]
        for phrase in DATA["right"]
        if not any(
            phrase["phrase"].casefold() in text and phrase.get("where", where) == where
            for where, text in said
        )
    ] == []


def test_every_kind_of_text_is_read():
    kinds = {where.rpartition(".")[2] for where, _text in texts()}

    assert kinds == {"html", "txt", "py", "js", "json", "md"}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Vai ai passaggi", "passaggi"),
        ("Lavori", "Lavori"),
        ("impronta_dati", ""),
        ("Rischio", "Rischio"),
        ("Rischio inerente", ""),
        ("copre 1, 2", "copre"),
        ("I dati dell’ente", "ente"),
        ("riscontro presso gli archivi pubblici", ""),
    ],
)
def test_a_replaced_word_is_found_as_a_word(text, wrong):
    assert wrong_in(text) == wrong


_NUMBER = re.compile(r"([^\s(«]*)[\s(]*%\(\w+\)d")
_WHICH = {
    *("n.", "numero", "riga", "cella", "pag.", "formato", "chiave", "registrazione", "allegato"),
    # a code of the machine, a year, the row of another file, two numbers somebody has written
    *("sistema", "il", "la", "dal", "al", "riga:", "e", "numero:", "piano"),
}
"""Words after which a number says which one; how many there are has the dots of its thousands."""


def counted_without_dots(text: str) -> list[str]:
    """Return the words before the numbers of a sentence that are written without dots."""
    # on each page its number and that of all; the years of a plan
    text = text.replace(" di %(pages)d", "").replace("%(first)d–", "piano ")
    return [before for before in _NUMBER.findall(text) if before.casefold() not in _WHICH]


def test_a_number_of_things_has_the_dots_of_its_thousands():
    assert [
        f"{where}: {text[:90]!r}"
        for where, text in texts()
        if where.endswith(".py") and counted_without_dots(text)
    ] == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Righe aggiunte: %(n)d.", ["aggiunte:"]),
        ("%(n)d processi", [""]),
        ("Righe aggiunte: %(n)s.", []),
        ("Riga %(row)d, registrazione n. %(n)d", []),
        ("Piano: pag. %(page)d di %(pages)d", []),
    ],
)
def test_a_number_that_says_which_one_has_none(text, wrong):
    assert counted_without_dots(text) == wrong

"""The style sheet of the framework, of which browsers receive what the pages can use.

Bootstrap Italia comes as one sheet of 612 kB for every component it has; the pages of the house
use a few dozen of its 3,300 classes. When the static files are collected, the rules for classes
that stand nowhere in the house are left out (docs/decisions/0062).
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile
from tinycss2.ast import Node

SHEET = "css/bootstrap-italia.min.css"
ROOMS = ("templates", "ptpct", "registry", "risk")
"""Where a page of the house can get a class from: templates, widgets and tags, scripts."""
ENDINGS = frozenset({".html", ".py", ".js"})

_WORD = re.compile(r"[\w-]+")
_GROUPS = {"media", "supports", "container", "layer"}
_NAMED = {"keyframes", "font-face"}


def words_of_the_house() -> frozenset[str]:
    """Return every word of the files a page can get a class from.

    Too many rather than too few: a word of a comment keeps a rule nobody needs, no more.
    """
    files = (file for room in ROOMS for file in (settings.BASE_DIR / room).rglob("*"))
    texts = (file.read_text(encoding="utf-8") for file in files if file.suffix in ENDINGS)
    return frozenset(word for text in texts for word in _WORD.findall(text))


def cut(sheet: str, words: frozenset[str]) -> str:
    """Return a style sheet without the rules for elements that have a class not among `words`.

    Of several selectors of a rule those stay that can be met. Movements and fonts stay where a rule
    that stays names them; comments that begin with ``!``, where licences stand, and what says
    nothing of classes stay too. What browsers would pass over as broken goes.
    """
    rules = tinycss2.parse_stylesheet(sheet)
    text = "".join(_kept(rules, words))
    return text + "".join(rule for name, rule in _named(rules) if name in text)


def _kept(rules: Iterable[Node], words: frozenset[str]) -> Iterator[str]:
    for rule in rules:
        match rule.type:
            case "comment" if rule.value.startswith("!"):
                yield f"{rule.serialize()}\n"
            case "qualified-rule":
                if selectors := [one for one in _selectors(rule) if _classes(one) <= words]:
                    text = ",".join(tinycss2.serialize(one).strip() for one in selectors)
                    yield f"{text}{{{tinycss2.serialize(rule.content)}}}"
            case "at-rule" if rule.at_keyword in _GROUPS and rule.content is not None:
                if text := "".join(_kept(tinycss2.parse_rule_list(rule.content), words)):
                    yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{text}}}"
            case "at-rule" if rule.at_keyword not in _NAMED:
                yield rule.serialize()


def _named(rules: Iterable[Node]) -> Iterator[tuple[str, str]]:
    """Yield the movements and fonts of a sheet, each after the name rules call it by."""
    for rule in rules:
        if rule.type != "at-rule":
            continue
        if rule.at_keyword == "keyframes":
            yield tinycss2.serialize(rule.prelude).strip(), rule.serialize()
        elif rule.at_keyword == "font-face":
            lines = tinycss2.parse_blocks_contents(rule.content)
            names = [line.value for line in lines if getattr(line, "name", "") == "font-family"]
            yield tinycss2.serialize(names[0]).strip(" \"'"), rule.serialize()


def _selectors(rule: Node) -> Iterator[list[Node]]:
    found: list[Node] = []
    for part in rule.prelude:
        if part == ",":
            yield found
            found = []
        else:
            found.append(part)
    yield found


def _classes(selector: list[Node]) -> set[str]:
    """Return the classes without which a selector is not met; those in brackets are others."""
    pairs = zip(selector, selector[1:], strict=False)
    return {name.value for dot, name in pairs if dot == "." and name.type == "ident"}


class CutStaticFilesStorage(ManifestStaticFilesStorage):
    """Collects static files under names that follow their content, the framework's sheet cut."""

    def post_process(
        self, paths: dict[str, tuple[Any, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, Any, Any]]:
        if SHEET in paths and not dry_run:
            storage, path = paths[SHEET]
            with storage.open(path) as file:
                sheet = file.read().decode("utf-8-sig")
            self.delete(SHEET)
            self.save(SHEET, ContentFile(cut(sheet, words_of_the_house()).encode()))
            paths = paths | {SHEET: (self, SHEET)}
        yield from super().post_process(paths, dry_run, **options)

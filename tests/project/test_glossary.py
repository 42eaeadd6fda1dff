"""The glossary has every model once, under the word of its screen, and the choices as they are."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

from registry import enums as registry_enums
from risk import enums as risk_enums
from risk import judgements
from tests.project.files import project_files, read
from tools.glossary import page_of

DATA = tomllib.loads(read("docs/glossary.toml"))
ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)
CHOICE = re.compile(r"(.+) `([A-Z_]+)`")


def table(heading: str) -> list[list[str]]:
    """Return the rows of the table under a heading of the glossary, head and rule left out."""
    _before, _head, rest = read("docs/glossary.md").partition(f"\n## {heading}\n")
    part = rest.split("\n## ")[0]
    return [row.split(" | ") for row in ROW.findall(part)][1:]


def models() -> list[tuple[str, str, str]]:
    """Return word, name and app of every model of ours, in the order of the words.

    Histories and the tables of lists have no words of their own.
    """
    found = (
        (str(model._meta.verbose_name), f"`{model.__name__}`", label)
        for label in ("registry", "risk")
        for model in apps.get_app_config(label).get_models()
        if not model.__name__.startswith("Historical")
    )
    return sorted(found, key=lambda row: row[0].casefold())


def test_the_page_is_the_one_made_from_the_data():
    assert read("docs/glossary.md") == page_of(DATA)


def test_every_model_stands_once_under_the_word_of_its_screen():
    assert [(word, name, app) for word, name, app, _line in table("Things")] == models()


@pytest.mark.parametrize("row", table("Choices"), ids=lambda row: row[1].strip("`"))
def test_the_words_of_a_choice_are_those_of_the_code(row):
    _word, name, words = row
    choices = [
        getattr(module, name.strip("`"), None)
        for module in (registry_enums, risk_enums, judgements)
    ]
    [choice] = filter(None, choices)

    assert [CHOICE.fullmatch(one).groups() for one in words.split(" · ")] == [
        (str(member.label), member.name) for member in choice
    ]


def test_every_subject_has_its_word():
    services = Path("risk/services")
    rooms = {
        name.relative_to(services).parts[0]
        for name in project_files()
        if name.is_relative_to(services) and len(name.relative_to(services).parts) > 1
    }

    assert sorted(code.strip("`") for _word, code, _line in table("Subjects")) == sorted(rooms)

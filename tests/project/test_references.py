"""Every reference can be followed: decisions, links, modules, paths, names, commands, settings."""

import pytest

from tests.project.files import read, text_files
from tests.project.references import NOT_OURS, broken_references, words_of_the_code

THIS = "tests/project/test_references.py"
"""Its examples lead nowhere, on purpose."""


def test_every_reference_can_be_followed():
    names = [str(name) for name in text_files() if str(name) != THIS]

    assert [one for name in names for one in broken_references(name, read(name))] == []


@pytest.mark.parametrize(
    ("name", "text", "missing"),
    [
        # decisions
        ("risk/x.py", "# see docs/decisions/9999", "docs/decisions/9999"),
        ("risk/x.py", 'TEXT = "docs/decisions/9999"', "docs/decisions/9999"),
        ("templates/x.html", "{# docs/decisions/9999 #}", "docs/decisions/9999"),
        ("docs/decisions/0001-x.md", "as before (0999)", "0999"),
        # links
        ("docs/x.md", "[there](nowhere.md)", "nowhere.md"),
        ("docs/x.md", "![there](pictures/nowhere.png)", "pictures/nowhere.png"),
        ("docs/guide/x.md", "[there](deployment.md)", "deployment.md"),
        ("docs/x.md", "[there](deployment.md#nowhere)", "deployment.md#nowhere"),
        ("docs/x.md", "# Here\n\n[there](#nowhere)", "#nowhere"),
        # modules and what is in them
        ("risk/x.py", '"""See `risk.nowhere`."""', "risk.nowhere"),
        ("risk/x.py", '"""See `registry.acts.nowhere`."""', "registry.acts.nowhere"),
        ("risk/x.py", "# registry.acts.act.nowhere", "registry.acts.act.nowhere"),
        ("risk/x.py", "# registry.models.base.UidModel.no", "registry.models.base.UidModel.no"),
        ("risk/x.py", "# the row of registry.nothing", "registry.nothing"),
        ("tests/x.py", "# as `tests.project.nowhere`", "tests.project.nowhere"),
        ("docs/x.md", "`ptpct.nowhere` does it", "ptpct.nowhere"),
        ("registry/x.js", "// risk.nowhere\n", "risk.nowhere"),
        ("tools/x.sh", "ls  # tests.nowhere", "tests.nowhere"),
        # files and folders
        ("risk/x.py", "# tested in tests/nowhere.py", "tests/nowhere.py"),
        ("risk/x.py", '"""Drawn by `registry/_nowhere.html`."""', "registry/_nowhere.html"),
        ("risk/x.py", "# see docs/nowhere/", "docs/nowhere/"),
        ("risk/x.css", "/* after nowhere.css */", "nowhere.css"),
        ("templates/x.html", "<!-- as templates/nowhere.html -->", "templates/nowhere.html"),
        ("pyproject.toml", "# tools/nowhere.sh does it", "tools/nowhere.sh"),
        ("fixtures/README.md", "`60_nowhere_*.json`", "60_nowhere_*.json"),
        # names of the code
        ("risk/x.py", '"""As `such_nothing` does."""', "`such_nothing`"),
        ("docs/x.md", "a `SuchNothing` of `Annex.such_nothing`", "`SuchNothing`"),
        # commands and settings
        ("docs/x.md", "run `make nothing`", "make nothing"),
        ("docs/x.md", "run `python manage.py nothing`", "manage.py nothing"),
        ("risk/x.py", "# PTPCT_NOTHING says it", "PTPCT_NOTHING"),
        # papers that are not here
        ("risk/x.py", '"""Frozen (ruling 18)."""', "ruling 18"),
        ("risk/x.py", '"""Frozen (rulings 5, 9)."""', "rulings 5"),
        ("risk/x.py", '"""Frozen (rulings.md, 18)."""', "rulings.md"),
        ("risk/x.py", 'TEXT = "design.md"', "design.md"),
        ("risk/x.py", '"""A role (design: head)."""', "(design:"),
        ("templates/x.html", "{# see domain.md #}", "domain.md"),
        ("templates/x.html", "{# PNA 2022; domain, 5.5 #}", "domain, 5"),
        ("risk/x.py", "# domain notes, 7.2", "domain notes"),
        ("docs/x.md", "as house.md says", "house.md"),
        ("docs/x.md", "as style.md says", "style.md"),
        ("docs/x.md", "as paper.md says", "paper.md"),
        ("docs/x.md", "as year.md says", "year.md"),
        ("risk/x.py", "# measured in paper.md", "paper.md"),
        ("risk/x.py", "# the cover of seed 000", "seed 000"),
        ("risk/x.py", "# its layout is that of seed 001", "seed 001"),
        ("tests/x.py", 'open("seeds/x.txt")', "seeds/"),
    ],
)
def test_a_reference_that_leads_nowhere_is_found(name, text, missing):
    line = text.count("\n", 0, text.index(missing)) + 1

    assert f"{name}:{line}: {missing}" in broken_references(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "risk/x.py",
            "# docs/decisions/0001, `registry.acts`, `registry.acts.act`, registry.annex",
        ),
        ("risk/x.py", '"""`registry.models.base.UidModel.natural_key`, ``Annex``, `act()`."""'),
        ("risk/x.py", 'PATH = "tests/nowhere.py"  # code is followed by those who run it'),
        ("risk/x.py", "# PTPCT 2021/2023, PDF/A-2a, 31/01/2027, var/nowhere, PTPCT_DEBUG"),
        (
            "risk/x.py",
            "# tests/project/files.py, files.py, templates/, `registry/people/_row.html`",
        ),
        ("templates/registry/people/x.html", "{# _row.html #}<a href='nowhere.html'>"),
        ("docs/x.md", "[a](deployment.md), [b](decisions/), [c](https://esempio.it/x.md#y)"),
        ("docs/x.md", "# One head, «and» more\n[a](#one-head-and-more), `make test`"),
        ("docs/decisions/0001-x.md", "as later (0002), `python manage.py migrate`"),
        ("fixtures/README.md", "`60_library_*.json`, `reference/`"),
    ],
)
def test_a_reference_that_leads_somewhere_is_left_alone(name, text):
    assert broken_references(name, text) == []


def test_every_name_of_others_is_still_no_name_of_ours():
    assert sorted(set(NOT_OURS) & words_of_the_code()) == []

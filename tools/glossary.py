"""Writes the page of the glossary from its data.

python tools/glossary.py
"""

import tomllib
from pathlib import Path
from typing import Any

DATA, PAGE = Path("docs/glossary.toml"), Path("docs/glossary.md")

_HEAD = """# Glossary

One word for a thing: Italian on the screen and on paper, English in the code. A word that is not
here is a new one: it gets its line in the same change. This page is made from
[glossary.toml](glossary.toml) by `python tools/glossary.py`; `tests/project/test_glossary.py` holds
its tables to the code, and `tests/project/test_screen_words.py` what an officer reads to its words.
"""
_PARTS = {
    "screen": (
        "Words of the screen",
        "What an officer reads, each the one word for its thing, and the words not written for it.",
        ("on screen", "in code", "what it is", "in the place of"),
    ),
    "things": (
        "Things",
        "One row for each model; the Italian is its `verbose_name`.",
        ("on screen", "in code", "app", "what it is"),
    ),
    "choices": (
        "Choices",
        "What a field may say, in `registry/enums.py` and `risk/enums.py`.",
        ("on screen", "in code", "its words"),
    ),
    "subjects": (
        "Subjects",
        "The word a subject has in every folder of `risk`: `services`, `forms`, `views`, `urls`, "
        "`templates`, `tests`.",
        ("on screen", "in code", "what it is about"),
    ),
    "code": ("Words of the code", "", ("word", "what it is")),
}
_FOOT = """
Names already chosen for what is to come, so that it is called one thing from its first day:
{to_come}.
"""


def page_of(data: dict[str, Any]) -> str:
    """Return the page, its tables in the order of the data."""
    parts = [_HEAD]
    for key, (title, lead, heads) in _PARTS.items():
        lines = [f"\n## {title}\n", f"\n{lead}\n" if lead else "", "\n", _row(heads)]
        lines += ["|" + "---|" * len(heads) + "\n"]
        lines += [_row(_cells(key, row)) for row in data[key]]
        parts.append("".join(lines))
    return "".join(parts) + _FOOT.format(to_come=data["to_come"])


def _cells(key: str, row: dict[str, Any]) -> tuple[str, ...]:
    if key == "screen":
        names = ", ".join(f"`{name}`" for name in row["code"].split(", "))
        return row["word"], names, row["meaning"], ", ".join((*row["replaces"], *row["labels"]))
    if key == "code":
        return row["word"], row["meaning"]
    told = [row[name] for name in ("app", "members", "meaning") if name in row]
    return row["word"], f"`{row['code']}`", *told


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    PAGE.write_text(page_of(tomllib.loads(DATA.read_text("utf-8"))), "utf-8")

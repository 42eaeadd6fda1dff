"""The index of the decisions lists exactly the pages, with their titles and a status."""

import re
from pathlib import Path

from tests.project.files import files_under, read

FOLDER = Path("docs/decisions")
INDEX = FOLDER / "README.md"
ROW = re.compile(r"^\| \[(\d{4})\]\(([\w-]+\.md)\) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
STATUS = re.compile(r"accepted|superseded by \[(\d{4})\]\([\w-]+\.md\)")
PARTS = ["Context", "Decision", "Consequences"]


def decision_pages() -> list[Path]:
    """Return the pages of the decisions, in their order."""
    pages = (path for path in files_under("docs", ending=".md") if path.parent == FOLDER)
    return [path for path in pages if path != INDEX]


def rows_of_pages() -> list[tuple[str, str, str]]:
    """Return number, name and title of each page, as the index has to list them."""
    heads = [(path, read(path).splitlines()[0]) for path in decision_pages()]
    return [(path.name[:4], path.name, head.partition(". ")[2]) for path, head in heads]


def test_decisions_are_numbered_without_gaps_and_have_their_three_parts():
    pages = decision_pages()

    assert [int(path.name[:4]) for path in pages] == list(range(1, len(pages) + 1))
    for path in pages:
        text = read(path)
        assert text.startswith(f"# {int(path.name[:4])}. "), path
        assert re.findall(r"^## (.+)$", text, re.MULTILINE)[:3] == PARTS, path


def test_the_index_lists_exactly_the_pages():
    listed = ROW.findall(read(INDEX))

    assert [row[:3] for row in listed] == rows_of_pages()


def test_every_status_is_accepted_or_leads_to_the_page_that_counts():
    numbers = {number for number, _name, _title in rows_of_pages()}
    for number, _name, _title, status, _line in ROW.findall(read(INDEX)):
        found = STATUS.fullmatch(status)
        assert found, (number, status)
        assert found[1] is None or (found[1] in numbers and found[1] > number), (number, status)

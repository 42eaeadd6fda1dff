"""No promise without a test: every line of the table names one, and a chapter of the standard."""

import re

import pytest

from tests.project.files import ROOT, read

FOLDER = ROOT / "docs"
ROW = re.compile(r"^\| (?P<promise>.+?) \| (?P<tested>.+?) \| (?P<asvs>.+?) \|$")
LINK = re.compile(r"\]\(([^)#]+)\)")
CHAPTERS = {
    *("V1 Encoding and Sanitization", "V2 Validation and Business Logic"),
    *("V3 Web Frontend Security", "V4 API and Web Service", "V5 File Handling"),
    *("V6 Authentication", "V7 Session Management", "V8 Authorization"),
    *("V9 Self-contained Tokens", "V10 OAuth and OIDC", "V11 Cryptography"),
    *("V12 Secure Communication", "V13 Configuration", "V14 Data Protection"),
    *("V15 Secure Coding and Architecture", "V16 Security Logging and Error Handling"),
    "V17 WebRTC",
}


def lines() -> list[str]:
    """Return the lines of the table, without its head."""
    return [line for line in read("docs/security.md").splitlines() if line.startswith("| ")][1:]


@pytest.mark.parametrize("line", lines(), ids=lambda line: line[2:50])
def test_every_promise_has_a_test_and_a_chapter(line):
    row = ROW.fullmatch(line)
    tests = LINK.findall(row["tested"])

    assert tests
    assert all(name.startswith("../tests/") and has_tests(name) for name in tests)
    assert set(row["asvs"].split(", ")) <= CHAPTERS


def has_tests(name: str) -> bool:
    """Tell whether there is a test in this file, or in a file of this folder."""
    place = (FOLDER / name).resolve()
    files = place.rglob("test_*.py") if place.is_dir() else [place]
    return any(
        re.search(r"^ *(async )?def test_", file.read_text(), re.MULTILINE) for file in files
    )

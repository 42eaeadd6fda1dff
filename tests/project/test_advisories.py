"""What `make lock` says of known faults: what could not be checked is never called clean."""

import pytest

from tools.advisories import judge, locked, sentences

LIBRARIES = {"rules==3.5", "django-csp==4.0", "typing-extensions==4.16.0"}
CLEAN = [
    {"name": "rules", "version": "3.5", "vulns": []},
    {"name": "django-csp", "version": "4.0", "vulns": []},
    {"name": "typing_extensions", "version": "4.16.0", "vulns": []},
]
SKIPPED = {"name": "rules", "skip_reason": "not found"}
FAULTY = {"name": "rules", "version": "3.5", "vulns": [{"id": "PYSEC-2026-1"}, {"id": "X-2"}]}


@pytest.mark.parametrize(
    ("reports", "is_clean", "expected"),
    [
        ([CLEAN], True, ["3 librerie controllate, nessuna con difetti noti."]),
        ([CLEAN[:1], CLEAN[1:]], True, ["3 librerie controllate, nessuna con difetti noti."]),
        (
            [[FAULTY, *CLEAN[1:]]],
            False,
            ["Librerie con difetti noti: 1.", "rules==3.5: PYSEC-2026-1, X-2"],
        ),
        (
            [[SKIPPED, *CLEAN[1:]]],
            False,
            ["1 di 3 librerie non controllate", "Non controllate: rules==3.5."],
        ),
        ([CLEAN[1:]], False, ["1 di 3 librerie non controllate", "Non controllate: rules==3.5."]),
        # of another version than the locked one
        ([[CLEAN[0] | {"version": "3.4"}, *CLEAN[1:]]], False, ["1 di 3 librerie", "rules==3.5"]),
        ([[SKIPPED]], False, ["3 di 3 librerie non controllate"]),
        ([], False, ["3 di 3 librerie non controllate"]),
        # the service answered for one file, and was away for the other
        ([CLEAN[:2], None], False, ["1 di 3 librerie", "typing-extensions==4.16.0"]),
    ],
)
def test_what_was_not_checked_is_said(reports, is_clean, expected):
    findings = judge(LIBRARIES, [{"dependencies": lines} if lines else {} for lines in reports])

    said = sentences(findings)

    assert findings.is_clean == is_clean
    assert len(said) == len(expected)
    assert [words in line for words, line in zip(expected, said, strict=True)] == [True] * len(said)


def test_the_libraries_asked_about_are_those_of_the_lock_file():
    text = (
        "rules==3.5 \\\n    --hash=sha256:0\ntyping_extensions==4.16.0 ; python_version < '4' \\\n"
    )

    assert locked(text) == {"rules==3.5", "typing-extensions==4.16.0"}

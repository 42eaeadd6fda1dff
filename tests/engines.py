"""What is tried on one engine alone; on SQLite, where the other would be asked the same elsewhere.

On PostgreSQL everything runs again that writes by a service, waits for a lock, meets a guard, or
counts statements. What a file is read as, how a document is drawn and what another program answers
is decided in Python: there the same few statements would be sent hundreds of times.
"""

SERVER = "the web server before the site, which has no database"
READ = "what cells are read as: the same acts write it as in the tests of command, pages and jobs"
DRAWN = "how contents are drawn: they are read as on the page, in the rooms of contents and annexes"
TAKEN = "what other hands left in cells: the same acts write it as in test_jobs and test_races"
SHOWN = "how a page or a line is shown: its rows are read as in the rooms they come from"
FILED = "how a list becomes a file: tests/risk/reporting asks for them on both engines"
SYNTHETIC = "what benches and demonstrations start from, which ask for it on both engines"
SIGNED = "what a file is: how it is looked for in the register is tried in test_answers"

SQLITE_ALONE = {
    "tests/deploy/test_gunicorn.py": SERVER,
    "tests/deploy/test_server.py": SERVER,
    "tests/deploy/test_units.py": SERVER,
    "tests/project/test_cards.py": SHOWN,
    "tests/project/test_lists_as_files.py": FILED,
    "tests/project/test_migrations.py::test_the_migrations_at_once_": "step by step they are tried",
    "tests/project/test_page_bytes.py": "bytes of pages, which say the same",
    "tests/project/test_rpct_tasks.py": SHOWN,
    "tests/registry/accounts/test_odd_providers.py": "what other providers answer",
    "tests/registry/directory/test_saml.py": "what another provider answers",
    "tests/risk/imports/test_account.py": READ,
    "tests/risk/imports/test_attacks.py": READ,
    "tests/risk/imports/test_bad_files": READ,
    "tests/risk/imports/test_bands.py": READ,
    "tests/risk/imports/test_calc.py": READ,
    "tests/risk/imports/test_columns_of_one_field.py": READ,
    "tests/risk/imports/test_forms.py": READ,
    "tests/risk/imports/test_heads.py": READ,
    "tests/risk/imports/test_layouts.py": READ,
    "tests/risk/imports/test_legends.py": READ,
    "tests/risk/imports/test_looks.py": READ,
    "tests/risk/imports/test_places.py": READ,
    "tests/risk/imports/test_positions.py": READ,
    "tests/risk/imports/test_programme": READ,
    "tests/risk/imports/test_published_": READ,
    "tests/risk/imports/test_pxi.py": READ,
    "tests/risk/imports/test_reading_limits.py": READ,
    "tests/risk/imports/test_said_": READ,
    "tests/risk/imports/test_several_places.py": READ,
    "tests/risk/imports/test_tables_of_a_sheet.py": READ,
    "tests/risk/imports/test_words": READ,
    "tests/risk/paper/": DRAWN,
    "tests/risk/printing/": DRAWN,
    "tests/risk/sample_data/demo/test_paper.py": DRAWN,
    "tests/risk/sample_data/test_synthetic.py": SYNTHETIC,
    "tests/risk/verification/test_appended.py": SIGNED,
    "tests/risk/verification/test_bouncy_castle.py": SIGNED,
    "tests/risk/verification/test_envelopes.py": SIGNED,
    "tests/risk/verification/test_limits.py": SIGNED,
    "tests/risk/workbooks/test_heights.py": DRAWN,
    "tests/risk/workbooks/test_other_hands.py": TAKEN,
    "tests/risk/workbooks/test_other_programs.py": READ,
    "tests/risk/workbooks/test_writing": TAKEN,
}
"""How the id of a test begins, and why one engine is enough for it."""

POSTGRESQL_ALONE = {
    "tests/deploy/test_two_hosts.py": "several hosts, which SQLite has not",
    "tests/risk/stories/test_three_years_in_browser.py": "the one long story of the larger engine",
}
"""Stories of the browser that are told on PostgreSQL, where the others are told on SQLite."""


def is_for_sqlite(nodeid: str) -> bool:
    """Tell whether a test, by its id, is tried on SQLite alone."""
    return nodeid.startswith(tuple(SQLITE_ALONE))


def is_for_postgresql_alone(nodeid: str) -> bool:
    """Tell whether a test, by its id, is tried on PostgreSQL alone."""
    return nodeid.startswith(tuple(POSTGRESQL_ALONE))

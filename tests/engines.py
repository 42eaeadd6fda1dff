"""Which engine a test is tried on: on both what meets an engine, on one what only uses it.

On both: what waits for a lock, meets a guard, is killed, counts statements, walks the trail or
moves a database; and the tables of tests/project, which ask for every address, list and search.
The rest `make test` tells once (`ONE_ENGINE`): pages on SQLite, acts on PostgreSQL, which is more
particular about a statement. By hand and in `make soak` it is told on whichever engine is there.

What a file is read as, how a document is drawn and what another program answers is decided in
Python: on PostgreSQL it would send the same few statements hundreds of times, and is never told.
"""

import os

SERVER = "the web server before the site, which has no database"
READ = "what cells are read as: the same acts write it as in the tests of command, pages and jobs"
DRAWN = "how contents are drawn: they are read as on the page, in the rooms of contents and annexes"
TAKEN = "what other hands left in cells: the same acts write it as in test_jobs and test_races"
SHOWN = "how a page or a line is shown: its rows are read as in the rooms they come from"
FILED = "how a list becomes a file: tests/risk/reporting asks for them on both engines"
SYNTHETIC = "what benches and demonstrations start from, which ask for it on both engines"
SIGNED = "what a file is: how it is looked for in the register is tried in test_answers"
RIGHTS = "who has a right is decided in Python: test_queries asks for every page on both engines"
STRANGERS = "strangers are sent away before a row is read: test_queries reads what is open on both"
COUNTED = "pages of the back office: those of the house are counted on both, in tests/project"
KILLED = "processes and files: what a database is left with is tried in test_power_cut on both"
COMPARED = "what is compared was read before: rows are read as in the rooms they come from"
FILES = "files beside the database, which comes back by itself in test_drill and is read on both"
STOPPED = "a process that is told to stop: killed, what it leaves is looked at on both"
ANCHORED = "what stands on paper: a trail is held to an anchor in test_anchors, on both"
MOVED = "it goes through both engines, from the larger to the other and back"

SQLITE_ALONE = {
    "tests/deploy/test_gunicorn.py": SERVER,
    "tests/deploy/test_server.py": SERVER,
    "tests/deploy/test_units.py": SERVER,
    "tests/project/test_address_roles.py": RIGHTS,
    "tests/project/test_addresses.py": STRANGERS,
    "tests/project/test_cards.py": SHOWN,
    "tests/project/test_lists_as_files.py": FILED,
    "tests/project/test_migrations.py::test_the_migrations_at_once_": "step by step they are tried",
    "tests/project/test_page_bytes.py": "bytes of pages, which say the same",
    "tests/project/test_rpct_tasks.py": SHOWN,
    "tests/project/test_sorted_lists.py::test_where_rows_are_cards_": SHOWN,
    "tests/ptpct/backup/test_restoring.py::test_a_lost_file_": FILES,
    "tests/ptpct/test_watching.py::test_whichever_process_": FILES,
    "tests/registry/accounts/test_odd_providers.py": "what other providers answer",
    "tests/registry/directory/test_saml.py": "what another provider answers",
    "tests/risk/admin/test_queries.py": COUNTED,
    "tests/risk/annexes/test_power_cut.py::test_a_worker_told_": STOPPED,
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
    "tests/risk/plans/test_printed_anchors.py::test_the_trail_is_held_": ANCHORED,
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
    "tests/ptpct/backup/test_moving.py::test_every_row_": MOVED,
    "tests/risk/plans/test_cancelled_documents.py": KILLED,
    "tests/risk/plans/test_closed_contents.py": COMPARED,
    "tests/risk/plans/test_document_faults.py::test_a_": KILLED,
    "tests/risk/plans/test_document_faults.py::test_pieces_": KILLED,
    "tests/risk/stories/test_three_years_in_browser.py": "the one long story of the larger engine",
}
"""What is told on PostgreSQL, where stories of its kind are told on SQLite or on both."""


ONE_ENGINE = bool(os.environ.get("ONE_ENGINE"))
"""Whether what needs one engine alone is told on one: so in `make test`, for its time."""

MET_IN = (
    "tests/deploy/",
    "tests/project/",
    "tests/ptpct/",
    "tests/registry/jobs/",
    "tests/registry/services/",
    "tests/risk/stories/",
)
"""Rooms whose tests meet the engine: rows locked and ordered, jobs taken, databases moved."""

MEETS = (
    "attack",
    "anchor",
    "cancelled",
    "chain",
    "closed",
    "copying",
    "cost",
    "damaged",
    "fault",
    "forged",
    "frozen",
    "guards",
    "history",
    "killed",
    "large",
    "long",
    "migrat",
    "power_cut",
    "queries",
    "races",
    "search",
    "undo",
)
"""Words in the names of files whose tests meet the engine, in whatever room."""

SHOWS = (
    "tests/registry/accounts/",
    "tests/registry/directory/",
    "tests/registry/spreadsheets/",
    "tests/risk/admin/",
    "tests/risk/answer_books/",
    "tests/risk/assessment/",
    "tests/risk/catalogues/",
    "tests/risk/completeness/",
    "tests/risk/content/",
    "tests/risk/desk/",
    "tests/risk/entry_requests/",
    "tests/risk/imports/",
    "tests/risk/library/",
    "tests/risk/mapping/",
    "tests/risk/process_sheet/",
    "tests/risk/reporting/",
    "tests/risk/sample_data/",
    "tests/risk/treatment/",
    "tests/risk/verification/",
    "tests/risk/workbooks/",
)
"""Rooms of pages, forms and files; in the others the files called pages are such."""


def engine_enough(path: str) -> str | None:
    """Return the engine that is enough for the tests of a file; none where both are asked.

    A test that is of several processes or threads asks for both whatever its file is called.
    """
    name = path.rsplit("/", 1)[-1]
    if path.startswith(MET_IN) or any(word in name for word in MEETS):
        return None
    is_of_pages = path.startswith(SHOWS) or name.endswith(("_page.py", "_pages.py"))
    return "sqlite" if is_of_pages else "postgresql"


def is_for_sqlite(nodeid: str) -> bool:
    """Tell whether a test, by its id, is tried on SQLite alone."""
    return nodeid.startswith(tuple(SQLITE_ALONE))


def is_for_postgresql_alone(nodeid: str) -> bool:
    """Tell whether a test, by its id, is tried on PostgreSQL alone."""
    return nodeid.startswith(tuple(POSTGRESQL_ALONE))

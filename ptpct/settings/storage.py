"""What is kept and where: the database, files, long work, import and export."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from ptpct import env
from ptpct.connections import postgresql_options
from ptpct.settings.installation import BASE_DIR, VAR_DIR

# --- Database --------------------------------------------------------------------------------

# No ATOMIC_REQUESTS: refused attempts are recorded after the rollback (docs/decisions/0001).
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{VAR_DIR / 'ptpct.sqlite3'}",
        conn_max_age=env.number("PTPCT_DB_CONN_MAX_AGE", default=60),
        conn_health_checks=True,
    ),
}

# How long a lock is waited for: the site says it in deploy/gunicorn.conf.py, where somebody waits
# for the page; a worker and a command wait until it is their turn.
LOCK_SECONDS = env.number("PTPCT_LOCK_SECONDS", default=0)
WRITERS_AT_ONCE = env.number("PTPCT_WRITERS", default=6)
READERS_AT_ONCE = env.number("PTPCT_READERS", default=0)
# Behind PgBouncer in the mode of transactions, which passes no options of a connection on.
IS_POOLED = env.flag("PTPCT_PGBOUNCER", default=False)
# SQLite knows no end of patience: longer than anybody holds it who is not broken.
SQLITE_LOCK_SECONDS = LOCK_SECONDS or 900

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL;"
    # Each commit is on the disk before the page says "saved": NORMAL loses the last ones with the
    # power, in silence. In this journal EXTRA is the same.
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON;"
    f"PRAGMA busy_timeout = {SQLITE_LOCK_SECONDS * 1000};"
)

match DATABASES["default"]["ENGINE"]:
    case "django.db.backends.sqlite3":
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        DATABASES["default"]["OPTIONS"] = {
            # Taking the write lock at BEGIN makes a second writer wait instead of failing.
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_LOCK_SECONDS,
            "init_command": SQLITE_PRAGMAS,
        }
    case "django.db.backends.postgresql":
        # A pool gives each transaction another connection: nothing of a session may be counted on.
        DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = IS_POOLED
        DATABASES["default"]["OPTIONS"] = postgresql_options(
            DATABASES["default"].get("OPTIONS", {}),
            lock_seconds=LOCK_SECONDS,
            is_pooled=IS_POOLED,
        )
    case engine:
        raise ImproperlyConfigured(
            f"DATABASE_URL: motore «{engine}» non previsto (sqlite:// oppure postgres://)."
        )

# SQLite is of one host.
IS_DATABASE_SHARED = DATABASES["default"]["ENGINE"].endswith("postgresql")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# --- Static and stored files -----------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# Only the built editor of this library is used, none of its code: so it is no app. Without it
# chapters are typed as plain text (docs/decisions/0080).
_EDITOR = find_spec("django_prose_editor")
_EDITOR_PLACES = (_EDITOR and _EDITOR.submodule_search_locations) or []
STATICFILES_DIRS = [Path(one) / "static" for one in _EDITOR_PLACES]
CHAPTER_EDITOR = "django_prose_editor/editor.js" if STATICFILES_DIRS else ""
MEDIA_ROOT = VAR_DIR / "media"
# A block copied from a spreadsheet is a field of a form: beyond 5 MB the page itself refuses it,
# with the text kept.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8_000_000
# Without JavaScript a matrix is sent whole, one field a ticked box: 40 behaviours on 60 phases and
# actions are 2,400. The memory limit above and the limit of the matrix itself still hold.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 25_000
# A request with files, whole; each page asks for less of its own.
UPLOAD_MAX_BYTES = 72 * 1024 * 1024
# A folder of workbooks that offices have sent back is chosen at once.
DATA_UPLOAD_MAX_NUMBER_FILES = 200
FILE_UPLOAD_HANDLERS = [
    "ptpct.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "ptpct.uploads.WholeUpload",
]
# Beside the database, not in the folder all programs of the machine share; read by nobody else.
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
# Nothing uploaded is ever served by the web server: there is no MEDIA_URL in the addresses.
MEDIA_URL = ""

# Where files stand that jobs prepare and people bring: a folder is of one machine, the others are
# seen by all hosts (docs/decisions/0088).
FILES_IN = env.file_place(
    "PTPCT_FILES",
    default="database" if IS_DATABASE_SHARED else "folder",
)
S3_ENDPOINT = env.text("PTPCT_S3_ENDPOINT", default="")


def _store(name: str, folder: str) -> dict[str, Any]:
    """Return how a store of such files is made."""
    if FILES_IN == "folder":
        options: dict[str, Any] = {"location": VAR_DIR / folder}
        return {"BACKEND": "ptpct.uploads.WholeFileStorage", "OPTIONS": options}
    if FILES_IN == "database":
        kept = "registry.services.database_files.DatabaseStorage"
        return {"BACKEND": kept, "OPTIONS": {"store": name}}
    options = {"bucket_name": FILES_IN.removeprefix("s3://"), "location": folder}
    if S3_ENDPOINT:
        options["endpoint_url"] = S3_ENDPOINT
    return {"BACKEND": "ptpct.s3_files.BucketStorage", "OPTIONS": options}


STORAGES = {
    "default": {"BACKEND": "ptpct.uploads.WholeFileStorage"},
    "staticfiles": {
        "BACKEND": "ptpct.framework_sheet.CutStaticFilesStorage",
    },
    # The confirm step of an import may be answered by another process than the upload was.
    "import_export": _store("import_export", "import"),
    # Files of published plans, written once and given to anybody; made anew when they are lost, so
    # that each host has its own.
    "published": {
        "BACKEND": "ptpct.uploads.WholeFileStorage",
        "OPTIONS": {"location": VAR_DIR / "published"},
    },
    # What proves an answer to a round of monitoring, by digest; given only by a page that checks
    # the right to it.
    "evidence": _store("evidence", "evidence"),
    # Files prepared by a job, for a day; given only by a page that checks the right to them.
    "jobs": _store("jobs", "jobs"),
}

# --- Long work -------------------------------------------------------------------------------

# "database": a worker beside the site does it (`manage.py run_worker`); "immediate": the page that
# asks waits for it, for an installation without a worker.
TASK_ENGINE = env.choice("PTPCT_TASKS", default="database", among=("database", "immediate"))
TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]},
    "immediate": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"},
}

# Long jobs a worker does at once, each of another person.
LONG_JOBS = env.number("PTPCT_LONG_JOBS", default=2, minimum=1)

# Files brought to be imported and not yet taken, all together.
PERSON_UPLOADS_MB = env.number("PTPCT_PERSON_UPLOADS_MB", default=200, minimum=20)
BODY_UPLOADS_MB = env.number("PTPCT_BODY_UPLOADS_MB", default=1_000, minimum=20)
# Files that prove answers to rounds of monitoring, all those of a body together.
BODY_EVIDENCE_MB = env.number("PTPCT_BODY_EVIDENCE_MB", default=5_000, minimum=20)
# Of one person, waiting and running together.
MOST_JOBS_WAITING = env.number("PTPCT_MOST_JOBS", default=10, minimum=1)
# A page waits so long for a drawing or for a file to be read; then it is a job.
PAGE_SECONDS = env.number("PTPCT_PAGE_SECONDS", default=5, minimum=1)
# What one drawing, or one reading of a file, may take of time and memory before it is stopped.
DRAWING_SECONDS = env.number("PTPCT_DRAWING_SECONDS", default=900, minimum=10)
DRAWING_MEGABYTES = env.number("PTPCT_DRAWING_MB", default=4_096, minimum=512)
# After so long without a change the paper of an annex is drawn before anybody asks; 0: never.
DRAW_AHEAD_SECONDS = env.number("PTPCT_DRAW_AHEAD_SECONDS", default=60, minimum=0)
# What is imported where the processes begin that draw and read.
APART_BEGINNING = "ptpct.apart_beginning"
# The memory in which files are read that anybody may bring to be verified.
VERIFICATION_MEGABYTES = env.number("PTPCT_VERIFICATION_MB", default=1_024, minimum=512)

# --- Import and export -----------------------------------------------------------------------

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "change"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "view"
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.MediaStorage"

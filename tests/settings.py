"""Settings of the tests: those of the project, in a folder that goes away at the end."""

import atexit
import os
import shutil
import tempfile

# The tests must not depend on the machine's own variables.
for name in [name for name in os.environ if name.startswith("PTPCT_")]:
    del os.environ[name]
if "TESTS_FOLDER" not in os.environ:
    # The first process makes the folder; the workers it starts find it in their environment.
    os.environ["TESTS_FOLDER"] = tempfile.mkdtemp(prefix="ptpct-tests-")
    atexit.register(shutil.rmtree, os.environ["TESTS_FOLDER"], ignore_errors=True)
os.environ["PTPCT_VAR_DIR"] = os.environ["TESTS_FOLDER"]
# A test asks and sees what came of it; those of the worker say otherwise.
os.environ["PTPCT_TASKS"] = "immediate"
# What looks at files looks at them in a folder; the other stores have tests of their own.
os.environ["PTPCT_FILES"] = "folder"
os.environ["PTPCT_SECRET_KEY"] = "chiave-per-le-sole-prove-mai-usata-da-una-installazione-vera"

from ptpct.settings import *  # noqa: E402, F403
from ptpct.settings import CACHES, DATABASES, STORAGES, VAR_DIR  # noqa: E402

# Each test client would read the whole folder of static files when it starts.
WHITENOISE_AUTOREFRESH = True

# Other tests may keep the machine: that a page waits no longer is a test of its own.
PAGE_SECONDS = 120

# Looked at by the tests of it alone: a page would cost a statement more now and then.
HOST_CHECK_SECONDS = 0

# One cache for each worker, or the tests of one would see what those of another remember; and own
# stores of files, or the tests of one would sweep those of another.
_OWN = os.environ.get("PYTEST_XDIST_WORKER", "main")
CACHES["default"]["LOCATION"] = VAR_DIR / f"cache-{_OWN}"
STORAGES["import_export"]["OPTIONS"]["location"] = VAR_DIR / f"import-{_OWN}"
STORAGES["jobs"]["OPTIONS"]["location"] = VAR_DIR / f"jobs-{_OWN}"
STORAGES["evidence"]["OPTIONS"]["location"] = VAR_DIR / f"evidence-{_OWN}"
STORAGES["published"]["OPTIONS"]["location"] = VAR_DIR / f"published-{_OWN}"

# The fields of the house, to the library that makes rows up: those of Django they stand for.
BAKER_CUSTOM_FIELDS_GEN = {
    "registry.models.base.LineField": "model_bakery.random_gen.gen_string",
    "registry.models.base.AddressField": "model_bakery.random_gen.gen_email",
}

# Hashing as slow as in production would be half of the time of the tests.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: the live server's threads then wait for each other as in production.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    # And a test that waits for itself is found before somebody gives it up.
    fast = "PRAGMA synchronous = OFF; PRAGMA busy_timeout = 20000;"
    DATABASES["default"]["OPTIONS"]["init_command"] += fast
else:
    # How its checks of foreign keys read a table PostgreSQL decides once for each connection, here
    # while nothing stands in it: then whole, for each row that goes. An installation has rows.
    DATABASES["default"]["OPTIONS"] = {"options": "-c enable_seqscan=off"}

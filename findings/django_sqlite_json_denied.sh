#!/bin/sh
# A new connection of Django 5.2.19 to SQLite, whose transactions begin IMMEDIATE as Django recommends for a site with
# several writers, asked for an object of JSON while another connection writes.
#
# Guess: to read waits for nobody (the journal is WAL), so the row is read.
# Seen:  NotSupportedError, “JSONObject() is not supported on this database backend”, after the whole wait for the lock; and
#        so for ever on that connection, also when nobody writes any more. Whether JSON is known is asked in a transaction
#        of its own, any OperationalError is taken for a no, and the no is remembered.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" django==5.2.19
cd "$work"
cat >ask.py <<'PY'
import sqlite3

import django
from django.conf import settings
from django.db import connection

options = {"transaction_mode": "IMMEDIATE", "timeout": 0.2, "init_command": "PRAGMA journal_mode = WAL;"}
base = {"ENGINE": "django.db.backends.sqlite3", "NAME": "register.sqlite3", "OPTIONS": options}
settings.configure(INSTALLED_APPS=["django.contrib.contenttypes"], DATABASES={"default": base})
django.setup()

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db.models.functions import JSONObject
from django.db.utils import NotSupportedError

call_command("migrate", verbosity=0)
# as a new process or thread finds it
connection.close()
connection.features.__dict__.pop("supports_json_field", None)


def asked(when):
    rows = ContentType.objects.annotate(told=JSONObject(name="model")).values_list("told", flat=True)
    try:
        print(when, rows.first())
    except NotSupportedError as problem:
        print(when, problem)


writer = sqlite3.connect("register.sqlite3", isolation_level=None)
writer.execute("BEGIN IMMEDIATE")
print("rows are read while somebody writes:", ContentType.objects.count())
asked("JSON while somebody writes:")
writer.execute("COMMIT")
asked("JSON when nobody does:")
PY
PYTHONPATH="$work/lib" python3 ask.py | tee seen.txt
cat >expected.txt <<'TXT'
rows are read while somebody writes: 1
JSON while somebody writes: JSONObject() is not supported on this database backend.
JSON when nobody does: JSONObject() is not supported on this database backend.
TXT
cmp -s seen.txt expected.txt || { echo "changed"; exit 1; }
echo "as described: a lock is taken for a missing function, for good"

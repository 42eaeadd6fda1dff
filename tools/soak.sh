#!/usr/bin/env bash
# What chance decides, many times over, what other programs make of our workbooks, and on both engines
# what `make test` tells on one: minutes to hours, not part of `make test`.
set -euo pipefail
# shellcheck source=tools/machine.sh
. "$(dirname "$0")/machine.sh"

want_packages has_other_programs gnumeric r-cran-openxlsx libspreadsheet-parsexlsx-perl \
  libexcel-writer-xlsx-perl nodejs npm
prepare requirements-dev.txt
export SOAK=1
pytest=("$PYTHON" -m pytest --quiet --numprocesses 0 --durations 10 -m soak)
unset DATABASE_URL
say "— pytest -m soak, SQLite"
"${pytest[@]}"
say "— pytest -m soak, PostgreSQL"
"$PYTHON" tools/with_postgresql.py "${pytest[@]}"

unset SOAK
pytest=("$PYTHON" -m pytest --quiet --numprocesses 2 --dist loadfile --no-loadscope-reorder)
say "— pytest, SQLite, whole"
"${pytest[@]}"
say "— pytest, PostgreSQL, whole"
DURABLE=0 "$PYTHON" tools/with_postgresql.py "${pytest[@]}"

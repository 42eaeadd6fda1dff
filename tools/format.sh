#!/usr/bin/env bash
# Puts code and templates in the form the checks want.
set -euo pipefail
# shellcheck source=tools/machine.sh
. "$(dirname "$0")/machine.sh"
prepare requirements-dev.txt

.venv/bin/ruff check --quiet --fix . || true
.venv/bin/ruff format --quiet .
if [ -d templates ]; then .venv/bin/djlint --quiet --reformat templates || true; fi

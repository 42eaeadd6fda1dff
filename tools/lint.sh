#!/usr/bin/env bash
# The static checks, all of them even when one fails; with names (ruff, djlint, lint-imports, mypy,
# makemigrations, check) only those.
set -uo pipefail
# shellcheck source=tools/machine.sh
. "$(dirname "$0")/machine.sh"
[ -n "${PREPARED:-}" ] || prepare requirements-dev.txt

asked=" $* "
names=()
told=$(mktemp -d)
trap 'rm -rf "$told"' EXIT
# Two at a time, told one after the other in the end.
check() {
  local name=$1
  shift
  if [[ $asked =~ [^\ ] && $asked != *" ${name%% *} "* ]]; then return; fi
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n; done
  ("$@" >"$told/$name" 2>&1 || touch "$told/$name failed") &
  names+=("$name")
}

check "ruff" .venv/bin/ruff check --quiet .
check "ruff format" .venv/bin/ruff format --quiet --check .
if [ -d templates ]; then
  check "djlint" .venv/bin/djlint --quiet --lint templates
  check "djlint format" .venv/bin/djlint --quiet --check templates
fi
check "lint-imports" .venv/bin/lint-imports --no-logo
check "mypy" .venv/bin/mypy
# The settings of the tests: a key and a folder of their own, nothing of this machine.
check "makemigrations" env DJANGO_SETTINGS_MODULE=tests.settings \
  $PYTHON manage.py makemigrations --check --dry-run
key=$($PYTHON -c 'import secrets; print(secrets.token_urlsafe(64))')
check "check --deploy" env PTPCT_SECRET_KEY="$key" \
  PTPCT_ALLOWED_HOSTS=registro.esempio.it $PYTHON manage.py check --deploy --fail-level WARNING

wait
failed=()
for name in "${names[@]}"; do
  say "— $name"
  cat "$told/$name"
  [ ! -e "$told/$name failed" ] || failed+=("$name")
done
if [ ${#failed[@]} -gt 0 ]; then stop "Controlli falliti: ${failed[*]}"; fi

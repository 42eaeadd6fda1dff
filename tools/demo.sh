#!/usr/bin/env bash
# The whole line on this machine: libraries, database, data, documents, then the site.
# SERVE=0 stops before serving; RESET=1 rebuilds the demo data and loses the edits made in it.
set -euo pipefail
# shellcheck source=tools/machine.sh
. "$(dirname "$0")/machine.sh"

address=127.0.0.1:8000

# The demo plan is being prepared: its deadlines are still to come.
export PTPCT_TODAY="${PTPCT_TODAY:-2020-12-11}"

prepare requirements.txt
manage() { $PYTHON manage.py "$@"; }

say "Preparo la base di dati"
manage migrate --verbosity 0
manage load_reference
reset=()
if [ "${RESET:-}" = 1 ]; then reset=(--reset); fi
# Kept for the end, where addresses and sign-in names are found without scrolling.
people=$(manage load_demo "${reset[@]}")
say "Scrivo gli allegati dimostrativi in out/"
manage export_demo
say "$people"

if [ "${SERVE:-1}" = 0 ]; then
  say "Fatto. «make demo» avvia anche il sito su http://$address/"
  exit 0
fi

if (exec 3<>"/dev/tcp/${address/:/\/}") 2>/dev/null; then
  stop "La porta di $address è già occupata: chiudere l’altro programma e ripetere «make demo»."
fi
manage collectstatic --noinput --clear --verbosity 0
say "Il sito è su http://$address/ (Ctrl+C per fermarlo)"
# The worker does the long work that pages ask for; site and worker stop together.
$PYTHON manage.py run_worker --verbosity 0 &
worker=$!
PTPCT_WRITERS=2 PTPCT_LOCK_SECONDS=5 $PYTHON -m gunicorn ptpct.wsgi --bind "$address" --workers 2 --threads 4 \
  --log-level warning --no-control-socket &
site=$!
trap 'kill "$worker" "$site" 2>/dev/null || true; wait' EXIT
trap 'exit 0' INT TERM
wait -n "$worker" "$site"

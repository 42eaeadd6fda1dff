#!/usr/bin/env bash
# Writes requirements*.txt again: every library with its hashes, for every supported Python.
# No header and no index address: where one machine fetches its packages is nobody's business.
set -euo pipefail
# shellcheck source=tools/machine.sh
. "$(dirname "$0")/machine.sh"

command -v uv >/dev/null || stop "Serve uv: pip install uv"
for name in requirements requirements-dev; do
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header "$@" "$name.in" --output-file "$name.txt"
done

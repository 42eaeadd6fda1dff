#!/usr/bin/env bash
# Writes requirements*.txt again: every library with its hashes, for every supported Python; then
# sbom.cdx.json, what the site is made of; then asks which libraries have known faults.
# No header and no index address: where one machine fetches its packages is nobody's business.
set -euo pipefail
# shellcheck source=tools/machine.sh
. "$(dirname "$0")/machine.sh"

has_python || stop "Serve Python 3.11 o successivo: apt-get install python3"
need_packages has_venv python3-venv
install_libraries .venv-lock requirements-lock.txt
uv=.venv-lock/bin/uv

for name in requirements requirements-directory requirements-hosts requirements-dev requirements-bench \
  requirements-lock; do
  $uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header "$@" "$name.in" --output-file "$name.txt"
done

# An environment of its own, or what the tests need would stand in the list.
site=$(mktemp -d)
trap 'rm -rf "$site"' EXIT
$uv venv --quiet --python python3 "$site/venv"
$uv pip install --quiet --python "$site/venv/bin/python" --require-hashes -r requirements.txt
.venv-lock/bin/python tools/sbom.py "$site/venv" sbom.cdx.json
say "Scritti requirements*.txt e sbom.cdx.json."

.venv-lock/bin/python tools/advisories.py requirements.txt requirements-directory.txt \
  requirements-hosts.txt requirements-dev.txt requirements-bench.txt requirements-lock.txt

#!/usr/bin/env bash
# Everything that must hold: static checks, then the tests, on SQLite with the browser stories and on
# PostgreSQL; those that need one engine alone on one (tests/engines.py), all others on both.
set -euo pipefail
# shellcheck source=tools/machine.sh
. "$(dirname "$0")/machine.sh"

if ! has_browser && [ -r /etc/os-release ] && grep -q '^ID=ubuntu' /etc/os-release; then
  # Its chromium package is a snap, which neither a container nor root can start.
  stop "Su Ubuntu indicare un browser: BROWSER=/percorso/di/chrome make test"
fi
# A directory for the tests, and what its library is compiled with.
want_packages has_directory slapd
want_packages has_xml_signer xmlsec1
want_packages has_compiler gcc libc6-dev python3-dev libldap2-dev libsasl2-dev
want_packages has_browser chromium-headless-shell
want_packages has_driver_library libatomic1
want_packages has_calc libreoffice-calc-nogui
want_packages has_writer libreoffice-writer-nogui
want_packages has_nginx nginx-light
want_packages has_redis redis-server
want_packages has_pgbouncer pgbouncer
want_packages has_unit_check systemd
want_packages has_signing_tools openssl poppler-utils libnss3-tools qpdf python3-uno libbcpkix-java
prepare requirements-dev.txt
install_libraries .venv requirements-directory.txt

unset DATABASE_URL
# Each process of pytest would compile the tests anew where none has; one does while types are checked,
# which takes one core. What is wrong with a test is told below.
"$PYTHON" -m pytest --quiet --numprocesses 0 --collect-only >/dev/null 2>&1 &
PREPARED=1 tools/lint.sh
wait

# The order of the files is that of tests/conftest.py, and not by how many tests they have. A process
# more than cores: much of the time each waits for a browser, for a worker or for the database.
pytest=("$PYTHON" -m pytest --quiet --numprocesses 3 --dist loadfile --no-loadscope-reorder --durations 10)
export ONE_ENGINE=1
say "— pytest, SQLite"
"${pytest[@]}"
say "— pytest, PostgreSQL"
DURABLE=0 "$PYTHON" tools/with_postgresql.py "${pytest[@]}"

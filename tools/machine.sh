# Sourced by the other scripts: what the machine must have, and the virtual environment.
# As root on Debian or Ubuntu it installs what is missing; otherwise it says what to install.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
PYTHON=.venv/bin/python
APT_UPDATED=
# Tests start Python many times, and each process would compile all modules anew.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*"; }

stop() {
  printf '%s\n' "$*" >&2
  exit 1
}

# want_packages CHECK PACKAGE…: note them for install_wanted, unless CHECK succeeds.
WANTED=()
WANTED_CHECKS=()
want_packages() {
  local check=$1
  shift
  if $check; then return; fi
  WANTED+=("$@")
  WANTED_CHECKS+=("$check")
}

# All that was wanted in one go: each call of apt-get reads its lists and runs its triggers anew.
install_wanted() {
  local check
  [ ${#WANTED[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    stop "Mancano alcuni pacchetti di sistema. Da amministratore: apt-get install ${WANTED[*]}"
  fi
  say "Installo i pacchetti di sistema: ${WANTED[*]}"
  if [ -z "$APT_UPDATED" ]; then
    apt-get update -qq || stop "apt-get update non è riuscito: controllare la rete e riprovare."
    APT_UPDATED=1
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${WANTED[@]}" \
    >/dev/null || stop "L’installazione non è riuscita. Provare a mano: apt-get install ${WANTED[*]}"
  for check in "${WANTED_CHECKS[@]}"; do
    $check || stop "I pacchetti sono installati ma non bastano (${check#has_}): ${WANTED[*]}"
  done
  WANTED=()
  WANTED_CHECKS=()
}

# need_packages CHECK PACKAGE…: nothing to do when CHECK succeeds.
need_packages() {
  want_packages "$@"
  install_wanted
}

has_python() {
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

has_venv() { python3 -c 'import ensurepip, venv' 2>/dev/null; }

# The very names WeasyPrint opens: the packages may come from anywhere.
has_pango() {
  python3 - 2>/dev/null <<'PYTHON'
import ctypes

for name in ("pango-1.0.so.0", "pangoft2-1.0.so.0", "harfbuzz-subset.so.0", "fontconfig.so.1"):
    ctypes.CDLL(f"lib{name}")
PYTHON
}

# Titillium Web comes with the application; this one draws the signs it lacks.
has_fallback_font() {
  [ -n "$(find /usr/share/fonts /usr/local/share/fonts -iname 'DejaVuSans.ttf' -print -quit 2>/dev/null)" ]
}

# The driver that steers the browser in the tests is a program of its own and wants this library.
has_driver_library() { python3 -c 'import ctypes; ctypes.CDLL("libatomic.so.1")' 2>/dev/null; }

# The files people have come from it, and ours must open in it; the product does not need it.
has_calc() { command -v soffice >/dev/null; }

has_writer() {
  local folder
  for folder in /usr/lib/libreoffice /opt/libreoffice*; do
    [ -e "$folder/program/libswlo.so" ] && return 0
  done
  return 1
}

# The programs people open our workbooks with: only `make soak` has them all (tests/programs).
has_other_programs() {
  local tool
  for tool in ssconvert Rscript perl node npm; do command -v "$tool" >/dev/null || return 1; done
  Rscript -e 'library(openxlsx)' >/dev/null 2>&1 && perl -MSpreadsheet::ParseXLSX -MExcel::Writer::XLSX -e 1 2>/dev/null
}

# The set-up of a server is started by its tests, and its units are looked at.
has_nginx() { [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null; }

# What several hosts count in.
has_redis() { command -v redis-server >/dev/null; }

# By what one of several hosts reaches the database.
has_pgbouncer() { [ -x /usr/sbin/pgbouncer ] || command -v pgbouncer >/dev/null; }

has_unit_check() { command -v systemd-analyze >/dev/null; }

# Our files are signed with what people sign with, and read back.
has_signing_tools() {
  local tool
  for tool in openssl pdfsig certutil pk12util qpdf; do command -v "$tool" >/dev/null || return 1; done
  /usr/bin/python3 -c 'import uno' 2>/dev/null && [ -e /usr/share/java/bcpkix.jar ]
}

has_directory() { [ -x /usr/sbin/slapd ]; }

has_xml_signer() { [ -x /usr/bin/xmlsec1 ]; }

# python-ldap has no wheel: a compiler, and the heads of Python and of the libraries it is made on.
has_compiler() {
  command -v gcc >/dev/null && [ -f /usr/include/ldap.h ] && [ -f /usr/include/sasl/sasl.h ] &&
    python3 -c 'import os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")' 2>/dev/null
}

# Chromium without its windows: the same pages with less of the processor (0005).
has_browser() { [ -n "${BROWSER:-}" ] || command -v chromium-headless-shell >/dev/null; }

# prepare REQUIREMENTS: the system packages and the virtual environment with the locked libraries.
# What was wanted before comes in at the same time as the libraries.
prepare() {
  local requirements=$1 libraries
  has_python || stop "Serve Python 3.11 o successivo: apt-get install python3"
  want_packages has_pango libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
  want_packages has_fallback_font fonts-dejavu-core
  has_venv || need_packages has_venv python3-venv
  install_libraries .venv "$requirements" &
  libraries=$!
  install_wanted
  wait "$libraries" || exit 1
}

# install_libraries FOLDER REQUIREMENTS: a virtual environment with what is locked there, by hash.
install_libraries() {
  local folder=$1 requirements=$2 stamp="$1/$2.installed"
  if ! "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
    # Missing, half made, or made by a Python that is gone.
    rm -rf "$folder"
    say "Creo l’ambiente virtuale in $folder"
    python3 -m venv "$folder"
  fi
  if ! cmp -s "$requirements" "$stamp"; then
    say "Installo le librerie di $requirements"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
      --require-hashes -r "$requirements" ||
      stop "Le librerie non si sono installate: controllare la rete e riprovare."
    cp "$requirements" "$stamp"
  fi
}

#!/usr/bin/env bash
# Takes the pictures of the documentation anew, from the demo data in a database of its own.
set -euo pipefail
# shellcheck source=tools/machine.sh
. "$(dirname "$0")/machine.sh"

has_poppler() { command -v pdftoppm >/dev/null; }

prepare requirements-dev.txt
need_packages has_browser chromium-headless-shell
need_packages has_driver_library libatomic1
need_packages has_poppler poppler-utils
exec $PYTHON tools/pictures.py

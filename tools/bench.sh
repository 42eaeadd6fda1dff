#!/usr/bin/env bash
# Measures one part of the application: PART=desk for the pages of the daily work,
# PART=spreadsheets for taking registers in and writing them out, PART=trust for what is trusted:
# drawing any text, backups, saying what a file is; PART=growth for what may not grow with an annex
# or a body, PART=before for the comparison with an earlier version alone, PART=paper
# for an annex as PDF and a plan joined from its annexes, PART=paper_long for an annex of 300 processes,
# PART=year for the next edition of a plan of 1,000 processes, PART=machines for what a small machine has to have.
set -euo pipefail
# shellcheck source=tools/machine.sh
. "$(dirname "$0")/machine.sh"

part=${PART:-desk}
script=tools/bench_$part.py
[ -f "$script" ] || stop "PART=$part non si può misurare."
prepare requirements-dev.txt
case $part in paper*) mkdir -p out && install_libraries out/bench-venv requirements-bench.txt ;; esac
unset DATABASE_URL
exec $PYTHON "$script"

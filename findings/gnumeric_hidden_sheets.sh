#!/bin/sh
# A workbook with hidden sheets, converted by Gnumeric 1.12.55 (Debian 12).
#
# Guess: a sheet that is hidden, or hidden so that no menu shows it, stays so when a workbook is saved.
# Seen:  Gnumeric reads both (its own format says HIDDEN and VERY_HIDDEN), and writes neither to XLSX:
#        every sheet of the saved file is visible, and is the reader's to take for a table.
# Needs: Debian's gnumeric (ssconvert), python3 with pip.
set -eu
for tool in ssconvert python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
version=$(ssconvert --version 2>&1 | grep -o "1\.12\.[0-9]*" | head -n 1)
[ "$version" = 1.12.55 ] || { echo "described for Gnumeric 1.12.55, here is: $version"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" openpyxl==3.1.5
cd "$work"
PYTHONPATH="$work/lib" python3 -c "
import openpyxl
book = openpyxl.Workbook()
for state in ('hidden', 'veryHidden'):
    book.create_sheet(state)['A1'] = 'key'
    book[state].sheet_state = state
book.save('given.xlsx')"
ssconvert --export-type=Gnumeric_Excel:xlsx2 given.xlsx saved.xlsx 2>/dev/null
ssconvert --export-type=Gnumeric_XmlIO:sax:0 given.xlsx own.gnumeric 2>/dev/null
seen=$(grep -o 'VISIBILITY_[A-Z_]*HIDDEN' own.gnumeric | tr '\n' ' ')
echo "its own format: $seen"
[ "$seen" = "VISIBILITY_HIDDEN VISIBILITY_VERY_HIDDEN " ] || { echo "changed: they are not read"; exit 1; }
PYTHONPATH="$work/lib" python3 -c "
import openpyxl
states = {sheet.title: sheet.sheet_state for sheet in openpyxl.load_workbook('saved.xlsx').worksheets}
print('saved as XLSX:', states)
assert set(states.values()) == {'visible'}, 'changed: hidden sheets stay hidden'"
echo "as described: read as hidden, saved for everybody to see"

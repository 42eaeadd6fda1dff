#!/bin/sh
# A workbook turned into text by MarkItDown 0.1.9, as assistants and search engines do before they read one.
#
# Guess: the text says what a person sees: merged cells once, a percent as a percent, a day as a day, nothing hidden.
# Seen:  below a merged cell stands NaN; 12,5 % is 0.125, a day has a midnight; a hidden row is told, and so is a sheet
#        no menu of a spreadsheet program shows.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" \
  'markitdown[xlsx]==0.1.9' openpyxl==3.1.5
cd "$work"
PYTHONPATH="$work/lib" python3 - <<'PY'
import datetime

import openpyxl
from markitdown import MarkItDown

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "Scheda"
for row in (
    ("Processo", "Fase", "Attuata"),
    ("Appalti", "Gara", 0.125),
    (None, "Stipula", datetime.date(2027, 1, 31)),
    ("Concorsi", "Bando", "ritirata"),
):
    sheet.append(row)
sheet.merge_cells("A2:A3")
sheet["C2"].number_format = "0.0%"
sheet["C3"].number_format = "dd/mm/yyyy"
sheet.row_dimensions[4].hidden = True
aside = book.create_sheet("chiavi")
aside["A1"] = "riservata"
aside.sheet_state = "veryHidden"
book.save("given.xlsx")
text = MarkItDown().convert("given.xlsx").text_content
print(text)
seen = ("| NaN | Stipula | 2027-01-31 00:00:00 |", "| 0.125 |", "| ritirata |", "## chiavi", "riservata")
assert all(words in text for words in seen), "changed"
assert "12" not in text.replace("0.125", ""), "changed"
PY
echo "as described: numbers without their look, NaN, and what is hidden"

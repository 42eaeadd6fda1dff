#!/bin/sh
# csvw 4.1.1 reading decimals by a pattern with the Italian signs ("CSV on the Web").
#
# Guess: a pattern is written with the signs declared beside it (decimalChar "," and groupChar "."
#        give "#.##0,00", as the recommendation's section on number formats says) and means what
#        "#,##0.00" means with the English ones.
# Seen:  the pattern is always cut at "." as if that were the decimal sign: with the Italian pattern a
#        number with two groups is refused, and numbers with one decimal, with three, or without groups
#        are accepted, which the English twin refuses. Without a pattern, a "." anywhere is dropped:
#        "12.5" is a valid 125.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" csvw==4.1.1
cd "$work"
PYTHONPATH="$work/lib" python3 - <<'PY'
import json
import sys
from pathlib import Path

from csvw import CSVW

ITALIAN = {"decimalChar": ",", "groupChar": "."}
SWAP = str.maketrans(",.", ".,")


def read(text, number_format):
    Path("t.csv").write_text(f'a\n"{text}"\n', encoding="utf-8")
    datatype = {"base": "decimal", "format": number_format}
    description = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": "t.csv",
        "tableSchema": {"columns": [{"name": "a", "titles": "a", "datatype": datatype}]},
    }
    Path("t.json").write_text(json.dumps(description), encoding="utf-8")
    try:
        return str(next(iter(CSVW("t.json").tables[0]))["a"])
    except ValueError:
        return "refused"


seen = {}
for text in ("1.234,56", "1.234.567,00", "12,5", "12,345", "1234,56"):
    italian = read(text, ITALIAN | {"pattern": "#.##0,00"})
    english = read(text.translate(SWAP), {"pattern": "#,##0.00"})
    seen[text] = (italian, english)
    print(f"{text}: Italian pattern {italian}, English twin {english}")
seen["12.5"] = read("12.5", ITALIAN)
print("12.5 with Italian signs and no pattern:", seen["12.5"])
expected = {
    "1.234,56": ("1234.56", "1234.56"),
    "1.234.567,00": ("refused", "1234567.00"),
    "12,5": ("12.5", "refused"),
    "12,345": ("12.345", "refused"),
    "1234,56": ("1234.56", "refused"),
    "12.5": "125",
}
if seen != expected:
    sys.exit(f"changed: {seen}")
PY
echo "as described: the Italian pattern is not read as its English twin"

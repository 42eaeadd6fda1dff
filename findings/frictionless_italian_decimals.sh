#!/bin/sh
# frictionless 5.21.0 finding out by itself what a table of indicators holds, with decimals as they are written in Italy.
#
# Guess: a column of "12,5" and "1,5" is taken for text, as "1.234,56" would be elsewhere: the library expects a
#        point, and says so by the type it found.
# Seen:  it is taken for places on earth (geopoint), valid, and read as pairs: 12,5 is [12, 5], 1.200,50 is
#        [1.2, 50]. A column with one value whose parts fit no longitude and latitude (250,0 or 2,500) is text. The
#        same values with a point are numbers. Where the schema says decimalChar the numbers are right.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" frictionless==5.21.0
cd "$work"
PYTHONPATH="$work/lib" python3 - <<'PY'
import sys
from decimal import Decimal
from pathlib import Path

from frictionless import Dialect, Resource, Schema


def table(values):
    rows = "".join(f"r{number};{value}\n" for number, value in enumerate(values))
    Path("indicatori.csv").write_text(f"riga;valore\n{rows}", encoding="utf-8")


def inferred(values):
    table(values)
    resource = Resource(path="indicatori.csv")
    resource.infer(stats=True)
    with Resource(path="indicatori.csv", schema=resource.schema) as opened:
        read = [row.to_dict()["valore"] for row in opened.row_stream]
    return resource.schema.get_field("valore").type, read


def declared(values):
    table(values)
    fields = [{"name": "riga", "type": "string"}, {"name": "valore", "type": "number", "decimalChar": ",", "groupChar": "."}]
    dialect = Dialect.from_descriptor({"csv": {"delimiter": ";"}})
    schema = Schema.from_descriptor({"fields": fields})
    with Resource(path="indicatori.csv", schema=schema, dialect=dialect) as opened:
        return [row.to_dict()["valore"] for row in opened.row_stream]


percents, grouped = ["95,0", "12,5", "120,5"], ["1.200,50", "3,2"]
seen = {
    "percents": inferred(percents)[0],
    "grouped": inferred(grouped)[0],
    "large": inferred(["12,5", "250,0"])[0],
    "with a point": inferred(["12.5", "1.5"])[0],
}
pairs = [[float(part) for part in one] for one in inferred(grouped)[1]]
print(seen, pairs, declared(grouped))
expected = {"percents": "geopoint", "grouped": "geopoint", "large": "string", "with a point": "number"}
if seen != expected or pairs != [[1.2, 50.0], [3.0, 2.0]] or declared(grouped) != [Decimal("1200.50"), Decimal("3.2")]:
    sys.exit("changed")
PY
echo "as described: Italian decimals are found to be places on earth"

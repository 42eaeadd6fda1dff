#!/bin/sh
# rdflib 7.6.0 reading an xsd:date with a time zone, and writing it again.
#
# Guess: lexical forms may be rewritten ("1"^^xsd:boolean becomes true), never the value: a date with
#        a zone keeps it, as a time and a dateTime do.
# Seen:  "2026-01-01+01:00"^^xsd:date (valid: a day in that zone) is read as the day without zone and written
#        so, in silence: another value of xsd:date. Two dates of different zones become one triple.
#        With normalize=False the text survives, but the parsers do not ask for it: only the switch
#        rdflib.NORMALIZE_LITERALS reaches them.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" rdflib==7.6.0
PYTHONPATH="$work/lib" python3 - <<'PY'
import sys

import rdflib

TURTLE = """
@prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:set> dct:issued "2026-01-01+01:00"^^xsd:date , "2026-01-01Z"^^xsd:date .
<urn:set> dct:modified "10:00:00+01:00"^^xsd:time , "2026-01-01T10:00:00+01:00"^^xsd:dateTime .
"""


def read():
    graph = rdflib.Graph().parse(data=TURTLE, format="turtle")
    return sorted(str(value) for value in graph.objects())


rewritten = read()
rdflib.NORMALIZE_LITERALS = False
kept = read()
print("read as usual:", rewritten)
print("with NORMALIZE_LITERALS off:", kept)
if rewritten != ["10:00:00+01:00", "2026-01-01", "2026-01-01T10:00:00+01:00"]:
    sys.exit("changed: dates are read otherwise")
if kept != ["10:00:00+01:00", "2026-01-01+01:00", "2026-01-01T10:00:00+01:00", "2026-01-01Z"]:
    sys.exit("changed: the switch keeps other texts")
PY
echo "as described: the zone of a date is lost, those of times are kept"

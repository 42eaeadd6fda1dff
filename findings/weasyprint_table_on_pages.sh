#!/bin/sh
# WeasyPrint 70.0, a table that goes over several pages in a PDF/UA-1 file.
#
# Guess: what HTML has as one table is one Table of the structure tree, its head told once; a row head over
#        40 rows spans what is there of it and is named by the cells beside it on every page.
# Seen:  each page has a Table of its own, and the head is a THead of real TH cells again on each. The row
#        head says RowSpan 40 in the first Table, which has fewer body rows; in those of the next pages the
#        rows have two cells under three heads, and nothing names their row head. With scope="row" given,
#        no cell after the first row has it among its Headers, not even on the first page.
# Needs: python3 with pip, Debian's libpango-1.0-0, libpangoft2-1.0-0 and a font.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" \
  weasyprint==70.0 pydyf==0.13.0 pikepdf==10.17.0
cd "$work"
PYTHONPATH="$work/lib" python3 - <<'PY'
import io
import sys

import pikepdf
import weasyprint

ROWS = 40


def row(number):
    head = f'<th scope="row" rowspan="{ROWS}">Gare</th>' if number == 1 else ""
    return f"<tr>{head}<td>Fase {number}</td><td>alto</td></tr>"


body = "".join(map(row, range(1, ROWS + 1)))
html = (
    '<html lang="it"><title>Registro</title><style>@page { size: A5; margin: 1cm } td { height: 1cm }</style>'
    '<body><h1>Registro</h1><table><thead><tr><th scope="col">Processo</th><th scope="col">Fase</th>'
    f'<th scope="col">Rischio</th></tr></thead><tbody>{body}</tbody></table></body></html>'
)
written = weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")


def found(element, role):
    if isinstance(element, pikepdf.Dictionary):
        if element.get("/S") == role:
            yield element
        below = element.get("/K", [])
        for one in below if isinstance(below, pikepdf.Array) else [below]:
            yield from found(one, role)


def attribute(element, name):
    given = element.get("/A", [])
    for one in given if isinstance(given, pikepdf.Array) else [given]:
        if name in one:
            return one[name]
    return None


def ids(cell):
    return [str(one) for one in attribute(cell, "/Headers") or []]


with pikepdf.open(io.BytesIO(written)) as pdf:
    pages, tables = len(pdf.pages), list(found(pdf.Root.StructTreeRoot, "/Table"))
    print(f"{pages} pages, {len(tables)} Table elements")
    seen = []
    for table in tables:
        heads = [len(list(found(head, "/TH"))) for head in found(table, "/THead")]
        rows = [row for part in found(table, "/TBody") for row in found(part, "/TR")]
        spans = [int(s) for th in found(table, "/TH") if (s := attribute(th, "/RowSpan")) is not None]
        row_heads = {str(th.ID) for part in found(table, "/TBody") for th in found(part, "/TH")}
        named = sum(any(row_heads & set(ids(cell)) for cell in found(row, "/TD")) for row in rows)
        cells = {len(list(found(row, "/TD"))) + len(list(found(row, "/TH"))) for row in rows}
        seen.append((heads, len(rows), spans, cells, named))
        print(f"heads {heads}, {len(rows)} body rows of {cells} cells, RowSpan {spans}, rows that name a row head {named}")
split = pages > 1 and len(tables) == pages and sum(rows for _h, rows, *_ in seen) == ROWS
heads_again = all(heads == [3] for heads, *_ in seen)
first_spans_all = seen[0][2] == [ROWS] and seen[0][1] < ROWS and seen[0][4] <= 1
others_lack_it = all(cells == {2} and named == 0 for _h, _r, _s, cells, named in seen[1:])
if not (split and heads_again and first_spans_all and others_lack_it):
    sys.exit("changed")
PY
echo "as described: a Table for each page, row heads that say more rows than there are, cells without them"

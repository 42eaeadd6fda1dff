#!/bin/sh
# A public page with a table, as text for an assistant or an index: trafilatura 2.3.1, readability-lxml 0.9, markdownify 1.2.3,
# html2text 2025.4.15, inscriptis 2.7.6 and Resiliparse 2.0.1.
#
# Guess: what stands in a cell is kept, and each row says what stands beside it, also below a cell over two rows.
# Seen:  trafilatura and readability, which look for the article in a page, leave out a list that stands in a cell, in silence,
#        and keep the words before it. The other four keep the list, and move what stands below a cell over two rows to the
#        left, so that a risk comes to stand under "Processo"; trafilatura leaves the place empty.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
# one after the other: together they ask for lxml in two ways, of which Debian's pip makes an error
for named in trafilatura==2.3.1 readability-lxml==0.9 Resiliparse==2.0.1 \
  "markdownify==1.2.3 html2text==2025.4.15 inscriptis==2.7.6"; do
  # shellcheck disable=SC2086 - several names
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check $named
done
cd "$work"
cat >read.py <<'PY'
import re
import sys

import html2text
import inscriptis
import markdownify
import readability
import trafilatura
from resiliparse.extract.html2text import extract_plain_text

PAGE = """<!doctype html><html lang="it"><head><meta charset="utf-8"><title>Piano 2027 – Comune di Prova</title></head>
<body><main><h1>Piano 2027</h1>
<p>Processi, comportamenti a rischio, valutazioni e misure del piano per la prevenzione della corruzione.</p>
<table><caption>Processi e rischi</caption>
<thead><tr><th scope="col">Processo</th><th scope="col">Rischio</th><th scope="col">Misure</th></tr></thead><tbody>
<tr><th scope="row" rowspan="2">Affidamenti diretti</th><td>Frazionamento artificioso</td><td>Verifica a campione</td></tr>
<tr><td>Scelta senza rotazione</td><td>Misure dell’ufficio:<ul><li>Rotazione</li><li>Doppia firma</li></ul></td></tr>
</tbody></table></main></body></html>"""


def markdown_of_text():
    reader = html2text.HTML2Text()
    reader.body_width = 0
    return reader.handle(PAGE)


READERS = {
    "trafilatura": lambda: trafilatura.extract(PAGE, include_tables=True),
    "readability": lambda: readability.Document(PAGE).summary(),
    "markdownify": lambda: markdownify.markdownify(PAGE),
    "html2text": markdown_of_text,
    "inscriptis": lambda: inscriptis.get_text(PAGE),
    "resiliparse": lambda: extract_plain_text(PAGE, main_content=True),
}
seen = {}
for name, read in READERS.items():
    text = read()
    assert "Misure dell’ufficio:" in text and "Frazionamento artificioso" in text, f"changed: {name} leaves the table out"
    (line,) = (line for line in text.splitlines() if "Scelta senza rotazione" in line)
    is_left = re.match(r"\W*Scelta", line) is not None and not re.match(r"\|\s+\|", line)
    seen[name] = ("Doppia firma" in text, "table" if "<td>" in line else "left" if is_left else "kept")
    print(f"{name}: list kept: {seen[name][0]}, second row: {line.strip()[:70]!r}")
expected = {
    "trafilatura": (False, "kept"),
    "readability": (False, "table"),
    "markdownify": (True, "left"),
    "html2text": (True, "left"),
    "inscriptis": (True, "left"),
    "resiliparse": (True, "left"),
}
if seen != expected:
    sys.exit(f"changed: {({name: seen[name] for name in seen if seen[name] != expected[name]})}")
PY
venv/bin/python read.py
echo "as described: two leave out a list in a cell, four move what stands beside a cell over two rows"

#!/bin/sh
# The structure of a tagged table over pages, as pdfplumber 0.11.10 gives it to whoever wants the rows of a published PDF back:
# a table whose cells name their heads, as Typst 0.15.2 writes it for PDF/UA-1.
#
# Guess: its command prints the structure as JSON, and of a long table each page has all rows, as in other readers.
# Seen:  of rows each page has its own, which is right; but the command, and the recipe of its documentation, stop at
#        "bytes is not JSON serializable": the names of the heads (/Headers) are left as bytes, where a cell's own name
#        (/ID) becomes text. Without heads named the same command prints the whole tree.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" \
  pdfplumber==0.11.10 typst==0.15.2
cd "$work"
PYTHONPATH="$work/lib" python3 - <<'PY'
import json
import subprocess
import sys

import pdfplumber
import typst

ROWS = 90
source = """#set document(title: "Misure")
#set text(lang: "it")
= Misure
#table(columns: 2, HEADS ..range(ROWS).map(n => ([Misura #n], [Ufficio #n])).flatten())
""".replace("ROWS", str(ROWS))
heads = {"named": "table.header([Misura], [Ufficio]),", "plain": ""}


def rows(tree):
    """Return how many rows a tree of tags has."""
    return sum((node["type"] == "TR") + rows(node.get("children", [])) for node in tree)


def printed(name):
    """Return the tree the command prints, or the last line of its complaint."""
    command = [sys.executable, "-m", "pdfplumber.cli", "--structure", f"{name}.pdf"]
    ended = subprocess.run(command, capture_output=True, text=True)
    return rows(json.loads(ended.stdout)) if ended.returncode == 0 else ended.stderr.strip().splitlines()[-1]


for name, head in heads.items():
    typst.compile(source.replace("HEADS", head).encode(), output=f"{name}.pdf", pdf_standards="ua-1")
with pdfplumber.open("named.pdf") as pdf:
    by_page = [rows(page.structure_tree) for page in pdf.pages]
told = {name: printed(name) for name in heads}
print(f"rows by page: {by_page}; by the command: {told}")
if len(by_page) < 2 or sum(by_page) != ROWS + 1 or told != {
    "named": "TypeError: Object of type bytes is not JSON serializable",
    "plain": ROWS,
}:
    sys.exit("changed")
PY
echo "as described: rows are told page by page, and the command stops where cells name their heads"

#!/bin/sh
# pyexcel-ods 0.6.0 and pyexcel-ods3 0.6.1, two readers of one name for OpenDocument tables with merged cells.
#
# Guess: a cell merged over two columns or rows gives its text once and an empty value for each place it
#        covers, so that what is beside and below keeps its column; each of the two reads with its own code.
# Seen:  pyexcel-ods3 leaves the covered places out: what stands to the right of a merge moves left, and so
#        does every row beside a name merged downwards (a process over its phases, as registers are
#        drawn), whose second column arrives as the first. pyexcel-ods keeps them. Where both are
#        installed, get_data of either is served by the one that was imported first: the same line of
#        code moves the columns or not, by an import elsewhere. Nothing is said.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" \
  pyexcel-ods==0.6.0 pyexcel-ods3==0.6.1 pyexcel-io==0.6.8 pyexcel-ezodf==0.3.4 odfpy==1.4.1 lml==0.2.0
cd "$work"
PYTHONPATH="$work/lib" python3 - <<'PY'
import json
import subprocess
import sys
import zipfile

KIND = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "manifest")
)
COVERED = "<table:covered-table-cell/>"


def cell(words, columns=1, rows=1):
    spans = f' table:number-columns-spanned="{columns}" table:number-rows-spanned="{rows}"'
    spans = spans if columns * rows > 1 else ""
    return (
        f'<table:table-cell office:value-type="string"{spans}><text:p>{words}</text:p></table:table-cell>'
    )


rows = [
    cell("Processo", columns=2) + COVERED + cell("Rischio"),
    cell("Gare", rows=3) + cell("Avvio") + cell("alto"),
    COVERED + cell("Scelta") + cell("medio"),
    COVERED + cell("Stipula") + cell("basso"),
]
body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
entries = "".join(
    f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
    for path, kind in (("/", KIND), ("content.xml", "text/xml"))
)
with zipfile.ZipFile("t.ods", "w") as file:
    file.writestr("mimetype", KIND)
    file.writestr(
        "content.xml",
        f'<office:document-content {SPACES} office:version="1.3"><office:body><office:spreadsheet>'
        f'<table:table table:name="Foglio">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>",
    )
    file.writestr(
        "META-INF/manifest.xml",
        f'<manifest:manifest {SPACES} manifest:version="1.3">{entries}</manifest:manifest>',
    )
moved = [["Processo", "Rischio"], ["Gare", "Avvio", "alto"], ["Scelta", "medio"], ["Stipula", "basso"]]
kept = [["Processo", "", "Rischio"], ["Gare", "Avvio", "alto"], ["", "Scelta", "medio"], ["", "Stipula", "basso"]]
BOTH = ("pyexcel_ods", "pyexcel_ods3")
expected = {
    ("pyexcel_ods",): {"pyexcel_ods": kept},
    ("pyexcel_ods3",): {"pyexcel_ods3": moved},
    BOTH: dict.fromkeys(BOTH, kept),
    BOTH[::-1]: dict.fromkeys(BOTH, moved),
}
READ = "import json, {0}; print(json.dumps({{m.__name__: m.get_data('t.ods')['Foglio'] for m in ({0},)}}))"
seen = {}
for imported in expected:
    command = [sys.executable, "-c", READ.format(", ".join(imported))]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seen[imported] = json.loads(told)
    for name, table in seen[imported].items():
        print(f"imported {' then '.join(imported)}, asked {name}: {table}")
if seen != expected:
    sys.exit("changed")
PY
echo "as described: pyexcel-ods3 leaves out what merged cells cover, and the first imported serves both"

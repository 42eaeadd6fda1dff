#!/bin/sh
# A workbook made or saved by openxlsx 4.2.5.2 for R (Debian 12), opened by openpyxl 3.1.5.
#
# Guess: what one library of workbooks writes another reads, plain cells above all.
# Seen:  whatever a workbook holds, openxlsx writes for each worksheet relations to a drawing and to a
#        VML drawing, and no such parts. Excel, Calc and Gnumeric pass over them; openpyxl looks for each
#        part and ends with a KeyError: not one file of openxlsx can be loaded.
# Needs: Debian's r-cran-openxlsx, python3 with pip.
set -eu
for tool in Rscript python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
Rscript -e 'library(openxlsx)' >/dev/null 2>&1 || { echo "missing: r-cran-openxlsx"; exit 2; }
version=$(Rscript -e 'cat(as.character(packageVersion("openxlsx")))')
[ "$version" = 4.2.5.2 ] || { echo "described for openxlsx 4.2.5.2, here is: $version"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" openpyxl==3.1.5
cd "$work"
PYTHONPATH="$work/lib" python3 -c "
import openpyxl
book = openpyxl.Workbook()
book.active['A1'] = 'Gare'
book.save('given.xlsx')"
Rscript -e 'library(openxlsx)
saveWorkbook(loadWorkbook("given.xlsx"), "saved.xlsx")
write.xlsx(data.frame(a = "Gare"), "made.xlsx")' >/dev/null
PYTHONPATH="$work/lib" python3 - <<'PY'
import sys
import zipfile

import openpyxl

for name in ("saved.xlsx", "made.xlsx"):
    with zipfile.ZipFile(name) as file:
        relations = file.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
        parts = [part for part in file.namelist() if "drawing" in part.lower()]
    print(f"{name}: names a drawing {'drawing1.xml' in relations}, has {parts}")
    if "drawing1.xml" not in relations or parts:
        sys.exit("changed: the relations are those of parts that are there")
    try:
        openpyxl.load_workbook(name)
    except KeyError as error:
        print("openpyxl:", error.args[0])
    else:
        sys.exit("changed: openpyxl reads it")
PY
echo "as described: relations to drawings that are not there, and openpyxl reads none of it"

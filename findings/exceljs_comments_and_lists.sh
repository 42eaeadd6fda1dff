#!/bin/sh
# A workbook with a comment, a drop-down and a property of its own, read and written again by exceljs 4.4.0, on which many
# web tools that "give the file back" rest. The workbook is made by openpyxl 3.1.5.
#
# Guess: all three come back as they were.
# Seen:  a sheet with a comment is not read at all (TypeError on 'comments': the part is named by its whole path, which the
#        standard allows, and looked for by a path from the sheet). Without the comment the property of the document is lost,
#        and the rule of C2:C500 comes back twice, for C10:C500 and for C2:C500.
# Needs: python3 with pip, node 20 with npm.
set -eu
for tool in python3 node npm; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" openpyxl==3.1.5
cd "$work"
npm install --silent --no-fund --no-audit exceljs@4.4.0 >/dev/null
cat >make.py <<'PY'
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.worksheet.datavalidation import DataValidation

for name in ("plain", "comment"):
    book = Workbook()
    sheet = book.active
    sheet.append(["Misura", "Esito"])
    for row in range(2, 40):
        sheet.append([f"Misura {row}", "attuata"])
    rule = DataValidation(type="list", formula1='"attuata,in ritardo"')
    rule.add("B2:B500")
    sheet.add_data_validation(rule)
    book.custom_doc_props.append(StringProperty(name="tornata", value="2026-2"))
    if name == "comment":
        sheet["B3"].comment = Comment("Nota del referente", "Anna Prova")
    book.save(f"{name}.xlsx")
PY
cat >again.js <<'JS'
const Excel = require("exceljs");
const again = async (name) => {
  const book = new Excel.Workbook();
  await book.xlsx.readFile(`${name}.xlsx`);
  await book.xlsx.writeFile(`${name}-again.xlsx`);
};
(async () => {
  await again("plain");
  try { await again("comment"); console.log("comment: read"); } catch (problem) { console.log("comment:", problem.name, problem.message); }
})();
JS
cat >look.py <<'PY'
from openpyxl import load_workbook

for name in ("plain", "plain-again"):
    book = load_workbook(f"{name}.xlsx")
    rules = sorted(str(rule.sqref) for rule in book.active.data_validations.dataValidation)
    print(name, rules, [one.name for one in book.custom_doc_props])
PY
export PYTHONPATH="$work/lib"
python3 make.py
{ node again.js; python3 look.py; } | tee seen.txt
cat >expected.txt <<'TXT'
comment: TypeError Cannot read properties of undefined (reading 'comments')
plain ['B2:B500'] ['tornata']
plain-again ['B10:B500', 'B2:B500'] []
TXT
cmp -s seen.txt expected.txt || { echo "changed"; exit 1; }
echo "as described: no sheet with a comment, the rule twice, no property"

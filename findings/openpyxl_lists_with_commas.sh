#!/bin/sh
# LibreOffice Calc writes a drop-down list, openpyxl 3.1.5 loads and saves the workbook.
#
# Guess: a list typed in the cell's rule whose items hold a comma ("Alto, grave"; "Basso") falls apart
#        when Calc writes .xlsx, whose lists are parted by commas; openpyxl then keeps what it finds.
# Seen:  Calc writes the items whole, as Excel's newer form does (mc:AlternateContent with x12ac:list, the
#        broken-up list only as fallback), and reads them back whole. openpyxl knows neither branch: the
#        rule has no list (formula1 is None), and after a save it stays as a list of nothing, which
#        Calc reads as "only 0 is allowed". A list without commas beside it survives.
# Needs: soffice (LibreOffice Calc), python3 with pip.
set -eu
for tool in soffice python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
soffice --version
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" openpyxl==3.1.5
cd "$work"
cat >lists.fods <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
<office:body><office:spreadsheet><table:content-validations>
<table:content-validation table:name="v1" table:base-cell-address="A.A1"
 table:condition="of:cell-content-is-in-list(&quot;Alto, grave&quot;;&quot;Basso&quot;)"/>
<table:content-validation table:name="v2" table:base-cell-address="A.B1"
 table:condition="of:cell-content-is-in-list(&quot;Alto&quot;;&quot;Basso&quot;)"/>
</table:content-validations><table:table table:name="A"><table:table-row>
<table:table-cell table:content-validation-name="v1"/><table:table-cell table:content-validation-name="v2"/>
</table:table-row></table:table></office:spreadsheet></office:body></office:document>
XML
convert() {
  soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to "$1" --outdir "$3" "$2" >/dev/null 2>&1
}
convert xlsx lists.fods written
convert fods written/lists.xlsx read
PYTHONPATH="$work/lib" python3 -c "
import openpyxl
book = openpyxl.load_workbook('written/lists.xlsx')
rules = {str(rule.sqref): rule.formula1 for rule in book.active.data_validations.dataValidation}
print('openpyxl reads', rules)
assert rules == {'A1': None, 'B1': '\"Alto,Basso\"'}, 'changed: the lists are read otherwise'
book.save('saved.xlsx')"
convert fods saved.xlsx read
conditions() { grep -o 'cell-content-is-in-list([^)]*)' "$1"; }
echo "Calc reads its own file:"
conditions read/lists.fods | tee before.txt
echo "Calc reads openpyxl's:"
conditions read/saved.fods | tee after.txt
grep -qF '(&quot;Alto, grave&quot;;&quot;Basso&quot;)' before.txt || { echo "changed: Calc loses the list itself"; exit 1; }
grep -qF 'list(0)' after.txt || { echo "changed: the saved list is another"; exit 1; }
grep -qF '(&quot;Alto&quot;;&quot;Basso&quot;)' after.txt || { echo "changed: the plain list is lost too"; exit 1; }
echo "as described: loading and saving empties the list whose items hold a comma"

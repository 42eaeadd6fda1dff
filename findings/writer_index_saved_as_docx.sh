#!/bin/sh
# An ODT with an index whose lines ask for the page of a heading, saved as DOCX by LibreOffice Writer 7.4.7 (Debian 12) and opened
# by it again: with that reference within the link of the line, as the number of a page stands in Writer's own indexes, and
# beside it.
#
# Guess: what Writer saves as DOCX looks alike when Writer opens it.
# Seen:  within the link, the fields of the last line are closed in another order than they were opened. Opened again, that line
#        shows its code (PAGEREF …), and on every page of the document the foot has lost its number. Beside the link all is as
#        it was.
# Needs: LibreOffice Writer 7.4 (Debian 12: libreoffice-writer-nogui); poppler's pdftotext; python3.
set -eu
for tool in soffice pdftotext python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(soffice --version -env:UserInstallation="file://$work/home" 2>/dev/null | head -n 1)
case $version in
*" 7.4."*) ;;
*) echo "described for LibreOffice 7.4, here is: $version" && exit 2 ;;
esac
cd "$work"
cat >make.py <<'PY'
import zipfile

KIND = "application/vnd.oasis.opendocument.text"
SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
        ("manifest", "manifest"),
    )
)
SPACES += ' xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3"'
FOOT = '<text:p>Pag. <text:page-number text:select-page="current">1</text:page-number> di <text:page-count>1</text:page-count></text:p>'
STYLES = (
    f"<office:document-styles {SPACES}><office:styles>"
    '<style:style style:name="Break" style:family="paragraph">'
    '<style:paragraph-properties fo:break-before="page"/></style:style></office:styles>'
    '<office:automatic-styles><style:page-layout style:name="pm">'
    '<style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm"/><style:footer-style/></style:page-layout>'
    "</office:automatic-styles><office:master-styles>"
    f'<style:master-page style:name="Standard" style:page-layout-name="pm"><style:footer>{FOOT}</style:footer>'
    "</style:master-page></office:master-styles></office:document-styles>"
)
LISTED = "".join(
    f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
    for path, kind in (("/", KIND), ("content.xml", "text/xml"), ("styles.xml", "text/xml"))
)
for name in ("within", "beside"):
    lines, headings = "", ""
    for number in (1, 2):
        page = f'<text:bookmark-ref text:reference-format="page" text:ref-name="titolo{number}">?</text:bookmark-ref>'
        link = f'<text:a xlink:type="simple" xlink:href="#titolo{number}">Titolo {number}'
        lines += f"<text:p>{link} a pagina {page}</text:a></text:p>" if name == "within" else (
            f"<text:p>{link}</text:a> a pagina {page}</text:p>"
        )
        mark = f'text:name="titolo{number}"'
        headings += (
            f'<text:h text:outline-level="1" text:style-name="Break"><text:bookmark-start {mark}/>Titolo {number}'
            f"<text:bookmark-end {mark}/></text:h>"
        )
    index = (
        '<text:table-of-content text:name="Indice"><text:table-of-content-source text:outline-level="1"/>'
        f"<text:index-body>{lines}</text:index-body></text:table-of-content>"
    )
    with zipfile.ZipFile(f"{name}.odt", "w") as file:
        file.writestr("mimetype", KIND)
        file.writestr("styles.xml", STYLES)
        file.writestr(
            "content.xml",
            f"<office:document-content {SPACES}><office:body><office:text>{index}{headings}</office:text></office:body>"
            "</office:document-content>",
        )
        listed = SPACES.replace("office:version", "manifest:version")
        file.writestr("META-INF/manifest.xml", f"<manifest:manifest {listed}>{LISTED}</manifest:manifest>")
PY
python3 make.py
convert() {
  soffice -env:UserInstallation="file://$work/home" --headless --convert-to "$1" --outdir "$3" "$2" >/dev/null 2>&1
}
for file in within beside; do
  convert pdf $file.odt before
  convert docx $file.odt saved
  convert pdf saved/$file.docx after
  for state in before after; do
    said=$(pdftotext $state/$file.pdf - | grep -E "^(Titolo . a pagina|Pag)" | tr '\n' '|')
    echo "$file the link, $state: $said"
    case $file/$state/$said in
    within/after/*"Titolo 2 a pagina PAGEREF titolo2"*"Pag. di|Pag. di|"*) ;;
    within/after/*) echo "changed: the reference within the link survives" && exit 1 ;;
    */"Titolo 1 a pagina 2|Titolo 2 a pagina 3|Pag. 1 di 3|Pag. 2 di 3|Pag. 3 di 3|") ;;
    *) echo "changed: $file the link, $state" && exit 1 ;;
    esac
  done
done
echo "as described: the last line breaks the fields of the whole document"

#!/bin/sh
# A PDF/A-2b (WeasyPrint 70.0) with a dash in its title, written again by Ghostscript 10.00.0 (Debian 12), which is asked for
# PDF/A-2, as systems of protocol and conservation ask it.
#
# Guess: what comes out is PDF/A with the same title, or the program ends with an error.
# Seen:  it ends with 0 in each of its three ways of dealing with what does not fit (-dPDFACompatibilityPolicy). By default the
#        file is no PDF/A any more, and only a line on the screen says so; with 1 it is one, without its title; with 2, "aborting
#        conversion" on the screen, there is a file that says PDF/A, without its title too. With a hyphen in the place of the
#        dash the title is kept, and it is PDF/A: any sign outside ASCII is enough, as an accent, for programs that then write
#        the title in UTF-16.
# Needs: Debian 12's ghostscript; poppler's pdfinfo; python3 with pip, and the libraries WeasyPrint draws with (pango).
set -eu
for tool in gs pdfinfo python3; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 2; }; done
[ "$(gs --version)" = 10.00.0 ] || { echo "described for Ghostscript 10.00.0, here is: $(gs --version)"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check weasyprint==70.0 pikepdf==10.17.0
cd "$work"
is_pdf_a() {
  venv/bin/python -c "
import sys, pikepdf
with pikepdf.open('$1') as file:
    sys.exit('/Metadata' not in file.Root or not file.open_metadata().pdfa_status.startswith('2'))"
}
for title in "Piano – Comune di Prova" "Piano per la legalità" "Piano - Comune di Prova"; do
  printf '<html lang="it"><meta charset="utf-8"><title>%s</title><p>Atto</p>' "$title" |
    venv/bin/weasyprint --pdf-variant pdf/a-2b - given.pdf 2>/dev/null
  is_pdf_a given.pdf || { echo "changed: WeasyPrint writes no PDF/A"; exit 1; }
  for policy in 0 1 2; do
    rm -f again.pdf
    if gs -q -dPDFA=2 -dPDFACompatibilityPolicy=$policy -dBATCH -dNOPAUSE -sDEVICE=pdfwrite -sOutputFile=again.pdf given.pdf >said 2>&1
    then ended=0; else ended=$?; fi
    claims=no
    if is_pdf_a again.pdf; then claims=yes; fi
    kept=no
    if pdfinfo -enc UTF-8 again.pdf | grep -q "^Title: *$title\$"; then kept=yes; fi
    echo "$title, policy $policy: ended with $ended, says PDF/A: $claims, title kept: $kept; $(head -n 1 said | sed 's/.*DOCINFO/…/')"
    case "$title/$policy/$ended/$claims/$kept" in
    "Piano - Comune di Prova/"?/0/yes/yes | */0/0/no/yes | */[12]/0/yes/no) ;;
    *) echo "changed: $title, policy $policy" && exit 1 ;;
    esac
  done
done
echo "as described: without an error there is no PDF/A, or one without its title"

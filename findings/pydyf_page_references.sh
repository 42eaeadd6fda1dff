#!/bin/sh
# WeasyPrint 70.0 with pydyf 0.13.0, writing a tagged PDF: the tags of a document of many pages.
#
# Guess: what a tagged document costs more than an untagged one grows with its elements, so that four
#        times the pages make it four times as much.
# Seen:  `PDF.page_references` of pydyf is a property that makes the list of all pages anew, and the tags
#        of WeasyPrint ask it for one page, once or more for each element: the square of the pages. It is read
#        as often as there are tags, and the entries it makes grow sixteenfold while the pages grow fourfold.
#        Kept once, the same document has the same bytes.
# Needs: python3 with pip, libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" weasyprint==70.0 pydyf==0.13.0
PYTHONPATH="$work/lib" python3 - <<'PY'
import pydyf
import weasyprint

made = {"reads": 0, "entries": 0}
every_time = pydyf.PDF.page_references.fget


def counted(pdf):
    references = every_time(pdf)
    made["reads"] += 1
    made["entries"] += len(references)
    return references


def once(pdf):
    # the pages are all there when tags are written
    if len(getattr(pdf, "kept", ())) != len(pdf.pages["Kids"]) // 3:
        pdf.kept = every_time(pdf)
    return pdf.kept


def drawn(pages, way, **options):
    pydyf.PDF.page_references = property(way)
    made.update(reads=0, entries=0)
    body = "".join(
        f"<section><h1>Fascicolo {n}</h1><p>Una riga.</p><ul><li>Voce<li>Voce</ul></section>"
        for n in range(pages)
    )
    css = "section{break-after:page} section:last-child{break-after:auto}"
    html = f"<html lang=it><title>Prova</title><style>{css}</style><body>{body}"
    document = weasyprint.HTML(string=html).render(**options)
    assert len(document.pages) == pages
    return document.write_pdf(pdf_identifier=b"0" * 16, **options), dict(made)


tagged = {"pdf_tags": True}
_, small = drawn(30, counted, **tagged)
large_pdf, large = drawn(120, counted, **tagged)
print(f"30 pages: {small['reads']} reads, {small['entries']} entries")
print(f"120 pages: {large['reads']} reads, {large['entries']} entries")
growth = large["entries"] / small["entries"]
print(f"four times the pages: {growth:.1f} times the entries")
if large["reads"] < 120 * 5 or growth < 12:
    raise SystemExit("changed: the list of the pages is no longer made for each tag")
_, plain = drawn(120, counted)
print(f"120 pages, no tags: {plain['reads']} reads")
if plain["reads"] > 240:
    raise SystemExit("changed: documents without tags ask for the pages as often")
if drawn(120, once, **tagged)[0] != large_pdf:
    raise SystemExit("changed: the list made once gives other bytes")
print("made once: the same bytes")
PY
echo "as described: the list of all pages is made for each tag"

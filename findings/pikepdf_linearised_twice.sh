#!/bin/sh
# pikepdf 10.17.0 (qpdf 12.4.2 inside), saving one opened document twice in the linearised form.
#
# Guess: save() leaves the document as it was, so that the second file is as good as the first.
# Seen:  after a linearised save with object streams, the next linearised save of the same document ends
#        well and writes a file that the library itself cannot open: it has no page tree. Opened anew for
#        each save, both are good; so are two linearised saves without object streams.
# Needs: python3 with pip.
set -eu
command -v python3 >/dev/null || { echo "missing: python3"; exit 2; }
export PIP_ROOT_USER_ACTION=ignore
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --target "$work/lib" pikepdf==10.17.0
PYTHONPATH="$work/lib" python3 - <<'PY'
import io

import pikepdf
from pikepdf import ObjectStreamMode as Mode

book = pikepdf.new()
for _page in range(3):
    book.add_blank_page()
start = io.BytesIO()
book.save(start, object_stream_mode=Mode.generate)


def saved(document, mode):
    out = io.BytesIO()
    document.save(out, linearize=True, object_stream_mode=mode)
    return out.getvalue()


def said_of(content):
    try:
        return f"{len(pikepdf.open(io.BytesIO(content)).pages)} pages"
    except pikepdf.PdfError as refusal:
        return str(refusal).rpartition(": ")[2]


def opened():
    return pikepdf.open(io.BytesIO(start.getvalue()))


for mode in (Mode.generate, Mode.disable):
    one = opened()
    same = [said_of(saved(one, mode)) for _time in range(2)]
    anew = [said_of(saved(opened(), mode)) for _time in range(2)]
    print(mode.name, "– one document twice:", same, "– opened anew:", anew)
    assert anew == ["3 pages", "3 pages"]
    expected = "unable to find page tree" if mode == Mode.generate else "3 pages"
    if same != ["3 pages", expected]:
        raise SystemExit("changed: the second save is another")
PY
echo "as described: the second linearised file has no page tree"

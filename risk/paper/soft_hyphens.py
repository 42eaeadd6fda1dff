"""The hyphen of a word broken by the end of a line is read as U+00AD: no letter of the word.

Our fonts draw one hyphen, whoever put it there. The one of the layout is given a sign of its own,
which looks the same and says in the file what it is, so that a broken word is found and read aloud
as one (ISO 32000-1, 14.8.2.2.3).
"""

from copy import deepcopy
from io import BytesIO
from typing import Any

SIGN = "\u2027"
"""The hyphenation point, which nobody types: what `page.css` breaks words with."""
_HYPHEN, _NEW = "hyphen", "hyphen.soft"
_SAID = (f"<{ord(SIGN):04x}>".encode(), b"<00ad>")


def with_sign(content: bytes) -> bytes:
    """Return an unpacked font in which the sign is drawn as the hyphen, as wide and as kerned."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    font: Any = TTFont(BytesIO(content), recalcTimestamp=False)
    if _HYPHEN not in font.getGlyphOrder():
        return content
    outline, metrics = deepcopy(font["glyf"][_HYPHEN]), font["hmtx"][_HYPHEN]
    font["glyf"][_NEW], font["hmtx"][_NEW] = outline, metrics
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord(SIGN)] = _NEW
    if "GPOS" in font:
        for lookup in font["GPOS"].table.LookupList.Lookup:
            for table in lookup.SubTable:
                _kern(table)
    written = BytesIO()
    font.save(written)
    return written.getvalue()


def _kern(table: Any) -> None:
    """Kern the sign behind a letter as the hyphen is."""
    if hasattr(table, "ClassDef2"):
        classes = table.ClassDef2.classDefs
        if _HYPHEN in classes:
            classes[_NEW] = classes[_HYPHEN]
    for pairs in getattr(table, "PairSet", ()):
        for one in [one for one in pairs.PairValueRecord if one.SecondGlyph == _HYPHEN]:
            again = deepcopy(one)
            again.SecondGlyph = _NEW
            # behind all others: it is the last of the font
            pairs.PairValueRecord.append(again)
            pairs.PairValueCount = len(pairs.PairValueRecord)


def say_soft_hyphens(pdf: Any) -> None:
    """Let the sign be read as a soft hyphen in a document of the engine that is not written yet."""
    for one in pdf.objects:
        stream = getattr(one, "stream", None)
        if stream and b"begincmap" in stream:
            stream[:] = [
                line.replace(*_SAID) if isinstance(line, bytes) else line for line in stream
            ]

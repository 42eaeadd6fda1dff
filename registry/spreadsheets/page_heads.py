"""What a spreadsheet prints over and under its pages: texts of no cell, with codes for the rest."""

import html
import re
from collections.abc import Iterable

from registry.spreadsheets.workbook import AsideText, Where

_HEAD = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)\b[^<>]*>([^<]*)</")
_PARTED = (*"LCR",)
"""The codes of what stands on the left, in the middle and on the right."""
_CODE = re.compile(r'&(?:"[^"]*"|K(?:[0-9A-Fa-f]{6}|\d\d[+-]\d{3})|\d{1,3}|(.))', re.DOTALL)
_ONLY_COUNTS = re.compile(r"(?:pag(?:ina|ine|e)?|seite|di|of|von|[\W\d_])*+", re.IGNORECASE)
"""«Pagina 1 di 3», and what is left of it without the numbers: no words of anybody."""


def heads_of_xlsx(data: bytes) -> tuple[AsideText, ...]:
    """Return the texts a worksheet prints on its pages, the same ones once."""
    at = data.find(b"headerFooter")
    if at < 0:
        return ()
    found = (html.unescape(one.decode("utf-8", "replace")) for one in _HEAD.findall(data, at))
    return page_heads(line for text in found for line in _without_codes(text))


def page_heads(texts: Iterable[str]) -> tuple[AsideText, ...]:
    """Return texts over and under pages, each once, without those that only count the pages."""
    said = (" ".join(text.split()) for text in texts)
    kept = dict.fromkeys(text for text in said if not _ONLY_COUNTS.fullmatch(text))
    return tuple(AsideText(Where.PAGE_HEAD, text) for text in kept)


def _without_codes(text: str) -> list[str]:
    """Return what is written on the left, in the middle and on the right."""

    def meant(code: re.Match[str]) -> str:
        if code[1] == "&":
            return "&"
        return "\n" if code[1] in _PARTED else ""

    return _CODE.sub(meant, " ".join(text.split())).split("\n")

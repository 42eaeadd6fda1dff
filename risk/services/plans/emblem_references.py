"""What a drawing leads to within itself: by its attributes, by its styles, and by what it inherits.

Read as the engine of the paper reads it, or more: which rules of a style meet an element is not
worked out but by the words of their selectors.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import tinycss2

_PAINTS = ("fill", "stroke")
_LEADING = frozenset(
    ("href", "clip-path", "mask", "filter", "marker", "marker-start", "marker-mid", "marker-end")
)
_ADDRESS = re.compile(r"""url\(\s*['"]?[^#'")]*#([^'")]+)""", re.IGNORECASE)
_LINKED = "{http://www.w3.org/1999/xlink}"
_STYLE, _INHERITED = "style", "inherit"
_BETWEEN = (".", ",", ">", "+", "~")
"""Signs between the words of selectors."""
_ANYTHING = ""
"""The word of a selector that may meet any element."""

Pair = tuple[str, str]
"""A name and a value, of an attribute or a declaration."""


class References:
    """The elements that each element of a drawing leads to."""

    def __init__(self, root: Any) -> None:
        self._by_name = {one.get("id"): one for one in root.iter() if one.get("id")}
        self._styled = _styled(root, self._by_name)
        self.declared = sum(map(len, self._styled.values()))
        """How much its styles declare that leads somewhere."""
        self._above = {one: parent for parent in root.iter() for one in parent}
        self._known: dict[Any, dict[str, list[Any]]] = {}

    def _painted(self, element: Any) -> dict[str, list[Any]]:
        """Return what an element is filled and drawn with, by itself or by what it stands in."""
        asked = []
        while element is not None and element not in self._known:
            asked.append(element)
            element = self._above.get(element)
        painted = self._known.get(element, {})
        for one in reversed(asked):
            patterns = {
                name: [row for row in rows if "pattern" in _local(row).lower()]
                for name, rows in painted.items()
            }
            painted = self._known[one] = self._paints(one, patterns)
        return painted

    def named(self, element: Any) -> list[Any]:
        """Return what an element leads to, each once, with what it is filled with."""
        pairs = (*_own(element), *self._of_styles(element))
        led = [self._by_name.get(_fragment(value)) for name, value in pairs if name in _LEADING]
        # a pattern that is inherited is drawn for each shape again
        return list(dict.fromkeys([*(one for one in led if one is not None), *self.fills(element)]))

    def fills(self, element: Any) -> list[Any]:
        """Return what an element is filled and drawn with, each once."""
        return list(dict.fromkeys(chain.from_iterable(self._painted(element).values())))

    def _paints(self, element: Any, inherited: Mapping[str, list[Any]]) -> dict[str, list[Any]]:
        own = [pair for pair in _own(element) if pair[0] in _PAINTS]
        pairs = [*own, *self._of_styles(element)]
        found: dict[str, list[Any]] = {}
        for name in _PAINTS:
            values = [value for other, value in pairs if other == name]
            named = (self._by_name.get(_painted_by(value)) for value in values)
            found[name] = [one for one in named if one is not None]
            # whether a rule of a style meets it, nobody knows here
            is_own = any(other == name for other, _value in own)
            if not is_own or any(_INHERITED in value.lower() for value in values):
                found[name] += inherited.get(name, ())
        return found

    def _of_styles(self, element: Any) -> Iterator[Pair]:
        words = (*_words(element), _ANYTHING)
        return chain.from_iterable(self._styled.get(word, ()) for word in words)


def _own(element: Any) -> Iterator[Pair]:
    """Give the attributes of an element, and what its own style declares."""
    for name, value in element.attrib.items():
        yield name.removeprefix(_LINKED), value
        if name == _STYLE:
            yield from _declared(value)


def _fragment(value: str) -> str:
    """Return the name a value leads to, in an address or without one; "" where it names none."""
    return value.partition("#")[2].strip("'\") \t\r\n")


def _painted_by(value: str) -> str:
    """Return the name in the address of what fills; "" where there is none."""
    address = _ADDRESS.search(value)
    return address[1].strip() if address else ""


def _declared(content: Any) -> Iterator[Pair]:
    for one in tinycss2.parse_blocks_contents(content):
        if one.type == "declaration":
            yield one.lower_name, tinycss2.serialize(one.value).strip()


def _styled(root: Any, by_name: Mapping[str, Any]) -> Mapping[str, list[Pair]]:
    """Return what the styles of a drawing declare that leads to one, by words of selectors."""
    found: dict[str, dict[Pair, None]] = defaultdict(dict)
    for style in root.iter():
        if _local(style) != _STYLE or not style.text:
            continue
        for rule in tinycss2.parse_stylesheet(style.text, skip_comments=True):
            if rule.type != "qualified-rule":
                continue
            pairs = {pair: None for pair in _declared(rule.content) if _leads(*pair, by_name)}
            for word in _selected(rule.prelude) if pairs else ():
                found[word] |= pairs
    return {word: list(pairs) for word, pairs in found.items()}


def _leads(name: str, value: str, by_name: Mapping[str, Any]) -> bool:
    if name not in _PAINTS:
        return name in _LEADING and _fragment(value) in by_name
    return _painted_by(value) in by_name or _INHERITED in value.lower()


def _selected(prelude: Iterable[Any]) -> Iterator[str]:
    """Give the words of a selector, and that of any element where it has more than words."""
    sign = ""
    for one in prelude:
        if one.type in ("ident", "hash"):
            yield ("#" if one.type == "hash" else sign) + one.value.casefold()
        elif one.type != "whitespace" and one not in _BETWEEN:
            yield _ANYTHING
        sign = "." if one == "." else ""


def _words(element: Any) -> set[str]:
    """Return what a selector may call an element: its kind, its classes, its name."""
    said = [_local(element), *(f".{one}" for one in element.get("class", "").split())]
    if said[0] in ("pattern", "symbol", "mask", "clipPath"):
        # the engine calls them otherwise while it draws them
        said += ["svg", "g"]
    return {word.casefold() for word in (*said, f"#{element.get('id', '')}")}


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]

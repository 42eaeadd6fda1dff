"""Pictures placed in cells: programs store an error there, and elsewhere what it stands for."""

from xml.etree.ElementTree import Element

from registry.spreadsheets.parts import Parts

_METADATA = "xl/metadata.xml"
_VALUES, _KINDS = "xl/richData/rdrichvalue.xml", "xl/richData/rdrichvaluestructure.xml"
_RICH = "XLRICHVALUE"


def picture_numbers(parts: Parts) -> frozenset[int]:
    """Return the numbers by which cells (`vm`) say that they hold a picture."""
    if not {_METADATA, _VALUES, _KINDS} <= parts.names:
        return frozenset()
    kinds = [one.get("t", "") for one in _named(parts.tree(_KINDS), "s")]
    values = [_number(one, "s") for one in _named(parts.tree(_VALUES), "rv")]
    metadata = parts.tree(_METADATA)
    names = [one.get("name", "") for one in _named(metadata, "metadataType")]
    rich = [
        _number(value, "i")
        for group in _named(metadata, "futureMetadata")
        if group.get("name") == _RICH
        for value in _named(group, "rvb")
    ]
    pictures = set()
    blocks = [block for group in _named(metadata, "valueMetadata") for block in group]
    for number, block in enumerate(blocks, 1):
        for record in _named(block, "rc"):
            kind, place = _number(record, "t") - 1, _number(record, "v")
            if _at(names, kind) == _RICH and "image" in _kind(rich, values, kinds, place).lower():
                pictures.add(number)
    return frozenset(pictures)


def _kind(rich: list[int], values: list[int], kinds: list[str], place: int) -> str:
    value = rich[place] if 0 <= place < len(rich) else -1
    kind = values[value] if 0 <= value < len(values) else -1
    return _at(kinds, kind)


def _named(root: Element, name: str) -> list[Element]:
    return [one for one in root.iter() if one.tag.rpartition("}")[2] == name]


def _number(element: Element, name: str) -> int:
    text = element.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _at(listed: list[str], place: int) -> str:
    return listed[place] if 0 <= place < len(listed) else ""

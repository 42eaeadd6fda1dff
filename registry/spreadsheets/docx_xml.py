"""Small helpers for the XML of Word, whose names are looked at without their namespaces."""

from xml.etree.ElementTree import Element

_OFF = ("0", "false", "off", "none")


def tag(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute by its name without the namespace, "" without it."""
    if element is None:
        return ""
    return next((v for key, v in element.attrib.items() if key.rpartition("}")[2] == name), "")


def child(element: Element | None, name: str) -> Element | None:
    """Return the first element directly inside another, by its name."""
    if element is None:
        return None
    return next((inside for inside in element if tag(inside) == name), None)


def number(element: Element | None, default: int, most: int = 1_000_000) -> int:
    """Return the number an element has for its value, not beyond `most`."""
    text = attribute(element, "val")
    return min(int(text), most) if text.isdigit() else default


def switch(properties: Element | None, name: str) -> bool | None:
    """Return whether a mark such as `w:strike` is on or off, None where nothing is said of it."""
    element = child(properties, name)
    if element is None:
        return None
    return attribute(element, "val").lower() not in _OFF

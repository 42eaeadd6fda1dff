"""Where a drawing is, told from what the engine holds in its hands: part, field, first words."""

from types import FrameType
from typing import Any
from xml.etree.ElementTree import Element

WORDS = 60
"""Characters of the text that is being laid out."""
_BOXES = ("box", "cell", "row")
"""What the engine calls what it lays out."""
_HEADS = ("h1", "h2", "h3", "h4", "h5")


def place_of(frames: list[FrameType]) -> str:
    """Return part, heading, field and words of what is being laid out, the innermost frame first.

    "" while nothing is laid out: the document is being read or written then.
    """
    elements = _elements(frames)
    if not elements:
        return ""
    named = [name for element in elements if (name := _name(element))]
    words = next((text for element in elements if (text := _text(element))), "")
    if len(words) > WORDS:
        words = f"{words[:WORDS]}…"
    return " › ".join([*reversed(list(dict.fromkeys(named))), f"«{words}»"])


def _elements(frames: list[FrameType]) -> list[Element]:
    """Return the elements whose boxes the frames hold, the innermost first."""
    found: list[Element] = []
    for frame in frames:
        for name in _BOXES:
            box: Any = frame.f_locals.get(name)
            element = getattr(box, "element", None)
            if element is not None and not any(element is other for other in found):
                found.append(element)
    return found


def _name(element: Element) -> str:
    """Return the heading of a section, or the head of a row; "" for anything else."""
    if element.tag == "section":
        head = next((one for one in element.iter() if one.tag in _HEADS), None)
    elif element.tag == "tr":
        head = next((one for one in element if one.tag == "th"), None)
    else:
        head = None
    return _text(head)[:WORDS] if head is not None else ""


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())

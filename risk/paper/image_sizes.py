"""How large an image is drawn that was looked at before it was kept (`plans.emblems`)."""

from io import BytesIO

from defusedxml import ElementTree
from PIL import Image


def fitted(kind: str, content: bytes, *, widest: float, highest: float) -> tuple[float, float]:
    """Return width and height of an image as large as fits, in the unit of the limits."""
    width, height = _drawing_size(content) if kind.endswith("svg+xml") else _points(content)
    share = min(widest / width, highest / height)
    return width * share, height * share


def _points(content: bytes) -> tuple[float, float]:
    with Image.open(BytesIO(content)) as image:
        return image.size


def _drawing_size(content: bytes) -> tuple[float, float]:
    """Return the size of an SVG by what it shows, else by its sides, else as of a square."""
    root = ElementTree.fromstring(content, forbid_dtd=True)
    shown = root.get("viewBox", "").replace(",", " ").split()
    for pair in (shown[2:4], [root.get("width", ""), root.get("height", "")]):
        try:
            width, height = (float(side.removesuffix("px").removesuffix("mm")) for side in pair)
        except ValueError:
            continue
        if width > 0 and height > 0:
            return width, height
    return 1.0, 1.0

"""The emblem of a body, on the cover of its documents: looked at before it is kept, kept once."""

import hashlib
import warnings
from io import BytesIO
from typing import Any

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, UnidentifiedImageError

from registry.acts import act
from registry.models import Administration
from registry.readable import grouped
from registry.services.rows import store
from registry.trail.subjects import Subject
from risk.content.plan_values import PlanEmblem
from risk.models import Emblem, EmblemImage
from risk.services.plans.emblem_drawings import check_drawing, check_shape, refused

EMBLEM = "emblem"
LARGEST = 1024 * 1024
"""Bytes of an emblem; its request is refused before it is read (`ptpct.uploads`)."""
LARGEST_SIDE = 4000
NO_IMAGE = gettext_lazy("L’emblema è un’immagine PNG, JPEG o SVG: questo file non lo è.")
_TOO_LARGE = gettext_lazy("L’emblema ha più di %(most)s punti per lato: riducilo.")
NO_TEXT = gettext_lazy("Chi non vede l’emblema ne legge il testo: scrivilo.")
SVG = "image/svg+xml"
_KINDS = {"PNG": "image/png", "JPEG": "image/jpeg"}
_JPEG_END = b"\xff\xd9"
_SVG = "{http://www.w3.org/2000/svg}"
# what draws, and nothing that runs, fetches or holds another document
_DRAWS = frozenset(
    f"{_SVG}{name}"
    for name in (
        *("svg", "g", "defs", "title", "desc", "metadata", "symbol", "use", "style"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
        *("linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern"),
    )
)
_RUNS = frozenset(
    ("script", "iframe", "object", "embed", "foreignobject", "image", "img", "link", "handler")
)


def emblem_of(body: Administration) -> PlanEmblem | None:
    """Return the emblem of a body as it is printed; None where it has none. One query."""
    row = Emblem.objects.select_related("image").filter(administration=body).first()
    if row is None:
        return None
    return PlanEmblem(row.image.kind, bytes(row.image.content), row.alternative)


def set_emblem(*, body: Administration, content: bytes, alternative: str, by: Any) -> Emblem:
    """Keep an image as the emblem of a body, in the place of the one before; return its row.

    The same image is kept once, whoever has it. One act. Raises `ValidationError` for what is no
    image we print, for one with a script or an outside reference, without a text in its place.
    """
    kind = kind_of(content)
    if not alternative.strip():
        raise ValidationError({"alternative": NO_TEXT})
    with act(EMBLEM, by=by, subject=subject_of_emblem(body)):
        digest = hashlib.sha256(content).hexdigest()
        image, _made = EmblemImage.objects.get_or_create(
            digest=digest, defaults={"kind": kind, "content": content}
        )
        row = Emblem.objects.select_for_update().filter(administration=body).first()
        row = row or Emblem(administration=body)
        row.image, row.alternative = image, alternative.strip()
        return store(row)


def remove_emblem(*, body: Administration, by: Any) -> None:
    """Take the emblem of a body away; its image stays for whoever else has it. One act."""
    with act(EMBLEM, by=by, subject=subject_of_emblem(body)):
        for row in Emblem.objects.select_for_update().filter(administration=body):
            row.delete()
            if not row.image.emblems.exists():
                row.image.delete()


def subject_of_emblem(body: Administration) -> Subject:
    """Return how the trail names the emblem of a body."""
    return Subject("list risk.emblem", body.pk)


def kind_of(content: bytes) -> str:
    """Return the type of an image. Raises `ValidationError` for one that cannot go on paper."""
    if len(content) > LARGEST:
        raise refused(_("L’emblema pesa più di 1 MB: riducilo."))
    if content.lstrip()[:1] == b"<":
        _check_svg(content)
        return SVG
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(BytesIO(content), formats=tuple(_KINDS)) as image:
                kind, mode, size = _KINDS[image.format or ""], image.mode, image.size
                # not by loading it: the engine of the paper tells the library to load halves too
                image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise refused(_TOO_LARGE % {"most": grouped(LARGEST_SIDE)}) from None
    except (UnidentifiedImageError, OSError, EOFError, SyntaxError, ValueError, Warning) as error:
        raise refused(NO_IMAGE) from error
    if kind == _KINDS["JPEG"] and _JPEG_END not in content[-1024:]:
        raise refused(NO_IMAGE)
    if max(size) > LARGEST_SIDE:
        raise refused(_TOO_LARGE % {"most": grouped(LARGEST_SIDE)})
    check_shape(*size)
    if mode == "CMYK":
        raise refused(_("L’emblema ha i colori di stampa (CMYK): salvalo in RGB."))
    return kind


def _check_svg(content: bytes) -> None:
    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise refused(
            _("L’emblema non è un SVG che si legge, o ha una definizione di tipo (DOCTYPE).")
        ) from error
    if root.tag != f"{_SVG}svg":
        raise refused(NO_IMAGE)
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        is_drawn = element.tag in _DRAWS
        # other programs keep notes of their own, under names of their own
        if not is_drawn and (str(element.tag).startswith(_SVG) or name.lower() in _RUNS):
            raise refused(_("L’emblema ha un elemento «%s», che non è un disegno.") % name)
        for attribute, value in element.attrib.items():
            _check_attribute(attribute.rpartition("}")[2], value)
        if name == "style":
            _check_style(element.text or "")
    check_drawing(root)


def _check_attribute(name: str, value: str) -> None:
    if name.lower().startswith("on"):
        raise refused(_("L’emblema ha uno script («%s»).") % name)
    if name == "href" and not value.strip().startswith("#"):
        raise refused(_("L’emblema rimanda fuori dal file: %s") % value[:80])
    _check_style(value)


def _check_style(text: str) -> None:
    """Refuse what a style may fetch: an address that is no place of the same file."""
    folded = "".join(text.lower().split())
    outside = folded.replace("url(#", "").replace("url('#", "").replace('url("#', "")
    if "url(" in outside or "@import" in folded or "\\" in folded:
        raise refused(_("L’emblema rimanda fuori dal file: %s") % text.strip()[:80])

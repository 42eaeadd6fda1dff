"""Anchors: the head of the trail as it is kept elsewhere, so that a tail cut off is missed.

An anchor is written IPA:N:DIGEST, with the code of the body whose chain it is of: who holds several
registers knows which.
"""

import re
from dataclasses import dataclass

from django.apps import apps
from django.utils.translation import gettext as _

_FORM = re.compile(r"(?P<ipa_code>[^:\s]+):(?P<number>\d{1,18}):(?P<digest>[0-9a-f]{64})")


class AnchorError(ValueError):
    """A text is no anchor; the message is an Italian sentence."""


@dataclass(frozen=True)
class Anchor:
    """A record of the trail by its number and digest, in the register of a body."""

    ipa_code: str
    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.ipa_code}:{self.number}:{self.digest}"


def read_anchor(text: str) -> Anchor:
    """Return the anchor a text is. Raises `AnchorError`."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise AnchorError(
            _("«%(text)s» non è un’ancora: si scrive IPA:NUMERO:IMPRONTA.") % {"text": text}
        )
    return Anchor(found["ipa_code"], int(found["number"]), found["digest"])


def head_of(ipa_code: str) -> Anchor | None:
    """Return the anchor of the last record for the body with this code; None without records.

    One statement.
    """
    records = apps.get_model("registry", "TrailRecord").objects.order_by("-number")
    last = records.values_list("number", "digest").first()
    return Anchor(ipa_code, *last) if last else None

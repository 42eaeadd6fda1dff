"""Anchors: the head of the trail as it is kept elsewhere, so that a tail cut off is missed.

An anchor is written IPA:N:DIGEST, with the code of the body whose chain it is of, or the word that
stands for the chain of the installation: who holds several registers knows which.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.enums import RESERVED_CODE
from registry.trail.chain import HOUSE

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
            _("«%(text)s» non è un’ancora: si scrive IPA:NUMERO:CODICE.") % {"text": text}
        )
    return Anchor(found["ipa_code"], int(found["number"]), found["digest"])


def chain_named(ipa_code: str) -> str:
    """Return the chain an anchor names: that of a body, or that of the installation."""
    return HOUSE if ipa_code == RESERVED_CODE else ipa_code


def name_of(chain: str) -> str:
    """Return what an anchor names a chain by."""
    return chain or RESERVED_CODE


def last_of(chain: Any) -> QuerySet:
    """Return the records of a chain, by its name or what refers to it, the last one first."""
    records = apps.get_model("registry", "TrailRecord").objects
    return records.filter(chain=chain).order_by("-number")


def head_of(ipa_code: str) -> Anchor | None:
    """Return the anchor of today for the body with this code, or of the installation’s chain.

    Of a body whose chain has not begun it is the last record of the installation, which the first
    of the body will follow. None without records. A statement, two where the chain has not begun.
    """
    for chain in dict.fromkeys([chain_named(ipa_code), HOUSE]):
        if last := last_of(chain).values_list("number", "digest").first():
            return Anchor(ipa_code, *last)
    return None

"""Text blocks of a layout: `{{campo}}` becomes its value, or the printing stops.

A published plan once went out with an unfilled merge tag; here an unknown or empty field is an
error with a name (docs/decisions/0028).
"""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

_FIELD = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
_STRAY = re.compile(r"\{\{|\}\}")


class UnresolvedField(ValueError):
    """A text block asks for a `field` that does not exist or has no value; `block` names it."""

    def __init__(self, *, field: str, block: str) -> None:
        self.field = field
        self.block = block
        message = _("Il campo «%(field)s» del blocco di testo «%(block)s» non ha un valore.")
        super().__init__(message % {"field": field, "block": block})


def resolve(text: str, *, fields: Mapping[str, str], block: str) -> str:
    """Return `text` with each `{{campo}}` replaced by its value in `fields`.

    Raises `UnresolvedField`, naming field and block, for an unknown field, an empty value or a
    brace pair that was never closed. Values are not searched again: a value may contain braces.
    """

    def value_of(match: re.Match[str]) -> str:
        name = match[1]
        value = fields.get(name.casefold(), "")
        if not value:
            raise UnresolvedField(field=name, block=block)
        return value

    stray = _STRAY.search(_FIELD.sub("", text))
    if stray:
        raise UnresolvedField(field=stray[0], block=block)
    return _FIELD.sub(value_of, text)

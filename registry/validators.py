"""Rules about one typed value."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PROSE_LENGTH = 20_000
"""Longest text a field takes, in characters: a page holds about 3,000."""

_ALLOWED_CONTROLS = {"\n", "\r", "\t"}


def validate_printable(value: str) -> None:
    """Refuse control characters but line breaks and tabs: no engine or paper can hold them."""
    for char in value:
        if unicodedata.category(char) == "Cc" and char not in _ALLOWED_CONTROLS:
            raise ValidationError(
                _("Il testo contiene un carattere di controllo (codice %(code)s) che va tolto."),
                code="control_character",
                params={"code": f"U+{ord(char):04X}"},
            )


def validate_prose_length(value: str) -> None:
    """Refuse texts longer than `PROSE_LENGTH` characters, saying how long the text is."""
    if len(value) > PROSE_LENGTH:
        raise ValidationError(
            _("Il testo è lungo %(length)d caratteri: il massimo è %(limit)d."),
            code="too_long",
            params={"length": len(value), "limit": PROSE_LENGTH},
        )

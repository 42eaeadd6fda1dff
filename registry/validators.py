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


LONG_WORD = 200
"""Characters without a blank from which somebody is asked whether blanks were lost."""


def long_word_warning(text: object) -> str:
    """Return what is said of a text with a word no language has; "" for all others.

    It is no refusal: the paper breaks such words itself (`risk.paper.words`).
    """
    longest = max(map(len, str(text).split()), default=0)
    if longest < LONG_WORD:
        return ""
    return _(
        "C’è una parola di %(length)d caratteri senza uno spazio: forse gli spazi si sono persi. "
        "Il testo resta com’è, e sulla carta la parola va a capo dove capita."
    ) % {"length": longest}

"""Rules about one typed value."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from registry.enums import RESERVED_CODE
from registry.readable import grouped

_SHOWN_BEFORE = 30
PROSE_LENGTH = 20_000
"""Longest text a field takes, in characters: a page holds about 3,000."""

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the direction of what follows: a text is then read otherwise than it is."""
_UNSEEN = re.compile(
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
"""What Unicode calls formats and separators of lines: nothing of them is seen."""


def validate_ipa_code(value: str) -> None:
    """Refuse the one code that no administration may have, as that of the installation’s chain."""
    if value == RESERVED_CODE:
        raise ValidationError(
            _("«%(code)s» indica l’installazione: nessuna amministrazione può averlo."),
            code="reserved_code",
            params={"code": value},
        )


def validate_printable(value: str) -> None:
    """Refuse control characters but line breaks and tabs, which no engine or paper can hold, and
    what turns the direction of a text.
    """
    if control := _CONTROLS.search(value):
        raise ValidationError(
            _("Il testo contiene un carattere di controllo (codice %(code)s) che va tolto."),
            code="control_character",
            params={"code": f"U+{ord(control[0]):04X}"},
        )
    if not value.isascii() and (turn := _DIRECTIONS.search(value)):
        raise _unseen(value, turn.start())


def validate_visible(value: str) -> None:
    """Refuse any sign nobody sees, in what is compared and told apart by eye: names, titles, codes.

    A text of many lines may hold those that change nothing of what is read (a soft hyphen).
    """
    if not value.isascii() and (unseen := _UNSEEN.search(value)):
        raise _unseen(value, unseen.start())


def validate_visible_but_turns(value: str) -> None:
    """Refuse what `validate_visible` does, but for what `validate_printable` refuses beside it."""
    signs = () if value.isascii() else _UNSEEN.finditer(value)
    unseen = next((sign for sign in signs if not _DIRECTIONS.match(sign[0])), None)
    if unseen:
        raise _unseen(value, unseen.start())


def _unseen(value: str, place: int) -> ValidationError:
    before = value[:place].strip()[-_SHOWN_BEFORE:]
    if before:
        text = _("Dopo «%(before)s» c’è un segno che non si vede (codice %(code)s): va tolto.")
    else:
        text = _("All’inizio c’è un segno che non si vede (codice %(code)s): va tolto.")
    params = {"before": before, "code": f"U+{ord(value[place]):04X}"}
    return ValidationError(text, code="unseen_character", params=params)


def validate_prose_length(value: str) -> None:
    """Refuse texts longer than `PROSE_LENGTH` characters, saying how long the text is."""
    if len(value) > PROSE_LENGTH:
        raise ValidationError(
            _("Il testo è lungo %(length)s caratteri: il massimo è %(limit)s."),
            code="too_long",
            params={"length": grouped(len(value)), "limit": grouped(PROSE_LENGTH)},
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
        "C’è una parola di %(length)s caratteri senza uno spazio: forse gli spazi si sono persi. "
        "Il testo resta com’è, e sulla carta la parola va a capo dove capita."
    ) % {"length": grouped(longest)}

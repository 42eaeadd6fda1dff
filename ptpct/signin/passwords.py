"""Passwords that are long enough and still the first ones tried."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.normalise import fold
from registry.validators import validate_visible
from risk.services.sample_data.demo.names import PUBLIC_PASSWORD

FEWEST_SIGNS = 5
"""Different signs of a password."""
FEWEST_OWN = 4
"""Signs that are left when rows of keys, or words everybody thinks of, are taken out."""
SHORTEST_RUN = 4
ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
WORDS = frozenset(
    ("amministrazione", "amministratore", "admin", "anticorruzione", "benvenuta", "benvenuto")
    + ("buongiorno", "ciao", "citta", "comune", "corruzione", "corruttivi", "ente", "italia")
    + ("password", "piao", "primavera", "estate", "autunno", "inverno", "provincia", "ptpct")
    + ("registro", "responsabile", "rischi", "rischio", "rpct", "segreto", "trasparenza", "ufficio")
)

COMMON = WORDS | frozenset(
    ("agenzia", "ambiente", "azienda", "camera", "citta", "comuni", "comunita", "consorzio")
    + ("dalla", "degli", "della", "delle", "dello", "istituto", "locale", "localhost")
    + ("metropolitana", "montana", "nazionale", "regionale", "regione", "sanitaria", "santa")
    + ("servizi", "sociale", "studi", "territorio", "unione", "universita", "valle")
)
"""Words of names of bodies that name none of them."""
SHORTEST_NAME = 5
"""Letters of a name that is looked for anywhere in a password: a shorter one is in many words."""


class LengthValidator(MinimumLengthValidator):
    """Refuses what is too short, in Italian: Django's catalogue has no such sentence any more."""

    def get_error_message(self) -> str:
        """Return how long it must be."""
        return _("La password è troppo corta: servono almeno %d caratteri.") % self.min_length

    def get_help_text(self) -> str:
        """Return how long it must be."""
        return _("Almeno %d caratteri.") % self.min_length


class HousePasswordValidator:
    """Refuses what repeats itself, rows of keys, and words that belong to this house or body."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError`, in words, for a password that would soon be guessed."""
        validate_visible(password)
        text = fold(password)
        if text == PUBLIC_PASSWORD:
            raise ValidationError(
                _("È la password pubblica della dimostrazione: la conosce chiunque."),
                code="public_password",
            )
        if len(set(text)) < FEWEST_SIGNS or re.fullmatch(r"(.{1,8}?)\1+", text):
            raise ValidationError(
                _("La password ripete pochi caratteri: usane di diversi, per esempio più parole."),
                code="repeats",
            )
        if len(_without_rows(text)) < FEWEST_OWN:
            raise ValidationError(
                _("La password è una fila di tasti vicini: è fra le prime che si provano."),
                code="row_of_keys",
            )
        if len(_without_words(text, user)) < FEWEST_OWN:
            raise ValidationError(
                _("La password è fatta di parole a cui tutti pensano qui: aggiungine altre, tue."),
                code="words_of_the_house",
            )
        if name := _name_within(text, user):
            raise ValidationError(
                _(
                    "La password contiene «%(name)s», nome dell’amministrazione o del sito: va "
                    "tolto."
                ),
                code="name_of_the_body",
                params={"name": name},
            )

    def get_help_text(self) -> str:
        """Return what a good one is like."""
        return _(
            "Vanno bene quattro parole a caso; non il nome dell’amministrazione o del sito, "
            "né file di tasti."
        )


def _without_rows(text: str) -> str:
    """Return a text without its runs along a row of keys, the alphabet or the digits."""
    rows = [row * 2 for row in ROWS]
    rows += [row[::-1] for row in rows]
    left, place = "", 0
    while place < len(text):
        end = place + SHORTEST_RUN
        while end <= len(text) and any(text[place:end] in row for row in rows):
            end += 1
        if end == place + SHORTEST_RUN:
            left += text[place]
            place += 1
        else:
            place = end - 1
    return left


def _without_words(text: str, user: Any) -> str:
    """Return the letters of a text outside words of the house, or of the person's body; a text
    without such words as it is.
    """
    words = WORDS | _words_of_bodies(user)
    left = text
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, " ")
    return text if left == text else re.sub(r"[\W\d_]", "", left)


def _name_within(text: str, user: Any) -> str:
    """Return the first word of the names of the person's bodies, or of the host of the site, that
    is in a text; "" without.
    """
    hosts = [*settings.NAMED_HOSTS, urlsplit(settings.SITE_URL).hostname or ""]
    words = _words_of_bodies(user) | {
        word for host in hosts for word in re.split(r"[\W_]+", fold(host))
    }
    names = sorted(word for word in words - COMMON if len(word) >= SHORTEST_NAME)
    return next((name for name in names if name in text), "")


def _words_of_bodies(user: Any) -> set[str]:
    if user is None or user.pk is None:
        return set()
    bodies = user.memberships.values_list("administration__name", "administration__ipa_code")
    words = {word for names in bodies for name in names for word in re.split(r"\W+", fold(name))}
    return {word for word in words if len(word) >= FEWEST_OWN}

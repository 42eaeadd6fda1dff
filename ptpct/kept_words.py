"""What the catalogues say of a text is kept: there are fourteen, and most texts are in none.

The texts of the site are Italian as they are written, so that each was looked for twice in every
catalogue whenever it was shown: thirty calls for a label, a sixth of a long list.
"""

from django.conf import settings
from django.utils.translation import trans_real

MOST_KEPT = 10_000
"""Texts: those of the programme are fewer; what comes from people must not fill the memory."""


class KeptTranslation(trans_real.DjangoTranslation):
    """The words of a language, as Django finds them, each looked for once."""

    _said: dict[str, str]

    def gettext(self, message: str) -> str:
        """Return what stands for a text."""
        said = self._said.get(message)
        if said is None:
            said = super().gettext(message)
            if len(self._said) < MOST_KEPT:
                self._said[message] = said
        return said


def keep_words() -> None:
    """Let the language of the site keep what was found."""
    words = trans_real.translation(settings.LANGUAGE_CODE)
    words.__class__, words._said = KeptTranslation, {}

"""By how they stand to the edition before rows are narrowed: a table for the map and for acts."""

from collections.abc import Callable, Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.models import Annex
from risk.content.same_texts import with_same_texts
from risk.enums import ReconfirmationState
from risk.services.completeness.reconfirmation import Standing

STANDINGS: dict[str, tuple[str | Promise, Callable[[Standing], bool]]] = {
    "da-riconfermare": (_("da riconfermare"), lambda row: row.is_open),
    "senza-cause": (_("da riconfermare, in cui nulla è cambiato"), lambda row: row.is_unread),
    "con-cause": (_("da riconfermare, da decidere uno per uno"), lambda row: row.has_cause),
    "riconfermati": (_("riconfermati"), lambda row: row.state == ReconfirmationState.CONFIRMED),
    "modificati": (_("modificati"), lambda row: row.state == ReconfirmationState.CHANGED),
    "nuovi": (_("nuovi in questa edizione"), lambda row: row.state == ReconfirmationState.NEW),
}
"""By the word in an address: what it is called, and of which processes it is true."""


SAME = "testi-altrui"
"""The word for processes that say what another office or the library says, word for word."""
WORDS: dict[str, str | Promise] = {
    **{word: label for word, (label, _holds) in STANDINGS.items()},
    SAME: _("con testi uguali a quelli di un altro ufficio o della libreria"),
}
"""All words, with what they are called."""


def keys_of(word: str, standings: Iterable[Standing], *, annex: Annex) -> list[int]:
    """Return the keys of the processes of an annex that stand as a word says."""
    if word == SAME:
        same = with_same_texts(annex)
        return [row.kept.pk for row in standings if row.kept.pk in same]
    _label, holds = STANDINGS[word]
    return [row.kept.pk for row in standings if holds(row)]

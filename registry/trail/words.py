"""What was done, in the words of the screen: every kind of act has its own."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _n
from django.utils.translation import gettext_lazy as _

_words: dict[str, Any] = {
    # signing in, people, the installation
    "seal": _("sigillo delle catene"),
    "untold": _("storia di prima dell’aggiornamento"),
    "sign-in": _("accesso"),
    "sign-out": _("uscita"),
    "page": _("pagina non permessa"),
    "people": _("persone e ruoli"),
    "person": _("dati o accesso di una persona"),
    "second-factor-reset": _("secondo fattore tolto"),
    "pseudonymise": _("nome dimenticato"),
    "administration": _("dati dell’amministrazione"),
    "office": _("ufficio"),
    "backoffice": _("modifica da «Gestione»"),
    "import": _("importazione"),
    "export": _("file uscito dal registro"),
    "undo": _("annullamento di un’operazione"),
    # what is mapped
    "plan": _("nuovo piano"),
    "annex": _("nuovo allegato"),
    "process": _("nuovo processo"),
    "phase": _("nuova fase"),
    "action": _("nuova azione"),
    "edit": _("modifica di una riga"),
    "move": _("spostamento di una riga"),
    "remove": _("cancellazione di una riga"),
    "renumber": _("nuova numerazione dei processi"),
    "retire": _("processo dismesso"),
    "restore": _("processo ripreso"),
}


def register_words(words: Mapping[str, Any]) -> None:
    """Add the words of the acts of a room above; a kind that has one already is a mistake."""
    if taken := words.keys() & _words.keys():
        raise ValueError(f"kinds of act with two words: {sorted(taken)}")
    _words.update(words)


def word_of(kind: str) -> str:
    """Return what a kind of act is called; of one that no version knows any more, its name."""
    return str(_words.get(kind, kind))


def record_named(chain: str, number: int) -> str:
    """Return how a sentence names a record: of a body with its code, of the installation without.

    "n. 5", "n. 5 di c_a001".
    """
    if not chain:
        return _n("n. %(n)d") % {"n": number}
    return _n("n. %(n)d di %(chain)s") % {"n": number, "chain": chain}


def kinds_by_word() -> list[tuple[str, str]]:
    """Return all kinds with their words, in the order of the words."""
    return sorted(((kind, str(word)) for kind, word in _words.items()), key=lambda one: one[1])

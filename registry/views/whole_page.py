"""What is said of a page that was sent whole, as it is without scripts."""

from collections.abc import Iterable

from django.contrib import messages
from django.utils.translation import gettext as _

from registry.responses.own_address import own_address

GO_ON = "poi"
"""The name of the buttons that save all and lead on: their value is an address of this site."""


def way_on_asked(request) -> str:
    """Return where the button that was pressed leads once all is saved, "" where nowhere."""
    return own_address(request.POST.get(GO_ON, ""))


def say_not_all(request) -> None:
    """Say that something could not be saved: what and why stands on the page."""
    messages.error(request, _("Non tutto è salvato: guarda i campi segnati. Il resto è salvato."))


def say_gone(request, texts: Iterable[str]) -> None:
    """Say what was typed in a row that somebody has taken away: it has no field any more."""
    typed = [text.strip() for text in texts if text.strip()]
    text = _("Una riga è stata tolta nel frattempo da altri; vi era scritto: «%(text)s».")
    messages.error(request, text % {"text": "» «".join(typed)})

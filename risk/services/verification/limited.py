"""Reading a stranger's file within limits: what it may do to the site is end a process.

Whoever asks waits so many seconds, the queue included; nobody is signed in to whom a job could
report. What needs no parser is read here: it is hashed, and looked through for words.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from registry.apart import Reason, StoppedError
from registry.readable import grouped
from registry.services.limited import strangers_process
from risk.services.verification.reading import look_closer, needs_no_parser, read_documents
from risk.services.verification.values import Brought, CloserLook, Document, UnreadableFileError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reader:
    """One file and the moment, of the monotonic clock, until which somebody waits for it."""

    brought: Brought
    until: float

    def documents(self) -> list[Document]:
        """Return the documents in the file. Raises `UnreadableFileError` beyond the limits."""
        if needs_no_parser(self.brought):
            return read_documents(self.brought)
        return self._apart(read_documents)

    def look_closer(self, issued: Mapping[int, int], *, at_pdf: bool) -> dict[int, CloserLook]:
        """Return what documents show besides their digests (`reading.look_closer`).

        `at_pdf` says whether any of them is a PDF. Raises `UnreadableFileError` beyond the limits.
        """
        if needs_no_parser(self.brought) and not at_pdf:
            return look_closer(self.brought, issued)
        return self._apart(look_closer, issued)

    def _apart(self, work: Callable[..., Any], *arguments: Any) -> Any:
        try:
            seconds = self.until - monotonic()
            return strangers_process().run(work, self.brought, *arguments, seconds=seconds)
        except StoppedError as stopped:
            logger.warning("a file brought to be verified was not read: %s", stopped.reason)
            raise UnreadableFileError(_sentence(stopped.reason)) from stopped
        except Exception as error:
            # a stranger's bytes: whatever a library stumbles over, the answer is a sentence
            logger.exception("a file brought to be verified could not be read")
            raise UnreadableFileError(_("Il file non si lascia leggere.")) from error


def _sentence(reason: Reason) -> str:
    if reason == "busy":
        return _("In questo momento si leggono altri file: riprova fra qualche secondo.")
    why = {
        "time": _("ci vuole più tempo di quanto è concesso"),
        "memory": _("ci vogliono più di %(mb)s MB di memoria")
        % {"mb": grouped(settings.VERIFICATION_MEGABYTES)},
        "died": _("il programma che lo leggeva è finito"),
    }[reason]
    return _(
        "La lettura del file è stata fermata: %(why)s. Porta il documento da solo, senza buste né "
        "archivi, o chiedi il file com’è stato emesso."
    ) % {"why": why}

"""All mails of a run by one connection, that one refused mail, or a server that hangs up, ends not.

A mail has left when the server has said so. Where the connection ends before its answer the mail is
sent again, with the same Message-ID, as RFC 5321 (4.5.3.2.6, after RFC 1047) asks for.
"""

import logging
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from registry.system_faults import told_of

logger = logging.getLogger(__name__)

_GIVES_UP_AFTER = 3
"""Connections in a row that are lost: then the other mails are left for the next run."""
_CLOSING = 421
"""What a server answers that ends the connection (RFC 5321, 4.2.2)."""


class Post:
    """The mails of one run, by one connection, made anew when it is lost."""

    def __init__(self) -> None:
        self._connection = get_connection()
        self._lost_in_a_row = 0

    def send(self, message: EmailMessage, *, name: str) -> str:
        """Send a mail; return "" when it has left, else in Italian why not.

        `name` stands for the person in the log.
        """
        reason = ""
        for _attempt in range(2):
            if self._lost_in_a_row >= _GIVES_UP_AFTER:
                return reason or _("il server di posta non risponde")
            try:
                self._connection.open()
            except OSError as error:
                reason = self._lost(error, name)
                continue
            try:
                self._connection.send_messages([message])
            except Exception as error:
                if not _is_connection_lost(error):
                    # whatever the server says of one, the others still get theirs
                    logger.exception("The notice for person %s did not leave", name)
                    self._lost_in_a_row = 0
                    return _refusal(error)
                reason = self._lost(error, name)
            else:
                self._lost_in_a_row = 0
                return ""
        return reason

    def close(self) -> None:
        """End the connection, if there is one."""
        with suppress(OSError):
            self._connection.close()

    def _lost(self, error: Exception, name: str) -> str:
        logger.warning("No connection for the notice of person %s", name, exc_info=error)
        self._lost_in_a_row += 1
        self.close()
        return _("il server di posta non risponde: %(reason)s") % {"reason": told_of(error)}


@contextmanager
def post() -> Iterator[Post]:
    """Give a connection for many mails, and end it."""
    opened = Post()
    try:
        yield opened
    finally:
        opened.close()


def _code(error: Exception) -> int:
    """Return the code a server answered with, 0 where it did not answer."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _text in error.recipients.values()), default=0)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def _is_connection_lost(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPServerDisconnected) or _code(error) == _CLOSING:
        return True
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException)


def _refusal(error: Exception) -> str:
    code = _code(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        sentence = _("il server di posta rifiuta l’indirizzo")
    else:
        sentence = _("il server di posta rifiuta il messaggio")
    return f"{sentence} ({code})" if code else sentence

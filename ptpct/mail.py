"""How mail leaves: as Django sends it, with the id of the request it was written for."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends import console, smtp
from django.core.mail.backends.base import BaseEmailBackend

from ptpct.tracing import HEADER
from registry.tracing import current_trace


class TracedMail(BaseEmailBackend):
    """Writes the id on each mail, so that one a person asks about is found in the log."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Send the messages, and return how many have left."""
        request_id = current_trace().request_id
        for message in messages if request_id else ():
            message.extra_headers.setdefault(HEADER, request_id)
        return super().send_messages(messages)


class SmtpBackend(TracedMail, smtp.EmailBackend):
    """Sends by a mail server."""


class ConsoleBackend(TracedMail, console.EmailBackend):
    """Writes mails to standard output, where no mail server is named."""

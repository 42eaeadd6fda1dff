"""A mail to one person, from the two templates of its subject and its message."""

from typing import Any

from django.core.mail import send_mail
from django.template.loader import render_to_string


def send_mail_of(template: str, address: str, context: dict[str, Any]) -> None:
    """Mail an address what `template`, a name without its endings, says.

    The subject is one line, whatever a name in it holds. Raises `OSError` when it cannot leave.
    """
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    body = render_to_string(f"{template}_message.txt", context).strip()
    send_mail(subject, body, None, [address])

"""Pressing the button by which a message takes back what it tells of."""

import re
from html import unescape

BUTTON = re.compile(r'<form class="house-undo" method="post" action="([^"]+)">(.*?)</form>', re.S)
_FIELD = re.compile(r'name="(\w+)"\s+value="([^"]*)"')


def button_of(page: str) -> tuple[str, dict[str, str]] | None:
    """Return the address of the button and what it sends; None of a page that has none."""
    if (found := BUTTON.search(page)) is None:
        return None
    sent = {name: unescape(value) for name, value in _FIELD.findall(found[2])}
    sent.pop("csrfmiddlewaretoken", None)
    return found[1], sent


def take_back(client, answer):
    """Press the button on a page that was answered; return the page one is led to."""
    address, sent = button_of(answer.content.decode())
    return client.post(address, sent, follow=True)

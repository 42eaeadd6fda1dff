"""A browser without JavaScript, signed in."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

from tests.browser import LONGEST_WAIT_MS


@contextmanager
def scriptless_page(browser, live_server, client, user) -> Iterator[Page]:
    """Open a page of a person in a browser that runs no script."""
    client.force_login(user)
    context = browser.new_context(java_script_enabled=False, locale="it-IT")
    context.set_default_timeout(LONGEST_WAIT_MS)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([cookie | {"url": live_server.url}])
    yield context.new_page()
    context.close()

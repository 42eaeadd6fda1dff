"""Fixtures of all tests: the engine, the static files, the browser."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from registry import apart
from tests.browser import LONGEST_WAIT_MS, PageChecks, accessibility_findings
from tests.emptying import Emptying, FileAsItWas
from tests.engines import (
    ONE_ENGINE,
    engine_enough,
    is_for_postgresql_alone,
    is_for_sqlite,
)
from tests.soak import SOAK

# Tables of tests walk the lists of the back office, which are read where its addresses are.
admin.autodiscover()

# Playwright's sync interface keeps an event loop in the thread of the test, where Django would
# refuse the ORM. Nothing here runs in that loop.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# What is expected on a page is waited for; nothing is waited for that is already there.
expect.set_options(timeout=LONGEST_WAIT_MS)

# That inventing an example takes long says only that the machine is busy. The examples are the same
# every time, so that no build fails by chance; with SOAK=1 they are always new.
hypothesis_settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=not SOAK,
    print_blob=True,
)
hypothesis_settings.load_profile("house")

OF_MANY = ("transaction=True", "transactional_db", "live_server")
"""What stands in a file with tests of several processes or threads."""

DATABASE_FIXTURES = frozenset({"db", "transactional_db", "live_server"})


def touches_database(item: pytest.Item) -> bool:
    """Tell whether a test asks for the database, by its marker or through any of its fixtures."""
    if item.get_closest_marker("django_db"):
        return True
    return bool(DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ())))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave files unread of which nothing would be told on PostgreSQL: reading all takes long."""
    if connection.vendor != "postgresql" or collection_path.suffix != ".py":
        return None
    path = collection_path.relative_to(config.rootpath).as_posix()
    if is_for_sqlite(path):
        return True
    is_enough = ONE_ENGINE and engine_enough(path) == "sqlite"
    if is_enough and not any(word in collection_path.read_text() for word in OF_MANY):
        return True
    return None


def engines_of(item: pytest.Item) -> tuple[str, ...]:
    """Return the engines a test is tried on: see `engines`."""
    if is_for_postgresql_alone(item.nodeid):
        return ("postgresql",)
    if item.get_closest_marker("browser") or is_for_sqlite(item.nodeid):
        return ("sqlite",)
    if not touches_database(item):
        return ("sqlite",)
    enough = engine_enough(item.nodeid.partition("::")[0])
    if ONE_ENGINE and enough and not is_story(item):
        return (enough,)
    return ("sqlite", "postgresql")


def is_story(item: pytest.Item) -> bool:
    """Tell whether a test is one of the long ones: of a browser, or of processes and threads."""
    marker = item.get_closest_marker("django_db")
    is_of_many = bool(marker and marker.kwargs.get("transaction"))
    asks_for = set(getattr(item, "fixturenames", ())) & {"transactional_db", "live_server"}
    return is_of_many or bool(asks_for or item.get_closest_marker("browser"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL keep what is for it; the browser tells its stories once, bar one on SQLite.

    Browser stories come last, so that a failing rule is seen before a failing page; but where
    several workers share the files, those with stories come first, or at the end all would wait for
    the one that has a long one left.
    """
    if hasattr(config, "workerinput"):
        long = {item.path for item in items if is_story(item)}
        items.sort(key=lambda item: item.path not in long)
    else:
        items.sort(key=lambda item: bool(item.get_closest_marker("browser")))
    kept = [item for item in items if connection.vendor in engines_of(item)]
    if len(kept) < len(items):
        chosen = set(kept)
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = kept


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Collect the static files once, before the workers start: the pages need the manifest."""
    if not hasattr(session.config, "workerinput") and not session.config.option.collectonly:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what is there for good: it is most of what there is.

    The tests themselves leave little behind, and looking for it took an eighth of their time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _watched_acts() -> None:
    """Let no act forget in which body it is done."""
    # the models have to be there
    from registry.acts import act_closed  # noqa: PLC0415
    from tests import body_chains  # noqa: PLC0415

    act_closed.connect(body_chains.watch, dispatch_uid="tests_watch_bodies")


@pytest.fixture(scope="session", autouse=True)
def _kept_processes() -> None:
    """Let a process that draws and reads go on: to begin another takes as long as three drawings.

    That it is replaced in the end is told by tests/registry/test_apart.py.
    """
    apart.WORKS_PER_PROCESS = 1_000


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Start every test with nothing remembered, in this process either.

    Rows that are made once come back with the keys and marks by which it remembers annexes.
    """
    # the models have to be there
    from risk.services.annexes import drawn_figures, drawn_sheets, weighed  # noqa: PLC0415

    cache.clear()
    for module in (drawn_figures, drawn_sheets, weighed):
        module._memory.rows.clear()
        module._memory.size = 0


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make the tables, and leave them as they are then after each transactional test."""
    with django_db_blocker.unblock():
        emptying = FileAsItWas() if connection.vendor == "sqlite" else Emptying()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            TransactionTestCase, "_fixture_teardown", lambda case: emptying.teardown(case)
        )
        yield
    with django_db_blocker.unblock():
        emptying.end()


# --- Browser ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """Serve the site as in production, the collected static files included.

    pytest-django would put the handler of staticfiles before it, which knows no name with a hash.
    """
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = lambda application: application
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's own chromium, or the browser named in BROWSER."""
    path = os.environ.get("BROWSER") or shutil.which("chromium-headless-shell")
    if not path:
        pytest.fail("No browser: install chromium-headless-shell or name one in BROWSER.")
    arguments = ["--disable-gpu", "--disable-dev-shm-usage"]
    if os.getuid() == 0:
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": path, "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Browse as an Italian office does."""
    return {
        **browser_context_args,
        "locale": "it-IT",
        "timezone_id": "Europe/Rome",
        "viewport": {"width": 1280, "height": 900},
    }


@pytest.fixture
def page_checks(context: BrowserContext, live_server: Any) -> Iterator[PageChecks]:
    """Watch all the pages of the test and fail it for what they may not do."""
    checks = PageChecks(host=urlsplit(live_server.url).netloc)
    checks.watch(context)
    yield checks
    assert not checks.unexpected(), "\n".join(checks.unexpected())


@pytest.fixture(autouse=True)
def _watched(request: pytest.FixtureRequest) -> None:
    """Watch every browser story, also one that forgets to ask for it."""
    if request.node.get_closest_marker("browser"):
        request.getfixturevalue("page_checks")


@pytest.fixture
def sign_in(context: BrowserContext, live_server: Any) -> Callable[[AbstractBaseUser], None]:
    """Return a function that signs a person in without the sign-in page."""

    def do_sign_in(user: AbstractBaseUser) -> None:
        client = Client()
        client.force_login(user)
        name = "sessionid"
        value = client.cookies[name].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])

    return do_sign_in


@pytest.fixture
def axe() -> Callable[..., None]:
    """Return a function that fails the test when a page breaks WCAG 2.1 AA."""

    def check(page: Page, *, within: str | None = None, without: str | None = None) -> None:
        findings = accessibility_findings(page, within=within, without=without)
        assert not findings, f"{page.url}\n" + "\n".join(findings)

    return check

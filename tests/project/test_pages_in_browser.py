"""Every page of the back office and the sign-in page, opened in a browser.

Each must break no accessibility rule, violate no policy, ask nothing of another host and write no
error to the console. The pages of the daily work have stories of their own.
"""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import RequestFactory
from django.urls import reverse
from model_bakery import baker

from tests.browser import accessibility_findings

pytestmark = pytest.mark.browser

BESIDE = "#nav-sidebar"
"""All lists, beside every page alike: read with the first page of each app."""


@pytest.fixture
def keeper(transactional_db):
    return baker.make(get_user_model(), username="carlo.prova", is_superuser=True, is_active=True)


def back_office_pages(user) -> list[str]:
    """Return the list and the empty form of every model this person finds in the admin."""
    request = RequestFactory().get("/")
    request.user = user
    pages = [reverse("admin:index"), reverse("admin:password_change")]
    for model, options in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if options.has_view_permission(request):
            pages.append(reverse(f"{name}_changelist"))
        if options.has_add_permission(request):
            pages.append(reverse(f"{name}_add"))
    return pages


def test_the_sign_in_page_is_accessible(page, live_server, axe):
    page.goto(f"{live_server.url}/accedi/")

    axe(page)


def test_the_policy_is_enforced_and_watched(page, live_server, page_checks):
    page.goto(f"{live_server.url}/accedi/")
    page_checks.expect("CSP script-src-elem: https://esempio.invalid/x.js")
    page_checks.expect("esempio.invalid")

    with page.expect_console_message(lambda message: message.text.startswith("CSP ")):
        page.evaluate(
            "() => { const s = document.createElement('script');"
            " s.src = 'https://esempio.invalid/x.js'; document.head.append(s); }"
        )

    assert page_checks.findings
    assert page_checks.unexpected() == []


def test_every_page_of_the_back_office_is_accessible(page, live_server, sign_in, keeper):
    sign_in(keeper)
    pages = back_office_pages(keeper)
    findings, apps = {}, set()

    for address in pages:
        answer = page.goto(live_server.url + address)
        assert answer.status == 200, address
        app = address.split("/")[2]
        if found := accessibility_findings(page, without=BESIDE if app in apps else None):
            findings[address] = found
        apps.add(app)

    assert len(pages) > 2
    assert {"registry", "risk"} < apps
    assert findings == {}, "\n".join(f"{k}\n  " + "\n  ".join(v) for k, v in findings.items())

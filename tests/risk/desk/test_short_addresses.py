"""Addresses are short only on a page that stands where they begin, not where a form was sent to."""

import re
from html import unescape
from urllib.parse import urljoin

import pytest
from django.urls import Resolver404, resolve, reverse

from registry.enums import MembershipRole
from tests.register import make_annex, make_phase, make_process
from tests.risk.treatment.conftest import member

pytestmark = pytest.mark.django_db

LEADS = re.compile(r'(?:action|href|hx-get|hx-post)="(?!#)([^"]+)"')
HOST = "http://testserver"


@pytest.fixture
def phase():
    return make_phase(make_process(make_annex(), "Rimborso"), "Istruttoria")


@pytest.fixture
def desk(client, phase):
    client.force_login(member(phase.process.annex, MembershipRole.EDITOR))
    return client


def lost(html: str, shown_at: str) -> list[str]:
    """Return the addresses of a page that lead nowhere from where it stands."""
    missing = []
    for address in {unescape(found) for found in LEADS.findall(html)}:
        whole = urljoin(HOST + shown_at, address).removeprefix(HOST).split("#")[0].split("?")[0]
        try:
            view = resolve(whole)
        except Resolver404:
            missing.append(address)
        else:
            if address.startswith("?") and view.url_name not in ("process_sheet", "mapping"):
                missing.append(address)
    return [one for one in missing if "static" not in one]


REFUSED = {
    "a phase of the sheet": lambda phase: (
        reverse("risk:phase", args=[phase.process.uid, phase.uid]),
        {"title": "", "version": 1},
        reverse("risk:process_sheet", args=[phase.process.uid]),
    ),
    "a row of the map": lambda phase: (
        reverse("risk:row_save", args=[phase.process.uid]),
        {"title": "", "number": "x", "version": 1},
        reverse("risk:mapping", args=[phase.process.annex.uid]),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_no_address_is_lost_where_a_form_was_refused(desk, phase, name):
    sent_to, data, page = REFUSED[name](phase)
    refused = desk.post(sent_to, data)
    assert refused.status_code == 200
    assert lost(refused.content.decode(), sent_to) == []

    shown = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": HOST + sent_to}
    later = desk.get(page, **shown)
    assert lost(later.content.decode(), sent_to) == []
    assert lost(desk.get(page).content.decode(), page) == []

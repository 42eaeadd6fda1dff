"""The desk of an editor, with something on each of its pages."""

import pytest

from tests.browser import wait_until_still
from tests.risk.desk.desk_world import addresses_of, make_desk_annex, sit_down


@pytest.fixture
def desk_annex(transactional_db):
    return make_desk_annex()


@pytest.fixture
def addresses(desk_annex, live_server):
    return addresses_of(desk_annex, live_server.url)


@pytest.fixture
def desk(page, sign_in, desk_annex, page_checks):
    yield sit_down(page, sign_in, desk_annex, page_checks)
    # what the page asks for by itself is answered before the rows go
    wait_until_still(page)

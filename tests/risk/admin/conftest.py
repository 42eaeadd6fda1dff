"""The two bodies every test of the back office looks at."""

import pytest

from tests.risk.admin.world import build


@pytest.fixture
def world(db):
    return build()

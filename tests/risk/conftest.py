"""What most tests of the room begin with; a file that needs another annex makes its own."""

import pytest

from tests.people import people_of
from tests.register import complete_annex


@pytest.fixture
def annex():
    """An annex of which nothing is missing."""
    return complete_annex()


@pytest.fixture
def people(annex):
    """The people of the annex by role: see `people_of`."""
    return people_of(annex)

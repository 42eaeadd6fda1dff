"""A plan with one office in it, and the people who bring files."""

import pytest

from tests.people import people_of
from tests.register import make_annex, make_area


@pytest.fixture
def annex():
    """An annex in draft whose body has one risk area, "F) Entrate"."""
    annex = make_annex()
    make_area(annex.plan.administration)
    return annex


@pytest.fixture
def people(annex):
    return people_of(annex)

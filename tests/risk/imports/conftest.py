"""A plan with one office in it, and the people who bring files."""

import pytest

from tests.people import client_of, people_of
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


@pytest.fixture
def editor(people):
    """The browser of the editor of the annex."""
    return client_of(people["editor"])

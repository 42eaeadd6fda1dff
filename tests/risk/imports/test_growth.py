"""What a file makes besides its rows costs the same for two offices and spellings as for twelve."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import Alias, Annex, Office
from risk.services.imports import apply_import
from risk.services.imports.preview import preview_of
from tests.people import people_of
from tests.register import make_annex, make_area
from tests.risk.imports.files import brought
from tests.statements import COUNTED

pytestmark = pytest.mark.django_db


def taking(annex, rpct, names: range) -> int:
    """Return how many statements it costs to take a file of so many offices and spellings."""
    body = annex.plan.administration
    for n in names:
        Office.objects.create(administration=body, code=f"NUOVO{n}", name=f"Nuovo ufficio {n}")
    rows = "".join(f"Nuovo ufficio {n};Processo {n};Entrate comunali {n}\n" for n in names)
    content = f"Ufficio;Processo;Area di rischio\n{rows}".encode()
    found = brought(annex.plan, None, by=rpct, content=content, read=False)
    found.answers = {"risk_area": {f"Entrate comunali {n}": {"is": "F"} for n in names}}
    found.save()
    digest = preview_of(register_import=found, by=rpct).digest
    with CaptureQueriesContext(connection) as captured:
        apply_import(register_import=found, digest=digest, by=rpct)
    return sum(query["sql"].startswith(COUNTED) for query in captured)


def test_offices_and_spellings_cost_no_more_statements():
    annex = make_annex()
    make_area(annex.plan.administration)
    rpct = people_of(annex)["rpct"]
    # what is read once is read
    taking(annex, rpct, range(2))
    few = taking(annex, rpct, range(2, 4))
    many = taking(annex, rpct, range(4, 16))

    assert Alias.objects.count() == 16
    assert Annex.objects.exclude(processes=None).count() == 16
    assert many <= few

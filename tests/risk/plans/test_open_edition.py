"""The command that opens the next edition."""

import io

import pytest
from django.core.management import CommandError, call_command

from registry.models import Plan
from tests.people import people_of
from tests.register import adopt, complete_annex

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    annex = complete_annex()
    adopt(annex.plan)
    return people_of(annex)


def open_edition(*, by: str = "rpct", **named: str) -> str:
    out = io.StringIO()
    options = {"source": "PTPCT 2021/2023", "title": "PTPCT 2022/2024", "by": by}
    call_command("open_edition", **{**options, **named}, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("people")
def test_it_opens_the_triennium_that_begins_a_year_later():
    assert open_edition() == "PTPCT 2022/2024: 1 allegato, 1 processo, 1 misura.\n"
    made = Plan.objects.get(title="PTPCT 2022/2024")
    assert (made.first_year, made.last_year, made.kind) == (2022, 2024, "ordinary")


@pytest.mark.usefixtures("people")
def test_an_update_has_the_years_of_the_plan():
    open_edition(kind="update", title="Aggiornamento")
    made = Plan.objects.get(title="Aggiornamento")
    assert (made.first_year, made.last_year, made.kind) == (2021, 2023, "update")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ({"source": "PTPCT 1999"}, "Nessun piano"),
        ({"title": "PTPCT 2021/2023"}, "ha già questo titolo"),
        ({"by": "testa"}, "spetta al RPCT"),
        ({"by": "nessuno"}, "spetta al RPCT"),
        ({"kind": "update", "first_year": 2022}, "triennio"),
        ({"first_year": 1900}, "dal 2012 al 2200"),
        ({"first_year": 2022, "last_year": 99_999}, "dal 2012 al 2200"),
        ({"first_year": 2030, "last_year": 2022}, "non può precedere"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(named, sentence):
    with pytest.raises(CommandError, match=sentence):
        open_edition(**named)
    assert Plan.objects.count() == 1

"""The map as it begins, asked by a statement that is kept: the same rows as by any other way."""

import datetime

import pytest
from django.test import RequestFactory
from django.urls import reverse

from registry.models import Process
from risk.models import PlanMethod
from risk.views.mapping.grid import ROWS_A_PAGE, MapGrid
from tests.register import assess, make_behaviour
from tests.risk.mapping.conftest import make_processes

pytestmark = pytest.mark.django_db
WORDS = ("title", "risk_area", "macroprocess", "level_id", "level_is_derived", "has_ex_officio")


def grid_of(world, **asked) -> MapGrid:
    request = RequestFactory().get("/", asked)
    request.user, request.htmx = world.editor, False
    return MapGrid(request, world.annex)


def told(rows) -> list[tuple]:
    return [(*(getattr(row, name) for name in WORDS), _function(row)) for row in rows]


def _function(row: Process):
    return row.macroprocess and row.macroprocess.function


@pytest.fixture
def processes(world):
    """Processes with what a row tells in all ways it may be told."""
    rows = make_processes(world.annex, 5)
    world.contracts.retired_on = datetime.date(2021, 1, 1)
    world.contracts.retired_reason = "Non si usa più."
    world.contracts.save()
    for row, area, macroprocess in (
        (rows[0], world.digital, world.general),
        (rows[1], world.contracts, world.organs),
        (rows[2], None, world.general),
    ):
        row.risk_area, row.macroprocess = area, macroprocess
        row.save()
    behaviour = make_behaviour(rows[1])
    behaviour.is_ex_officio = True
    behaviour.ex_officio_reason = "Lo chiede il piano."
    behaviour.save()
    assess(rows[0], world.method, "Alto")
    assess(behaviour, world.method, "Alto")
    rows[4].retired_on, rows[4].retired_reason = datetime.date(2021, 1, 1), "Non si fa più."
    rows[4].save()
    return rows


def test_its_rows_tell_what_those_of_a_filter_tell(world, processes):
    grid = grid_of(world)
    shown = [row.process for row in grid.context()["rows"]]

    assert len(shown) == 4
    assert told(shown) == told(grid.filtered_rows())
    assert [bool(row.level_id) for row in shown] == [True, True, False, False]
    assert shown[1].risk_area == world.contracts


@pytest.mark.parametrize(("count", "pages"), [(ROWS_A_PAGE, 1), (ROWS_A_PAGE + 1, 2)])
def test_it_counts_rows_and_pages(world, count, pages):
    make_processes(world.annex, count)
    page = grid_of(world).context()["page"]

    assert (page.paginator.count, page.paginator.num_pages) == (count, pages)
    assert len(page.object_list) == ROWS_A_PAGE


def test_without_a_method_no_row_has_a_level(world, processes):
    PlanMethod.objects.all().delete()

    shown = [row.process for row in grid_of(world).context()["rows"]]

    assert [row.level_id for row in shown] == [None] * 4
    assert shown[0].risk_area == world.digital


def test_each_annex_has_its_own_rows(editor, world, processes):
    address = reverse("risk:mapping", args=[world.annex.uid])
    for title in ("Prima", "Seconda"):
        Process.objects.filter(pk=processes[0].pk).update(title=title)
        assert title in editor.get(address).content.decode()

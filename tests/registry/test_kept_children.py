"""What hangs on rows is read by a statement put together once, and stands where a prefetch puts it.

The table says what is read so: each must read what `prefetch_related` reads of the same rows.
"""

import pytest
from django.db.models import F, prefetch_related_objects

from registry.kept_children import BELOW, KeptChildren
from registry.models import Phase, Process
from risk.models import EventCategory, RiskBehaviour
from tests.register import complete_annex, make_behaviour, make_process

pytestmark = pytest.mark.django_db

OF_PROCESSES = {
    "phases": lambda keys: Phase.objects.filter(process__in=keys),
    "behaviours": lambda keys: RiskBehaviour.objects.filter(process__in=keys),
}


@pytest.fixture
def annex():
    """An annex with two processes, one of them with all that a sheet may have."""
    annex = complete_annex()
    make_process(annex, title="Concorsi")
    return annex


def processes_of(annex) -> list[Process]:
    return list(annex.processes.order_by("pk"))


def below(rows, name: str) -> list[list]:
    return [list(getattr(row, name).all()) for row in rows]


@pytest.mark.parametrize("name", OF_PROCESSES)
def test_it_stands_where_a_prefetch_puts_it(annex, name, django_assert_num_queries):
    rows, wanted = processes_of(annex), processes_of(annex)
    prefetch_related_objects(wanted, name)

    with django_assert_num_queries(1):
        read = KeptChildren(name, OF_PROCESSES[name])(rows, [row.pk for row in rows])
        found = below(rows, name)
        assert all(one.process in rows for one in read)

    assert found == below(wanted, name)
    assert [len(some) for some in found] == [len(some) for some in below(wanted, name)]
    assert sum(map(len, found)) == len(read) > 0


def test_each_row_above_has_those_of_many_to_many(annex, django_assert_num_queries):
    process, other = processes_of(annex)
    category = EventCategory.objects.create(code="CE6", label="Pilotamento")
    # of a process that is not asked for
    make_behaviour(other).categories.set([category])
    make_behaviour(process, text="Un secondo")
    rows, wanted = ([*process.behaviours.order_by("pk")] for _turn in range(2))
    for row in rows:
        row.categories.set([category])
    prefetch_related_objects(wanted, "categories")
    read = KeptChildren(
        "categories",
        lambda key: EventCategory.objects.filter(behaviours__process=key).annotate(
            **{BELOW: F("behaviours")}
        ),
    )

    with django_assert_num_queries(1):
        assert len(read(rows, process.pk)) == 2
        found = below(rows, "categories")

    assert found == below(wanted, "categories") == [[category]] * 2


def test_what_is_sorted_or_filtered_is_asked_of_the_row_itself(annex):
    rows = processes_of(annex)
    KeptChildren("phases", OF_PROCESSES["phases"])(rows, [row.pk for row in rows])

    for row in rows:
        assert set(row.phases.order_by("-position")) == set(row.phases.all())
        assert set(row.phases.filter(process__isnull=False)) == set(row.phases.all())


def test_what_hangs_on_other_rows_is_left_out_of_these(annex):
    first, *others = processes_of(annex)
    keys = [first.pk, *(row.pk for row in others)]

    KeptChildren("phases", OF_PROCESSES["phases"])(others, keys)

    assert below(others, "phases") == [list(row.phases.order_by("position")) for row in others]


def test_below_no_rows_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert KeptChildren("phases", OF_PROCESSES["phases"])([], []) == []

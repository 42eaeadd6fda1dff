"""No list and no form of the back office asks the database more because there are more rows.

Nor is one larger because a body has 300 offices, 200 people or twelve editions more.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.many_offices import MOST_GROWN, add_many
from tests.risk.admin.test_rights import MODELS, READERS, address, name_of, row_of
from tests.risk.admin.world import build, enlarge


def counted(client, url):
    """Return the statements of one page, and its bytes."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
        assert answer.status_code == 200, url
    return [query["sql"] for query in queries], len(answer.content)


def pages(world, client, act):
    """Return what one page of every list costs, for whoever reads most of it."""
    found = {}
    for model in MODELS:
        reader = "rpct" if "rpct" in READERS[name_of(model)] else "superuser"
        client.force_login(world.people[reader])
        args = [row_of(world, model).pk] if act == "change" else []
        found[name_of(model)] = counted(client, address(model, act, *args))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["changelist", "change"])
def test_a_page_takes_the_same_queries_with_one_row_and_with_three(client, act):
    world = build()
    # the first answers fill what Django remembers for the whole process
    pages(world, client, act)
    with_one = pages(world, client, act)
    enlarge(world)
    add_many(world.a.administration)
    with_three = pages(world, client, act)

    grown = {
        name: [sql[:300] for sql in with_three[name][0] if with_three[name][0].count(sql) > 1]
        for name in with_one
        if len(with_three[name][0]) > len(with_one[name][0])
    }
    assert grown == {}
    # a list has fifty rows more, a form none
    most = MOST_GROWN * (1.5 if act == "changelist" else 1)
    larger = {
        name: (with_one[name][1], with_three[name][1])
        for name in with_one
        if with_three[name][1] > with_one[name][1] + most
    }
    assert larger == {}

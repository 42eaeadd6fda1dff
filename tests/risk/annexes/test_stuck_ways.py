"""Every way of writing the rows of an annex, tried first while somebody’s transaction is stuck.

Where it has to wait it is told so, nothing at all is written, and the same words sent again are
saved: on PostgreSQL, where the trail alone is held, when all the rest of the act is done.
"""

import pytest
from django.db.models import Model

from registry.models import TrailRecord
from registry.services.trail_verification import verify_trail
from risk.models import RegisterImport
from tests.risk.annexes.every_row import build
from tests.risk.annexes.test_four_eyes import TABLE
from tests.risk.annexes.ways import Desk
from tests.stuck import TRAIL, HinderedClient, in_a_hurry

pytestmark = pytest.mark.django_db(transaction=True)

WORLDS = {
    "pages": ("page", "paste", "library", "list"),
    "many rows": ("bulk",),
    "files": ("import",),
    "back office": ("back office", "deletion"),
}
"""Ways by act that find a world good in which those before them were gone."""
LEAST = {"pages": 15, "many rows": 2, "files": 2, "back office": 15}
"""Ways of a world that write; what the others say an act before them has said already."""


@pytest.mark.parametrize("world", WORLDS)
def test_every_way_waits_changes_nothing_and_is_saved_when_it_is_sent_again(world):
    one = build()
    desk = Desk(one, one.people["rpct"])
    desk.client = HinderedClient(TRAIL)
    desk.client.force_login(desk.person)
    done = 0
    with in_a_hurry():
        # backwards: of what is deleted, the parts before what they are of
        for way in (way for act in WORLDS[world] for way in reversed(TABLE[act])):
            _read_again(one)
            # a way takes the only file there is
            RegisterImport.objects.all().delete()
            told, records = len(desk.client.told), TrailRecord.objects.count()
            way(desk)
            is_done = TrailRecord.objects.count() > records
            assert is_done == (len(desk.client.told) > told), way.__name__
            done += is_done
    assert done > LEAST[world]
    assert verify_trail() == []


def _read_again(one) -> None:
    """Read the rows as they are by now: a page would show no others."""
    for row in vars(one).values():
        if isinstance(row, Model) and type(row).objects.filter(pk=row.pk).exists():
            row.refresh_from_db()

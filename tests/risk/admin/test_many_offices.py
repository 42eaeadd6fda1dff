"""The back office where a body has many offices: they are typed, in forms and in filters."""

import pytest
from django.urls import reverse

from registry.models import Annex, Membership, Office, Phase, Process
from registry.services.rows_called import MOST_OFFERED
from tests.many_offices import OFFICES, add_many
from tests.risk.admin.test_rights import address
from tests.risk.admin.world import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    made = build()
    add_many(made.a.administration)
    return made


@pytest.fixture
def far(world) -> Office:
    return Office.objects.get(code=f"GRANDE{OFFICES - 1}")


def membership(world, office: str) -> dict:
    return {
        "user": world.people["editor"].pk,
        "administration": world.a.administration.pk,
        "office": office,
        "role": "editor",
        "title": "",
        "starts_on": "01/01/2021",
        "ends_on": "",
    }


def test_an_office_is_typed_and_one_there_is_not_is_answered_with_the_nearest(world, client, far):
    client.force_login(world.people["superuser"])
    link = address(Membership, "add")
    before = Membership.objects.count()

    page = client.get(link).content.decode()
    refused = client.post(link, membership(world, "zona 299 servizio")).content.decode()
    saved = client.post(link, membership(world, f"{far.name} (c_a001)"))

    assert f'data-from="{reverse("registry:offices_anywhere")}"' in page
    assert far.name not in page
    assert f"Forse: «{far.name} (c_a001)»." in refused
    assert 'value="zona 299 servizio"' in refused
    assert saved.status_code == 302
    assert Membership.objects.count() == before + 1
    assert Membership.objects.latest("pk").office == far


def test_the_rows_of_a_form_show_their_offices_by_name(world, client, far):
    Phase.objects.filter(pk=world.a.phase.pk).update(executor_office=far)
    client.force_login(world.people["head"])

    page = client.get(address(Process, "change", world.a.process.pk)).content.decode()

    assert f'value="{far.name}"' in page
    assert page.count(far.name) == 1


@pytest.mark.parametrize("typed", ["{code}", "{name}", "{name} (c_a001)", "{first}"])
def test_a_list_is_filtered_by_an_office_that_is_typed(world, client, typed):
    office = world.a.office
    words = typed.format(code=office.code, name=office.name, first=office.name.upper()[:5])
    client.force_login(world.people["rpct"])
    link = address(Annex, "changelist")

    found = client.get(link, {"ufficio": words, "state__exact": "draft"})
    none = client.get(link, {"ufficio": "zzz"})
    kept = client.get(link, {"office__id__exact": office.pk})

    assert world.a.annex in list(found.context["cl"].result_list)
    assert list(none.context["cl"].result_list) == []
    assert list(kept.context["cl"].result_list) == list(Annex.objects.filter(office=office))
    assert f'value="{words}"' in found.content.decode()
    assert '<input type="hidden" name="state__exact" value="draft">' in found.content.decode()


def test_offices_of_other_bodies_are_not_offered(world, client):
    client.force_login(world.people["rpct"])
    assert client.get(reverse("registry:offices_anywhere")).json()["count"] == MOST_OFFERED

    own = client.get(reverse("registry:offices_anywhere"), {"q": "zona 007"}).json()

    client.force_login(world.people["stranger"])
    others = client.get(reverse("registry:offices_anywhere")).json()

    assert len(own["rows"]) == 1
    # of the other body, and nothing of this one
    assert [row["text"] for row in others["rows"]] == [world.b.office.name]

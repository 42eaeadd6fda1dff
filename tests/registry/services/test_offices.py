"""Offices are a tree, and a move says whom it lets in and shuts out before it is saved."""

from html import unescape

import pytest
from django.core.exceptions import ValidationError

from registry.models import Membership, Office
from registry.permissions import reach_of
from registry.services.offices import move_of
from tests.people import client_of
from tests.risk.admin.test_files import confirmed, imported, sheet
from tests.risk.admin.test_forms import typed, url
from tests.risk.admin.world import START, build, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Two directorates with a head each, and an office under the first with people of its own."""
    world = build()
    one = world.a
    one.first, one.second = (_office(one, code) for code in ("D1", "D2"))
    one.office.parent = one.first
    one.office.save()
    one.under = _office(one, "SOTTO", parent=one.office)
    for name, office in (("capo1", one.first), ("capo2", one.second), ("vice", one.under)):
        world.people[name] = person(name)
        role = {"administration": one.administration, "office": office, "starts_on": START}
        Membership.objects.create(user=world.people[name], role="head", **role)
    return world


def _office(one, code, **fields):
    owner = {"administration": one.administration}
    return Office.objects.create(code=code, name=f"Ufficio {code}", **owner, **fields)


def names(people) -> list[str]:
    return [user.username for user in people]


def test_a_move_lets_in_and_shuts_out_as_rights_do(world):
    one = world.a
    everybody = [user for user in world.people.values() if not user.is_superuser]
    before = {u.username for u in everybody if one.office.pk in reach_of(u).own_offices}
    move = move_of(one.office, one.second)
    assert (names(move.gains), names(move.loses)) == (["capo2"], ["capo1"])
    one.office.parent = one.second
    one.office.save()
    fresh = [type(user).objects.get(pk=user.pk) for user in everybody]
    after = {u.username for u in fresh if one.office.pk in reach_of(u).own_offices}
    assert (after - before, before - after) == ({"capo2"}, {"capo1"})
    assert names(move_of(one.office, None).loses) == ["capo2"]


def test_who_reaches_it_anyhow_neither_gains_nor_loses(world):
    one = world.a
    role = {"administration": one.administration, "office": one.second, "starts_on": START}
    Membership.objects.create(user=world.people["capo1"], role="editor", **role)
    assert names(move_of(one.office, one.second).loses) == []
    assert names(move_of(one.office, one.second).gains) == ["capo2"]


@pytest.mark.parametrize("under", ["office", "under"])
def test_no_office_stands_under_itself(world, under):
    one = world.a
    one.office.parent = getattr(one, under)
    with pytest.raises(ValidationError, match="non sta sotto sé stesso"):
        one.office.full_clean()


def test_the_back_office_tells_a_move_before_it_saves_it(world, client):
    client.force_login(world.people["rpct"])
    one = world.a
    data = typed(client, one.office) | {"parent": one.second.pk}
    page = client.post(url(one.office), data)
    told = page.content.decode()
    assert "li vede anche: capo2. Non li vede più: capo1. Salvare di nuovo" in told
    one.office.refresh_from_db()
    assert one.office.parent == one.first
    form = page.context["adminform"].form
    told_already = {"move_told": form["move_told"].value()}
    assert client.post(url(one.office), data | told_already).status_code == 302
    one.office.refresh_from_db()
    assert one.office.parent == one.second


def test_what_was_told_of_another_move_confirms_nothing(world, client):
    client.force_login(world.people["rpct"])
    one = world.a
    data = typed(client, one.office)
    page = client.post(url(one.office), data | {"parent": one.second.pk})
    told = {"move_told": page.context["adminform"].form["move_told"].value()}
    answer = client.post(url(one.office), data | told | {"parent": ""})
    assert "Non li vede più: capo1" in answer.content.decode()
    one.office.refresh_from_db()
    assert one.office.parent == one.first


def test_a_circle_is_refused_on_the_page_in_a_sentence(world, client):
    client.force_login(world.people["rpct"])
    data = typed(client, world.a.office) | {"parent": world.a.under.pk}
    page = client.post(url(world.a.office), data).content.decode()
    assert "Un ufficio non sta sotto sé stesso" in page


HEADS = ["Amministrazione", "Codice", "Denominazione", "Ufficio superiore"]


def row_of(office, parent=None) -> list[str]:
    code = parent.code if parent else ""
    return [office.administration.ipa_code, office.code, office.name, code]


def test_a_file_tells_its_moves_before_it_is_confirmed(world):
    """All the moves of a file together: the second office leaves the first, which moves too."""
    one, rpct = world.a, client_of(world.people["rpct"])
    file = sheet(HEADS, row_of(one.first), row_of(one.office, one.second), row_of(one.under))
    page = imported(rpct, Office, file, "0")
    first, second = page.context["notes"]
    assert first.startswith(f"Riga 3, {one.office}:")
    assert "li vede anche: capo2. Non li vede più: capo1." in first
    assert second.startswith(f"Riga 4, {one.under}:")
    assert "li vede anche: nessuno. Non li vede più: capo1" in second
    assert "capo2" not in second
    assert first in unescape(page.content.decode())
    one.office.refresh_from_db()
    assert one.office.parent == one.first
    confirmed(rpct, Office, page)
    one.office.refresh_from_db()
    assert one.office.parent == one.second


@pytest.mark.parametrize("rows", ["one", "two"])
def test_a_circle_in_a_file_is_refused_with_the_place_of_its_row(world, rows):
    one, rpct = world.a, client_of(world.people["rpct"])
    if rows == "one":
        file = sheet(HEADS, row_of(one.second), row_of(one.office, one.under))
    else:
        # each alone would do
        file = sheet(HEADS, row_of(one.first, one.second), row_of(one.second, one.under))
    (refusal,) = imported(rpct, Office, file, "0").context["refusals"]
    assert (refusal.row, refusal.column) == (3, "Ufficio superiore")
    assert "non sta sotto sé stesso" in refusal.text


def test_a_file_that_moves_nothing_tells_nothing(world):
    one, rpct = world.a, client_of(world.people["rpct"])
    renamed = row_of(one.office, one.first)
    renamed[2] = "Altro nome"
    assert imported(rpct, Office, sheet(HEADS, renamed), "0").context["notes"] == []

"""What is kept on the desk is changed by whoever may change it in the back office, nobody else."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import RequestFactory
from django.urls import reverse

from registry.models import Administration, DirectoryRule, Office, Plan
from tests.project.address_world import PEOPLE, World

PAGES = {
    "registry:office_add": (Office, "add", lambda home: []),
    "registry:offices_add": (Office, "add", lambda home: []),
    "registry:office": (Office, "change", lambda home: [home.office.pk]),
    "registry:settings": (Administration, "change", lambda home: []),
    "risk:plan_new": (Plan, "add", lambda home: []),
    "risk:plan_data": (Plan, "change", lambda home: [home.plan.slug]),
    "risk:catalogue_add": (DirectoryRule, "add", lambda home: ["gruppi"]),
    "risk:catalogue_entry": (
        DirectoryRule,
        "change",
        lambda home: ["gruppi", home.directoryrule.pk],
    ),
}
"""A page of the desk, what it writes, and which right of the back office it stands for."""


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def row_of(model: type, home):
    rows = {Administration: home.administration, Office: home.office, Plan: home.plan}
    return rows.get(model) or home.directoryrule


def may_in_back_office(person, model: type, right: str, home) -> bool:
    """Tell whether somebody may add such a row to a body, or change the one it has."""
    request = RequestFactory().get("/")
    request.user = person
    pages, row = admin.site._registry[model], row_of(model, home)
    if not pages.reachable(request).filter(pk=row.pk).exists() and right == "change":
        return False
    if right == "change":
        return pages.has_change_permission(request, row)
    of_body = pages.may(pages.add_right or pages.change_right, request, row)
    return pages.has_add_permission(request) and of_body


@pytest.mark.django_db
@pytest.mark.parametrize("home", ["own", "body"])
@pytest.mark.parametrize("name", PAGES)
def test_the_desk_lets_change_what_the_back_office_does(world, name, home):
    model, right, parts = PAGES[name]
    where = world.homes[home]
    address = reverse(name, args=[where.administration.ipa_code, *parts(where)])

    found = {who: world.client(who).get(address).status_code == 200 for who in PEOPLE}

    people = {who: type(user).objects.get(pk=user.pk) for who, user in world.people.items()}
    assert found == {
        who: may_in_back_office(person, model, right, where) for who, person in people.items()
    }

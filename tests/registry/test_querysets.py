"""Which rows a person may see, and which office answers to a text."""

import datetime

import pytest
from django.utils import timezone

from registry.models import Annex, ExecutorRole, Membership, Office, Plan, Process, RiskArea, User
from registry.querysets import is_frozen
from tests.register import close
from tests.risk.admin.world import build


@pytest.fixture
def world(db):
    return build()


def fresh(person):
    """The person as a new request would read them: reach is remembered for one request."""
    return User.objects.get(pk=person.pk)


@pytest.mark.parametrize("name", ["head", "editor", "rpct", "auditor"])
def test_people_see_the_annex_and_the_processes_of_their_own_body_only(world, name):
    user = world.people[name]

    assert list(Annex.objects.visible_to(user)) == [world.a.annex]
    assert list(Process.objects.visible_to(user)) == [world.a.process]
    assert list(Plan.objects.visible_to(user)) == [world.a.plan]


def test_a_superuser_without_membership_sees_the_lists_and_no_annex(world):
    user = world.people["superuser"]

    assert RiskArea.objects.visible_to(user).count() == 2
    assert not Annex.objects.visible_to(user).exists()
    assert not Process.objects.visible_to(user).exists()


def test_an_office_is_seen_by_who_is_above_it_and_not_by_who_is_beside(world):
    a = world.a
    under = Office.objects.create(
        administration=a.administration, parent=a.office, code="S", name="Sotto"
    )
    beside = Office.objects.create(administration=a.administration, code="L", name="Accanto")
    below, aside = (Annex.objects.create(plan=a.plan, office=office) for office in (under, beside))

    seen = Annex.objects.visible_to(world.people["head"])

    assert below in seen
    assert aside not in seen
    assert aside in Annex.objects.visible_to(world.people["rpct"])


def test_a_role_that_is_over_or_has_not_begun_shows_nothing(world):
    today = timezone.localdate()
    day = datetime.timedelta(days=1)
    membership = world.people["head"].memberships.get()

    Membership.objects.filter(pk=membership.pk).update(ends_on=today - day)
    assert not Annex.objects.visible_to(fresh(world.people["head"])).exists()
    Membership.objects.filter(pk=membership.pk).update(ends_on=today)
    assert Annex.objects.visible_to(fresh(world.people["head"])).exists()
    Membership.objects.filter(pk=membership.pk).update(starts_on=today + day, ends_on=None)
    assert not Annex.objects.visible_to(fresh(world.people["head"])).exists()


def test_national_rows_are_seen_by_every_member(world):
    national = RiskArea.objects.create(code="Z", label="Nazionale", kind="general")

    assert national in RiskArea.objects.visible_to(world.people["stranger"])
    assert world.a.riskarea not in RiskArea.objects.visible_to(world.people["stranger"])


@pytest.mark.parametrize("text", ["ufficio 1", "UFFICIO  1", "u1", "Uff. 1", "uff. 1"])
def test_an_office_answers_to_name_code_and_other_spelling(world, text):
    own = Office.objects.filter(administration=world.a.administration)

    assert own.answering_to(text).get() == world.a.office


def test_the_empty_text_names_no_office(world):
    assert not Office.objects.answering_to("  ").exists()


def test_a_row_is_frozen_by_an_annex_that_is_not_open(world):
    area = world.a.riskarea
    assert not is_frozen(area)

    close(world.a.annex, "returned")
    assert not is_frozen(area)
    close(world.a.annex, "issued")
    assert is_frozen(area)
    assert not is_frozen(world.b.riskarea)


@pytest.mark.parametrize(
    "name",
    [
        *("riskarea", "macroprocess", "institutionalfunction", "executorrole", "eventcategory"),
        *("measure", "method", "level", "indicator", "answer", "matrixcell"),
    ],
)
def test_what_a_closed_annex_names_is_frozen_with_its_parts(world, name):
    assert not is_frozen(getattr(world.a, name))

    close(world.a.annex, "issued")
    assert is_frozen(getattr(world.a, name))
    assert not is_frozen(getattr(world.b, name))


def test_a_role_that_answers_for_a_step_alone_is_frozen(world):
    role = ExecutorRole.objects.create(administration=world.a.administration, code="R", label="R")
    world.a.plannedmeasure.steps.update(responsible_role=role)
    assert not is_frozen(role)

    close(world.a.annex, "issued")
    assert is_frozen(role)


@pytest.mark.parametrize("name", ["office", "process", "libraryprocess", "libraryphase"])
def test_what_no_list_is_or_no_annex_names_stays_free(world, name):
    close(world.a.annex, "issued")

    assert not is_frozen(getattr(world.a, name))

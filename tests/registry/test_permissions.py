"""The table of rights, line by line: who may, in which state, and whose row it is."""

import pytest
import rules

from registry.models import Plan, RiskArea, User
from registry.permissions import PERMISSIONS, administration_of, annex_of
from tests.register import close
from tests.risk.admin.world import build

EVERYONE = ("head", "editor", "rpct", "auditor", "stranger", "superuser")
# Line, the row of body A it is asked about, those who may.
TABLE = {
    ("registry.enter_back_office", "administration"): set(EVERYONE),
    ("registry.keep_people", "office"): {"superuser"},
    ("registry.keep_administrations", "administration"): {"superuser"},
    ("registry.set_one_person", "administration"): {"rpct", "superuser"},
    ("registry.view_people", "office"): {"rpct", "superuser"},
    ("registry.manage_members", "administration"): {"rpct", "superuser"},
    ("registry.view_trail", "administration"): {"rpct", "auditor", "superuser"},
    ("registry.view_reference", "anacarea"): set(EVERYONE),
    ("registry.view_administration", "administration"): set(EVERYONE) - {"stranger"},
    ("registry.view_catalogue", "riskarea"): set(EVERYONE) - {"stranger"},
    ("registry.change_catalogue", "riskarea"): {"rpct", "superuser"},
    ("registry.view_plan", "plan"): {"head", "editor", "rpct", "auditor"},
    ("registry.change_plan", "plan"): {"rpct"},
    ("registry.open_annex", "plan"): {"rpct"},
    ("registry.view_annex", "process"): {"head", "editor", "rpct", "auditor"},
    ("registry.change_annex", "process"): {"head", "editor", "rpct"},
    ("registry.delete_annex", "annex"): {"rpct"},
    ("registry.delete_row", "process"): {"head", "editor", "rpct"},
}


@pytest.fixture
def world(db):
    return build()


def who_may(world, line, row):
    return {name for name in EVERYONE if rules.has_perm(line, world.people[name], row)}


def test_the_table_is_asked_line_by_line():
    assert {line for line, _row in TABLE} == set(PERMISSIONS)


@pytest.mark.parametrize(("line", "row"), TABLE, ids=lambda part: str(part))
def test_who_may(world, line, row):
    assert who_may(world, line, getattr(world.a, row)) == TABLE[line, row]


@pytest.mark.parametrize("state", ["submitted", "approved", "validated", "issued"])
def test_nobody_changes_an_annex_that_is_not_open(world, state):
    close(world.a.annex, state)
    world.a.process.annex.refresh_from_db()
    world.a.annex.refresh_from_db()

    for line, row in (
        ("registry.change_annex", world.a.process),
        ("registry.delete_row", world.a.process),
        ("registry.delete_annex", world.a.annex),
    ):
        assert who_may(world, line, row) == set()
    assert who_may(world, "registry.view_annex", world.a.process)


def test_nobody_changes_an_adopted_plan(world):
    world.a.plan.state = "adopted"

    assert who_may(world, "registry.change_plan", world.a.plan) == set()
    assert who_may(world, "registry.open_annex", world.a.plan) == set()


def test_what_came_from_the_previous_edition_is_not_deleted(world):
    world.a.process.origin_uid = world.b.process.uid

    assert who_may(world, "registry.delete_row", world.a.process) == set()


def test_national_rows_are_written_by_the_installation_alone(world):
    national = RiskArea(code="Z", label="Nazionale", kind="general")

    assert who_may(world, "registry.change_catalogue", national) == {"superuser"}


def test_a_person_who_may_no_longer_sign_in_may_nothing(world):
    person = world.people["head"]
    User.objects.filter(pk=person.pk).update(is_active=False)

    gone = User.objects.get(pk=person.pk)
    assert not rules.has_perm("registry.view_annex", gone, world.a.process)


def test_every_row_of_the_register_knows_its_annex_and_its_body(world):
    one = world.a
    rows = ("annex", "process", "phase", "action", "riskbehaviour", "coverage", "assessment")
    rows += ("rating", "plannedmeasure", "measuretarget", "implementationstep")
    for name in rows:
        assert annex_of(getattr(one, name)) == one.annex, name
        assert administration_of(getattr(one, name)) == one.administration.pk, name
    assert administration_of(RiskArea()) is None
    assert administration_of(Plan(administration=one.administration)) == one.administration.pk

"""The roles of a membership: every role answers every question, and its rights say the same."""

import datetime
from dataclasses import fields

import pytest
from django.core.exceptions import ValidationError

from ptpct.signin.accounts import needs_second_factor
from registry.enums import MembershipRole
from registry.permissions import roles_on
from registry.roles import OF_BODY, OF_OFFICE, ROLE_RIGHTS, RoleRights, in_order, rights_of
from registry.services.people import end_membership, name_deputy
from risk.services.annexes.remarks import may_remark
from tests.people import make_member, make_person
from tests.register import make_annex

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 3, 2)


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture(params=MembershipRole)
def membership(request, annex):
    """Return the membership of somebody who holds one role, in the office where it has one."""
    office = annex.office if rights_of(request.param).of_office else None
    person = make_member("persona", request.param, body=annex.plan.administration, office=office)
    return person.memberships.get()


def test_every_role_has_its_row_and_is_of_an_office_or_of_the_body():
    assert set(ROLE_RIGHTS) == set(MembershipRole) == OF_OFFICE | OF_BODY
    assert not OF_OFFICE & OF_BODY
    assert in_order(OF_OFFICE | OF_BODY) == MembershipRole.values


@pytest.mark.parametrize("question", [field.name for field in fields(RoleRights)])
def test_a_role_that_leaves_a_question_open_cannot_be_made(question):
    whole = ROLE_RIGHTS[MembershipRole.RPCT]
    answers = {field.name: getattr(whole, field.name) for field in fields(RoleRights)}
    assert RoleRights(**answers) == whole
    del answers[question]

    with pytest.raises(TypeError, match=question):
        RoleRights(**answers)


def test_a_role_reaches_what_its_row_says(membership, annex):
    person, rights, body = membership.user, membership.rights, annex.plan.administration
    other = make_annex(body, office="Anagrafe")

    assert roles_on(person, annex) == {membership.role}
    assert roles_on(person, other) == (set() if rights.of_office else {membership.role})
    assert person.has_perm("registry.view_annex", annex)
    assert person.has_perm("registry.view_annex", other) != rights.of_office
    assert person.has_perm("registry.change_annex", annex) == rights.edits
    assert person.has_perm("risk.save_to_library", annex) == rights.edits
    assert person.has_perm("registry.change_plan", annex.plan) == rights.governs
    assert person.has_perm("registry.manage_members", body) == rights.governs
    assert may_remark(annex=annex, process=None, by=person) == rights.remarks


def test_the_sign_in_asks_one_more_proof_where_the_row_says_so(membership, settings):
    settings.MFA_FOR_RPCT = True
    assert needs_second_factor(membership.user) == membership.rights.second_factor

    settings.MFA_FOR_RPCT = False
    assert not needs_second_factor(membership.user)


def test_a_deputy_stands_in_for_whoever_heads_an_office(membership):
    days = {"starts_on": TODAY, "ends_on": TODAY + datetime.timedelta(days=9)}

    def stand_in():
        return name_deputy(head=membership, deputy=make_person("vice"), **days, by=None)

    if membership.rights.heads_office:
        assert stand_in().role == membership.role
    else:
        with pytest.raises(ValidationError, match="responsabile d’ufficio"):
            stand_in()


def test_the_last_of_a_role_that_is_never_vacant_stays(membership):
    keeper = make_member("rpct", "rpct", body=membership.administration)
    if membership.role == MembershipRole.RPCT:
        keeper.memberships.all().delete()
        keeper = membership.user

    if membership.rights.never_vacant:
        with pytest.raises(ValidationError, match="È l’unico RPCT"):
            end_membership(membership=membership, on=TODAY, by=keeper)
    else:
        assert end_membership(membership=membership, on=TODAY, by=keeper).ends_on == TODAY

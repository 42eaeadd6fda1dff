"""Roles end and begin at the same instant: a body keeps an RPCT, and nobody has a role twice."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from registry.models import DirectoryRule, Membership
from registry.services.directory import apply_groups
from registry.services.people import end_membership
from registry.services.trail_verification import verify_trail
from tests.concurrency import race
from tests.people import START, make_person
from tests.soak import rounds

ONE_DAY = datetime.timedelta(days=1)

pytestmark = [
    pytest.mark.soak,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("round", rounds(1, soak=50)),
]


def left_the_group(row: Membership, by):
    def run(go):
        go()
        return apply_groups(person=row.user, groups=[])

    return run


def ended_by_the_other(row: Membership, by):
    def run(go):
        go()
        return end_membership(membership=row, on=timezone.localdate() - ONE_DAY, by=by)

    return run


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (left_the_group, left_the_group),
        (left_the_group, ended_by_the_other),
        (ended_by_the_other, ended_by_the_other),
    ],
)
def test_a_body_keeps_an_rpct_whoever_ends_them(annex, first, second, round):
    body = annex.plan.administration
    told = {"administration": body, "role": "rpct", "starts_on": START, "from_directory": True}
    rows = [
        Membership.objects.create(user=make_person(name), **told) for name in ("rpct-a", "rpct-b")
    ]
    one, other = (row.user for row in rows)

    ends = race(first(rows[0], other), second(rows[1], one), blink=0.002)

    failed = [end for end in ends if isinstance(end, Exception)]
    # who comes second is told that one has to stay, or is an RPCT no more and may end nobody
    refusals = (ValidationError, PermissionDenied)
    assert all(isinstance(error, refusals) for error in failed), failed
    lasting = body.memberships.filter(role="rpct", ends_on=None)
    assert lasting.count() == 1
    assert verify_trail() == []


def test_two_sign_ins_give_a_role_once(annex, round):
    body = annex.plan.administration
    person = make_person("rubrica")
    DirectoryRule.objects.create(administration=body, group="OIV", role="auditor")

    def sign_in(go):
        go()
        return apply_groups(person=type(person).objects.get(pk=person.pk), groups=["oiv"])

    given = [end[0] for end in race(sign_in, sign_in, blink=0.002)]

    assert sorted(map(len, given)) == [0, 1]
    assert person.memberships.count() == 1
    assert verify_trail() == []

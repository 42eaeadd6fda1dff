"""The acts about people: what each does, what it refuses, and from when to when rights reach."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError

from registry.models import Membership, Office, TrailRecord
from registry.permissions import reach_of
from registry.services import invitations
from registry.services.invitations import answer
from registry.services.people import (
    end_membership,
    hand_over,
    invite_person,
    name_deputy,
    reset_second_factor,
    send_invitation,
)
from tests.people import make_member, make_person
from tests.register import make_annex, make_body
from tests.registry.accounts.sign_in import give_second_factor

pytestmark = pytest.mark.django_db

DAY = datetime.date(2027, 3, 10)
ONE = datetime.timedelta(days=1)


@pytest.fixture
def body(annex):
    return annex.plan.administration


@pytest.fixture
def keeper(db):
    return make_person("custode", is_superuser=True)


@pytest.fixture
def head_row(people):
    return people["head"].memberships.get()


@pytest.fixture
def invite(body, annex, people):
    """Invite Ada Neri to the office of the annex, unless told otherwise."""

    def do_invite(**changes):
        wanted = {
            "email": "ada@esempio.it",
            "first_name": "Ada",
            "last_name": "Neri",
            "administration": body,
            "office": annex.office,
            "role": "editor",
            "starts_on": DAY,
            "by": people["rpct"],
        }
        return invite_person(**(wanted | changes))

    return do_invite


def fresh(person):
    """Return the person with nothing remembered."""
    return get_user_model().objects.get(pk=person.pk)


ACTS = {
    "invite": lambda row, other, by: invite_person(
        email="ada@esempio.it",
        first_name="Ada",
        last_name="Neri",
        administration=row.administration,
        office=row.office,
        role="editor",
        starts_on=DAY,
        by=by,
    ),
    "invite again": lambda row, other, by: send_invitation(membership=row, by=by),
    "end": lambda row, other, by: end_membership(membership=row, on=DAY, by=by),
    "hand over": lambda row, other, by: hand_over(membership=row, to=other, on=DAY, by=by),
    "name a deputy": lambda row, other, by: name_deputy(
        head=row, deputy=other, starts_on=DAY, ends_on=DAY, by=by
    ),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("rpct", True),
        ("keeper", True),
        ("head", False),
        ("editor", False),
        ("auditor", False),
        ("colleague", False),
        ("stranger", False),
        ("rpct elsewhere", False),
    ],
)
def test_who_may(people, keeper, head_row, act, who, allowed):
    elsewhere = make_member("altrove", "rpct", body=make_body("c_x002"))
    by = fresh({**people, "keeper": keeper, "rpct elsewhere": elsewhere}[who])
    before = list(Membership.objects.values_list("pk", "ends_on"))

    if allowed:
        ACTS[act](head_row, people["colleague"], by)
    else:
        with pytest.raises(PermissionDenied):
            ACTS[act](head_row, people["colleague"], by)
        assert list(Membership.objects.values_list("pk", "ends_on")) == before


class TestInvite:
    def test_a_new_person_gets_a_name_and_no_password(self, invite, people, body):
        made = invite(email="Ada@Esempio.it")

        person = made.user
        assert (person.username, person.email) == ("ada.neri", "ada@esempio.it")
        assert not person.has_usable_password()
        assert (made.administration, made.role, made.starts_on) == (body, "editor", DAY)
        assert made.history.get().history_user == people["rpct"]
        assert TrailRecord.objects.first().kind == "people"

    def test_namesakes_get_a_number(self, invite):
        names = [invite(email=f"ada{n}@esempio.it").user.username for n in range(3)]

        assert names == ["ada.neri", "ada.neri2", "ada.neri3"]

    def test_who_is_known_by_the_address_just_gets_the_role(self, invite, people):
        people["head"].last_login = "2026-01-01T09:00:00Z"
        people["head"].save()
        before = get_user_model().objects.count()

        made = invite(email="TESTA@esempio.it", first_name="", last_name="", role="editor")

        assert made.user == people["head"]
        assert get_user_model().objects.count() == before

    def test_twice_the_same_is_once(self, invite, mailoutbox, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            assert invite() == invite()

        assert get_user_model().objects.filter(last_name="Neri").count() == 1
        assert len(mailoutbox) == 1

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"first_name": " "}, "Serve per invitare"),
            ({"email": "non-un-indirizzo"}, "indirizzo email"),
            ({"role": "rpct"}, "RPCT e organismo di valutazione no"),
            ({"office": None}, "hanno un ufficio"),
        ],
    )
    def test_what_is_refused(self, invite, changes, words):
        with pytest.raises(ValidationError, match=words):
            invite(**changes)
        assert not get_user_model().objects.filter(last_name="Neri").exists()

    def test_the_office_is_one_of_the_body_in_use(self, invite, annex):
        foreign = Office.objects.create(
            administration=make_body("c_x002"), code="F", name="Forestiero"
        )
        with pytest.raises(ValidationError, match="ufficio in uso"):
            invite(office=foreign)
        annex.office.retired_on = DAY
        with pytest.raises(ValidationError, match="ufficio in uso"):
            invite(office=annex.office)

    def test_not_the_same_role_twice_at_a_time(self, invite):
        invite()

        with pytest.raises(ValidationError, match="ha già questo ruolo"):
            invite(starts_on=DAY + ONE)

    def test_not_for_a_suspended_person(self, invite):
        make_person("sospesa", email="ada@esempio.it", is_active=False)

        with pytest.raises(ValidationError, match="sospeso"):
            invite()

    def test_nobody_is_invited_again_who_has_come_in(self, people, head_row, mailoutbox):
        send_invitation(membership=head_row, by=people["rpct"])
        assert mailoutbox[0].to == ["testa@esempio.it"]

        head_row.user.last_login = "2026-01-01T09:00:00Z"
        with pytest.raises(ValidationError, match="è già entrato"):
            send_invitation(membership=head_row, by=people["rpct"])


class TestEnd:
    def test_rights_reach_to_the_last_day(self, people, head_row):
        end_membership(membership=head_row, on=DAY, by=people["rpct"])

        assert reach_of(fresh(people["head"]), DAY).headed_offices == {head_row.office_id}
        assert not reach_of(fresh(people["head"]), DAY + ONE).headed_offices

    def test_not_before_the_start(self, people, head_row):
        with pytest.raises(ValidationError, match="precedere l’inizio"):
            end_membership(membership=head_row, on=head_row.starts_on - ONE, by=people["rpct"])

    def test_a_body_keeps_an_rpct(self, people, keeper):
        row = people["rpct"].memberships.get()
        with pytest.raises(ValidationError, match="unico RPCT"):
            end_membership(membership=row, on=DAY, by=people["rpct"])

        successor = hand_over(membership=row, to=people["colleague"], on=DAY, by=people["rpct"])
        assert (successor.role, successor.office) == ("rpct", None)
        row.refresh_from_db()
        assert row.ends_on == DAY
        end_membership(membership=successor, on=DAY + 5 * ONE, by=keeper)


class TestHandOver:
    def test_from_one_day_to_the_next(self, people, head_row):
        made = hand_over(membership=head_row, to=people["colleague"], on=DAY, by=people["rpct"])

        office = head_row.office_id
        assert (made.starts_on, made.ends_on, made.title) == (DAY + ONE, None, "")
        for day, who in ((DAY, "head"), (DAY + ONE, "colleague")):
            for name in ("head", "colleague"):
                reached = office in reach_of(fresh(people[name]), day).headed_offices
                assert reached == (name == who), (day, name)

    def test_twice_is_once(self, people, head_row):
        first, second = (
            hand_over(membership=head_row, to=people["colleague"], on=DAY, by=people["rpct"])
            for _time in range(2)
        )

        assert first == second

    def test_not_to_oneself(self, people, head_row):
        with pytest.raises(ValidationError, match="stessa persona"):
            hand_over(membership=head_row, to=people["head"], on=DAY, by=people["rpct"])

    def test_nothing_is_half_done(self, people, head_row):
        people["colleague"].is_active = False

        with pytest.raises(ValidationError, match="sospeso"):
            hand_over(membership=head_row, to=people["colleague"], on=DAY, by=people["rpct"])
        head_row.refresh_from_db()
        assert head_row.ends_on is None


class TestDeputy:
    @pytest.fixture
    def deputy(self, people, head_row):
        return name_deputy(
            head=head_row,
            deputy=people["colleague"],
            starts_on=DAY,
            ends_on=DAY + 4 * ONE,
            by=people["rpct"],
        )

    @pytest.mark.parametrize(
        ("day", "stands_in"),
        [(DAY - ONE, False), (DAY, True), (DAY + 4 * ONE, True), (DAY + 5 * ONE, False)],
    )
    def test_reaches_what_the_head_reaches_between_the_days(
        self, people, head_row, deputy, annex, day, stands_in
    ):
        under = Office.objects.create(
            administration=head_row.administration, parent=annex.office, code="S", name="Sotto"
        )
        head = reach_of(fresh(people["head"]), day).headed_offices
        assert head == {annex.office_id, under.pk}
        assert reach_of(fresh(people["colleague"]), day).headed_offices == (
            head if stands_in else frozenset()
        )

    def test_stops_with_the_head(self, people, head_row, deputy):
        later = name_deputy(
            head=head_row,
            deputy=people["editor"],
            starts_on=DAY + 10 * ONE,
            ends_on=DAY + 12 * ONE,
            by=people["rpct"],
        )

        end_membership(membership=head_row, on=DAY + ONE, by=people["rpct"])

        deputy.refresh_from_db()
        assert deputy.ends_on == DAY + ONE
        assert not Membership.objects.filter(pk=later.pk).exists()

    def test_may_stop_earlier_but_not_outlast_the_head(self, people, head_row, deputy):
        end_membership(membership=head_row, on=DAY + 9 * ONE, by=people["rpct"])
        end_membership(membership=deputy, on=DAY + ONE, by=people["rpct"])

        with pytest.raises(ValidationError, match="più dell’incarico"):
            end_membership(membership=deputy, on=DAY + 10 * ONE, by=people["rpct"])

    def test_does_not_hand_over(self, people, deputy):
        with pytest.raises(ValidationError, match="un altro sostituto"):
            hand_over(membership=deputy, to=people["editor"], on=DAY, by=people["rpct"])

    def test_only_for_a_head_and_within_their_days(self, people, head_row, deputy):
        days = {"starts_on": DAY, "ends_on": DAY, "by": people["rpct"]}
        for row in (people["editor"].memberships.get(), deputy):
            with pytest.raises(ValidationError, match="responsabile d’ufficio"):
                name_deputy(head=row, deputy=people["auditor"], **days)
        with pytest.raises(ValidationError, match="stessa persona"):
            name_deputy(head=head_row, deputy=people["head"], **days)
        with pytest.raises(ValidationError, match="dentro l’incarico"):
            name_deputy(
                head=head_row,
                deputy=people["auditor"],
                **(days | {"starts_on": head_row.starts_on - ONE}),
            )

    def test_the_database_wants_a_head_and_an_end(self, head_row):
        row = Membership(
            user=head_row.user,
            administration=head_row.administration,
            office=head_row.office,
            role="head",
            starts_on=DAY,
            deputy_for=head_row,
        )
        with pytest.raises(ValidationError, match="fino a un giorno stabilito"):
            row.full_clean()


def test_an_address_belongs_to_one_person(people):
    double = make_person("doppia")
    double.email, double.password = "Testa@esempio.it", "!"

    with pytest.raises(ValidationError, match="Un’altra persona"):
        double.full_clean()


def test_a_lost_second_factor_is_reset_by_the_keeper(people, keeper):
    give_second_factor(people["head"])
    with pytest.raises(PermissionDenied):
        reset_second_factor(person=people["head"], by=people["rpct"])

    assert reset_second_factor(person=people["head"], by=keeper) == 2
    assert TrailRecord.objects.first().kind == "second-factor-reset"
    assert reset_second_factor(person=people["head"], by=keeper) == 0


def test_a_second_body_is_another_membership(invite, people):
    other = make_annex(make_body("c_x002"))
    elsewhere = make_member("altrove", "rpct", body=other.plan.administration)
    first = invite()
    there = {"administration": other.plan.administration, "office": other.office, "by": elsewhere}
    # somebody of one body joins another by their own yes
    with pytest.raises(ValidationError, match="altra amministrazione"):
        invite(**there)
    second = answer(
        invitation=invitations.invite(
            email=first.user.email,
            first_name="",
            last_name="",
            role="editor",
            starts_on=DAY,
            **there,
        ),
        is_accepted=True,
        by=first.user,
    )

    assert first.user == second.user
    assert first != second

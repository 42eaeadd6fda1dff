"""The back office opens with a role, whichever way it came, and closes when the role is over."""

import datetime

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from registry.enums import MembershipRole
from registry.models import DirectoryRule, Membership, User
from registry.roles import rights_of
from registry.services import invitations
from registry.services.directory import apply_groups
from registry.services.people import end_membership, hand_over, invite_person, name_deputy
from tests.people import START, client_of, make_member, make_person
from tests.project.files import ROOT
from tests.register import make_annex, make_body

pytestmark = pytest.mark.django_db

_DAY = datetime.timedelta(days=1)


class World:
    """A body with an office, its keeper, and the office a role is held in, if it has one."""

    def __init__(self, role: str) -> None:
        annex = make_annex()
        self.role, self.body = role, annex.plan.administration
        self.office = annex.office if rights_of(role).of_office else None
        self.keeper = make_person("custode", is_superuser=True)
        self.yesterday = timezone.localdate() - _DAY

    def holder(self, name: str = "uscente") -> Membership:
        person = make_member(name, self.role, body=self.body, office=self.office)
        return person.memberships.get()

    def told(self) -> dict:
        return {"administration": self.body, "office": self.office, "role": self.role}


# --- ways to a role -----------------------------------------------------------------------------


def invited(world: World) -> User:
    names = {"email": "ada@esempio.it", "first_name": "Ada", "last_name": "Neri"}
    return invite_person(**names, **world.told(), starts_on=START, by=world.keeper).user


def joined_from_another_body(world: World) -> User:
    person = make_member("altrove", "auditor", body=make_body("c_y001"))
    person.memberships.update(ends_on=world.yesterday)
    User.objects.filter(pk=person.pk).update(email="altrove@esempio.it")
    rpct = make_member("rpct-chi-invita", "rpct", body=world.body)
    names = {"email": "altrove@esempio.it", "first_name": "", "last_name": ""}
    offer = invitations.invite(**names, **world.told(), starts_on=START, by=rpct)
    invitations.answer(invitation=offer, is_accepted=True, by=person)
    return person


def handed_over(world: World) -> User:
    person = make_person("subentra")
    hand_over(membership=world.holder(), to=person, on=world.yesterday - _DAY, by=world.keeper)
    return person


def stands_in(world: World) -> User:
    person = make_person("sostituto")
    days = {"starts_on": START, "ends_on": timezone.localdate()}
    name_deputy(head=world.holder(), deputy=person, **days, by=world.keeper)
    return person


def group_of_the_directory(world: World) -> User:
    person = make_person("rubrica")
    DirectoryRule.objects.create(group="Gruppo", **world.told())
    apply_groups(person=person, groups=["Gruppo"])
    return person


def typed_by_the_keeper(world: World) -> User:
    person = make_person("a-mano")
    values = {"user": person.pk, "administration": world.body.pk, "role": world.role}
    values |= {"office": world.office.pk if world.office else "", "starts_on": "01/01/2020"}
    address = reverse("admin:registry_membership_add")
    assert client_of(world.keeper).post(address, values).status_code == 302
    return person


def put_back(world: World) -> User:
    """As a backup that is restored, or SQL, writes it: the row and nothing else."""
    person = make_person("ripristinata")
    Membership.objects.bulk_create([Membership(user=person, **world.told(), starts_on=START)])
    return person


GETTING = (
    *(invited, joined_from_another_body, handed_over, group_of_the_directory),
    *(typed_by_the_keeper, put_back),
)
WAYS = [(role, way) for role in MembershipRole for way in GETTING]
WAYS += [(role, stands_in) for role in MembershipRole if rights_of(role).heads_office]


# --- ways out of it -----------------------------------------------------------------------------


def ended(world: World, row: Membership) -> None:
    end_membership(membership=row, on=world.yesterday, by=world.keeper)


def given_to_a_successor(world: World, row: Membership) -> None:
    # a deputy gives nothing on: it ends with the head's role
    row = row.deputy_for or row
    successor = make_person("dopo")
    hand_over(membership=row, to=successor, on=world.yesterday, by=world.keeper)


def left_the_group(world: World, row: Membership) -> None:
    # none of this is the directory's but what came from it
    Membership.objects.filter(pk=row.pk).update(from_directory=True)
    make_member("altro", row.role, body=row.administration, office=row.office)
    apply_groups(person=row.user, groups=[])


def deleted_by_the_keeper(world: World, row: Membership) -> None:
    address = reverse("admin:registry_membership_delete", args=[row.pk])
    assert client_of(world.keeper).post(address, {"post": "yes"}).status_code == 302


def suspended(world: World, row: Membership) -> None:
    User.objects.filter(pk=row.user_id).update(is_active=False)


LOSING = (ended, given_to_a_successor, left_the_group, deleted_by_the_keeper, suspended)


# --- the table ----------------------------------------------------------------------------------


def doors(person: User) -> tuple[bool, bool]:
    """Whether the back office opens, and whether the menu leads there."""
    client = client_of(person)
    start = client.get(reverse("registry:profile"))
    link = f'href="{reverse("admin:index")}"' in start.content.decode()
    return client.get("/admin/").status_code == 200, link


@pytest.mark.parametrize(("role", "way"), WAYS, ids=lambda part: getattr(part, "__name__", part))
def test_it_opens_with_a_role_and_closes_after_it(role, way):
    world = World(role)

    person = way(world)

    # the menu of who works at annexes leads to the desk alone
    assert doors(person) == (True, role == "rpct")
    row = person.memberships.get(administration=world.body)
    Membership.objects.filter(pk=row.pk).update(starts_on=START)
    for lose in LOSING:
        with transaction.atomic():
            lose(world, Membership.objects.get(pk=row.pk))
            assert doors(User.objects.get(pk=person.pk)) == (False, False), lose.__name__
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("is_superuser", "is_staff", "opens"),
    [(True, False, True), (True, True, True), (False, True, False), (False, False, False)],
)
def test_who_has_no_role_comes_in_only_as_keeper_of_the_installation(is_superuser, is_staff, opens):
    person = make_person("nessuno", is_superuser=is_superuser, is_staff=is_staff)

    assert doors(person) == (opens, opens)


def test_nothing_asks_for_a_mark_that_somebody_has_to_set():
    naming = {
        path.relative_to(ROOT).as_posix()
        for folder in ("ptpct", "registry", "risk", "templates")
        for path in (ROOT / folder).rglob("*.*")
        if path.suffix in {".py", ".html"} and "migrations" not in path.parts
        if "is_staff" in path.read_text()
    }
    # Django's column: the trail tells who writes it and has a word for it, forgetting empties it,
    # the site says why not
    assert naming == {
        "ptpct/admin_site.py",
        "registry/services/trail_notes.py",
        "registry/services/people_pseudonyms.py",
        "registry/services/person_acts.py",
    }

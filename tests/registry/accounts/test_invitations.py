"""People of another body join by their own yes; names are confirmed by whoever has them."""

import datetime
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from django.utils import timezone

from registry.models import Invitation, Membership, TrailRecord
from registry.permissions import reach_of
from registry.services import invitations
from registry.services.people import invite_person
from registry.services.trail_verification import verify_trail
from tests.people import client_of, make_member, make_person
from tests.register import make_annex, make_body
from tests.registry.accounts.test_people import fresh
from tests.registry.accounts.test_sign_in import link_in

pytestmark = pytest.mark.django_db(transaction=True)

NEW = {"password1": "una-frase-molto-lunga", "password2": "una-frase-molto-lunga"}


@pytest.fixture
def other(db):
    """Another body, with an office and its RPCT."""
    annex = make_annex(make_body("c_x002"), office="Anagrafe")
    annex.rpct = make_member("altrove", "rpct", body=annex.plan.administration)
    return annex


@pytest.fixture
def offer(people, other):
    """An invitation of the head of one body to an office of another."""
    return invitations.invite(
        email="Testa@esempio.it",
        first_name="Nome",
        last_name="Inventato",
        administration=other.plan.administration,
        office=other.office,
        role="editor",
        starts_on=datetime.date(2021, 1, 1),
        by=other.rpct,
    )


def posted(annex, email: str) -> dict:
    names = {"first_name": "Ada", "last_name": "Neri", "title": ""}
    return {
        "email": email,
        "role": "editor",
        "office": annex.office_id,
        "starts_on": "2027-03-10",
        **names,
    }


def test_who_invites_learns_nothing_and_gives_nothing_yet(people, other, mailoutbox):
    body = other.plan.administration
    rpct = client_of(other.rpct)

    page = rpct.post(
        f"/persone/{body.ipa_code}/invita/", posted(other, "testa@esempio.it"), follow=True
    )

    text = page.content.decode()
    assert "il ruolo è suo quando lo accetta" in text
    assert "testa@esempio.it: referente, Anagrafe" in text
    assert "Testa Prova" not in text
    assert not Membership.objects.filter(user=people["head"], administration=body).exists()
    assert body.pk not in reach_of(fresh(people["head"])).administrations
    (mail,) = mailoutbox
    assert mail.to == ["testa@esempio.it"]
    assert "solo se lo accetti" in mail.body
    assert re.search(r"/inviti/[0-9a-f-]{36}/", mail.body)


def test_suspended_elsewhere_is_not_told_either(people, other):
    people["head"].is_active = False
    people["head"].save()
    rpct = client_of(other.rpct)
    address = f"/persone/{other.plan.administration.ipa_code}/invita/"

    text = rpct.post(address, posted(other, "testa@esempio.it"), follow=True).content.decode()

    assert "il ruolo è suo quando lo accetta" in text
    assert "sospeso" not in text


REGISTERED = {
    "nobody": lambda email: None,
    "without a body": lambda email: make_person("libera", email=email),
    "elsewhere": lambda email: of_a_third_body(email),
    "elsewhere, suspended": lambda email: of_a_third_body(email, is_active=False),
    "elsewhere, role over": lambda email: of_a_third_body(email).memberships.update(
        ends_on=datetime.date(2021, 1, 1)
    ),
}
ASKED = {
    "a role": {},
    "the role of one who heads it already": {"role": "head"},
    "without names": {"first_name": "", "last_name": ""},
    "without a surname": {"last_name": ""},
    "an office too many": {"role": "rpct"},
    "a day that is none": {"starts_on": "ieri"},
}
SAID = re.compile(r'<(p|div) class="house-(?:message|field-error)(.*?)</\1>', re.DOTALL)


def of_a_third_body(email, **fields):
    person = make_member("terzo", "auditor", body=make_body("c_x003"))
    for name, value in {"email": email, **fields}.items():
        setattr(person, name, value)
    person.save()
    return person


@pytest.mark.parametrize("asked", ASKED)
def test_the_answer_is_the_same_whoever_is_registered(other, asked):
    make_member("capo", "head", body=other.plan.administration, office=other.office)
    rpct, answers = client_of(other.rpct), {}
    address = f"/persone/{other.plan.administration.ipa_code}/invita/"
    for number, (case, register) in enumerate(REGISTERED.items()):
        email = f"caso{number}@esempio.it"
        with transaction.atomic():
            register(email)
            answer = rpct.post(address, posted(other, email) | ASKED[asked], follow=True)
            said = SAID.findall(answer.content.decode().replace(email, "…"))
            answers[case] = (answer.redirect_chain, said)
            transaction.set_rollback(True)

    assert answers["nobody"][1], "nothing is said at all"
    assert set(map(str, answers.values())) == {str(answers["nobody"])}


@pytest.mark.parametrize("word", ["accetta", "rifiuta"])
def test_the_person_answers(people, other, offer, word):
    client = client_of(people["head"])
    assert f"/inviti/{offer.uid}/" in client.get("/profilo/").content.decode()
    page = client.get(f"/inviti/{offer.uid}/").content.decode()
    assert "ti offre il ruolo di referente, Anagrafe" in page

    assert client.post(f"/inviti/{offer.uid}/", {word: ""}).url == "/profilo/"

    given = Membership.objects.filter(user=people["head"], office=other.office)
    assert given.count() == (1 if word == "accetta" else 0)
    if given:
        # rights begin with the yes, whatever day was written
        assert given[0].starts_on == timezone.localdate()
    assert client.get(f"/inviti/{offer.uid}/").status_code == 404
    told = TrailRecord.objects.filter(subject=f"invitation {offer.uid}")
    assert [row.person for row in told] == [people["head"].trail_token]


@pytest.mark.parametrize("act", ["offer", "accept", "refuse", "withdraw"])
def test_the_trail_verifies_after_each_act(people, other, offer, act):
    if act == "withdraw":
        invitations.withdraw(invitation=offer, by=other.rpct)
    elif act != "offer":
        invitations.answer(invitation=offer, is_accepted=act == "accept", by=people["head"])

    record = TrailRecord.objects.order_by("-pk").first()
    assert str(offer.uid) in record.detail["invitation"]
    assert [str(finding) for finding in verify_trail()] == []


def test_nobody_answers_for_another(people, other, offer):
    for who in (people["editor"], people["rpct"], other.rpct):
        assert client_of(who).post(f"/inviti/{offer.uid}/", {"accetta": ""}).status_code == 404
        with pytest.raises(PermissionDenied):
            invitations.answer(invitation=offer, is_accepted=True, by=who)

    assert not Membership.objects.filter(user=people["head"], office=other.office).exists()


def test_it_is_taken_back_by_whoever_keeps_the_people(people, other, offer):
    address = f"/inviti/{offer.uid}/ritira/"
    assert client_of(people["rpct"]).post(address).status_code == 404
    assert client_of(other.rpct).post(address).status_code == 302

    offer.refresh_from_db()
    assert offer.answered_at is not None
    assert not offer.is_accepted
    again = client_of(other.rpct).post(address, follow=True).content.decode()
    assert "o è stato ritirato" in again
    with pytest.raises(ValidationError, match="già stato risposto"):
        invitations.answer(invitation=offer, is_accepted=True, by=people["head"])
    assert (
        "Ritira"
        not in client_of(other.rpct)
        .get(f"/persone/{other.plan.administration.ipa_code}/")
        .content.decode()
    )


def test_offered_twice_is_one_with_what_was_said_last(people, other, offer):
    changed = {"email": "testa@esempio.it", "first_name": "", "last_name": "", "by": other.rpct}
    again = invitations.invite(
        administration=other.plan.administration,
        office=None,
        role="auditor",
        starts_on=offer.starts_on,
        **changed,
    )

    assert again.pk == offer.pk
    assert Invitation.objects.get().role == "auditor"


def test_by_no_other_door(people, other):
    with pytest.raises(ValidationError, match="altra amministrazione"):
        invite_person(
            email="testa@esempio.it",
            first_name="",
            last_name="",
            administration=other.plan.administration,
            office=other.office,
            role="editor",
            starts_on=datetime.date(2027, 3, 10),
            by=other.rpct,
        )


def first_page(annex, people, mailoutbox) -> tuple[Client, str]:
    """Invite Ada Neri and follow the link; return her client and the address of the form."""
    rpct = client_of(people["rpct"])
    code = annex.plan.administration.ipa_code
    rpct.post(f"/persone/{code}/invita/", posted(annex, "ada@esempio.it"))
    client = Client()
    return client, client.get(link_in(mailoutbox[-1]), follow=True).redirect_chain[-1][0]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("", "Neri", "obbligatorio"),
        ("Ada", "Ne\u202eri", "non si vede"),
        ("Ada\u200b", "Neri", "non si vede"),
    ],
)
def test_names_are_asked_of_whoever_has_them(annex, people, mailoutbox, first, last, said):
    client, address = first_page(annex, people, mailoutbox)
    page = client.get(address).content.decode()
    assert 'value="Ada"' in page
    assert 'autocomplete="family-name"' in page

    wrong = client.post(address, {**NEW, "first_name": first, "last_name": last})

    assert said in wrong.content.decode()
    assert Membership.objects.get(user__email="ada@esempio.it").user.last_name == "Neri"


def test_names_are_kept_as_their_owner_writes_them(annex, people, mailoutbox):
    client, address = first_page(annex, people, mailoutbox)

    answer = client.post(address, {**NEW, "first_name": "Adele", "last_name": "Nèri"})

    assert answer.url == "/password/nuova/fatta/"
    person = Membership.objects.get(user__email="ada@esempio.it").user
    assert str(person) == "Adele Nèri"
    assert person.check_password(NEW["password1"])
    record = TrailRecord.objects.filter(subject=f"person {person.trail_token}").first()
    assert record.person == person.trail_token
    # whoever has come in before is not asked again
    client.post("/accedi/", {"login": "ada@esempio.it", "password": NEW["password1"]})
    client.post("/esci/")
    client.post("/password/dimenticata/", {"email": "ada@esempio.it"})
    assert "id_first_name" not in client.get(link_in(mailoutbox[-1]), follow=True).content.decode()


def test_a_stranger_without_a_body_is_invited_as_ever(annex, people):
    make_person("libera", email="libera@esempio.it")
    code = annex.plan.administration.ipa_code

    client_of(people["rpct"]).post(f"/persone/{code}/invita/", posted(annex, "libera@esempio.it"))

    assert Membership.objects.filter(user__username="libera").exists()

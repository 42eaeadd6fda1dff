"""What a record is of: in words, without identifiers, and seen by the body it is of."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from registry import trail
from registry.models import Invitation, Process, TrailRecord
from registry.services import invitations, people
from registry.services.directory import apply_groups
from registry.services.trail import record_refusal
from registry.trail.subjects import register_subjects, subject_kinds
from risk.models import AnnexIssue
from tests.people import START, client_of, make_member, make_person, people_of
from tests.project.act_subjects import subjects_in_code
from tests.register import make_annex, make_body, make_process
from tests.registry.trail.test_page import rows_of
from tests.risk.imports.files import brought
from tests.statements import at_most

RAW = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}|\bmembership\b|\binvitation\b|\bmatches\b|\bquery\b")
WHAT_TO_DO = (
    "Say in registry/trail/subjects.py, or in risk/trail.py, what it is called, how one is named, "
    "and which of them are of a body."
)
TODAY = timezone.localdate()
START_AT = timezone.now()


def test_every_subject_in_the_code_has_its_words():
    known = subject_kinds()

    found = {word: file for word, file in subjects_in_code().items() if word not in known}

    assert found == {}, WHAT_TO_DO
    assert {"annex", "plan", "membership", "invitation", "issue", "list"} <= set(subjects_in_code())


def test_a_sort_of_subject_is_told_once():
    with pytest.raises(ValueError, match="told twice"):
        register_subjects({"annex": subject_kinds()["list"]})


@pytest.fixture
def annex(db):
    return make_annex()


@pytest.fixture
def body(annex):
    return annex.plan.administration


@pytest.fixture
def crew(annex):
    return people_of(annex)


@pytest.fixture
def other(db):
    """Another body, with its RPCT, who reads the trail there."""
    annex = make_annex(make_body("c_y001"), office="Anagrafe")
    annex.rpct = make_member("altrove", "rpct", body=annex.plan.administration)
    return annex


@pytest.fixture
def outsider(other):
    """Somebody who acts in both bodies: only what names a body is shown to it."""
    return make_person("custode", is_superuser=True)


def page_of(reader, body) -> list[str]:
    return rows_of(reader, reverse("registry:trail_of", args=[body.ipa_code]))


def file_of(reader, body) -> str:
    address = reverse("registry:trail_of", args=[body.ipa_code])
    answer = client_of(reader).get(address, {"formato": "csv"})
    # the print of each record is one, and names nothing
    return re.sub(r"\b[0-9a-f]{64}\b", "", b"".join(answer.streaming_content).decode())


# --- people -------------------------------------------------------------------------------------


def offer_of(crew, other, email="testa@esempio.it") -> Invitation:
    crew["head"].email = email
    crew["head"].save()
    names = {"email": email, "first_name": "", "last_name": "", "role": "editor"}
    place = {"administration": other.plan.administration, "office": other.office}
    return invitations.invite(**names, **place, starts_on=START, by=other.rpct)


def offered(crew, other):
    offer_of(crew, other)
    return "invito a testa@esempio.it"


def accepted(crew, other):
    invitations.answer(invitation=offer_of(crew, other), is_accepted=True, by=crew["head"])
    return "invito accettato; ruolo dato: referente, Testa Prova"


def refused(crew, other):
    invitations.answer(invitation=offer_of(crew, other), is_accepted=False, by=crew["head"])
    return "invito rifiutato"


def withdrawn(crew, other):
    invitations.withdraw(invitation=offer_of(crew, other), by=other.rpct)
    return "invito ritirato"


@pytest.mark.parametrize("act", [offered, accepted, refused, withdrawn])
def test_an_invitation_is_told_to_the_body_that_gave_it(body, crew, other, act):
    said = act(crew, other)

    shown = page_of(other.rpct, other.plan.administration)

    inviting = other.plan.administration
    # what the RPCT did is theirs, and left out by `rows_of`
    rows = page_of(make_member("oiv-y", "auditor", body=inviting), inviting)
    assert any(said in row for row in rows), rows
    assert not any(RAW.search(row) for row in [*rows, *shown])
    assert not RAW.search(file_of(other.rpct, inviting))
    assert not any("invito" in row.lower() for row in page_of(crew["rpct"], body))


def test_who_says_no_is_known_by_the_address_alone(crew, other):
    refused(crew, other)
    inviting = other.plan.administration

    (row,) = page_of(other.rpct, inviting)

    assert "testa@esempio.it" in row
    assert "Testa Prova" not in file_of(other.rpct, inviting)
    address = reverse("registry:trail_of", args=[inviting.ipa_code])
    assert rows_of(other.rpct, address, chi="testa prova") == []


def role_ended(crew, keeper):
    row = crew["editor"].memberships.get()
    people.end_membership(membership=row, on=TODAY, by=keeper)
    return "ruolo di Penna Prova", "ruolo chiuso: referente, Penna Prova"


def role_handed_over(crew, keeper):
    row = crew["head"].memberships.get()
    people.hand_over(membership=row, to=crew["stranger"], on=TODAY, by=keeper)
    return "ruolo chiuso: responsabile, Testa Prova", "ruolo dato: responsabile, Estraneo Prova"


def deputy_named(crew, keeper):
    head = crew["head"].memberships.get()
    days = {"starts_on": TODAY, "ends_on": TODAY + datetime.timedelta(days=9)}
    people.name_deputy(head=head, deputy=crew["stranger"], **days, by=keeper)
    return ("ruolo dato: responsabile, Estraneo Prova",)


def role_given(crew, keeper):
    place = crew["head"].memberships.get()
    names = {"email": "ada@esempio.it", "first_name": "Ada", "last_name": "Neri", "role": "editor"}
    people.invite_person(
        **names,
        administration=place.administration,
        office=place.office,
        starts_on=START,
        by=keeper,
    )
    return "ruolo dato: referente, Ada Neri", "Ada Neri: aggiunta al registro"


@pytest.mark.parametrize("act", [role_ended, role_handed_over, deputy_named, role_given])
def test_what_the_keeper_does_to_roles_is_told_to_the_body(body, crew, other, outsider, act):
    said = act(crew, outsider)

    rows = page_of(crew["rpct"], body)

    assert all(any(part in row for row in rows) for part in said), rows
    assert not any(RAW.search(row) for row in rows)
    assert page_of(other.rpct, other.plan.administration) == []


def test_a_group_of_the_directory_too(body, crew):
    row = crew["editor"].memberships.get()
    row.from_directory = True
    row.save()

    apply_groups(person=crew["editor"], groups=[])

    assert "ruolo chiuso: referente, Penna Prova" in page_of(crew["rpct"], body)[0]


# --- every sort ---------------------------------------------------------------------------------


def subjects_of(annex, crew) -> dict[str, tuple[str, str]]:
    """One subject of every sort, of a body, with its words; and those of versions before."""
    plan, body = annex.plan, annex.plan.administration
    process = make_process(annex, title="Rilascio")
    upload = brought(plan, annex.office, by=crew["editor"], read=False)
    issue = AnnexIssue.objects.create(
        **{
            "annex": annex,
            "plan": plan,
            "number": 4,
            "issued_at": timezone.now(),
            "by": crew["head"],
        },
        **{"data": "{}", "data_digest": "0" * 64, "html": "", "pdf": b"", "pdf_digest": "0" * 64},
    )
    offer = Invitation.objects.create(
        **{"user": crew["stranger"], "administration": body, "role": "auditor"},
        **{"starts_on": START, "by": crew["rpct"]},
    )
    crew["stranger"].email = "estraneo@esempio.it"
    crew["stranger"].save()
    token = crew["head"].trail_token
    return {
        "administration": (f"administration {body.ipa_code}", f"amministrazione {body.name}"),
        "administration, of long work": (
            f"administration {body.ipa_code} people csv 1f",
            body.name,
        ),
        "annex": (f"annex {annex.uid}", f"allegato Tributi, {plan.title}"),
        "annex, of work": (f"annex {annex.uid} schede", f"allegato Tributi, {plan.title}"),
        "import": (f"import {upload.uid}", "importazione registro.csv"),
        "invitation": (f"invitation {offer.uid}", "invito estraneo@esempio.it"),
        "issue": (f"issue {issue.uid}", f"emissione n. 4, Tributi, {plan.title}"),
        "membership": (f"membership {token} of {body.ipa_code}", "ruolo di Testa Prova"),
        "membership, of before": (f"membership 3 of {body.ipa_code}", "ruolo di una persona"),
        "plan": (f"plan {body.ipa_code} {plan.title}", f"piano {plan.title}"),
        "plan, of work": (f"plan {body.ipa_code} {plan.title} schede {token}", plan.title),
        "process": (
            f"process {process.uid}",
            f"processo {process.number}, Rilascio (Tributi)",
        ),
    }


OF_NO_BODY = {
    "list": ("list registry.process", "elenco processi"),
    "person": ("person {token}", "persona Testa Prova"),
    "an address": ("/mappa/", "/mappa/"),
    "a row, of before": ("registry.riskarea 7", "area di rischio"),
    "gone": ("annex 00000000-0000-4000-8000-000000000000", "allegato"),
}


def test_every_sort_is_tried():
    assert {one.partition(",")[0] for one in OF_NO_BODY} | {
        one.split(",")[0] for one in SORTS_OF_A_BODY
    } >= set(subject_kinds())


SORTS_OF_A_BODY = (
    *("administration", "annex", "import", "invitation", "issue", "membership", "plan", "process"),
)


def test_each_is_read_in_words_by_its_body_and_by_no_other(annex, body, crew, other, outsider):
    told = subjects_of(annex, crew)
    assert {one.partition(",")[0] for one in told} == set(SORTS_OF_A_BODY)
    for subject, _words in told.values():
        trail.write(kind="export", by=outsider, subject=subject, detail={"format": "csv"})

    rows = page_of(crew["rpct"], body)

    assert len(rows) == len(told)
    for (_subject, words), row in zip(told.values(), reversed(rows), strict=True):
        assert words in row
        assert not RAW.search(row)
    assert not RAW.search(file_of(crew["rpct"], body))
    assert page_of(other.rpct, other.plan.administration) == []


@pytest.mark.parametrize("sort", OF_NO_BODY)
def test_the_keeper_reads_the_others_in_words(crew, outsider, sort):
    subject, words = OF_NO_BODY[sort]
    token = crew["head"].trail_token
    trail.write(kind="export", by=crew["rpct"], subject=subject.format(token=token))

    (row,) = rows_of(outsider, reverse("registry:trail"))

    assert words in row
    assert not RAW.search(row)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("No Invitation matches the given query.", "non trovato"),
        ("Http404", "non trovato"),
        ("Not Found", "non trovato"),
        ("PermissionDenied", "non permesso"),
        ("Forbidden", "non permesso"),
        ("Method Not Allowed", "questo indirizzo non si usa così"),
        ("Manca la firma.", "Manca la firma."),
    ],
)
def test_why_it_was_refused_is_read_in_words(body, crew, reason, words):
    record_refusal(kind="page", by=crew["head"], subject="/mappa/", reason=reason)

    (row,) = page_of(crew["rpct"], body)

    assert row.endswith(words)


def test_what_is_asked_does_not_grow_with_the_rows(annex, body, crew, outsider):
    def costs() -> None:
        client = client_of(crew["rpct"])
        with at_most(20):
            client.get(reverse("registry:trail_of", args=[body.ipa_code]))

    for subject, _words in subjects_of(annex, crew).values():
        trail.write(kind="export", by=outsider, subject=subject)
    costs()
    for number in range(10):
        process = make_process(annex, title=f"Altro {number}")
        trail.write(kind="export", by=outsider, subject=f"process {process.uid}")
    assert Process.objects.count() == 11
    assert TrailRecord.objects.filter(kind="export").count() >= 22
    costs()

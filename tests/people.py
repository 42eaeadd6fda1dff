"""People to test with: each with one role in the body of an annex, and strangers."""

import datetime

from django.test import Client

from ptpct.signin.sessions import SEEN_AT
from registry.models import Administration, Membership, Office, User

START = datetime.date(2020, 1, 1)


def make_person(name: str, **fields) -> User:
    return User.objects.create(username=name, first_name=name.title(), last_name="Prova", **fields)


def make_member(
    name: str, role: str, *, body: Administration, office: Office | None = None
) -> User:
    person = make_person(name)
    Membership.objects.create(
        user=person, administration=body, office=office, role=role, starts_on=START
    )
    return person


def people_of(annex) -> dict[str, User]:
    """Head, editor, RPCT and auditor of an annex, an editor of another office, and a stranger."""
    body, office = annex.plan.administration, annex.office
    other = Office.objects.create(administration=body, code="ALTRO", name="Altro ufficio")
    return {
        "head": make_member("testa", "head", body=body, office=office),
        "editor": make_member("penna", "editor", body=body, office=office),
        "rpct": make_member("rpct", "rpct", body=body),
        "auditor": make_member("oiv", "auditor", body=body),
        "colleague": make_member("collega", "editor", body=body, office=other),
        "stranger": make_person("estraneo"),
    }


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def seen_ahead(client: Client) -> Client:
    """Let it be noted of a client only in an hour that somebody is there, and return the client.

    Else a page costs one statement more whenever a minute is over, and a slow machine would be
    taken for a dear page.
    """
    session = client.session
    session[SEEN_AT] += 3_600
    session.save()
    return client

"""A body of one person: who edited last approves, and the paper says so to the end."""

import pytest
from concurrency.forms import VersionFieldSigner
from django.urls import reverse

from registry.models import Administration, Annex, TrailRecord
from risk.content.build import build_document
from risk.content.canonical import digest_like, digest_of, snapshot
from risk.content.reading import read_annex
from risk.enums import Layout, Verb
from risk.paper.html import render_html
from risk.services.annexes.issues import issue_annex, reprint
from risk.services.annexes.moves import MoveRefusedError, move_annex
from tests.people import client_of, make_person
from tests.register import make_body

pytestmark = pytest.mark.django_db

SENTENCE = "Approvato da chi lo ha redatto: l’ente opera con una sola persona."


@pytest.fixture
def body(annex):
    body = Administration.objects.get(pk=annex.plan.administration_id)
    body.is_one_person = True
    body.save()
    return body


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def approve(annex, people, *, edited_by="head"):
    """Edit and submit the annex, and let the head approve it."""
    process = annex.processes.get()
    process._history_user = people[edited_by]
    process.description += "Una modifica."
    process.save()
    move_annex(annex=fresh(annex), verb=Verb.SUBMIT, by=people["head"])
    return move_annex(annex=fresh(annex), verb=Verb.APPROVE, by=people["head"])


def test_without_the_setting_the_last_editor_is_refused(annex, people):
    with pytest.raises(MoveRefusedError, match="serve un’altra persona"):
        approve(annex, people)


@pytest.mark.usefixtures("body")
def test_with_it_the_way_goes_on_to_the_issue_and_the_paper_says_so(annex, people):
    approval = approve(annex, people)
    assert approval.is_one_person
    assert approval.digest == digest_like(approval.digest, read_annex(fresh(annex)))
    for layout in Layout:
        assert SENTENCE in render_html(build_document(read_annex(fresh(annex))), layout=layout)
    validation = move_annex(annex=fresh(annex), verb=Verb.VALIDATE, by=people["rpct"])
    assert not validation.is_one_person
    issue = issue_annex(annex=fresh(annex), by=people["rpct"])
    assert SENTENCE in issue.html
    assert "is_one_person" not in issue.data
    assert digest_of(snapshot(reprint(issue))) == issue.data_digest
    assert render_html(reprint(issue), layout=Layout.COMPLETE) == issue.html


@pytest.mark.usefixtures("body")
def test_another_editor_leaves_nothing_to_say(annex, people):
    assert not approve(annex, people, edited_by="editor").is_one_person
    assert SENTENCE not in render_html(
        build_document(read_annex(fresh(annex))), layout=Layout.COMPLETE
    )


def test_a_later_approval_changes_no_issue_and_the_draft_says_nothing(annex, people, body):
    approve(annex, people)
    move_annex(annex=fresh(annex), verb=Verb.VALIDATE, by=people["rpct"])
    issue = issue_annex(annex=fresh(annex), by=people["rpct"])
    move_annex(annex=fresh(annex), verb=Verb.REOPEN, by=people["rpct"], reason="Da rivedere.")
    assert not build_document(read_annex(fresh(annex))).is_one_person
    body.is_one_person = False
    body.save()
    assert not approve(annex, people, edited_by="editor").is_one_person
    assert reprint(issue).is_one_person


def post(person, body, **values):
    """Save the page of a body in the back office."""
    client = client_of(person)
    body.refresh_from_db()
    version = VersionFieldSigner().sign(body.version)
    data = {"name": body.name, "tax_code": "", "adopting_organ": "", "version": version}
    address = reverse("admin:registry_administration_change", args=[body.pk])
    return client.post(address, data | values)


def test_the_rpct_sets_it_and_nothing_else_and_it_is_on_the_trail(annex, people):
    body = annex.plan.administration
    answer = post(people["rpct"], body, is_one_person="on", name="Altro nome")
    assert answer.status_code == 302
    name = body.name
    body.refresh_from_db()
    assert (body.is_one_person, body.name) == (True, name)
    told = TrailRecord.objects.get(subject=f"administration {body.ipa_code}")
    assert (told.detail["is_one_person"], told.detail["changed"]) == (True, ["is_one_person"])


def test_the_keeper_of_the_installation_sets_it(annex):
    keeper = make_person("custode", is_superuser=True)
    body = annex.plan.administration
    assert post(keeper, body, is_one_person="on").status_code == 302
    body.refresh_from_db()
    assert body.is_one_person


@pytest.mark.parametrize("who", ["head", "editor", "auditor", "stranger"])
def test_nobody_else_sets_it(annex, people, who):
    body = annex.plan.administration
    assert post(people[who], body, is_one_person="on").status_code in (403, 404)
    body.refresh_from_db()
    assert not body.is_one_person


def test_the_rpct_of_another_body_does_not_find_it(people):
    other = make_body("c_x999")
    assert post(people["rpct"], other, is_one_person="on").status_code == 404
    other.refresh_from_db()
    assert not other.is_one_person

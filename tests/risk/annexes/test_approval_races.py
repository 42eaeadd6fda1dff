"""Two heads approve at the same instant, or one approves what another sends back to be changed."""

import pytest
from django.urls import reverse

from registry.enums import AnnexState
from registry.models import Annex, Process
from registry.services.trail_verification import verify_trail
from risk.content.annex_texts import cover_digest, cover_now
from risk.content.reading import read_annex
from risk.enums import Verb
from risk.models import Approval, Transition
from risk.services.annexes.approval_status import approval_status
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.moves import move_annex
from tests.concurrency import race
from tests.people import client_of, make_member, people_of
from tests.register import add_complete_process, complete_annex
from tests.soak import rounds

pytestmark = [
    pytest.mark.soak,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("round", rounds(1, soak=50)),
]


@pytest.fixture
def annex():
    annex = complete_annex()
    add_complete_process(annex, "Sgravi")
    return annex


@pytest.fixture
def people(annex):
    people = people_of(annex)
    body, office = annex.plan.administration, annex.office
    deputy = make_member("vice", "head", body=body, office=office)
    move(annex, Verb.SUBMIT, people["editor"])
    return {**people, "deputy": deputy}


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def move(annex, verb, by):
    return move_annex(annex=fresh(annex), verb=verb, by=by, reason="Da rivedere.")


def press(client, status) -> int:
    address = reverse("risk:approve_process", args=[status.process.uid])
    texts = cover_digest(cover_now(read_annex(fresh(status.process.annex))))
    return client.post(address, {"seen": status.digest, "texts": texts}).status_code


def test_the_last_two_processes_approve_the_annex_once(annex, people, round):
    first, second = approval_status(kept_annex(fresh(annex)))
    clients = [client_of(people[who]) for who in ("head", "deputy")]

    def approve(client, status):
        def run(go):
            go()
            return press(client, status)

        return run

    ends = race(approve(clients[0], first), approve(clients[1], second))
    assert ends == [302, 302]
    assert fresh(annex).state == AnnexState.APPROVED
    assert Transition.objects.filter(verb=Verb.APPROVE).count() == 1
    assert Approval.objects.count() == 2
    assert verify_trail() == []


def test_two_heads_approve_the_same_process_once(annex, people, round):
    first, _second = approval_status(kept_annex(fresh(annex)))

    def approve(who):
        client = client_of(people[who])

        def run(go):
            go()
            return press(client, first)

        return run

    assert sorted(race(approve("head"), approve("deputy"))) == [302, 409]
    assert Approval.objects.count() == 1
    assert fresh(annex).state == AnnexState.SUBMITTED
    assert verify_trail() == []


def test_what_is_sent_back_and_changed_is_approved_by_nobody_unseen(annex, people, round):
    first, _second = approval_status(kept_annex(fresh(annex)))
    head = client_of(people["head"])

    def approve(go):
        go()
        return press(head, first)

    def change(go):
        go()
        move(annex, Verb.RETURN, people["deputy"])
        process = Process.objects.get(pk=first.process.pk)
        process._history_user = people["editor"]
        process.description = f"Parole del giro {round}."
        process.save()
        return move(annex, Verb.SUBMIT, people["editor"])

    approved, changed = race(approve, change)
    assert isinstance(changed, Transition), changed
    assert approved in (302, 409)
    assert {row.digest for row in Approval.objects.all()} <= {first.digest}
    assert not approval_status(kept_annex(fresh(annex)))[0].is_approved
    assert fresh(annex).state == AnnexState.SUBMITTED
    assert verify_trail() == []

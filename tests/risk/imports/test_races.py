"""A file is confirmed at the instant somebody confirms it too, moves its annex, edits its row."""

import pytest
from django.urls import reverse

from registry.models import Annex, Process, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.content.canonical import digest_like
from risk.content.reading import read_annex
from risk.models import RegisterImport, Transition
from risk.services.annexes.contents import kept_annex
from risk.services.imports.report import ShownProcesses
from tests.concurrency import race
from tests.people import client_of, make_member, people_of
from tests.register import close, complete_annex
from tests.risk.imports.files import brought
from tests.risk.imports.pages import address, text_of
from tests.soak import rounds

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]

ROWS = "Processo;Area di rischio\n" + "".join(f"Processo {n};F\n" for n in range(20))
OF_THE_FILE, TYPED = "Lo dice il file.", "Lo scrive una persona."
CHANGE = f"Processo;Area di rischio;Vincoli\nRimborso di tributi;F;{OF_THE_FILE}\n"
"""Changes the one process of a complete annex, and leaves nothing missing."""


@pytest.mark.parametrize("round", rounds(3, soak=30))
def test_two_people_confirm_the_same_file(annex, people, round):
    found = brought(annex.plan, annex.office, by=people["editor"], content=ROWS.encode())
    data = {"digest": found.report["digest"]}
    clients = [client_of(people[who]) for who in ("editor", "rpct")]

    def confirming(client):
        def act(go):
            go()
            return client.post(address("import_preview", found), data, follow=True)

        return act

    answers = race(*map(confirming, clients))
    told = ["già stato importato" in text_of(answer) for answer in answers]
    assert sorted(told) == [False, True]
    # both are led to what was done
    assert all("Il file è nel registro" in text_of(answer) for answer in answers)
    assert RegisterImport.objects.get().state == "taken"
    assert Process.objects.count() == 20
    assert TrailRecord.objects.filter(kind="import", outcome="done").count() == 1
    assert verify_trail() == []


@pytest.fixture
def full():
    return complete_annex()


@pytest.fixture
def clients(full):
    """The browsers of those who act on the complete annex."""
    body, office = full.plan.administration, full.office
    deputy = make_member("vice", "head", body=body, office=office)
    people = {**people_of(full), "deputy": deputy}
    return {name: client_of(person) for name, person in people.items()}


@pytest.fixture
def change(full, clients):
    """The file that changes the process, read by the RPCT and ready to be taken."""
    by = full.plan.administration.memberships.get(role="rpct").user
    found = brought(full.plan, full.office, by=by, content=CHANGE.encode())
    assert len(ShownProcesses(found)) == 1
    return found


def confirm(client, found) -> bool:
    """Confirm a preview as it was shown; tell whether the file was taken, fail when neither."""
    answer = client.post(address("import_preview", found), {"digest": found.report["digest"]})
    assert answer.status_code in (302, 409), text_of(answer)
    taken = RegisterImport.objects.get(pk=found.pk).state == "taken"
    assert taken == (answer.status_code == 302)
    return taken


def type_words(client, process, field) -> bool:
    """Write in a field of the sheet opened before the race; tell whether it was written."""
    page = reverse("risk:process_sheet_part", args=[process.uid, "condizioni"])
    data = {"constraints": "", field: TYPED, "version": process.version}
    return client.post(page, data).status_code == 302


def press(client, annex, verb, **data) -> bool:
    page = reverse("risk:workflow", args=[annex.uid])
    return client.post(page, {"verb": verb, **data}).status_code == 302


def nothing_was_overwritten(process, *, taken: bool, typed: bool, field: str) -> None:
    """Fail unless the row holds what was told to be written, and each writing is in its history."""
    came = {"constraints": OF_THE_FILE if taken else ""}
    if typed:
        came[field] = TYPED
    now = Process.objects.get(pk=process.pk)
    assert {name: getattr(now, name) for name in came} == came
    assert now.version - process.version == taken + typed
    assert now.history.count() == 1 + taken + typed


def is_whole(annex) -> None:
    """Fail unless a closed annex is what was moved last, and the trail holds."""
    annex = Annex.objects.with_names().get(pk=annex.pk)
    if not annex.is_open:
        move = Transition.objects.filter(annex=annex).latest("id")
        assert (annex.state, digest_like(move.digest, read_annex(annex))) == (
            move.to_state,
            move.digest,
        )
    assert verify_trail() == []


@pytest.mark.parametrize("field", ["constraints", "resources"])
@pytest.mark.parametrize("round", rounds(2, soak=50))
def test_one_takes_a_file_while_another_submits_and_a_third_types(
    full, clients, change, field, round
):
    process = full.processes.get()

    def take(go):
        go()
        return confirm(clients["rpct"], change)

    def submit(go):
        go()
        return press(clients["head"], full, "submit")

    def edit(go):
        go()
        return type_words(clients["editor"], process, field)

    ends = race(take, submit, edit)
    assert not [end for end in ends if isinstance(end, Exception)], ends
    taken, submitted, typed = ends
    assert submitted
    # of two who write in the same field one is told
    assert not (field == "constraints" and taken and typed)
    nothing_was_overwritten(process, taken=taken, typed=typed, field=field)
    is_whole(full)


@pytest.mark.parametrize("round", rounds(2, soak=50))
def test_one_approves_what_another_sends_back_to_take_a_file_in(full, clients, change, round):
    process = full.processes.get()
    close(full)
    fresh = Annex.objects.with_names().get(pk=full.pk)
    seen = kept_annex(fresh).seen

    def approve(go):
        go()
        return press(clients["head"], full, "approve", seen=seen)

    def send_back(go):
        go()
        return press(clients["deputy"], full, "return", reason="Arriva un file.")

    def take(go):
        go()
        return confirm(clients["rpct"], change)

    def edit(go):
        go()
        return type_words(clients["editor"], process, "constraints")

    ends = race(approve, send_back, take, edit)
    assert not [end for end in ends if isinstance(end, Exception)], ends
    approved, returned, taken, typed = ends
    assert approved != returned
    assert taken + typed <= returned
    nothing_was_overwritten(process, taken=taken, typed=typed, field="constraints")
    is_whole(full)

"""Two browsers at one running server: what one reads and approves, the other changes just then.

Every form is read from its page and sent as a browser sends it, at the same instant.
"""

import pytest
from django.urls import reverse

from registry.models import Annex, TrailRecord
from tests.concurrency import race
from tests.people import make_member, people_of
from tests.register import close
from tests.risk.annexes.test_races import is_whole
from tests.scriptless_browsers import Visitor
from tests.soak import rounds

pytestmark = [
    pytest.mark.soak,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("round", rounds(1, soak=50)),
]

CONSTRAINTS = "condizioni:constraints"
"""The field of the sheet the visitors type in."""


@pytest.fixture
def visitors(annex, live_server):
    body, office = annex.plan.administration, annex.office
    people = people_of(annex)
    people["deputy"] = make_member("vice", "head", body=body, office=office)
    return {who: Visitor(live_server.url, people[who]) for who in ("head", "deputy", "editor")}


def workflow(annex) -> str:
    return reverse("risk:workflow", args=[annex.uid])


def conditions(visitor, process):
    """Open the sheet and return its form, with the conditions and all else that is typed there."""
    forms = visitor.read(reverse("risk:process_sheet", args=[process.uid]))
    return next(form for form in forms if CONSTRAINTS in form.fields)


def test_one_approves_while_another_sends_back_and_edits(annex, visitors, round):
    close(annex)
    process, words = annex.processes.get(), f"Parole del giro {round}."
    head, deputy = visitors["head"], visitors["deputy"]
    to_approve = head.form_of(workflow(annex), button="Approva l’allegato intero")
    to_approve = head.asked_by(to_approve, button="Sì, approva")
    to_return = deputy.form_of(workflow(annex), button="Restituisci all’ufficio")
    to_return = deputy.asked_by(
        to_return, button="Sì, restituisci all’ufficio", reason="Manca una parola."
    )

    def approve(go):
        go()
        return head.send(to_approve)

    def edit(go):
        go()
        returned = deputy.send(to_return, reason="Manca una parola.")
        if returned != 302:
            return returned
        assert deputy.send(conditions(deputy, process), **{CONSTRAINTS: words}) == 302
        return returned

    ends = race(approve, edit)
    assert sorted(ends, key=str) == [302, 409]
    edited = ends[1] == 302
    assert Annex.objects.get(pk=annex.pk).state == ("returned" if edited else "approved")
    process.refresh_from_db()
    assert process.constraints == (words if edited else "")
    assert TrailRecord.objects.filter(outcome="refused").count() == 1
    is_whole(annex)


def test_one_submits_while_another_edits(annex, visitors, round):
    process, words = annex.processes.get(), f"Parole del giro {round}."
    head, editor = visitors["head"], visitors["editor"]
    to_submit = head.form_of(workflow(annex), button="Trasmetti")
    to_submit = head.asked_by(to_submit, button="Sì, trasmetti")
    to_edit = conditions(editor, process)

    def submit(go):
        go()
        return head.send(to_submit)

    def edit(go):
        go()
        return editor.send(to_edit, **{CONSTRAINTS: words})

    submitted, edited = race(submit, edit)
    # what was written just while the annex was looked at is told, and nothing submitted unseen
    assert submitted == 302 or (submitted, edited) == (409, 302)
    # too late: the page shows the form again, or there is nothing to be changed any more
    assert edited in (302, 200, 403)
    assert Annex.objects.get(pk=annex.pk).state == ("submitted" if submitted == 302 else "draft")
    process.refresh_from_db()
    assert process.constraints == (words if edited == 302 else "")
    is_whole(annex)

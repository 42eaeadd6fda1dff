"""The annex's own texts: bound to its approval, and compared like a process."""

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.enums import AnnexState
from registry.models import Annex, Plan
from registry.services.history import FieldChange
from risk.content.build import build_document
from risk.content.canonical import digest_of, snapshot
from risk.content.reading import read_annex
from risk.enums import Verb
from risk.models import AnnexIssue, Approval, TextBlock
from risk.services.annexes.changes import page_of
from risk.services.annexes.moves import move_annex
from risk.services.plans.editions import copy_plan
from tests.people import client_of
from tests.register import adopt, close

pytestmark = pytest.mark.django_db


@pytest.fixture
def preamble(annex) -> TextBlock:
    body = annex.plan.administration
    return TextBlock.objects.create(
        administration=body,
        plan=annex.plan,
        layout="completo",
        slot="introduction",
        text="L’ufficio {{ufficio}} descrive qui i propri processi.",
    )


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def move(annex, verb, by):
    return move_annex(annex=fresh(annex), verb=verb, by=by, reason="Da rivedere.")


def rewrite(preamble, old="propri", new="suoi") -> None:
    preamble.refresh_from_db()
    preamble.text = preamble.text.replace(old, new)
    preamble.save()


def page_for(annex, person):
    return page_of(annex=fresh(annex), user=person)


def read(annex, person) -> str:
    answer = client_of(person).get(reverse("risk:changes", args=[annex.uid]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def approve_whole(annex, seen):
    return "risk:approve_annex", annex.uid, {"seen": seen.seen}


def approve_on_the_steps(annex, seen):
    return "risk:workflow", annex.uid, {"verb": "approve", "seen": seen.seen}


def approve_the_last_process(annex, seen):
    status = seen.rows[0].status
    data = {"seen": status.digest, "texts": seen.texts.digest}
    return "risk:approve_process", status.process.uid, data


def change_the_preamble(annex, preamble):
    rewrite(preamble)


def change_the_title_of_the_plan(annex, preamble):
    Plan.objects.filter(pk=annex.plan_id).update(title="Un altro piano")


@pytest.mark.parametrize("change", [change_the_preamble, change_the_title_of_the_plan])
@pytest.mark.parametrize("ask", [approve_whole, approve_on_the_steps, approve_the_last_process])
def test_texts_changed_since_they_were_read_are_not_approved(annex, people, preamble, ask, change):
    move(annex, Verb.SUBMIT, people["editor"])
    client, seen = client_of(people["head"]), page_for(annex, people["head"])
    change(annex, preamble)
    for shown, code in ((seen, 409), (page_for(annex, people["head"]), 302)):
        address, uid, data = ask(annex, shown)
        answer = client.post(reverse(address, args=[uid]), data)
        assert answer.status_code == code
        if code == 409:
            assert "L’allegato è cambiato da quando lo hai letto" in answer.content.decode()
            assert not Approval.objects.exists()
    assert fresh(annex).state == AnnexState.APPROVED


def test_a_page_that_sends_no_texts_does_not_approve_the_last_process(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    (row,) = page_for(annex, people["head"]).rows
    address = reverse("risk:approve_process", args=[row.process.uid])
    answer = client_of(people["head"]).post(address, {"seen": row.status.digest})
    assert (answer.status_code, Approval.objects.count()) == (409, 0)


def test_texts_changed_after_the_approval_are_told_word_by_word(annex, people, preamble):
    move(annex, Verb.SUBMIT, people["editor"])
    assert "Testi dell’allegato" not in read(annex, people["head"])
    move(annex, Verb.APPROVE, people["head"])
    page = read(annex, people["head"])
    assert "Dall’ultima approvazione dell’allegato: nessuna modifica." in page
    move(annex, Verb.RETURN, people["rpct"])
    rewrite(preamble)
    named = fresh(annex)
    named.office_name = "Entrate"
    named.save()
    move(annex, Verb.SUBMIT, people["editor"])

    found = page_for(annex, people["head"])

    assert [row.since_act for row in found.rows] == [()]
    names, texts = found.texts.since_act
    assert names.fields == (FieldChange("Ufficio", "Tributi", "Entrate"),)
    assert texts.fields == (
        FieldChange(
            "Premessa",
            "L’ufficio Tributi descrive qui i propri processi.",
            "L’ufficio Entrate descrive qui i suoi processi.",
        ),
    )
    page = read(annex, people["head"])
    assert "<strong>Allegato completo</strong>" in page
    assert '<del><span class="visually-hidden">tolto: </span>propri </del>' in page
    assert '<ins><span class="visually-hidden">aggiunto: </span>suoi </ins>' in page
    assert "Sono cambiati anche i testi dell’allegato." in page


def test_the_rpct_sees_them_since_the_last_validation(annex, people, preamble):
    for verb, who in ((Verb.SUBMIT, "editor"), (Verb.APPROVE, "head"), (Verb.VALIDATE, "rpct")):
        move(annex, verb, people[who])
    move(annex, Verb.RETURN, people["rpct"])
    rewrite(preamble)
    move(annex, Verb.SUBMIT, people["editor"])
    move(annex, Verb.APPROVE, people["head"])
    assert page_for(annex, people["head"]).texts.since_act == ()
    (change,) = page_for(annex, people["rpct"]).texts.since_act
    assert [one.label for one in change.fields] == ["Premessa"]


def test_a_text_added_or_taken_away_is_told_whole(annex, people, preamble):
    move(annex, Verb.SUBMIT, people["editor"])
    move(annex, Verb.APPROVE, people["head"])
    where = {"administration": annex.plan.administration, "plan": annex.plan}
    TextBlock.objects.create(**where, layout="completo", slot="closing", text="Fine.")
    preamble.delete()
    (change,) = page_for(annex, people["head"]).texts.since_act
    gone = "L’ufficio Tributi descrive qui i propri processi."
    assert change.fields == (
        FieldChange("Premessa", gone, ""),
        FieldChange("Testo finale", "", "Fine."),
    )


def test_a_text_that_cannot_be_printed_yet_is_compared_as_it_is_written(annex, people, preamble):
    move(annex, Verb.SUBMIT, people["editor"])
    move(annex, Verb.APPROVE, people["head"])
    rewrite(preamble, "{{ufficio}}", "{{nessuno}}")
    assert "{{nessuno}}" in read(annex, people["head"])


def test_the_texts_of_an_issued_edition_are_those_that_were_issued(annex, people, preamble):
    data = snapshot(build_document(read_annex(fresh(annex))))
    close(annex, "issued", digest=digest_of(data))
    AnnexIssue.objects.create(
        annex=annex,
        plan=annex.plan,
        number=1,
        issued_at=timezone.now(),
        by=people["rpct"],
        data=data,
        data_digest=digest_of(data),
        html="",
        pdf=b"",
        pdf_digest="0" * 64,
    )
    adopt(Plan.objects.get(pk=annex.plan_id))
    terms = {"first_year": 2022, "last_year": 2024, "kind": "ordinary", "by": people["rpct"]}
    made = copy_plan(plan=fresh(annex).plan, title="PTPCT 2022/2024", **terms)
    copy = made.annexes.get()
    (change,) = page_for(copy, people["head"]).texts.since_edition
    # the issue bore no name; the edition has that of who heads the office today
    assert [(row.label, row.before) for row in change.fields] == [("Responsabile", "")]
    rewrite(TextBlock.objects.get(plan=made))
    _head, change = page_for(copy, people["head"]).texts.since_edition
    assert (change.row, [one.label for one in change.fields]) == ("Allegato completo", ["Premessa"])
    assert "tolto: </span>propri </del>" in read(copy, people["head"])

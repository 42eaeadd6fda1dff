"""One act on several annexes: what each refuses stops none of the others, and all is told."""

import datetime

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db.models.signals import pre_save
from django.urls import reverse

from registry.models import Annex, Job, Office, PlanDeadline, TrailRecord, User
from registry.services.jobs import cancel_job, run_job
from risk.models import AnnexIssue, DeadlineExtension, Exemption, Reminder, Transition
from risk.services.annexes.approvals import approve_annex
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.moves import move_annex
from risk.services.desk.several import SeveralAct, SeveralAsked, act_on_each
from risk.tasks import ask_several
from tests.people import client_of, make_member
from tests.register import close, make_absent_process

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(annex, people, settings):
    """Three annexes: one that misses nothing, two more of a process without risk each."""
    settings.TODAY = datetime.date(2020, 12, 20)
    PlanDeadline.objects.create(
        plan=annex.plan, due_on="2020-12-18", kind="transmission", label="Invio"
    )
    first = annex.processes.get()
    made = [annex]
    for name in ("Cultura", "Demanio"):
        office = Office.objects.create(
            administration=annex.plan.administration, code=name.upper(), name=name
        )
        made.append(Annex.objects.create(plan=annex.plan, office=office))
        make_absent_process(made[-1], like=first)
    for person in people.values():
        person.email = f"{person.username}@prova.example"
        person.save()
    return made


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def approve_all(annexes, people, first: int = 0) -> None:
    """Bring annexes to their validation, the way every annex goes."""
    body = annexes[0].plan.administration
    for number, annex in enumerate(annexes, first):
        head = make_member(f"capo{number}", "head", body=body, office=annex.office)
        move_annex(annex=fresh(annex), verb="submit", by=people["rpct"])
        approve_annex(annex=fresh(annex), by=head, seen=kept_annex(fresh(annex)).seen)


def address(annex, act: str) -> str:
    plan = annex.plan
    return reverse("risk:plan_several", args=[plan.administration.ipa_code, plan.slug, act])


def states(annexes) -> list[str]:
    return [fresh(annex).state for annex in annexes]


def chosen(annexes) -> dict:
    return {"allegato": [str(annex.uid) for annex in annexes]}


def test_the_preview_says_for_how_many_and_for_whom_not(world, people):
    approve_all(world[:2], people)
    rpct = client_of(people["rpct"])
    page = rpct.post(address(world[0], "valida"), chosen(world))
    text = page.content.decode()
    assert "Valida 2 allegati" in text
    assert "È in bozza: «Valida» si fa quando è approvato dal responsabile." in text
    assert "<strong>2 allegati, 2 processi.</strong>" in text
    assert [row.annex for row in page.context["able"]] == [world[1], world[0]]
    assert states(world) == ["approved", "approved", "draft"], "nothing is done before it is asked"


def test_several_are_validated_then_issued_and_told_office_by_office(world, people):
    approve_all(world, people)
    rpct = client_of(people["rpct"])
    confirmed = {"conferma": "1", **chosen(world)}
    answer = rpct.post(address(world[0], "valida"), confirmed)
    assert states(world) == ["validated"] * 3
    assert TrailRecord.objects.filter(kind="annex-validate").count() == 3
    job = Job.objects.get()
    assert answer.url == reverse("registry:job", args=[job.uid])
    assert job.result["message"] == "Valida: fatto per 3 su 3."

    # one of them loses what it needs meanwhile: the other two go on
    move_annex(annex=fresh(world[1]), verb="return", by=people["rpct"], reason="Manca una fase.")
    outcomes = list(
        act_on_each(
            act=SeveralAct.ISSUE,
            annexes=Annex.objects.all(),
            uids=[str(annex.uid) for annex in world],
            asked=SeveralAsked(),
            by=people["rpct"],
            progress=lambda *_step: None,
        )
    )
    assert states(world) == ["issued", "returned", "issued"]
    assert [one.is_done for one in outcomes] == [True, False, True]
    assert "questo passo non c’è" in outcomes[1].sentence
    assert AnnexIssue.objects.count() == 2
    assert TrailRecord.objects.filter(kind="annex-issue", outcome="refused").count() == 1


def test_four_eyes_and_roles_hold_as_for_one(world, people):
    """Who is no RPCT any more when the job is done gets nothing done."""
    approve_all(world, people)
    uids = [str(annex.uid) for annex in world]
    asked = {"annexes": Annex.objects.all(), "uids": uids, "asked": SeveralAsked(reason="Ecco.")}
    for who in ("head", "auditor", "stranger"):
        by, silent = people[who], lambda *_step: None
        for act in SeveralAct:
            outcomes = list(act_on_each(act=act, by=by, progress=silent, **asked))
            assert not any(one.is_done for one in outcomes), act
    assert states(world) == ["approved"] * 3
    assert (Reminder.objects.count(), Exemption.objects.count()) == (0, 0)


def test_it_is_done_to_those_it_was_asked_for_and_told_of_each(world, people):
    """Who fell out after the question is told; who could only since then is left as it is."""
    approve_all(world[:2], people)
    rpct = client_of(people["rpct"])
    page = rpct.post(address(world[0], "valida"), chosen(world))
    asked = {"conferma": "1", "scelti": page.context["chosen"], "per": page.context["promised"]}
    approve_all(world[2:], people, first=2)
    move_annex(annex=fresh(world[1]), verb="return", by=people["rpct"], reason="Manca una fase.")
    text = rpct.post(address(world[0], "valida"), asked, follow=True).content.decode()
    assert states(world) == ["validated", "returned", "approved"]
    assert "fatto per 1 su 2" in text
    assert "non fatto" in text
    # asked again, it is said anew for whom
    again = rpct.post(address(world[0], "valida"), chosen(world))
    assert again.context["promised"] == str(world[2].uid)


@pytest.fixture
def broken(world):
    """The second annex, whose moves nobody could have foreseen to fail."""

    def fail(sender, instance, **kwargs):
        if instance.annex == world[1]:
            raise ZeroDivisionError

    pre_save.connect(fail, sender=Transition, weak=False)
    yield
    pre_save.disconnect(fail, sender=Transition)


def test_what_nobody_foresaw_stops_one_and_is_told_in_plain_words(world, people, request):
    approve_all(world, people)
    request.getfixturevalue("broken")
    rpct = client_of(people["rpct"])
    answer = rpct.post(address(world[0], "valida"), {"conferma": "1", **chosen(world)}, follow=True)
    assert states(world) == ["validated", "approved", "validated"]
    text = answer.content.decode()
    assert "fatto per 2 su 3" in text
    assert "Qualcosa di imprevisto" in text
    assert text.index("Cultura") < text.index("Demanio"), "what was not done is told first"


def test_all_that_are_late_are_reminded(world, people):
    close(world[2], "approved")
    rpct = client_of(people["rpct"])
    body = world[0].plan.administration
    make_member("ref", "editor", body=body, office=world[1].office)
    User.objects.filter(username="ref").update(email="ref@prova.example")
    page = rpct.post(address(world[0], "sollecita"), {"quali": "ritardo"})
    assert {row.annex for row in page.context["able"]} == set(world[:2])
    again = {"conferma": "1", "scelti": page.context["chosen"], "reason": "Si chiude venerdì."}
    rpct.post(address(world[0], "sollecita"), again)
    assert Reminder.objects.count() == 2
    assert all("Si chiude venerdì." in one.body for one in mail.outbox)
    page = rpct.post(address(world[0], "sollecita"), {"quali": "ritardo"})
    assert page.context["able"] == []
    assert "un solo sollecito al giorno" in page.content.decode()


def test_one_alone_is_done_at_once(world, people):
    rpct = client_of(people["rpct"])
    one = {"solo": str(world[0].uid), "conferma": "1"}
    answer = rpct.post(address(world[0], "sollecita"), one, follow=True)
    assert "Tributi: sollecitato" in answer.content.decode()
    assert not Job.objects.exists()


def test_returning_moving_a_day_and_exempting_ask_for_what_they_need(world, people):
    approve_all(world, people)
    rpct = client_of(people["rpct"])
    empty = {"conferma": "1", **chosen(world)}
    assert "Questo campo" in rpct.post(address(world[0], "restituisci"), empty).content.decode()
    rpct.post(address(world[0], "restituisci"), {**empty, "reason": "Rivedere i livelli."})
    assert states(world) == ["returned"] * 3
    reasons = Transition.objects.filter(verb="return").values_list("reason", flat=True)
    assert set(reasons) == {"Rivedere i livelli."}
    passed = {**empty, "reason": "Rinvio lungo.", "due_on": "2020-11-10"}
    for asked in (passed, {**passed, "allegato": passed["allegato"][:1]}):
        text = rpct.post(address(world[0], "proroga"), asked).content.decode()
        assert "Il nuovo giorno è già passato." in text
        assert "Rinvio lungo.</textarea>" in text, "what was written stays"
    day = {**empty, "reason": "Rinvio.", "due_on": "2021-01-10"}
    rpct.post(address(world[0], "proroga"), day)
    assert DeadlineExtension.objects.filter(due_on="2021-01-10").count() == 3
    rpct.post(address(world[0], "esonera"), {**empty, "reason": "Uffici accorpati."})
    assert Exemption.objects.count() == 3


def test_nobody_chosen_and_what_is_no_row_of_the_plan(world, people):
    rpct = client_of(people["rpct"])
    for asked in ({}, {"allegato": "boh"}, {"allegato": "0" * 32}, {"scelti": "x y"}):
        answer = rpct.post(address(world[0], "valida"), asked, follow=True)
        assert "Scegli almeno un ufficio." in answer.content.decode()
    assert rpct.get(address(world[0], "valida")).status_code == 405
    for who in ("head", "editor", "auditor", "stranger"):
        asked = client_of(people[who]).post(address(world[0], "valida"), chosen(world))
        assert asked.status_code == 404


def test_all_that_were_found_are_those_of_the_filter(world, people):
    rpct = client_of(people["rpct"])
    found = {"quali": "trovati", "filtri": "q=cultura"}
    page = rpct.post(address(world[0], "proroga"), found)
    assert [row.annex for row in page.context["able"]] == [world[1]]


class Cancelling(EmailBackend):
    """A mail server at whose first mail somebody cancels the job that sends it."""

    def send_messages(self, messages):
        for job in Job.objects.active():
            cancel_job(job=job, by=job.by)
        return super().send_messages(messages)


def test_a_cancelled_job_stops_between_two_annexes_and_tells_what_was_done(world, people, settings):
    body = world[0].plan.administration
    for annex in world[1:]:
        person = make_member(f"di-{annex.office.code}", "editor", body=body, office=annex.office)
        person.email = f"{person.username}@prova.example"
        person.save()
    settings.TASK_ENGINE = "database"
    settings.EMAIL_BACKEND = f"{__name__}.Cancelling"
    uids = [str(annex.uid) for annex in world]
    job = ask_several(
        plan=world[0].plan,
        act=SeveralAct.REMIND,
        uids=uids,
        asked=SeveralAsked(),
        by=people["rpct"],
    )
    run_job(uid=job.uid)
    assert [row.annex for row in Reminder.objects.all()] == [world[0]]
    page = client_of(people["rpct"]).get(reverse("registry:job", args=[job.uid])).content.decode()
    assert "annullata" in page
    assert "fatti 1 su 1" in page

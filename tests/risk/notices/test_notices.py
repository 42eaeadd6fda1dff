"""Notices: what waits for each, once a day at most, and nothing a right would hide."""

import datetime
import smtplib
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from registry.enums import ADOPTED_PLAN_STATES, DeadlineKind, PlanState
from registry.models import Annex, Plan, PlanDeadline, User
from registry.trail.anchors import head_of
from risk.models import Notice, PlanTransition, Remark
from risk.services.annexes.moves import move_annex
from risk.services.notices.mails import letters, send_notices
from tests.people import client_of, make_member, people_of
from tests.register import adopt, close, make_annex, make_body
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(annex):
    found = people_of(annex)
    for name, person in found.items():
        person.email = f"{name}@prova.example"
        person.save()
    return found


def waiting() -> dict[str, list[str]]:
    """What waits for each, by user name."""
    return {one.person.username: [line.sentence for line in one.lines] for one in letters()}


def add_deadline(annex, days: int, kind: str = "transmission") -> None:
    due = timezone.localdate() + datetime.timedelta(days=days)
    label = "Invio delle schede"
    PlanDeadline.objects.create(plan=annex.plan, due_on=due, label=label, kind=kind)


def test_when_nothing_waits_nobody_is_written_to(people):
    assert send_notices().sent == 0
    assert mail.outbox == []
    assert not Notice.objects.exists()


def test_the_rpct_is_mailed_the_head_of_the_trail_to_keep(annex, people):
    """It is no reason for a mail, and nobody else is told."""
    close(annex, "submitted")
    close(annex, "approved")
    head = head_of(annex.plan.administration.ipa_code)
    assert [one.person.username for one in letters()] == ["rpct"]
    close(annex, "submitted")
    add_deadline(annex, 3)
    mail.outbox.clear()
    send_notices()
    told = {one.to[0]: one for one in mail.outbox}
    assert head.number < head_of(head.ipa_code).number
    assert f"Traccia, da conservare: {head_of(head.ipa_code)}" in told["rpct@prova.example"].body
    assert str(head_of(head.ipa_code)) in told["rpct@prova.example"].alternatives[0].content
    assert "Traccia" not in told["head@prova.example"].body


def test_each_state_waits_for_its_own(annex, people):
    name = "Tributi, PTPCT 2021/2023"
    move_annex(annex=annex, verb="submit", by=people["editor"])
    assert waiting() == {"testa": [f"{name}: da approvare."]}

    annex = Annex.objects.get(pk=annex.pk)
    move_annex(annex=annex, verb="approve", by=people["head"])
    assert waiting() == {"rpct": [f"{name}: da validare."]}

    annex = Annex.objects.get(pk=annex.pk)
    move_annex(annex=annex, verb="validate", by=people["rpct"])
    assert waiting() == {"rpct": [f"{name}: da emettere."]}


def test_what_was_sent_back_comes_with_its_reason(annex, people):
    move_annex(annex=annex, verb="submit", by=people["editor"])
    annex = Annex.objects.get(pk=annex.pk)
    move_annex(annex=annex, verb="return", by=people["rpct"], reason="Manca la fase finale.")

    told = "Tributi, PTPCT 2021/2023: restituito. Motivo: Manca la fase finale."
    assert waiting() == {"testa": [told], "penna": [told]}


def test_open_remarks_wait_for_the_office(annex, people):
    fields = {"row_kind": "annex", "row_uid": annex.uid, "by": people["rpct"]}
    for text in ("Prima", "Seconda"):
        remark = Remark.objects.create(annex=annex, text=text, **fields)
    assert waiting()["penna"] == ["Tributi, PTPCT 2021/2023: 2 osservazioni aperte."]

    remark.closed_by, remark.closed_at = people["rpct"], timezone.now()
    remark.save()
    assert waiting()["testa"] == ["Tributi, PTPCT 2021/2023: 1 osservazione aperta."]


@pytest.mark.parametrize(("days", "who"), [(15, set()), (14, {"rpct", "testa", "penna"})])
def test_a_deadline_rings_for_the_rpct_and_the_offices_still_at_work(annex, people, days, who):
    add_deadline(annex, days)

    found = waiting()

    assert set(found) == who
    assert all("Invio delle schede" in lines[0] for lines in found.values())


def test_a_deadline_rings_again_three_days_before_and_not_in_between(annex, people):
    add_deadline(annex, 8)
    at = timezone.localdate() - datetime.timedelta(days=6)
    for person in User.objects.all():
        Notice.objects.create(user=person, on=at, sent_at=timezone.now(), digest="0")
    assert waiting() == {}

    PlanDeadline.objects.update(due_on=timezone.localdate() + datetime.timedelta(days=3))
    assert set(waiting()) == {"rpct", "testa", "penna"}


def test_a_deadline_after_the_annex_was_sent_is_the_rpct_s_alone(annex, people):
    move_annex(annex=annex, verb="submit", by=people["editor"])
    add_deadline(annex, 3)

    found = waiting()

    assert len(found["rpct"]) == 1
    assert found["testa"] == ["Tributi, PTPCT 2021/2023: da approvare."]
    assert "penna" not in found


MAKING = {"preparation", "consultation", "proposed"}
ASKED_IN = {
    "transmission": MAKING,
    "consultation": {"preparation", "consultation"},
    "adoption": MAKING,
    "publication": MAKING | {"adopted"},
    "monitoring": {"published", "confirmed"},
    "report": {"published", "confirmed"},
    "other": MAKING | {"adopted", "published", "confirmed"},
}
"""In which states of its plan a deadline is still reminded of."""


def put_in(plan, state: str) -> None:
    """Put a plan in a state with its transition written first, as the services do."""
    if state in ADOPTED_PLAN_STATES:
        adopt(plan, state)
        return
    by = User.objects.get(username="rpct")
    PlanTransition.objects.create(
        plan=plan, verb="propose", from_state=plan.state, to_state=state, by=by
    )
    Plan.objects.filter(pk=plan.pk).update(state=state)


@pytest.mark.parametrize("state", PlanState.values)
@pytest.mark.usefixtures("people")
def test_a_deadline_is_reminded_of_while_it_concerns_the_state_of_the_plan(annex, state):
    for kind in DeadlineKind.values:
        PlanDeadline.objects.create(
            plan=annex.plan, due_on=timezone.localdate(), label=f"Termine: {kind}", kind=kind
        )
    if state != "preparation":
        put_in(annex.plan, state)

    told = " ".join(waiting().get("rpct", []))

    assert {kind for kind in DeadlineKind.values if f"Termine: {kind}." in told} == {
        kind for kind, states in ASKED_IN.items() if state in states
    }


@pytest.mark.parametrize(
    ("kind", "state", "own_dates", "told"),
    [
        ("ordinary", "adopted", False, {"report"}),
        ("ordinary", "proposed", True, {"monitoring", "report"}),
        # its measures are still those of the plan it updates
        ("update", "adopted", False, {"monitoring", "report"}),
        ("update", "adopted", True, {"report"}),
    ],
)
@pytest.mark.usefixtures("people")
def test_a_plan_is_monitored_until_another_is_adopted_in_its_place(
    annex, kind, state, own_dates, told
):
    day = timezone.localdate() + datetime.timedelta(days=3)
    for one in ("monitoring", "report"):
        PlanDeadline.objects.create(plan=annex.plan, due_on=day, label=f"Termine: {one}", kind=one)
    put_in(annex.plan, "published")
    years = {"first_year": 2021, "last_year": 2023, "kind": kind}
    body = annex.plan.administration
    newer = Plan.objects.create(administration=body, title="Il piano nuovo", **years)
    if own_dates:
        PlanDeadline.objects.create(plan=newer, due_on=day, label="Del nuovo", kind="monitoring")
    put_in(newer, state)

    rung = " ".join(waiting().get("rpct", []))

    assert {one for one in ("monitoring", "report") if f"Termine: {one}." in rung} == told


def test_nobody_reads_of_what_they_may_not_see(annex, people):
    """Another office, another body, a head who has left, an auditor: none of it reaches them."""
    body = make_body("c_x002")
    far = make_annex(body, office="Lontano")
    head = make_member("testa-lontana", "head", body=body, office=far.office)
    User.objects.filter(pk=head.pk).update(email="lontana@prova.example")
    close(far)
    gone = make_member("gia-testa", "head", body=annex.plan.administration, office=annex.office)
    gone.memberships.update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
    User.objects.filter(pk=gone.pk).update(email="gia@prova.example")
    move_annex(annex=annex, verb="submit", by=people["editor"])

    send_notices()

    by_address = {message.to[0]: message.body for message in mail.outbox}
    assert set(by_address) == {"head@prova.example", "lontana@prova.example"}
    assert "Lontano" not in by_address["head@prova.example"]
    assert "Tributi" not in by_address["lontana@prova.example"]
    for letter in letters():
        for line in letter.lines:
            uid = urlsplit(line.path).path.split("/")[2]
            assert Annex.objects.visible_to(letter.person).filter(uid=uid).exists()


def test_whoever_does_not_want_notices_or_is_suspended_gets_none(annex, people):
    move_annex(annex=annex, verb="submit", by=people["editor"])
    people["head"].wants_notices = False
    people["head"].save()
    assert waiting() == {}

    User.objects.filter(pk=people["head"].pk).update(wants_notices=True, is_active=False)
    assert waiting() == {}

    User.objects.filter(pk=people["head"].pk).update(is_active=True, email="")
    assert waiting() == {}


def test_the_mail_is_plain_and_html_with_links_that_begin_at_the_site(annex, people, settings):
    settings.SITE_URL = "https://registro.esempio.it"
    move_annex(annex=annex, verb="submit", by=people["editor"])

    call_command("send_notices", verbosity=0)

    (message,) = mail.outbox
    assert message.subject == "Registro dei rischi corruttivi: 1 cosa ti aspetta"
    assert message.to == ["head@prova.example"]
    link = f"https://registro.esempio.it{reverse('risk:review', args=[annex.uid])}"
    assert f"- Tributi, PTPCT 2021/2023: da approvare.\n  {link}" in message.body
    ((page, kind),) = message.alternatives
    assert kind == "text/html"
    assert f'href="{link}"' in page
    assert "https://registro.esempio.it/profilo/" in message.body


def test_a_second_run_of_the_same_day_sends_nothing(annex, people):
    move_annex(annex=annex, verb="submit", by=people["editor"])

    assert [send_notices().sent, send_notices().sent] == [1, 0]
    assert len(mail.outbox) == 1


def test_a_run_at_the_same_time_sends_nothing_either(annex, people, monkeypatch):
    """The other run has drawn its letters before, and claims them first."""
    move_annex(annex=annex, verb="submit", by=people["editor"])
    drawn = letters()
    assert send_notices().sent == 1
    monkeypatch.setattr("risk.services.notices.mails.letters", lambda: drawn)

    assert send_notices().sent == 0
    assert len(mail.outbox) == 1


class DeafBackend(EmailBackend):
    """A mail server that refuses one address."""

    deaf_to = "head@prova.example"

    def send_messages(self, messages):
        if any(self.deaf_to in message.to for message in messages):
            raise smtplib.SMTPRecipientsRefused({})
        return super().send_messages(messages)


def test_a_mail_that_does_not_leave_stops_no_other_and_is_tried_again(annex, people, settings):
    move_annex(annex=annex, verb="submit", by=people["editor"])
    add_deadline(annex, 3)
    ordinary = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.DeafBackend"

    with pytest.raises(CommandError, match="Messaggi non partiti: 1"):
        call_command("send_notices", verbosity=0)
    assert [message.to for message in mail.outbox] == [["rpct@prova.example"]]

    settings.EMAIL_BACKEND = ordinary
    assert send_notices().sent == 1
    assert mail.outbox[-1].to == ["head@prova.example"]


def test_drawing_the_letters_of_many_costs_as_much_as_of_few(annex, people):
    body = annex.plan.administration
    for number in range(8):
        other = make_annex(body, office=f"Ufficio {number}")
        for role in ("head", "editor"):
            name = f"{role}-{number}"
            person = make_member(name, role, body=body, office=other.office)
            User.objects.filter(pk=person.pk).update(email=f"{name}@prova.example")
        close(other)

    with at_most(10):
        assert len(letters()) == 8


def test_a_person_says_on_their_profile_whether_to_be_written_to(people):
    client, address = client_of(people["head"]), reverse("registry:profile")
    page = client.get(address).content.decode()
    assert "Responsabile" in page or "responsabile" in page
    assert "checked" in page

    assert client.post(address).status_code == 302
    assert not User.objects.get(pk=people["head"].pk).wants_notices
    client.post(address, {"wants_notices": "on"})
    assert User.objects.get(pk=people["head"].pk).wants_notices

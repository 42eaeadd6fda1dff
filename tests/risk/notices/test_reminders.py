"""Reminders: to whoever holds the annex, at most one a day, on the trail, or told why not."""

import datetime

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from registry.models import Annex, Membership, Office, PlanDeadline, TrailRecord, User
from risk.models import Reminder
from risk.services.notices.holders import holders_of
from risk.services.notices.reminders import ReminderRefusedError, remind
from risk.services.plans.exemptions import exempt_annex
from tests.people import START, make_member
from tests.register import close
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(people, settings):
    settings.SITE_URL = "https://registro.esempio.it"
    for person in people.values():
        person.email = f"{person.username}@prova.example"
        person.save()
    return people


def written() -> set[str]:
    return {one.to[0].partition("@")[0] for one in mail.outbox}


def test_the_mail_says_what_is_awaited_since_when_and_where_one_goes_on(annex, people, settings):
    settings.TODAY = datetime.date(2020, 12, 20)
    PlanDeadline.objects.create(
        plan=annex.plan, due_on="2020-12-18", kind="transmission", label="Invio"
    )
    remind(annex=annex, by=people["rpct"], words="Domani chiudo.")
    assert written() == {"testa", "penna"}
    text = mail.outbox[0].body
    for words in (
        "è in bozza, e tocca a voi",
        "entro il 18/12/2020: è in ritardo di 2 giorni",
        "Domani chiudo.",
        f"https://registro.esempio.it/allegati/{annex.uid}/",
        "Lo scrive Rpct Prova",
    ):
        assert words in text, text
    assert mail.outbox[0].subject == "Sollecito: Tributi, PTPCT 2021/2023"
    record = TrailRecord.objects.get(kind="reminder")
    assert (record.subject, record.detail["people"]) == (f"annex {annex.uid}", 2)


@pytest.mark.parametrize(
    ("state", "who"), [("submitted", {"testa"}), ("returned", {"testa", "penna"})]
)
def test_it_goes_to_whoever_holds_the_annex(annex, people, state, who):
    close(annex, state)
    remind(annex=annex, by=people["rpct"])
    assert written() == who


def test_it_goes_also_to_who_wants_no_daily_mail(annex, people):
    User.objects.update(wants_notices=False)
    remind(annex=annex, by=people["rpct"])
    assert written() == {"testa", "penna"}


def test_an_office_is_reminded_once_a_day(annex, people):
    made = remind(annex=annex, by=people["rpct"])
    with pytest.raises(ReminderRefusedError, match="già stato sollecitato oggi"):
        remind(annex=annex, by=people["rpct"])
    assert (len(mail.outbox), Reminder.objects.count()) == (2, 1)
    assert TrailRecord.objects.filter(kind="reminder", outcome="refused").count() == 1
    Reminder.objects.filter(pk=made.pk).update(on=made.on - datetime.timedelta(days=1))
    remind(annex=annex, by=people["rpct"])
    assert len(mail.outbox) == 4


@pytest.mark.parametrize("who", ["head", "editor", "auditor", "colleague", "stranger"])
def test_only_the_rpct_reminds(annex, people, who):
    with pytest.raises(ReminderRefusedError):
        remind(annex=annex, by=people[who])
    assert (mail.outbox, Reminder.objects.count()) == ([], 0)


def test_nobody_is_reminded_of_what_they_have_done(annex, people):
    for state in ("approved", "validated", "issued"):
        close(annex, state)
        with pytest.raises(ReminderRefusedError, match="ha fatto la sua parte"):
            remind(annex=annex, by=people["rpct"])


def test_an_exempted_office_and_one_nobody_can_be_written_to(annex, people):
    User.objects.update(email="")
    with pytest.raises(ReminderRefusedError, match="indirizzo di posta"):
        remind(annex=annex, by=people["rpct"])
    exempt_annex(annex=annex, reason="Soppresso.", by=people["rpct"])
    with pytest.raises(ReminderRefusedError, match="esonerato"):
        remind(annex=Annex.objects.get(pk=annex.pk), by=people["rpct"])


class Refusing(EmailBackend):
    def send_messages(self, messages):
        raise OSError("la posta non risponde")


def test_a_mail_that_does_not_leave_may_be_written_again(annex, people, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    with pytest.raises(ReminderRefusedError, match="non è partito"):
        remind(annex=annex, by=people["rpct"])
    assert not Reminder.objects.exists()
    assert TrailRecord.objects.filter(kind="reminder-failed").count() == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    remind(annex=annex, by=people["rpct"])
    assert written() == {"testa", "penna"}


def test_of_an_office_without_people_the_nearest_above_is_awaited(annex, people):
    body, office = annex.plan.administration, annex.office
    Membership.objects.filter(office=office).delete()
    top = Office.objects.create(administration=body, code="DIR", name="Direzione")
    Office.objects.filter(pk=office.pk).update(parent=top)
    chief = make_member("direzione", "head", body=body, office=top)
    with at_most(3):
        annex = Annex.objects.with_names().get(pk=annex.pk)
        assert holders_of([annex])[annex.pk].people == (chief,)
    # a role that has ended holds nothing
    Membership.objects.filter(user=chief).update(starts_on=START, ends_on=START)
    assert holders_of([annex])[annex.pk].people == ()

"""Reminders: the mail by which the RPCT asks an office for its annex, at most one a day.

It is written by a person to whoever holds the annex, and so goes also to who has chosen not to
have the daily mail. It is on the trail before it leaves; when nobody’s could leave, that too is
on the trail, and it may be written again.
"""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.acts import Refused, act
from registry.enums import AnnexState
from registry.models import Annex, User
from registry.permissions import is_rpct_of_annex
from registry.services.rows import store
from registry.trail.subjects import annex_subject
from risk.models import Reminder
from risk.services.notices.holders import Holder, holders_of
from risk.services.notices.post import post
from risk.services.plans.deadlines import OF_OFFICE, days_left, days_of, with_due

KIND = "reminder"
PAGES = {AnnexState.SUBMITTED: "risk:review"}
"""The page where the next act is done, where it is not that of the moves."""


class ReminderRefusedError(Refused):
    """An office is not reminded; the text is an Italian sentence. Nothing has changed."""


def reminded_today(annexes: Iterable[Annex]) -> set[int]:
    """Return the keys of the offices, of some annexes, that were reminded today."""
    offices = {row.office_id for row in annexes}
    rows = Reminder.objects.filter(annex__office__in=offices, on=timezone.localdate())
    return set(rows.values_list("annex__office", flat=True))


def why_not(annex: Annex, holder: Holder | None, reminded: set[int]) -> str:
    """Return why an office cannot be reminded now, "" when it can."""
    if hasattr(annex, "exemption"):
        return _("L’ufficio è esonerato da questa edizione.")
    if annex.plan.is_adopted or annex.state not in OF_OFFICE:
        state = AnnexState(annex.state).said
        return _("È %(state)s: l’ufficio ha fatto la sua parte.") % {"state": state}
    if annex.office_id in reminded:
        return _("L’ufficio è già stato sollecitato oggi: un solo sollecito al giorno.")
    if holder is None or not _addresses(holder):
        return _("Nessuno dell’ufficio ha un indirizzo di posta a cui scrivere.")
    return ""


def remind(*, annex: Annex, by: User, words: str = "") -> Reminder:
    """Write to whoever holds an annex that it is awaited; return what was sent.

    `words` are added by the person who reminds. Raises `ReminderRefusedError` for who is not the
    RPCT, for an office that is not awaited, was reminded today or cannot be reached, and when no
    mail could leave.
    """
    annex = with_due(
        Annex.objects.with_names().select_related("exemption"), days_of([annex.plan])
    ).get(pk=annex.pk)
    holder = holders_of([annex]).get(annex.pk)
    subject = annex_subject(annex)
    try:
        with act(KIND, by=by, subject=subject) as opened:
            if not is_rpct_of_annex(by, annex):
                raise ReminderRefusedError(_("Sollecita gli uffici il RPCT dell’amministrazione."))
            # whoever reminds the same office at this moment waits here
            Annex.objects.select_for_update().get(pk=annex.pk)
            if refusal := why_not(annex, holder, reminded_today([annex])):
                raise ReminderRefusedError(refusal)
            people = _addresses(holder)
            opened.detail["people"] = len(people)
            made = store(
                Reminder(
                    annex=annex,
                    on=timezone.localdate(),
                    words=words.strip(),
                    people=len(people),
                    by=by,
                )
            )
    except IntegrityError as error:
        raise ReminderRefusedError(why_not(annex, holder, {annex.office_id})) from error
    if not _send(annex, people, made):
        with act(f"{KIND}-failed", by=by, subject=subject):
            made.delete()
        raise ReminderRefusedError(_("Il messaggio non è partito: riprova più tardi."))
    return made


def _addresses(holder: Holder | None) -> list[User]:
    return [person for person in holder.people if person.email] if holder else []


def _send(annex: Annex, people: Iterable[User], reminder: Reminder) -> bool:
    """Send a mail to each person; return whether any has left."""
    with post() as opened:
        reasons = [
            opened.send(_message(annex, person, reminder), name=str(person.trail_token))
            for person in people
        ]
    return not all(reasons)


def _message(annex: Annex, person: User, reminder: Reminder) -> EmailMessage:
    page = PAGES.get(AnnexState(annex.state), "risk:workflow")
    context = {
        "person": person,
        "annex": annex,
        "state": AnnexState(annex.state).said,
        "by": reminder.by,
        "words": reminder.words,
        "due_on": annex.due_on,
        "days": days_left(annex.due_on),
        "address": f"{settings.SITE_URL}{reverse(page, args=[annex.uid])}",
    }
    heading = _("Sollecito: %(office)s, %(plan)s")
    heading %= {"office": annex.printed_office_name, "plan": annex.plan.title}
    text = render_to_string("risk/notices/reminder.txt", context).strip() + "\n"
    return EmailMessage(" ".join(heading.split()), text, to=[person.email])

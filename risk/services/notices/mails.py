"""One mail a day, at most, with what waits for a person: what their rights show, and no more.

Letters are drawn for everybody at once, in a number of queries that does not depend on how many
they are, and leave by one connection. One run goes on at a time, and what has left is kept at once
(`risk.services.notices.journal`), so that a second run of the same day, or the one after a run that
was killed, sends only what has not left.
"""

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Max, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.clock import today
from registry.models import Annex, PlanDeadline, User
from registry.permissions import reach_of, read_reaches
from registry.readable import grouped
from registry.services.anchors import heads_by_body
from registry.trail.anchors import Anchor
from risk.models import Notice
from risk.services.annexes.returns import sent_back
from risk.services.notices.chapters import chapter_lines, unapproved_chapters
from risk.services.notices.entry_requests import open_by_body
from risk.services.notices.follow_ups import follow_up_lines, open_follow_ups
from risk.services.notices.journal import open_journal
from risk.services.notices.post import post
from risk.services.notices.remarks import lines_for, open_remarks
from risk.services.notices.rounds import asked_rounds, round_lines
from risk.services.notices.waiting import (
    WaitingLine,
    lines_of,
    on_their_way,
    remark_lines,
    request_lines,
)

REMIND_BEFORE = (14, 3)
"""Days before a deadline at which it makes a mail by itself."""


@dataclass
class Letter:
    """What waits for one person; `is_due` when it is worth a mail of its own."""

    person: User
    lines: list[WaitingLine] = field(default_factory=list)
    is_due: bool = False
    anchors: list[Anchor] = field(default_factory=list)
    """Heads of the trail, for the RPCT to keep: beside what waits, and no reason for a mail."""

    @property
    def digest(self) -> str:
        """Digest of the content, kept in its place."""
        text = "\n".join(f"{line.sentence}\t{line.path}" for line in self.lines)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Unsent:
    """A mail that did not leave, and in Italian why; the next run tries it again."""

    person: User
    reason: str


@dataclass(frozen=True)
class Round:
    """What came of one run: how many mails were sent, and those that did not leave."""

    sent: int
    unsent: list[Unsent]


def send_notices() -> Round:
    """Mail everybody what waits for them, once a day at most; the next run tries what failed.

    The statements do not grow with the people, but for one of `Notice` for each two hundred.
    """
    with open_journal() as journal, post() as opened:
        on = timezone.localdate()
        # drawn before somebody else's run ended, perhaps
        had = set(_sent(on).values_list("user", flat=True))
        due = [letter for letter in letters() if letter.person.pk not in had]
        _add_anchors(due)
        _keep(due, on)
        unsent = []
        for letter in due:
            name = str(letter.person.trail_token)
            if reason := opened.send(_message(letter, on), name=name):
                unsent.append(Unsent(letter.person, reason))
            else:
                journal.note(person=letter.person.pk, on=on)
        return Round(sent=len(due) - len(unsent), unsent=unsent)


def letters() -> list[Letter]:
    """Return today's letters, of those only who want notices, have an address and work to do."""
    people = _people()
    read_reaches(people)
    annexes = _annexes(people)
    back, remarks = sent_back(annexes), open_remarks(people)
    deadlines, requests = _deadlines(people), open_by_body(people)
    rounds, left = asked_rounds(people), open_follow_ups(people)
    chapters = unapproved_chapters(people)
    due = []
    for person in people:
        letter = Letter(person)
        for annex in annexes:
            letter.lines.extend(lines_of(person, annex, back.get(annex.pk)))
        letter.lines.extend(remark_lines(lines_for(person, remarks)))
        letter.lines.extend(request_lines(person, requests))
        letter.is_due = bool(letter.lines)
        told = (
            *round_lines(person, rounds),
            *follow_up_lines(person, left),
            *chapter_lines(person, chapters),
        )
        for line, rings in told:
            letter.lines.append(line)
            letter.is_due = letter.is_due or rings
        for deadline in deadlines:
            _tell_deadline(letter, deadline, annexes)
        if letter.is_due:
            due.append(letter)
    return due


# --- What is read, once for all -----------------------------------------------------------------


def _people() -> list[User]:
    """People with a running role who want notices and have had none today."""
    sent_today = _sent(timezone.localdate())
    people = User.objects.filter(is_active=True, wants_notices=True).exclude(email="")
    people = people.exclude(pk__in=sent_today.values("user"))
    last = Max("notices__on", filter=Q(notices__sent_at__isnull=False))
    people = people.annotate(last_notice=last, last_sent=Max("notices__sent_at"))
    return list(people.order_by("pk"))


def _annexes(people: Iterable[User]) -> list[Annex]:
    bodies = {body for person in people for body in reach_of(person).administrations}
    return list(on_their_way(Annex.objects.filter(plan__administration__in=bodies)))


def _deadlines(people: Iterable[User]) -> list[PlanDeadline]:
    bodies = {body for person in people for body in reach_of(person).administrations}
    last = today() + datetime.timedelta(days=max(REMIND_BEFORE))
    rows = PlanDeadline.objects.current().filter(plan__administration__in=bodies)
    rows = rows.filter(due_on__gte=today(), due_on__lte=last)
    return list(rows.select_related("plan__administration").order_by("due_on", "label"))


# --- What is told to one person -------------------------------------------------------------------


def _tell_deadline(letter: Letter, deadline: PlanDeadline, annexes: Iterable[Annex]) -> None:
    """Tell the RPCT of a deadline, and the offices whose annex in that plan is still open."""
    reach, plan = reach_of(letter.person), deadline.plan
    waits = plan.administration_id in reach.rpct_of or any(
        annex.plan_id == plan.pk and annex.is_open and annex.office_id in reach.own_offices
        for annex in annexes
    )
    if not waits:
        return
    sentence = _("%(plan)s, entro il %(day)s: %(what)s.")
    names = {"plan": plan.title, "day": f"{deadline.due_on:%d/%m/%Y}", "what": deadline.label}
    path = reverse("risk:plan", args=[plan.administration.ipa_code, plan.slug])
    letter.lines.append(WaitingLine(sentence % names, path))
    letter.is_due = letter.is_due or _rings(deadline, letter.person.last_notice)


def _rings(deadline: PlanDeadline, last: datetime.date | None) -> bool:
    """Return whether one of the days to remind has come since the person's last mail.

    Asked so, and not for the very day, a run that was missed or a mail that failed is made up for.
    """
    days = (deadline.due_on - datetime.timedelta(days=before) for before in REMIND_BEFORE)
    return any(day <= today() and (last is None or last < day) for day in days)


# --- Sending --------------------------------------------------------------------------------------


def _sent(on: datetime.date) -> QuerySet[Notice]:
    return Notice.objects.filter(on=on, sent_at__isnull=False)


def _add_anchors(due: Iterable[Letter]) -> None:
    heads = heads_by_body()
    for letter in due:
        bodies = reach_of(letter.person).rpct_of
        letter.anchors = [head for body, head in heads.items() if body in bodies]


def _keep(due: Iterable[Letter], on: datetime.date) -> None:
    """Write down what is about to leave; what did not leave before is there with other words."""
    Notice.objects.bulk_create(
        [Notice(user=letter.person, on=on, digest=letter.digest) for letter in due],
        update_conflicts=True,
        unique_fields=["user", "on"],
        update_fields=["digest"],
    )


def _message(letter: Letter, on: datetime.date) -> EmailMultiAlternatives:
    address = f"{settings.SITE_URL}{reverse('registry:profile')}"
    lines = [(line.sentence, f"{settings.SITE_URL}{line.path}") for line in letter.lines]
    context = {"person": letter.person, "lines": lines, "profile": address}
    context["anchors"] = letter.anchors
    message = EmailMultiAlternatives(
        subject=ngettext(
            "Registro dei rischi corruttivi: %(n)s cosa ti aspetta",
            "Registro dei rischi corruttivi: %(n)s cose ti aspettano",
            len(letter.lines),
        )
        % {"n": grouped(len(letter.lines))},
        body=render_to_string("risk/notices/mail.txt", context),
        to=[letter.person.email],
        headers={"Message-ID": _message_id(letter.person, on)},
    )
    message.attach_alternative(render_to_string("risk/notices/mail.html", context), "text/html")
    return message


def _message_id(person: User, on: datetime.date) -> str:
    """Return the same for a mail that is sent again, which tells nobody whose it is."""
    mark = salted_hmac("risk.notice", f"{person.trail_token} {on}").hexdigest()
    return f"<{mark}@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition('@')[2]}>"

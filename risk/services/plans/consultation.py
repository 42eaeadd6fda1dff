"""The consultation on a plan: its address opened and withdrawn, what is sent there confirmed.

Nobody guesses the address, and it opens only while the plan is in consultation and nobody has
withdrawn it. What strangers send waits outside of the register until the link that was mailed to
them is opened (docs/decisions/0084).
"""

import datetime
import uuid
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registry import clock
from registry.acts import RuleRefused, act
from registry.enums import DeadlineKind, PlanState
from registry.models import Plan, PlanDeadline
from registry.services.editing import save_fields
from registry.services.mails import send_mail_of
from registry.services.rows import store
from risk.enums import ContributionWay
from risk.models import Consultation, ConsultationPaper, Contribution, PendingContribution
from risk.services.plans.contribution_rows import Topic, topic_called
from risk.services.plans.contributions import add_contribution
from risk.services.plans.moves import lock_plan, subject_of

KIND = "consultation"
LINK_HOURS = 48
MOST_PENDING = 300
"""Contributions of a plan that may wait for their senders at a time."""
_SALT = "risk.contribution"
_MAIL = "risk/notices/contribution"


class LinkError(Exception):
    """A link confirms nothing: it is too old, was used, or is not whole."""


def running_consultation(plan: Plan) -> Consultation | None:
    """Return the address of a plan that was not withdrawn, if there is one."""
    return Consultation.objects.filter(plan=plan, withdrawn_at=None).first()


def consultation_at(token: str) -> Consultation | None:
    """Return what was opened at an address, whatever has become of it; None for no address."""
    rows = Consultation.objects.select_related("plan__administration")
    return rows.filter(token=token).first()


def is_read(consultation: Consultation) -> bool:
    """Tell whether the draft is read at the address now."""
    is_there = consultation.withdrawn_at is None
    return is_there and consultation.plan.state == PlanState.CONSULTATION


def takes_contributions(consultation: Consultation) -> bool:
    """Tell whether contributions are taken at the address today."""
    return is_read(consultation) and clock.today() <= consultation.ends_on


def address_of(consultation: Consultation) -> str:
    """Return the whole address of a consultation."""
    return f"{settings.SITE_URL}{reverse('risk:consultation', args=[consultation.token])}"


def proposed_end(plan: Plan) -> datetime.date | None:
    """Return the day the calendar of a plan gives its consultation, None where it gives none.

    Of several days to come it is the first; one that has passed is not proposed. One statement.
    """
    days = PlanDeadline.objects.filter(plan=plan, kind=DeadlineKind.CONSULTATION)
    ahead = days.filter(due_on__gte=clock.today()).order_by("due_on")
    return ahead.values_list("due_on", flat=True).first()


def open_consultation(*, plan: Plan, ends_on: datetime.date, by: Any) -> Consultation:
    """Open an address at which everybody reads the draft of a plan; return it. One act.

    Raises `RuleRefused` unless the plan is in consultation, has no address, and the day is to come.
    """
    with act(KIND, by=by, subject=subject_of(plan)) as opened:
        if lock_plan(plan).state != PlanState.CONSULTATION:
            raise RuleRefused(_("L’indirizzo si apre mentre il piano è in consultazione."))
        if running_consultation(plan) is not None:
            raise RuleRefused(_("Il piano ha già un indirizzo di consultazione."))
        if ends_on < clock.today():
            raise RuleRefused({"ends_on": _("Il giorno è già passato.")})
        opened.detail["ends_on"] = ends_on.isoformat()
        return store(Consultation(plan=plan, ends_on=ends_on), sure={"plan"})


def withdraw_consultation(*, row: Consultation, version: int, by: Any) -> None:
    """Withdraw an address: it opens nothing any more. One act; `StaleRow` where somebody did so."""
    with act(KIND, by=by, subject=subject_of(row.plan)) as opened:
        opened.detail["withdrawn"] = True
        values = {"withdrawn_at": clock.now()}
        save_fields(row=row, values=values, version=version, kind=KIND, by=by)


def keep_paper(*, plan: Plan, content: bytes) -> None:
    """Keep the draft of a plan as a PDF for who reads it at its address, if it has one."""
    running = running_consultation(plan)
    if running is not None:
        told = {"content": content, "drawn_at": clock.now()}
        ConsultationPaper.objects.update_or_create(consultation=running, defaults=told)


def paper_of(consultation: Consultation, *, with_content: bool = False) -> ConsultationPaper | None:
    """Return the draft as a PDF, if it was drawn; its bytes only where they are asked for."""
    rows = ConsultationPaper.objects.filter(consultation=consultation)
    return (rows if with_content else rows.defer("content")).first()


def send_contribution(
    *, consultation: Consultation, sender: str, topic: Topic, text: str, name: str, email: str
) -> None:
    """Keep what somebody sent until they open the link that is mailed to them.

    The same text from the same address is kept once, and its link mailed again. Raises
    `RuleRefused` where no contributions are taken or too many wait, `ValidationError` for a text
    that is refused, `OSError` when the mail cannot leave: then nothing is kept.
    """
    if not takes_contributions(consultation):
        raise RuleRefused(closed())
    waiting = PendingContribution.objects.filter(consultation__plan=consultation.plan_id)
    with transaction.atomic():
        row = waiting.filter(email__iexact=email, text=text).first()
        if row is None:
            if waiting.count() >= MOST_PENDING:
                raise RuleRefused(too_many())
            row = PendingContribution(
                uid=uuid.uuid4(),
                consultation=consultation,
                sender=sender,
                about=topic.kind,
                about_uid=topic.uid,
                text=text,
                name=name,
                email=email,
            )
            store(row, sure={"consultation", "uid"})
        _mail(row)


def _mail(row: PendingContribution) -> None:
    plan = row.consultation.plan
    path = reverse("risk:consultation_confirm", args=[signed_of(row)])
    context = {
        "plan": plan,
        "body": plan.administration,
        "address": f"{settings.SITE_URL}{path}",
        "hours": LINK_HOURS,
    }
    send_mail_of(_MAIL, row.email, context)


def signed_of(row: PendingContribution) -> str:
    """Return what a link says that confirms a contribution; `pending_at` reads it."""
    return signing.dumps(str(row.uid), salt=_SALT)


def closed() -> str:
    """Return why nothing is taken at an address that was open a moment ago."""
    return _(
        "La consultazione si è chiusa o l’indirizzo è stato ritirato: il contributo non è partito. "
        "Quello che hai scritto è qui sotto: si può copiare e mandare per posta."
    )


def too_many() -> str:
    """Return why nothing is taken for a while."""
    return _(
        "Stanno arrivando troppi contributi in poco tempo. Quello che hai scritto è qui sotto: "
        "riprova fra un’ora."
    )


def pending_at(signed: str) -> PendingContribution:
    """Return what a link confirms. Raises `LinkError`."""
    try:
        age = datetime.timedelta(hours=LINK_HOURS)
        uid = uuid.UUID(signing.loads(signed, salt=_SALT, max_age=age))
    except (signing.BadSignature, ValueError, TypeError, AttributeError) as error:
        raise LinkError from error
    rows = PendingContribution.objects.select_related("consultation__plan__administration")
    row = rows.filter(uid=uid).first()
    if row is None:
        raise LinkError
    return row


def confirm_contribution(signed: str) -> Contribution:
    """Take down what a link confirms, as a contribution; it confirms nothing a second time.

    What was sent in time is taken until the plan is adopted. What it speaks of may be gone: then it
    speaks of the plan. Raises `LinkError`, and `RuleRefused` once the plan is adopted.
    """
    found = pending_at(signed)
    plan = found.consultation.plan
    with act("contribution", by=None, subject=subject_of(plan)):
        lock_plan(plan)
        row = PendingContribution.objects.filter(pk=found.pk).first()
        if row is None:
            raise LinkError
        key = f"{row.about}-{row.about_uid}" if row.about_uid else ""
        taken = add_contribution(
            plan=plan,
            sender=row.sender,
            way=ContributionWay.FORM,
            text=row.text,
            topic=topic_called(plan, key) or Topic(),
            # an installation may live in another day than its moments (PTPCT_TODAY)
            received_on=min(timezone.localdate(row.sent_at), clock.today()),
            name=row.name,
            email=row.email,
            by=None,
        )
        row.delete()
        return taken


def forget_pending() -> int:
    """Delete what was sent and not confirmed in time; return how many."""
    before = clock.now() - datetime.timedelta(hours=LINK_HOURS)
    count, _by_model = PendingContribution.objects.filter(sent_at__lt=before).delete()
    return count

"""Inviting people of another body: they join by their own yes (docs/decisions/0040).

Until then whoever invites learns nothing about them, not even their name: the answer of the page is
the one an unknown address gets. The list of the body has them by that address.
"""

import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registry import clock, trail
from registry.acts import act
from registry.models import Administration, Invitation, Membership, Office, User
from registry.services import people
from registry.services.mails import send_mail_of
from registry.services.rows import store
from registry.trail.subjects import Subject, body_subject


def invite(
    *,
    email: str,
    first_name: str,
    last_name: str,
    administration: Administration,
    office: Office | None,
    role: str,
    starts_on: datetime.date,
    title: str = "",
    by: Any,
) -> Membership | Invitation:
    """Give somebody a role as `people.invite_person` does, or offer it to one of another body.

    Offered twice it is one invitation, with what was last said. After the transaction the person is
    mailed the page where to answer (`OSError` when the mail cannot leave).

    Raises what `people.invite_person` raises; `PermissionDenied` for whoever keeps no people.
    """
    people.check_right(by, administration)
    person = people.person_elsewhere(email, administration)
    if person is None or by is None or by.is_superuser:
        return people.invite_person(
            email=email,
            first_name=first_name,
            last_name=last_name,
            administration=administration,
            office=office,
            role=role,
            starts_on=starts_on,
            title=title,
            by=by,
        )
    with act(people.KIND, by=by, subject=body_subject(administration)) as opened:
        waiting = Invitation.objects.waiting().filter(user=person, administration=administration)
        offer = waiting.select_for_update(of=("self",)).first() or Invitation(
            user=person, administration=administration
        )
        offer.office, offer.role, offer.title = office, role, title
        offer.starts_on, offer.by = starts_on, by
        store(offer)
        opened.detail[trail.INVITATION] = f"{offer.uid} offered"
        transaction.on_commit(lambda: _mail(offer))
    return offer


def answer(*, invitation: Invitation, is_accepted: bool, by: User) -> Membership | None:
    """Take the answer of whoever was invited; return the membership of a yes, from today at best.

    Raises `PermissionDenied` for anybody else, `ValidationError` for an invitation that has been
    answered or withdrawn, and whatever keeps the role from being given.
    """
    if invitation.user_id != by.pk:
        raise PermissionDenied
    with act(people.KIND, by=by, subject=_subject(invitation)) as opened:
        offer = _close(invitation, is_accepted=is_accepted)
        answered = "accepted" if is_accepted else "refused"
        opened.detail[trail.INVITATION] = f"{offer.uid} {answered}"
        if not is_accepted:
            return None
        role = as_role(offer)
        role.starts_on = max(offer.starts_on, timezone.localdate())
        return people.give_role(role)[0]


def withdraw(*, invitation: Invitation, by: Any) -> None:
    """Take an invitation back that nobody has answered.

    Raises `PermissionDenied` for whoever does not keep the people of the body, `ValidationError`
    for one that has been answered.
    """
    people.check_right(by, invitation.administration)
    with act(people.KIND, by=by, subject=_subject(invitation)) as opened:
        _close(invitation, is_accepted=False)
        opened.detail[trail.INVITATION] = f"{invitation.uid} withdrawn"


def as_role(made: Membership | Invitation) -> Membership:
    """Return the role an invitation offers, as it would be; a role as it is."""
    if isinstance(made, Membership):
        return made
    return Membership(
        user=made.user,
        administration=made.administration,
        office=made.office,
        role=made.role,
        title=made.title,
        starts_on=made.starts_on,
    )


def _subject(invitation: Invitation) -> Subject:
    return Subject(f"invitation {invitation.uid}", invitation.administration_id)


def _close(invitation: Invitation, *, is_accepted: bool) -> Invitation:
    rows = Invitation.objects.waiting().select_for_update(of=("self",))
    offer = rows.select_related("administration", "office").filter(pk=invitation.pk).first()
    if offer is None:
        sentence = _("A questo invito è già stato risposto, o è stato ritirato.")
        raise ValidationError(sentence, code="answered")
    offer.answered_at, offer.is_accepted = clock.now(), is_accepted
    return store(offer)


def _mail(offer: Invitation) -> None:
    path = reverse("registry:invitation", args=[offer.uid])
    context = {"invitation": offer, "address": f"{settings.SITE_URL}{path}"}
    send_mail_of("account/email/offer", offer.user.email, context)

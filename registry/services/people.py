"""Who belongs to an administration: inviting, ending, handing over, standing in for a head.

All acts are for the RPCT of the body and the keeper of the installation, and check it themselves:
`PermissionDenied` otherwise. `by` is the acting person, None for a command run by nobody. Every
act done twice the same way leaves what the first one did.
"""

import datetime
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry import trail
from registry.acts import act
from registry.models import Administration, Membership, Office, User
from registry.services.mails import send_mail_of
from registry.services.person_acts import note_role, person_act
from registry.services.rows import store
from registry.trail.subjects import body_subject, role_subject

KIND = "people"
_ONE_DAY = datetime.timedelta(days=1)
NAME_MISSING = gettext_lazy("Serve per invitare una persona nuova.")


def invite_person(
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
) -> Membership:
    """Give somebody a role, by e-mail address; return the membership.

    Whoever has the address already keeps their name and just gets the membership. Otherwise a
    person is made, without a password, with a user name from their names. After the transaction a
    link to choose a password is mailed to whoever has never come in (`OSError` when the mail cannot
    leave: all the rest is done, and `send_invitation` tries again).

    Raises `ValidationError` when a name is missing, the office is of another body or retired, the
    person is suspended or holds the same role already, or an RPCT invites somebody of another body,
    who is asked first (`registry.services.invitations`).
    """
    check_right(by, administration)
    if by is not None and not by.is_superuser and person_elsewhere(email, administration):
        raise ValidationError(
            _("È di un’altra amministrazione: va invitata, e accetta."), code="elsewhere"
        )
    with act(KIND, by=by, subject=body_subject(administration)):
        person = User.objects.filter(email__iexact=email.strip()).first()
        if person is None:
            with person_act(None, by=by) as made:
                person = _make_person(email=email, first_name=first_name, last_name=last_name)
                made.append(person)
        membership, made = give_role(
            Membership(
                user=person,
                administration=administration,
                office=office,
                role=role,
                title=title,
                starts_on=starts_on,
            )
        )
        if made and person.last_login is None:
            transaction.on_commit(lambda: _mail_invitation(membership))
    return membership


def send_invitation(*, membership: Membership, by: Any) -> None:
    """Mail the link once more to somebody who has never come in.

    Raises `ValidationError` when they have, and `OSError` when the mail cannot leave.
    """
    check_right(by, membership.administration)
    if membership.user.last_login is not None:
        raise ValidationError(
            _("%(person)s è già entrato: se serve, usa «Password dimenticata?».")
            % {"person": membership.user},
            code="has_come_in",
        )
    _mail_invitation(membership)


def end_membership(*, membership: Membership, on: datetime.date, by: Any) -> Membership:
    """Let a membership end; `on` is its last day. Return it.

    Whoever stands in for this head stops with them. The person stays, with what they have done.

    Raises `ValidationError` when the day comes before the start, or the body would be left without
    an RPCT (the keeper of the installation may do that).
    """
    check_right(by, membership.administration)
    with act(KIND, by=by, subject=role_subject(membership.user, membership.administration)):
        membership = lock_role(membership)
        if not getattr(by, "is_superuser", False):
            check_not_last(membership, on=on)
        return end_role(membership, on=on)


def other_heads(membership: Membership) -> list[Membership]:
    """Return who else heads the same office in the days of a head's membership, deputies left out.

    Two heads are allowed, and seldom meant: either of them approves alone.
    """
    if not membership.rights.heads_office or membership.deputy_for_id is not None:
        return []
    rows = Membership.objects.filter(
        office=membership.office, role=membership.role, deputy_for=None
    )
    rows = rows.exclude(pk=membership.pk).exclude(user=membership.user_id)
    rows = rows.exclude(ends_on__lt=membership.starts_on)
    if membership.ends_on is not None:
        rows = rows.filter(starts_on__lte=membership.ends_on)
    return list(rows.select_related("user").order_by("starts_on", "pk"))


def hand_over(*, membership: Membership, to: User, on: datetime.date, by: Any) -> Membership:
    """Pass a membership to a successor, from the day after `on`; return the successor's.

    `on` is the last day of the one who leaves. The same role and office; the title is personal and
    is not passed on.

    Raises `ValidationError` when the successor is the same person, is suspended or holds the role
    already, the day comes before the start, or the membership is that of a deputy.
    """
    check_right(by, membership.administration)
    if to.pk == membership.user_id:
        raise ValidationError(_("Chi subentra è la stessa persona."), code="same_person")
    if membership.deputy_for_id is not None:
        raise ValidationError(
            _("Chi sostituisce non passa l’incarico: si nomina un altro sostituto."), code="deputy"
        )
    with act(KIND, by=by, subject=role_subject(membership.user, membership.administration)):
        membership = end_role(lock_role(membership), on=on)
        successor, _made = give_role(
            Membership(
                user=to,
                administration=membership.administration,
                office=membership.office,
                role=membership.role,
                starts_on=on + _ONE_DAY,
            )
        )
        return successor


def name_deputy(
    *,
    head: Membership,
    deputy: User,
    starts_on: datetime.date,
    ends_on: datetime.date,
    by: Any,
) -> Membership:
    """Let somebody stand in for a head between two days, both included; return the membership.

    Between those days the deputy may all that the head may, in the same office.

    Raises `ValidationError` when `head` is not a head's own membership, the days are not within
    it, or the deputy is the head, is suspended or heads the office already in those days.
    """
    check_right(by, head.administration)
    with act(KIND, by=by, subject=role_subject(head.user, head.administration)):
        head = lock_role(head)
        _check_can_be_stood_in_for(head, deputy, starts_on, ends_on)
        membership, _made = give_role(
            Membership(
                user=deputy,
                administration=head.administration,
                office=head.office,
                role=head.role,
                starts_on=starts_on,
                ends_on=ends_on,
                deputy_for=head,
            )
        )
        return membership


def confirm_names(*, person: User, first_name: str, last_name: str) -> User:
    """Keep the names a person gives themselves when they first come in; return the person.

    Raises `ValidationError` for a name that is missing or holds what is not seen.
    """
    names = {"first_name": first_name.strip(), "last_name": last_name.strip()}
    missing = {name: [_("Serve il tuo nome.")] for name, value in names.items() if not value}
    if missing:
        raise ValidationError(missing)
    if all(getattr(person, name) == value for name, value in names.items()):
        return person
    with (
        act(KIND, by=person, subject=f"person {person.trail_token}"),
        person_act(person, by=person),
    ):
        person = User.objects.select_for_update().get(pk=person.pk)
        for name, value in names.items():
            setattr(person, name, value)
        return store(person)


def reset_second_factor(*, person: User, by: Any) -> int:
    """Take away a lost second factor; return how many parts it had.

    An RPCT then sets up a new one at the next sign-in. Only for the keeper of the installation;
    written on the trail.
    """
    if by is not None and not by.has_perm("registry.keep_people"):
        raise PermissionDenied
    with transaction.atomic():
        parts, _by_model = Authenticator.objects.filter(user=person).delete()
        if parts:
            trail.write(kind="second-factor-reset", by=by, subject=f"person {person.trail_token}")
    return parts


def check_right(by: Any, administration: Administration) -> None:
    """Raise `PermissionDenied` for whoever keeps no people of a body; None is a command."""
    if by is not None and not by.has_perm("registry.manage_members", administration):
        raise PermissionDenied


def person_elsewhere(email: str, administration: Administration) -> User | None:
    """Return who has an address and belongs to other bodies alone; None for all others."""
    person = User.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        return None
    bodies = set(person.memberships.values_list("administration", flat=True))
    return person if bodies and administration.pk not in bodies else None


def is_of_body(email: str, administration: Administration) -> bool:
    """Tell whether somebody who has an address has, had or will have a role in a body."""
    people = administration.memberships.filter(user__email__iexact=email.strip())
    return people.exists()


# --- Parts of the acts ------------------------------------------------------------------------


def lock_role(membership: Membership) -> Membership:
    """Return the row as it is now, so that two people cannot end and hand over the same one; of a
    role a body is never without, one ends at a time. Raises `Membership.DoesNotExist`.
    """
    if membership.rights.never_vacant:
        Administration.objects.select_for_update(no_key=True).get(pk=membership.administration_id)
    rows = Membership.objects.select_for_update(of=("self",))
    return rows.select_related("administration", "office", "user").get(pk=membership.pk)


def _make_person(*, email: str, first_name: str, last_name: str) -> User:
    missing = {
        name: [NAME_MISSING]
        for name, value in (("first_name", first_name), ("last_name", last_name))
        if not value.strip()
    }
    if missing:
        raise ValidationError(missing)
    person = User(
        username=_free_name(first_name, last_name),
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        email=email.strip(),
    )
    person.set_unusable_password()
    return store(person)


def _free_name(first_name: str, last_name: str) -> str:
    """Return a user name nobody has: name.surname, with a number where it is taken."""
    base = ".".join(filter(None, (slugify(first_name), slugify(last_name)))) or "persona"
    base = base[:140]
    taken = set(User.objects.filter(username__istartswith=base).values_list("username", flat=True))
    taken = {name.lower() for name in taken}
    names = (base, *(f"{base}{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def give_role(membership: Membership) -> tuple[Membership, bool]:
    """Store the membership, or return the very same one that is already there."""
    rows = Membership.objects.filter(
        user=membership.user,
        administration=membership.administration,
        office=membership.office,
        role=membership.role,
    )
    same = rows.filter(starts_on=membership.starts_on, deputy_for=membership.deputy_for).first()
    if same is not None and same.ends_on == membership.ends_on:
        return same, False
    check_can_hold(membership)
    meanwhile = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=membership.starts_on))
    if membership.ends_on is not None:
        meanwhile = meanwhile.filter(starts_on__lte=membership.ends_on)
    if meanwhile.exists():
        raise ValidationError(
            _("%(person)s ha già questo ruolo in quei giorni.") % {"person": membership.user},
            code="holds_the_role",
        )
    note_role(membership, "given")
    return store(membership), True


def check_can_hold(membership: Membership) -> None:
    if not membership.user.is_active:
        raise ValidationError(
            _("L’accesso di %(person)s è sospeso: lo riapre chi tiene l’installazione.")
            % {"person": membership.user},
            code="suspended",
        )
    office = membership.office
    if office is not None and (
        office.administration_id != membership.administration.pk or office.retired_on is not None
    ):
        raise ValidationError(
            {"office": _("Non è un ufficio in uso dell’amministrazione.")}, code="foreign_office"
        )


def end_role(membership: Membership, *, on: datetime.date) -> Membership:
    if membership.ends_on == on:
        return membership
    head = membership.deputy_for
    if head is not None and head.ends_on is not None and on > head.ends_on:
        raise ValidationError(
            _("La sostituzione non può durare più dell’incarico del responsabile."),
            code="outside_of_the_head",
        )
    membership.ends_on = on
    store(membership)
    note_role(membership, "ended")
    deputies = membership.deputies.filter(ends_on__gt=on)
    deputies = deputies.select_related("user")
    for deputy in deputies.filter(starts_on__gt=on):
        note_role(deputy, "ended")
        deputy.delete()
    for deputy in deputies.filter(starts_on__lte=on):
        deputy.ends_on = on
        store(deputy)
        note_role(deputy, "ended")
    return membership


def check_not_last(membership: Membership, *, on: datetime.date) -> None:
    if not membership.rights.never_vacant:
        return
    others = Membership.objects.filter(
        administration=membership.administration, role=membership.role
    ).exclude(pk=membership.pk)
    if not others.running(on + _ONE_DAY).exists():
        raise ValidationError(
            _("È l’unico %(role)s: passa l’incarico a chi subentra, prima di farlo finire.")
            % {"role": membership.get_role_display()},
            code="last_rpct",
        )


def _check_can_be_stood_in_for(
    head: Membership, deputy: User, starts_on: datetime.date, ends_on: datetime.date
) -> None:
    if not head.rights.heads_office or head.deputy_for_id is not None:
        raise ValidationError(_("Si sostituisce un responsabile d’ufficio."), code="not_a_head")
    if deputy.pk == head.user_id:
        raise ValidationError(_("Chi sostituisce è la stessa persona."), code="same_person")
    if starts_on < head.starts_on or (head.ends_on is not None and ends_on > head.ends_on):
        raise ValidationError(
            {"ends_on": _("I giorni devono stare dentro l’incarico del responsabile.")},
            code="outside_of_the_head",
        )


def password_link(person: User) -> str:
    """Return an address of the site where a person sets a new password; it opens once."""
    parts = {
        "uidb36": user_pk_to_url_str(person),
        "key": default_token_generator.make_token(person),
    }
    path = reverse("account_reset_password_from_key", kwargs=parts)
    return f"{settings.SITE_URL}{path}"


def _mail_invitation(membership: Membership) -> None:
    person = membership.user
    context = {"person": person, "membership": membership, "address": password_link(person)}
    send_mail_of("account/email/invitation", person.email, context)

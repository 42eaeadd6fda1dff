"""Forgetting who somebody was, after the years their body keeps names; what they did stays.

The trail and the histories name a person by a row and a token, never by name: replacing the name on
that row is enough, and the chain stays whole. What is printed on issued documents stays as it is
(docs/decisions/0014).
"""

import datetime
from collections.abc import Sequence
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from registry import trail
from registry.models import Administration, Membership, User
from registry.trail.subjects import body_subject

KIND = "pseudonymise"
_FORGOTTEN = [
    *("first_name", "last_name", "username", "email", "password", "name_salt", "last_login"),
    *("is_active", "is_staff", "wants_notices", "pseudonymised_on"),
]
"""The columns by which somebody was known or came in."""
_SHORTEST = 4
"""Characters of the token in a label; more where the label would be somebody else's."""


def forgotten_people(*, administration: Administration, on: datetime.date) -> list[User]:
    """Return the people of a body whose name is no longer kept on a day.

    Their last role ended more than `keeps_people_years` ago, in this body and, by its own years, in
    every other they belonged to; no role runs or is to come. None where the body keeps names for
    ever, and never who keeps the installation.
    """
    people = User.objects.filter(memberships__administration=administration, is_superuser=False)
    people = people.filter(pseudonymised_on=None).distinct().order_by("pk")
    rows = Membership.objects.filter(user__in=people).select_related("administration")
    kept = {row.user_id for row in rows if _is_kept(row, on)}
    return [person for person in people if person.pk not in kept]


def pseudonymise_people(
    *, administration: Administration, by: Any, on: datetime.date
) -> list[User]:
    """Replace the names of `forgotten_people` by a label of their token; return them.

    Name, user name and address go, and with them the second factor, the accounts at the identity
    provider and what the back office has noted of the name; the password opens nothing and sessions
    end. One record on the trail, by tokens. `by` is None for a command.

    Raises `PermissionDenied` for whoever does not keep the people of the body.
    """
    if by is not None and not by.has_perm("registry.manage_members", administration):
        raise PermissionDenied
    with transaction.atomic():
        people = forgotten_people(administration=administration, on=on)
        if people:
            _forget(people, on)
            trail.write(
                kind=KIND,
                by=by,
                subject=body_subject(administration),
                detail={
                    "years": administration.keeps_people_years,
                    "people": [str(person.trail_token) for person in people],
                },
            )
    return people


def _is_kept(membership: Membership, on: datetime.date) -> bool:
    years, end = membership.administration.keeps_people_years, membership.ends_on
    return years is None or end is None or _years_after(end, years) >= on


def _years_after(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # 29 February, in a year that has none
        return day.replace(year=day.year + years, month=3, day=1)


def _forget(people: list[User], on: datetime.date) -> None:
    """Replace the names of people, in statements that do not grow with how many they are."""
    labelled = User.objects.exclude(pk__in=[person.pk for person in people])
    taken = set(labelled.exclude(pseudonymised_on=None).values_list("last_name", flat=True))
    for person in people:
        person.first_name, person.last_name = _("Persona"), _label(person, taken)
        taken.add(person.last_name)
        person.username = f"persona-{person.trail_token.hex}"
        person.email = ""
        person.is_active = person.is_staff = person.wants_notices = False
        person.last_login = None
        person.pseudonymised_on = on
        # what the trail keeps of the name is compared with it, and from now on with nothing
        person.name_salt = ""
        # sessions are bound to the password, and an inactive person has none anyway
        person.set_unusable_password()
        person.clean_fields()
        person.clean()
    User.objects.bulk_update(people, _FORGOTTEN)
    for model in (Authenticator, EmailAddress, SocialAccount):
        model.objects.filter(user__in=people).delete()
    _forget_in_log(people)
    _forget_in_log(_with_people(people))


def _label(person: User, taken: set[str]) -> str:
    """Return the beginning of the token, as long as needed to be nobody else's label."""
    token = person.trail_token.hex
    return next(token[:n] for n in range(_SHORTEST, len(token) + 1) if token[:n] not in taken)


def _with_people(people: list[User]) -> list[Membership]:
    """Return the roles people have had, each with its person as they are called now."""
    rows = Membership.objects.filter(user__in=people).select_related("administration", "office")
    by_pk = {person.pk: person for person in people}
    roles = list(rows)
    for role in roles:
        role.user = by_pk[role.user_id]
    return roles


def _forget_in_log(rows: Sequence[User] | Sequence[Membership]) -> None:
    """Write the label where the back office has noted the name of the person or of a role."""
    if not rows:
        return
    kind = ContentType.objects.get_for_model(rows[0])
    words = {str(row.pk): str(row)[:200] for row in rows}
    noted = list(LogEntry.objects.filter(content_type=kind, object_id__in=words))
    for entry in noted:
        entry.object_repr = words[entry.object_id]
    LogEntry.objects.bulk_update(noted, ["object_repr"])

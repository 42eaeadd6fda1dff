"""What is done to a person is an act: made, renamed, a password or an address set, rights given.

The record has no name, only which columns changed, the token of the person, and a digest of name
and salt: while the person's own row keeps the salt, the name can be compared with it, and when the
person is forgotten nothing can (docs/decisions/0014).
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from registry import trail
from registry.acts import current_act
from registry.models import Membership, TrailRecord, User

KIND = "person"
_TOLD = (
    *("username", "first_name", "last_name", "email", "password"),
    *("is_active", "is_staff", "is_superuser"),
)


def name_digest(person: User) -> str:
    """Return the digest of name and salt; "" of a person without salt, who is forgotten."""
    if not person.name_salt:
        return ""
    said = f"{person.name_salt}\n{person.first_name}\n{person.last_name}"
    return hashlib.sha256(said.encode()).hexdigest()


@contextmanager
def person_act(person: User | None, *, by: Any) -> Iterator[list[User]]:
    """Record what a block does to a stored person, or to those it puts into the list it is given.

    In the act that is open, or as a record of its own; nothing where nothing was changed.
    """
    made: list[User] = []
    before = _state(person.pk) if person else {}
    with transaction.atomic():
        yield made
        if person is not None:
            after = _state(person.pk)
            changed = [name for name in _TOLD if before.get(name) != after.get(name)]
            _record(User.objects.get(pk=person.pk), changed, by)
        for one in made:
            _record(one, ["created"], by)


def record_set_password(*, person: User) -> None:
    """Record that a person has set their own password."""
    _record(person, ["password"], person)


def note_role(membership: Membership, done: str) -> None:
    """Let the record of the open act tell whose role was "given" or "ended"."""
    token = str(membership.user.trail_token)
    entry = {"person": token, "role": str(membership.role), "done": done}
    if opened := current_act():
        opened.detail.setdefault(trail.ROLES, []).append(entry)


def name_findings() -> Iterator[tuple[int, str]]:
    """Yield (number of the record, sentence in Italian) for names that changed without an act."""
    people = {str(person.trail_token): person for person in User.objects.all()}
    for token, (number, digest) in _last_digests().items():
        person = people.get(token)
        names = {"n": number, "token": token, "person": person}
        if person is None:
            sentence = _("La persona della registrazione n. %(n)d non c’è più (%(token)s).")
            yield number, sentence % names
        elif person.pseudonymised_on is None and name_digest(person) != digest:
            sentence = _("Il nome di «%(person)s» non è quello della registrazione n. %(n)d.")
            yield number, sentence % names


def forgotten_on_trail() -> list[User]:
    """Return the people of whom the trail keeps a digest that nobody can compare any more."""
    forgotten = User.objects.exclude(pseudonymised_on=None).order_by("pk")
    known = _last_digests() if forgotten else {}
    return [person for person in forgotten if str(person.trail_token) in known]


def _last_digests() -> dict[str, tuple[int, str]]:
    """Return the last digest of the name of each person, by token, with its record."""
    last: dict[str, tuple[int, str]] = {}
    records = TrailRecord.objects.filter(detail__has_key=trail.PERSONS).order_by("pk")
    for number, detail in records.values_list("number", "detail").iterator():
        for entry in detail[trail.PERSONS]:
            last[entry["person"]] = (number, entry["name"])
    return last


def _state(pk: int) -> dict[str, Any]:
    return User.objects.filter(pk=pk).values(*_TOLD).first() or {}


def _record(person: User, changed: list[str], by: Any) -> None:
    if not changed:
        return
    token = str(person.trail_token)
    entry = {"person": token, "changed": changed, "name": name_digest(person)}
    opened = current_act()
    if opened is None:
        trail.write(kind=KIND, by=by, subject=f"person {token}", detail={trail.PERSONS: [entry]})
    else:
        opened.detail.setdefault(trail.PERSONS, []).append(entry)

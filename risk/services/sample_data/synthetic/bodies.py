"""An invented body of a given size, to measure how the pages bear it. Nothing in it is real.

The same profile and IPA code give the same rows every time, uids included. They are written in
bulk and without history: nobody did this, and it would double the work.
"""

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models, transaction
from django.utils.translation import gettext as _

from registry.enums import MembershipRole
from registry.models import (
    Administration,
    Annex,
    Membership,
    Office,
    Plan,
    TrailRecord,
    User,
)
from registry.roles import OF_BODY, in_order
from risk.models import Method
from risk.services.administrations import create_administration
from risk.services.plans.making import create_plan
from risk.services.sample_data.synthetic.rows import fill_annexes
from risk.services.sample_data.synthetic.words import PEOPLE, office_name

MARK = "Ente sintetico"
"""How the name of every synthetic body begins, and of no other."""
PLAN_TITLE = "PTPCT 2026/2028"
MAIL_DOMAIN = "@sintetico.example"
DISTRICTS = 5
"""About one office in five has the others under it."""


@dataclass(frozen=True)
class Profile:
    """How much of everything a body has; `targets` are the links of measures to what they treat."""

    offices: int
    processes: int
    phases: int
    actions: int
    behaviours: int
    targets: int
    people: int


PROFILES = {
    "S": Profile(5, 60, 350, 800, 200, 500, 6),
    "M": Profile(20, 300, 2_000, 5_000, 1_200, 3_000, 40),
    "L": Profile(80, 1_000, 6_000, 15_000, 4_000, 8_000, 250),
    "XL": Profile(300, 4_000, 25_000, 60_000, 16_000, 32_000, 1_000),
    "A300": Profile(1, 300, 1_800, 4_000, 1_000, 2_500, 8),
}
"""A small municipality, a town, a capital of a province, a metropolitan city; one large annex."""


class SyntheticRefusedError(Exception):
    """The body cannot be made; the text says why, for a person."""


def make_synthetic_body(*, profile: str, ipa_code: str, reset: bool = False) -> Plan:
    """Make an invented body of the size of `profile` (a key of `PROFILES`); return its plan.

    The first annex always has 28 processes, as many as a published one, unless it is the only one;
    all are drafts. For each role there is at least one person, called "{ipa_code}-{role}-{n}", who
    has no password and so cannot sign in until given one. A body already there with this IPA code
    is refused, unless `reset` asks to remove it and it is synthetic itself; others are never
    touched.

    Raises `SyntheticRefusedError`. All or nothing.
    """
    method = Method.objects.filter(administration__isnull=True, code="PNA2019").first()
    if method is None:
        raise SyntheticRefusedError(
            _("Mancano i dati di riferimento: prima va eseguito «manage.py load_reference».")
        )
    with transaction.atomic():
        present = Administration.objects.filter(ipa_code=ipa_code).first()
        if present is not None:
            _make_room(present, reset=reset)
        size = PROFILES[profile]
        body = create_administration(ipa_code=ipa_code, name=f"{MARK} {profile} ({ipa_code})")
        plan = create_plan(
            administration=body,
            title=PLAN_TITLE,
            first_year=2026,
            last_year=2028,
            methods=[method],
            default_method=method,
        )
        offices = _offices(body, size.offices)
        _people(body, offices, size.people)
        annexes = _annexes(plan, offices)
        fill_annexes(annexes=annexes, size=size, method=method, seed=f"{profile} {ipa_code}")
        return plan


def counts_of(plan: Plan) -> dict[str, int]:
    """Return how many rows a plan has, by the name of the columns of `Profile`."""
    paths = {
        "offices": ("registry.Annex", "plan"),
        "processes": ("registry.Process", "annex__plan"),
        "phases": ("registry.Phase", "process__annex__plan"),
        "actions": ("registry.Action", "phase__process__annex__plan"),
        "behaviours": ("risk.RiskBehaviour", "process__annex__plan"),
        "targets": ("risk.MeasureTarget", "planned_measure__plan"),
        "people": ("registry.Membership", "administration__plans"),
    }
    return {
        name: apps.get_model(label)._base_manager.filter(**{path: plan}).count()
        for name, (label, path) in paths.items()
    }


def _offices(body: Administration, count: int) -> list[Office]:
    rows = [
        Office(administration=body, code=f"U{n:03}", name=office_name(n), version=1)
        for n in range(count)
    ]
    made = Office.objects.bulk_create(rows)
    heads = max(1, count // DISTRICTS)
    for n, office in enumerate(made[heads:]):
        office.parent = made[n % heads]
    Office.objects.bulk_update(made[heads:], ["parent"])
    return made


def _annexes(plan: Plan, offices: list[Office]) -> list[Annex]:
    body = plan.administration.ipa_code
    return Annex.objects.bulk_create(
        Annex(plan=plan, office=office, uid=fixed_uid(body, "annex", n), version=1)
        for n, office in enumerate(offices)
    )


def fixed_uid(*names: Any) -> uuid.UUID:
    """Return the uid that these names always give."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "/".join(map(str, names)))


def _people(body: Administration, offices: list[Office], count: int) -> None:
    """One person for each role of the body, then heads and editors, office after office."""
    of_offices = (MembershipRole.HEAD, MembershipRole.EDITOR, MembershipRole.EDITOR)
    posts: list[tuple[str, Office | None]] = [(role, None) for role in in_order(OF_BODY)]
    places = range(count - len(posts))
    # all roles of the first office first, so that even the smallest body has one of each
    posts += [(of_offices[n % 3], offices[n // 3 % len(offices)]) for n in places]
    users = [
        User(
            username=f"{body.ipa_code}-{role}-{n}",
            first_name=PEOPLE[n % len(PEOPLE)][0],
            last_name=PEOPLE[n // len(PEOPLE) % len(PEOPLE)][1],
            email=f"{body.ipa_code}-{n}{MAIL_DOMAIN}",
            password=UNUSABLE_PASSWORD_PREFIX,
        )
        for n, (role, _office) in enumerate(posts)
    ]
    # whoever has written history in the body that was there before has stayed
    names = [user.username for user in users]
    stayed = User.objects.filter(username__in=names, email__endswith=MAIL_DOMAIN)
    there = {user.username: user for user in stayed}
    User.objects.bulk_create(user for user in users if user.username not in there)
    made = [there.get(user.username, user) for user in users]
    Membership.objects.bulk_create(
        Membership(
            user=user,
            administration=body,
            office=office,
            role=role,
            starts_on=datetime.date(2020, 1, 1),
        )
        for user, (role, office) in zip(made, posts, strict=True)
    )


def _make_room(body: Administration, *, reset: bool) -> None:
    if not body.name.startswith(f"{MARK} "):
        raise SyntheticRefusedError(
            _("«%(body)s» non è un’amministrazione sintetica: non si tocca.") % {"body": body}
        )
    if not reset:
        raise SyntheticRefusedError(_("«%(body)s» c’è già: per rifarlo, --reset.") % {"body": body})
    _remove(body)


def _remove(body: Administration) -> None:
    """Delete a synthetic body and all that hangs from it, without history as it was made.

    People of whom a history or the trail tells stay: neither changes.
    """
    people = list(
        User.objects.filter(memberships__administration=body).values_list("pk", flat=True)
    )
    _delete_with_what_hangs(Administration, [body.pk], seen=[])
    strangers = models.Q(memberships__isnull=False) | ~models.Q(email__endswith=MAIL_DOMAIN)
    others = User.objects.filter(pk__in=people).exclude(strangers).exclude(pk__in=_authors(people))
    others.exclude(trail_token__in=_on_trail()).delete()


def _on_trail() -> set[uuid.UUID]:
    """Return the tokens of who has done something; nothing is done to synthetic people."""
    records = TrailRecord.objects.exclude(person=None).order_by()
    return set(records.values_list("person", flat=True).distinct())


def _authors(people: list[int]) -> set[int]:
    """Return who of these people has written a row of any history."""
    authors: set[int] = set()
    for model in apps.get_models():
        if hasattr(model, "history_user"):
            rows = model._base_manager.filter(history_user__in=people).order_by()
            authors.update(rows.values_list("history_user_id", flat=True).distinct())
    return authors


def _delete_with_what_hangs(
    model: type[models.Model], keys: list[int], *, seen: list[type[models.Model]]
) -> None:
    """Delete rows after all that points to them, whatever would protect them.

    Django's own collector would load every row, and write a history row for each. Keys are named,
    a few thousand at a time: of queries in queries PostgreSQL, which has not counted the new rows
    yet, makes loops in loops.
    """
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete) or relation.many_to_many:
            continue
        hanging, name = relation.related_model, relation.field.name
        if hanging in seen or _is_history(hanging):
            continue
        for some in _batches(keys):
            pointing = hanging._base_manager.filter(**{f"{name}__in": some})
            if hanging is model or relation.on_delete is models.SET_NULL:
                pointing.update(**{name: None})
            elif hanging_keys := list(pointing.values_list("pk", flat=True)):
                _delete_with_what_hangs(hanging, hanging_keys, seen=[*seen, model])
    for some in _batches(keys):
        rows = model._base_manager.filter(pk__in=some)
        rows._raw_delete(rows.db)


def _batches(keys: list[int], size: int = 5000) -> Iterator[list[int]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


def _is_history(model: type[models.Model]) -> bool:
    return model._meta.model_name.startswith("historical")

"""Groups of a directory become memberships, by the table the RPCT of each body keeps.

Whoever signs in by the directory, or by a provider that tells groups, has from then on the roles of
their groups and no other that a group had given. What people gave is never touched.
"""

import datetime
import logging
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils import timezone

from registry.acts import act
from registry.models import DirectoryRule, Membership, User
from registry.normalise import fold
from registry.services import people
from registry.services.person_acts import note_role
from registry.trail.subjects import role_subject

logger = logging.getLogger(__name__)

_ONE_DAY = datetime.timedelta(days=1)


def apply_groups(*, person: User, groups: Collection[str]) -> tuple[list, list]:
    """Give and end memberships as the groups of a person say; return those given and those ended.

    One act of nobody in each body, since the directory decided; nothing is written where nothing
    changes. A role that may not be given (office no longer in use, held already) or may not end
    (the last RPCT) is left as it is and told in the log. A body gives no role to somebody of
    another body: they are asked (docs/decisions/0040).
    """
    wanted = _wanted(person, groups)
    over, fresh = _changes(person, wanted)
    if not over and not fresh:
        return [], []
    given, ended = [], []
    bodies = {row.administration for row in [*over, *fresh]}
    for body in sorted(bodies, key=lambda one: one.ipa_code):
        subject = role_subject(person, body)
        with act(people.KIND, by=None, subject=subject):
            # another sign-in of theirs at the same instant waits here, and finds it done
            User.objects.select_for_update(no_key=True).get(pk=person.pk)
            over, fresh = _changes(person, wanted)
            rows = [row for row in over if row.administration == body]
            ended += [row for before in rows if (row := _end(before))]
            rules = [rule for rule in fresh if rule.administration == body]
            given += [row for rule in rules if (row := _give(person, rule))]
    # what was reached before is not reached now
    person._reach_by_day = {}
    return given, ended


def _changes(
    person: User, wanted: dict[tuple, DirectoryRule]
) -> tuple[list[Membership], list[DirectoryRule]]:
    """Return the memberships no group gives any more, and the lines that give one not yet held."""
    running = list(person.memberships.running().select_related("administration", "office"))
    held = {_place(row) for row in running}
    over = [row for row in running if row.from_directory and _place(row) not in wanted]
    return over, [rule for place, rule in wanted.items() if place not in held]


def _wanted(person: User, groups: Collection[str]) -> dict[tuple, DirectoryRule]:
    rules = DirectoryRule.objects.filter(folded__in={fold(group) for group in groups})
    rules = rules.select_related("administration", "office")
    bodies = set(person.memberships.values_list("administration", flat=True))
    return {_place(rule): rule for rule in rules if not bodies or rule.administration_id in bodies}


def _place(row: Membership | DirectoryRule) -> tuple:
    return row.administration_id, row.office_id, row.role


def _give(person: User, rule: DirectoryRule) -> Membership | None:
    role = Membership(
        user=person,
        administration=rule.administration,
        office=rule.office,
        role=rule.role,
        starts_on=timezone.localdate(),
        from_directory=True,
    )
    try:
        return people.give_role(role)[0]
    except ValidationError as error:
        logger.warning("role of a group not given: %s: %s", rule, " ".join(error.messages))
        return None


def _end(row: Membership) -> Membership | None:
    """End a membership before today; return it, None where it may not end or has ended."""
    yesterday = timezone.localdate() - _ONE_DAY
    try:
        row = people.lock_role(row)
        if row.ends_on is not None and row.ends_on <= yesterday:
            return None
        people.check_not_last(row, on=yesterday)
    except Membership.DoesNotExist:
        return None
    except ValidationError as error:
        logger.warning("role of a group not ended: %s: %s", row, " ".join(error.messages))
        return None
    if row.starts_on <= yesterday:
        people.end_role(row, on=yesterday)
    else:
        # given today: there is no day on which it was held
        note_role(row, "ended")
        row.deputies.all().delete()
        row.delete()
    return row

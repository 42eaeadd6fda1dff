"""What a head has opened of an annex that waits for their approval (docs/decisions/0060)."""

from collections.abc import Sequence

from registry.enums import AnnexState
from registry.fleeting import recall, remember
from registry.models import Annex, Process, User
from registry.permissions import roles_on
from registry.waiting import write_if_free
from risk.enums import Verb
from risk.models import ProcessReading
from risk.services.annexes.approval_status import ProcessStatus
from risk.workflow import may_make

DAY = 24 * 60 * 60
"""Seconds for which the cache knows what is written; after that it is written again."""


def reads_to_approve(annex: Annex, person: User) -> bool:
    """Return whether an annex waits for this person: what they open of it now is remembered."""
    return annex.state == AnnexState.SUBMITTED and may_make(Verb.APPROVE, roles_on(person, annex))


def note_reading(*, process: Process, person: User) -> None:
    """Remember that a person who may approve a process now has opened it; of others nothing.

    One statement at the first opening, where nobody else is writing just then, because a reader
    waits for nobody: a count may then be one too high, never too low. The cache knows that it is
    written, for as long as the annex is with this person.
    """
    annex = process.annex
    if not reads_to_approve(annex, person):
        return
    # the version is another whenever the state of the annex has changed
    known = f"reading:{process.pk}:{person.pk}:{annex.version}"
    if recall(known):
        return
    row, written = ProcessReading(process_id=process.pk, person=person), []
    write_if_free(
        lambda: written.extend(ProcessReading.objects.bulk_create([row], ignore_conflicts=True))
    )
    if written:
        remember(known, True, DAY)


def count_unread(statuses: Sequence[ProcessStatus], *, annex: Annex, person: User) -> int:
    """Return how many processes a person neither opened since the submission nor finds approved."""
    opened = ProcessReading.objects.filter(process__annex=annex, person=person)
    keys = set(opened.values_list("process", flat=True))
    return sum(not row.is_approved and row.pk not in keys for row in statuses)


def erase_readings(annex: Annex) -> None:
    """Forget what people opened of an annex that no longer waits for them."""
    ProcessReading.objects.filter(process__annex=annex).delete()

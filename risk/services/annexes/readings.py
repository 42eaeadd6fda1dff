"""What a head has opened of an annex that waits for their approval (docs/decisions/0060)."""

from collections.abc import Sequence

from registry.enums import AnnexState
from registry.models import Annex, Process, User
from registry.permissions import roles_on
from registry.waiting import write_if_free
from risk.enums import Verb
from risk.models import ProcessReading
from risk.services.annexes.approval_status import ProcessStatus
from risk.workflow import may_make


def reads_to_approve(annex: Annex, person: User) -> bool:
    """Return whether an annex waits for this person: what they open of it now is remembered."""
    return annex.state == AnnexState.SUBMITTED and may_make(Verb.APPROVE, roles_on(person, annex))


def note_reading(*, process: Process, person: User) -> None:
    """Remember that a person who may approve a process now has opened it; of others nothing.

    One statement, and at the first opening what is written where nobody else is writing just then,
    because a reader waits for nobody: a count may then be one too high, never too low.
    """
    if not reads_to_approve(process.annex, person):
        return
    if ProcessReading.objects.filter(process=process.pk, person=person).exists():
        return
    row = ProcessReading(process_id=process.pk, person=person)
    write_if_free(lambda: ProcessReading.objects.bulk_create([row], ignore_conflicts=True))


def count_unread(statuses: Sequence[ProcessStatus], *, annex: Annex, person: User) -> int:
    """Return how many processes a person neither opened since the submission nor finds approved."""
    opened = ProcessReading.objects.filter(process__annex=annex, person=person)
    keys = set(opened.values_list("process", flat=True))
    return sum(not row.is_approved and row.pk not in keys for row in statuses)


def erase_readings(annex: Annex) -> None:
    """Forget what people opened of an annex that no longer waits for them."""
    ProcessReading.objects.filter(process__annex=annex).delete()

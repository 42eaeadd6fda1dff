"""Papers drawn before anybody asks: of annexes that were written and have been left alone since.

Whoever asks for the plan, or for the paper of an annex, then waits for the joining alone. It is the
drawing a job does, kept where those are kept; nobody asked for it, so that it is no job, has no row
and gives way to every job there is (docs/decisions/0072).
"""

import datetime
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

from django.db.models import Max, Q

from registry import clock
from registry.enums import ADOPTED_PLAN_STATES, AnnexState, TrailOutcome
from registry.fleeting import claim
from registry.models import Annex, Job, Process, TrailRecord
from registry.normalise import uids_in
from risk.content.texts import UnresolvedField
from risk.enums import Layout
from risk.paper.pdf import PaperError
from risk.services.annexes.documents import document_of
from risk.services.desk.control_room import NO_EDIT
from risk.services.printing.pieces import pdf_of_draft

logger = logging.getLogger(__name__)

KEPT = datetime.timedelta(days=1)
"""For so long drawings are kept: what was written before is drawn for whoever asks."""
LONGEST_RUN = 300
"""Seconds after which no other annex is begun; the next run goes on."""


@dataclass(frozen=True)
class Ahead:
    """How many annexes were drawn, and how many were left to the next run."""

    drawn: int = 0
    left: int = 0


def draw_ahead(*, quiet: datetime.timedelta) -> Ahead:
    """Draw the papers of the annexes nobody has written for `quiet`, those written first before.

    Each is drawn once for what was written last, by one run, however many there are at once. A job
    that waits or runs ends the run before the next annex. What cannot be printed is left: whoever
    asks for it is told why. Two statements where nothing was written for a day.
    """
    until, drawn = monotonic() + LONGEST_RUN, 0
    waiting = list(_quiet_annexes(quiet))
    for place, (annex, written_at) in enumerate(waiting):
        if monotonic() > until or Job.objects.active().exists():
            return Ahead(drawn, len(waiting) - place)
        # of a run that is killed the claim stays: then it is drawn for whoever asks
        known = f"ptpct.ahead:{annex.uid}:{written_at.isoformat()}"
        if claim(known, int(KEPT.total_seconds()), otherwise=False):
            drawn += _is_drawn(annex)
    return Ahead(drawn)


def _is_drawn(annex: Annex) -> bool:
    try:
        pdf_of_draft(document_of(annex), layout=Layout.COMPLETE)
    except (UnresolvedField, PaperError) as error:
        logger.info("annex %s is not drawn ahead: %s", annex.uid, error)
        return False
    return True


def _quiet_annexes(quiet: datetime.timedelta) -> Iterator[tuple[Annex, datetime.datetime]]:
    """Yield the annexes that are open and were left alone for a while, with when that began."""
    now = clock.now()
    written = _written_since(now - KEPT)
    if not written:
        return
    annexes = Annex.objects.with_names().filter(pk__in=written, exemption=None)
    open_ones = annexes.exclude(state=AnnexState.ISSUED).exclude(
        plan__state__in=ADOPTED_PLAN_STATES
    )
    by_key = {row.pk: row for row in open_ones.order_by("pk")}
    for key, at in sorted(written.items(), key=lambda pair: (pair[1], pair[0])):
        if key in by_key and at <= now - quiet:
            yield by_key[key], at


def _written_since(moment: datetime.datetime) -> dict[int, datetime.datetime]:
    """Return when each annex was written last, of those that were since a moment, by its key."""
    records = TrailRecord.objects.filter(at__gt=moment, outcome=TrailOutcome.DONE)
    acts = records.filter(subject__startswith="annex ").exclude(
        Q(kind__in=NO_EDIT) | Q(kind__startswith="annex-")
    )
    told = dict(acts.order_by().values_list("subject").annotate(at=Max("at")))
    by_annex = {uid: at for subject, at in told.items() for uid in uids_in(subject.split()[1:2])}
    keys = Annex.objects.filter(uid__in=by_annex).values_list("pk", "uid")
    written = {key: by_annex[uid] for key, uid in keys}
    # an import is told of its file
    rows = Process.history.filter(history_date__gt=moment).order_by().values_list("annex")
    for key, at in rows.annotate(at=Max("history_date")):
        written[key] = max(at, written.get(key, at))
    return written

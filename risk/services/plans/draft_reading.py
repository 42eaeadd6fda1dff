"""A plan that is not adopted, read at one moment: what it says itself, and each of its annexes.

Drawing its annexes takes minutes, in which people go on writing. What was read waits for it in a
file, so that memory does not grow with the plan (docs/decisions/0099).
"""

import datetime
import hashlib
import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from django.utils.formats import date_format

from registry import clock
from registry.models import Annex, Membership, Plan
from registry.one_moment import one_moment
from registry.roles import GOVERNING, in_order
from risk.content.copies import nameless
from risk.content.plan_facts import AnnexFacts, annex_facts
from risk.content.plan_values import BoundPlan, PlanDocument
from risk.content.texts import UnresolvedField
from risk.content.typography import or_dash, printable
from risk.content.values import AnnexDocument
from risk.models import AnnexIssue
from risk.paper.pdf import PaperError
from risk.services.annexes.documents import document_of, issue_read
from risk.services.annexes.issues import reprint
from risk.services.completeness.plan_loading import is_exempt
from risk.services.plans.documents import draft_document, figures_of


class ReadAnnex(NamedTuple):
    """An annex as it was read: its place, its issue if it has one, what its pages say."""

    number: int
    annex: Annex
    issue: AnnexIssue | None
    document: AnnexDocument


@dataclass(slots=True)
class DraftReading:
    """A plan as it was read at a `moment`.

    `document` is what it says itself, `front` its cover with the figures of all its annexes.
    """

    moment: datetime.datetime
    document: PlanDocument
    front: BoundPlan
    facts: tuple[AnnexFacts, ...] = ()
    digests: list[str] = field(default_factory=list)
    _rows: list[tuple[Annex, AnnexIssue | None, int]] = field(default_factory=list)
    """Each annex with where in the file stands what its pages say."""
    _file: IO[bytes] | None = None

    def annexes(self) -> Iterator[ReadAnnex]:
        """Give the annexes in their order; what their pages say is in memory one at a time."""
        for number, (annex, issue, place) in enumerate(self._rows, start=1):
            self._file.seek(place)
            document = pickle.load(self._file)  # noqa: S301 - written below, in a file without a name
            yield ReadAnnex(number, annex, issue, document)

    def take(self, annex: Annex, issue: AnnexIssue | None, document: AnnexDocument) -> None:
        """Take in an annex behind those before."""
        self.facts = (*self.facts, annex_facts(document))
        self.digests.append(digest_of(document, issue))
        self._rows.append((annex, issue, self._file.tell()))
        pickle.dump(document, self._file, pickle.HIGHEST_PROTOCOL)


@contextmanager
def read_draft(plan: Plan, *, is_nameless: bool = False) -> Iterator[DraftReading]:
    """Read a plan as it stands now, for as long as the block lasts.

    Where nobody is to be named the annexes are so, the issued ones too. Raises
    `PaperError` where an annex cannot be printed, with its name.
    """
    with tempfile.TemporaryFile() as file:
        with one_moment():
            document = draft_document(plan)
            front = draft_front(plan, document)
            reading = DraftReading(clock.now(), document, front, _file=file)
            rows = plan.annexes.with_names().filter(exemption=None)
            for annex in rows.order_by("office__folded", "pk"):
                _read_into(reading, annex, is_nameless=is_nameless)
        yield reading


def _read_into(reading: DraftReading, annex: Annex, *, is_nameless: bool) -> None:
    issue = issue_read(annex)
    try:
        document = document_of(annex) if issue is None else reprint(issue)
    except UnresolvedField as error:
        # of one annex it is told on its page; of a plan nobody would know which
        raise PaperError(f"{annex.printed_office_name}: {error}") from error
    if is_nameless:
        document, issue = nameless(document), None
        annex.head_title = annex.head_surname = annex.head_name = ""
    if issue is not None:
        # its data are in the document by now
        issue = AnnexIssue.objects.defer("html", "pdf", "data").get(pk=issue.pk)
    reading.take(annex, issue, document)


def draft_front(plan: Plan, document: PlanDocument | None = None) -> BoundPlan:
    """Return the cover of a plan that is not adopted, and what it says itself.

    `document` is what it says, where that was read already.
    """
    said = document or draft_document(plan)
    annexes = plan.annexes.select_related("office", "exemption").order_by("office__folded")
    drawn = [row for row in annexes if not is_exempt(row)]
    return BoundPlan(
        administration=said.administration,
        title=said.title,
        kind=said.kind,
        years=said.years,
        rpct=or_dash(printable(_rpct_of(plan))),
        drafted_on=date_format(clock.today(), "d/m/Y"),
        exempt=said.exempt,
        figures=figures_of(plan, drawn) if drawn else (),
        measures=said.measures,
        objectives=said.objectives,
        chapters=said.chapters,
        contributions=said.contributions,
    )


def _rpct_of(plan: Plan) -> str:
    """Return who keeps the body of a plan today; several, each once."""
    held = Membership.objects.running().filter(
        administration=plan.administration_id, role__in=in_order(GOVERNING), user__is_active=True
    )
    rows = held.select_related("user").order_by("user__last_name", "user__first_name", "pk")
    return ", ".join(dict.fromkeys(str(row.user) for row in rows))


def digest_of(document: AnnexDocument, issue: AnnexIssue | None) -> str:
    """Return what tells an annex of a plan: of an issued one its PDF, else what it says."""
    return issue.pdf_digest if issue else hashlib.sha256(repr(document).encode()).hexdigest()

"""Saying what a file is: an issue, what was made of one, or unknown (docs/decisions/0039)."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from time import monotonic

from django.conf import settings

from registry.enums import AnnexState
from registry.packing import DamagedContentError
from risk.content.canonical import UnknownFormatError
from risk.enums import Verdict
from risk.models import PlanIssue, RoundIssue
from risk.services.plans.archive_page import archive_page
from risk.services.plans.succession import Succession, successions
from risk.services.verification.limited import Reader
from risk.services.verification.lookup import (
    Found,
    claimed_issue,
    find_issues,
    whole_digest,
)
from risk.services.verification.names import shown
from risk.services.verification.reading import has_one_digest
from risk.services.verification.values import (
    Brought,
    CloserLook,
    Document,
    IssuePart,
    UnreadableFileError,
    Verification,
    Verified,
)


def verify_file(
    content: bytes, *, name: str = "", detached: bytes | None = None, seconds: float | None = None
) -> Verification:
    """Say what a file is, and whatever it holds one by one; nothing of it is kept.

    `detached` is the signature of a file that came apart from it (.p7s); the two may be given
    either way round. What needs parsing is read in another process, within a limit of memory and of
    time (`seconds`, those a page waits unless said). Never raises for what a file contains or does.
    The statements do not depend on how many issues there are, and no stored file is read but the
    page of one that claims to be it.
    """
    brought = Brought(content, name, detached)
    until = monotonic() + (settings.PAGE_SECONDS if seconds is None else seconds)
    try:
        return _Verifying(brought, Reader(brought, until)).verification()
    except UnreadableFileError as error:
        unknown = Verified(Verdict.UNKNOWN, name=shown(name), note=str(error))
        return Verification((unknown,))


@dataclass
class _Verifying:
    """One file while it is verified; what was asked of the database is asked once."""

    brought: Brought
    reader: Reader
    _found: dict[str, Found] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _successions: dict[int, dict[int, Succession]] = field(default_factory=dict)

    def verification(self) -> Verification:
        documents = self._documents()
        self._look_up({digest for one in documents for digest in one.digests})
        looks = self._looks(documents)
        told = [(place, one) for place, one in enumerate(documents) if one.sums is None]
        expected = [one.sums for one in documents if one.sums is not None]
        return Verification(
            tuple(self._answer(one, looks.get(place, CloserLook())) for place, one in told),
            sums_match=_sums_match(expected[0], told) if expected else None,
            wants_document=any(one.is_detached for _place, one in told),
            refused=next((one.refused for one in documents), ""),
        )

    def _documents(self) -> list[Document]:
        """Return the documents in the file; an issue by itself is found without a parser."""
        content = self.brought.content
        if self.brought.detached is None:
            whole = whole_digest(content)
            self._look_up([whole])
            if whole in self._found or has_one_digest(self.brought):
                return [Document(self.brought.name, digests={whole: len(content)})]
        return self.reader.documents()

    def _look_up(self, digests: Collection[str]) -> None:
        """Find the issues of digests that nobody has asked for yet."""
        if wanted := set(digests) - self._asked:
            self._asked |= wanted
            self._found |= find_issues(wanted)

    def _looks(self, documents: list[Document]) -> dict[int, CloserLook]:
        """Have those looked at closer whose digests do not say all, and look up what they claim."""
        issued = {
            place: 0 if begun is None else begun[1]
            for place, one in enumerate(documents)
            if one.digests and ((begun := self._issue_at_start(one)) is None or begun[1] < one.size)
        }
        if not issued:
            return {}
        at_pdf = any(documents[place].is_pdf for place in issued)
        looks = self.reader.look_closer(issued, at_pdf=at_pdf)
        self._look_up({digest for look in looks.values() for digest in look.claims})
        return looks

    def _issue_at_start(self, document: Document) -> tuple[Found, int] | None:
        """Return the issue a document is or begins with, and its length; the longest decides."""
        for digest, length in reversed(document.digests.items()):
            found = self._found.get(digest)
            # words after data make other data of it
            if found and (length == document.size or not found.is_data):
                return found, length
        return None

    def _answer(self, document: Document, look: CloserLook) -> Verified:
        told = Verified(
            Verdict.UNKNOWN,
            name=shown(document.name),
            layers=document.layers,
            note=document.note,
        )
        begun = self._issue_at_start(document)
        if begun is None:
            return self._claimed(told, document, look)
        told = replace(self._named(told, begun[0]), appended=look.appended)
        if look.appended.changes:
            return replace(told, verdict=Verdict.CHANGED)
        return _genuine(told)

    def _claimed(self, told: Verified, document: Document, look: CloserLook) -> Verified:
        """Look for an issue the file names itself; the page of an issue is compared with it."""
        claimed = claimed_issue(self._found[one] for one in look.claims if one in self._found)
        if claimed is None:
            return replace(told, note=told.note or look.note)
        told = self._named(told, claimed)
        # the pages of an issue have no digests of their own in the database
        if _page_digest(told.found) == document.whole:
            return _genuine(replace(told, part=IssuePart.PAGE))
        if told.plan_issue and _index_digest(told.plan_issue) == document.whole:
            return _genuine(replace(told, part=IssuePart.INDEX))
        return replace(told, verdict=Verdict.REWRITTEN)

    def _named(self, told: Verified, found: Found) -> Verified:
        successor = self._successor(found)
        is_overtaken = bool(successor) or not _is_current(found)
        return replace(
            told,
            issue=found.issue,
            plan_issue=found.plan_issue,
            round_issue=found.round_issue,
            part=IssuePart.DATA if found.is_data else IssuePart.PDF,
            is_overtaken=is_overtaken,
            successor=successor,
        )

    def _successor(self, found: Found) -> str:
        """Return the published plan that took the place of this one, "" when none did."""
        plan = found.found.plan
        if found.round_issue or not plan.is_public:
            return ""
        if plan.administration_id not in self._successions:
            self._successions[plan.administration_id] = successions(plan.administration)
        known = self._successions[plan.administration_id].get(plan.pk)
        return str(known.replaced_by) if known and known.replaced_by else ""


def _genuine(told: Verified) -> Verified:
    if told.is_overtaken:
        return replace(told, verdict=Verdict.OVERTAKEN)
    is_signed = (
        told.appended.signers
        or told.appended.time_stamps
        or any(layer.signers and layer.matches is not False for layer in told.layers)
    )
    return replace(told, verdict=Verdict.SIGNED if is_signed else Verdict.ISSUED)


def _is_current(found: Found) -> bool:
    """Tell whether its annex stands as what was found, or it is the last of its round.

    A plan has only one.
    """
    if found.round_issue is not None:
        return found.round_issue.earlier >= found.round_issue.round.newest
    if found.issue is None:
        return True
    annex = found.issue.annex
    return found.issue.data_digest == annex.standing and annex.state == AnnexState.ISSUED


def _page_digest(issue) -> str:
    if isinstance(issue, RoundIssue):
        # it has no page of its own
        return ""
    page = type(issue).objects.values_list("html", flat=True).get(pk=issue.pk)
    return whole_digest(page.encode())


def _index_digest(issue: PlanIssue) -> str:
    """Return the digest of the page of the archive of a plan, "" where nobody can read its data."""
    data = PlanIssue.objects.defer("html", "pdf").select_related("plan").get(pk=issue.pk)
    try:
        return whole_digest(archive_page(data))
    except (UnknownFormatError, DamagedContentError):
        return ""


def _sums_match(expected: str, told: list[tuple[int, Document]]) -> bool:
    """Tell whether a list of digests is that of all the files beside it, and of no other."""
    lines = (line.partition("  ") for line in expected.splitlines())
    found = {one.name: one.whole for _place, one in told}
    return {name: digest for digest, _blank, name in lines} == found

"""Saying what a file is: an issue, what was made of one, or unknown (docs/decisions/0039)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from registry.enums import AnnexState
from risk.enums import Verdict
from risk.services.plans.succession import Succession, successions
from risk.services.verification.appended import read_appended
from risk.services.verification.claims import claimed_digests
from risk.services.verification.lookup import (
    Found,
    find_claimed,
    find_issues,
    prefix_digests,
    whole_digest,
)
from risk.services.verification.names import shown
from risk.services.verification.unpacking import (
    Unpacking,
    detached_layer,
    open_detached,
)
from risk.services.verification.values import (
    IssuePart,
    Layer,
    Leaf,
    UnreadableFileError,
    Verification,
    Verified,
    Wrapping,
)

SUMS = "SHA256SUMS"
"""The list of digests in an archive of ours (`risk.services.plans.issues.write_archive`)."""
_BATCH_BYTES = 32 * 1024 * 1024
_BATCH_LEAVES = 100


def verify_file(content: bytes, *, name: str = "", detached: bytes | None = None) -> Verification:
    """Say what a file is, and whatever it holds one by one; nothing of it is kept.

    `detached` is the signature of a file that came apart from it (.p7s); the two may be given
    either way round. Never raises for what a file contains. The statements do not depend on how
    many issues there are, and no stored file is read but the page of one that claims to be it.
    """
    layers: tuple[Layer, ...] = ()
    try:
        if detached is not None:
            content, layers = _with_signature(content, detached)
        return _Verifying().verification(Unpacking().leaves(content, name, layers))
    except UnreadableFileError as error:
        unknown = Verified(Verdict.UNKNOWN, name=name, note=str(error))
        return Verification((unknown,))


def _with_signature(content: bytes, detached: bytes) -> tuple[bytes, tuple[Layer, ...]]:
    """Return the document and the layer of its signature, in whichever order they came."""
    try:
        return content, (detached_layer(open_detached(detached), content),)
    except UnreadableFileError:
        opened = open_detached(content)
        return detached, (detached_layer(opened, detached),)


@dataclass
class _Verifying:
    """One file while it is verified; what was asked of the database is asked once."""

    sums: dict[str, str] = field(default_factory=dict)
    expected: str = ""
    wants_document: bool = False
    _successions: dict[int, dict[int, Succession]] = field(default_factory=dict)

    def verification(self, leaves: Iterable[Leaf]) -> Verification:
        documents: list[Verified] = []
        for batch in _batches(leaves):
            documents += self._verified(batch)
        return Verification(
            tuple(documents),
            sums_match=self._sums_match() if self.expected else None,
            wants_document=self.wants_document,
        )

    def _verified(self, batch: list[Leaf]) -> list[Verified]:
        wholes = [whole_digest(leaf.content) for leaf in batch]
        found = find_issues(wholes)
        # only what is no issue is looked through for one at its beginning
        known = [
            {} if w in found else prefix_digests(leaf.content)
            for w, leaf in zip(wholes, batch, strict=True)
        ]
        found |= find_issues({digest for digests in known for digest in digests})
        documents = []
        for leaf, whole, prefixes in zip(batch, wholes, known, strict=True):
            if leaf.name == SUMS and leaf.layers and leaf.layers[-1].wrapping == Wrapping.ARCHIVE:
                self.expected = leaf.content.decode("utf-8", errors="replace")
                continue
            self.sums[leaf.name] = whole
            self.wants_document |= leaf.is_detached
            digests = {**prefixes, whole: len(leaf.content)}
            documents.append(self._answer(leaf, digests, found))
        return documents

    def _answer(self, leaf: Leaf, known: dict[str, int], found: dict[str, Found]) -> Verified:
        """Return the answer to one document: the longest beginning that is an issue decides."""
        told = Verified(Verdict.UNKNOWN, name=shown(leaf.name), layers=leaf.layers, note=leaf.note)
        if leaf.note:
            return told
        for digest, length in reversed(known.items()):
            if digest not in found:
                continue
            of_issue = found[digest]
            told = self._named(told, of_issue)
            if length == len(leaf.content):
                return self._genuine(told, leaf)
            if of_issue.is_data:
                continue
            appended = read_appended(leaf.content, issued=length)
            told = replace(told, appended=appended)
            if appended.changes:
                return replace(told, verdict=Verdict.CHANGED)
            return self._genuine(told, leaf)
        return self._claimed(told, leaf)

    def _genuine(self, told: Verified, leaf: Leaf) -> Verified:
        if told.is_overtaken:
            return replace(told, verdict=Verdict.OVERTAKEN)
        is_signed = (
            told.appended.signers
            or told.appended.time_stamps
            or any(layer.signers and layer.matches is not False for layer in leaf.layers)
        )
        return replace(told, verdict=Verdict.SIGNED if is_signed else Verdict.ISSUED)

    def _claimed(self, told: Verified, leaf: Leaf) -> Verified:
        """Look for an issue the file names itself; the page of an issue is compared with it."""
        claimed = find_claimed(claimed_digests(leaf.content))
        if claimed is None:
            return told
        told = self._named(told, claimed)
        issue = told.issue or told.plan_issue
        # the page of an issue has no digest of its own in the database
        if not leaf.content.startswith(b"%PDF-") and _page_of(issue) == leaf.content:
            return self._genuine(replace(told, part=IssuePart.PAGE), leaf)
        return replace(told, verdict=Verdict.REWRITTEN)

    def _named(self, told: Verified, found: Found) -> Verified:
        successor = self._successor(found)
        is_overtaken = bool(successor) or not _is_current(found)
        return replace(
            told,
            issue=found.issue,
            plan_issue=found.plan_issue,
            part=IssuePart.DATA if found.is_data else IssuePart.PDF,
            is_overtaken=is_overtaken,
            successor=successor,
        )

    def _successor(self, found: Found) -> str:
        """Return the published plan that took the place of this one, "" when none did."""
        plan = (found.issue or found.plan_issue).plan
        if not plan.is_public:
            return ""
        if plan.administration_id not in self._successions:
            self._successions[plan.administration_id] = successions(plan.administration)
        known = self._successions[plan.administration_id].get(plan.pk)
        return str(known.replaced_by) if known and known.replaced_by else ""

    def _sums_match(self) -> bool:
        """Tell whether a list of digests is that of all the files beside it, and of no other."""
        lines = (line.partition("  ") for line in self.expected.splitlines())
        return {name: digest for digest, _blank, name in lines} == self.sums


def _is_current(found: Found) -> bool:
    """Tell whether an annex did not go on after the issue that was found; a plan has only one."""
    if found.issue is None:
        return True
    annex = found.issue.annex
    return found.issue.number >= annex.newest and annex.state == AnnexState.ISSUED


def _page_of(issue) -> bytes:
    return type(issue).objects.values_list("html", flat=True).get(pk=issue.pk).encode()


def _batches(leaves: Iterable[Leaf]) -> Iterator[list[Leaf]]:
    """Yield the documents some at a time: few statements, and not all of an archive in memory."""
    batch: list[Leaf] = []
    size = 0
    for leaf in leaves:
        batch.append(leaf)
        size += len(leaf.content)
        if size >= _BATCH_BYTES or len(batch) >= _BATCH_LEAVES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch

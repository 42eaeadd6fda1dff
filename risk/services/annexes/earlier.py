"""The annex an annex was copied from, in the edition before: what a process said there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from registry.enums import AnnexState
from registry.models import Action, Annex, Phase, Plan
from risk.content.canonical import (
    build_as,
    digest_of,
    read_canonical,
    restore_process,
    sheet_data,
)
from risk.content.kept import KeptAnnex
from risk.content.texts import UnresolvedField
from risk.content.values import AnnexDocument, ProcessSheet
from risk.models import AnnexIssue, Assessment, PlannedMeasure, RiskBehaviour
from risk.services.annexes.contents import kept_annex, kept_data

_SHEETS = ("catalogue", "table", "sheets", "figures")


@dataclass(frozen=True)
class Earlier:
    """An annex of the edition before: its own texts, and its processes by uid.

    `digests` are those of their canonical data; `data` reads these for some of them.
    """

    plan: Plan
    cover: AnnexDocument
    digests: Mapping[str, str]
    names: Mapping[str, tuple[str, str]]
    """Number and title of each."""
    data: Any

    def sheets(self, uids: Collection[str]) -> dict[str, ProcessSheet]:
        """Return the sheets of some processes, but for their numbers; at most one query."""
        data = self.data([uid for uid in uids if uid in self.digests])
        return {uid: restore_process(text) for uid, text in data.items()}


def earlier_of(annex: Annex) -> Earlier | None:
    """Return what the annex was copied from: as issued where it is issued, else as it is.

    What is kept of an issued annex says the same as its issue, while it has its digest; the data of
    the issue are read where it has not. None where it was copied from none. Raises
    `UnknownFormatError` for an issue of a later version.
    """
    if annex.origin_id is None:
        return None
    earlier = [_earlier(key) for key in origins_of(annex)]
    return earlier[0] if len(earlier) == 1 else _together(earlier)


def origins_of(annex: Annex) -> list[int]:
    """Return the keys of the annexes an annex was made of, its own origin first; one query.

    An office that others were merged into has the processes of several (docs/decisions/0077).
    """
    own = annex.processes.exclude(origin=None).order_by("origin__annex__office__folded")
    keys = own.values_list("origin__annex", flat=True)
    return list(dict.fromkeys([annex.origin_id, *keys]))


def _earlier(key: int) -> Earlier:
    before = Annex.objects.with_names().get(pk=key)
    kept = kept_annex(before, examined=False)
    if before.state == AnnexState.ISSUED:
        issue = before.issues.standing().defer("html", "pdf", "data").first()
        if issue is not None and not _is_as_issued(kept, issue):
            return _issued(before, issue.data)
    return _kept(kept)


def _together(several: Sequence[Earlier]) -> Earlier:
    """Return several annexes as one, with the texts of the first."""

    def data(uids: Collection[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in several:
            own = [uid for uid in uids if uid in one.digests]
            found |= one.data(own) if own else {}
        return found

    first = several[0]
    return Earlier(
        plan=first.plan,
        cover=first.cover,
        digests={uid: digest for one in several for uid, digest in one.digests.items()},
        names={uid: name for one in several for uid, name in one.names.items()},
        data=data,
    )


def _is_as_issued(kept: KeptAnnex, issue: AnnexIssue) -> bool:
    try:
        return kept.digest == issue.content_digest
    except UnresolvedField:
        return False


def _issued(before: Annex, text: str) -> Earlier:
    content = read_canonical("annex", text)
    data = {sheet["uid"]: sheet_data(sheet) for sheet in content["sheets"]}
    names = {sheet["uid"]: (sheet["number"], sheet["title"]) for sheet in content["sheets"]}
    cover = build_as(AnnexDocument, {**content, **dict.fromkeys(_SHEETS, ())})
    return Earlier(
        plan=before.plan,
        cover=cover,
        digests={uid: digest_of(text) for uid, text in data.items()},
        names=names,
        data=lambda uids: {uid: data[uid] for uid in uids},
    )


def _kept(kept: KeptAnnex) -> Earlier:
    before = kept.annex
    rows = {row.uid: row for row in kept.processes}

    def data(uids: Collection[str]) -> dict[str, str]:
        read = kept_data(before, [rows[uid] for uid in uids])
        return {uid: read[rows[uid].pk] for uid in uids}

    return Earlier(
        plan=before.plan,
        cover=kept.cover,
        digests={uid: row.digest for uid, row in rows.items()},
        names={uid: (str(row.number), row.title) for uid, row in rows.items()},
        data=data,
    )


def ancestors_of(annex: Annex, processes: Collection[int]) -> dict[str, str]:
    """Return the uid each row of some processes had in the edition before; five queries."""
    own = Q(process__in=processes)
    below = own | Q(behaviour__process__in=processes)
    rows = (
        Phase.objects.filter(own),
        Action.objects.filter(phase__process__in=processes),
        RiskBehaviour.objects.filter(own),
        Assessment.objects.filter(below),
        PlannedMeasure.objects.of_annex(annex),
    )
    copied = (some.exclude(origin_uid=None).values_list("uid", "origin_uid") for some in rows)
    return {str(uid): str(origin) for some in copied for uid, origin in some}

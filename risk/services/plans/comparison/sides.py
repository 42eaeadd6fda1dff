"""One of the two editions that are compared, read: what names its annexes and processes.

What a process says is read later, of those alone that may differ.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registry.enums import AnnexState
from registry.models import Annex, Plan
from risk.content.adopted_names import adopted_body_name
from risk.content.canonical import digest_of, read_canonical, sheet_data
from risk.content.edition_values import ComparedSide
from risk.content.kept import KeptAnnex, KeptProcess
from risk.content.texts import UnresolvedField
from risk.content.values import OfficeHead
from risk.enums import Layout, TextSlot
from risk.models import AnnexIssue, ProcessContent
from risk.services.annexes.contents import kept_annexes, kept_data
from risk.services.completeness.plan_loading import is_exempt
from risk.services.plans.documents import current_issues


@dataclass(slots=True)
class SideProcess:
    """A process of a side; `key` is the uid of its ancestor, `place` that of its annex.

    `office` is the same in the terms of the earlier plan, where the office had an annex there.
    """

    uid: str
    key: str
    place: str
    office: str
    number: str
    code: str
    title: str
    digest: str
    next_digest: str
    """That of the same content by the uids of the edition before; "" where it was in none."""
    kept: KeptProcess | None
    """None where it is read from the data of an issue."""


@dataclass(slots=True)
class SideAnnex:
    """An annex of a side; `key` is the uid of its ancestor."""

    uid: str
    key: str
    office_id: int
    office: str
    head: str
    is_open: bool
    processes: tuple[SideProcess, ...]


@dataclass
class Side:
    """A plan as it is compared. `issued` are data of processes, by uid, that only issues have."""

    plan: Plan
    said: ComparedSide
    annexes: tuple[SideAnnex, ...]
    blocks: dict[tuple[str, str], str]
    token: str
    """What is the same as long as nothing that is compared was written."""
    issued: dict[str, str] = field(default_factory=dict)

    @property
    def processes(self) -> list[SideProcess]:
        return [row for annex in self.annexes for row in annex.processes]

    def data(self, rows: Iterable[SideProcess]) -> dict[str, str]:
        """Return the canonical data of some processes, by uid; one statement.

        What was not kept, as others were writing, is read again, annex by annex.
        """
        found, kept = {}, {}
        for row in rows:
            if row.kept is None:
                found[row.uid] = self.issued[row.uid]
            else:
                kept[row.kept.pk] = row.kept
        stored = ProcessContent.objects.filter(process__in=list(kept)) if kept else ()
        for key, text in stored.values_list("process_id", "data") if kept else ():
            if digest_of(text) == kept[key].digest:
                found[kept.pop(key).uid] = text
        for annex in {row.annex for row in kept.values()}:
            left = [row for row in kept.values() if row.annex == annex]
            read = kept_data(annex, left)
            found |= {row.uid: read[row.pk] for row in left}
        return found


def annexes_read(plan: Plan) -> list[Annex]:
    """Return the annexes of a plan that are part of it, in its order; one statement.

    Of an adopted one those that were issued, of another all but the exempt.
    """
    rows = Annex.objects.with_names().select_related("exemption").filter(plan=plan)
    annexes = []
    for row in rows.order_by("office__folded", "pk"):
        if not is_exempt(row) and (not plan.is_adopted or row.state == AnnexState.ISSUED):
            # of one plan there is one, which has the name of the body as it was adopted
            row.plan = plan
            annexes.append(row)
    return annexes


def side_of(plan: Plan, annexes: Collection[Annex]) -> Side:
    """Return a plan with these annexes: as adopted or issued where it is, else as it is now.

    Nine statements where what is kept is up to date, of however many annexes. Raises
    `UnknownFormatError` for an issue of a later version.
    """
    plan.administration.name = adopted_body_name(plan)
    kept = kept_annexes(list(annexes), examined=False)
    is_issued = any(row.state == AnnexState.ISSUED for row in annexes)
    issues = current_issues(plan) if is_issued else {}
    side = Side(
        plan=plan,
        said=ComparedSide(plan.title, _standing(plan)),
        annexes=(),
        blocks=_blocks(kept),
        token=digest_of(" ".join((plan.title, plan.state, *(_token(row) for row in kept)))),
    )
    other = {
        row.annex.pk: issues[row.annex.pk].pk
        for row in kept
        if row.annex.pk in issues and not _is_as_issued(row, issues[row.annex.pk])
    }
    read = _issued_annexes(other)
    side.annexes = tuple(_annex(row, read.get(row.annex.pk), side.issued) for row in kept)
    return side


def issue_side(issue: AnnexIssue) -> Side:
    """Return one issue of an annex as a side of its own. Raises `UnknownFormatError`."""
    annex, issued = issue.annex, {}
    day = date_format(issue.issued_at, "d/m/Y H:i")
    said = _("emissione n. %(number)s del %(day)s") % {"number": issue.number, "day": day}
    content = read_canonical("annex", issue.data)
    one = _from_issue(annex, content, issued)
    return Side(
        plan=issue.plan,
        said=ComparedSide(said, _("come emesso")),
        annexes=(one,),
        blocks=_issued_blocks(content),
        token=issue.data_digest,
        issued=issued,
    )


def with_ancestors(side: Side, names: dict[str, str]) -> None:
    """Give processes and annexes the uids they had in the common ancestor."""
    for annex in side.annexes:
        annex.key = names.get(annex.uid, annex.uid)
        for row in annex.processes:
            row.key = names.get(row.uid, row.uid)


def _standing(plan: Plan) -> str:
    if plan.is_adopted and plan.act_date:
        return _("come adottato il %s") % date_format(plan.act_date, "d/m/Y")
    return _("com’è adesso, gli allegati emessi come emessi")


def _token(row: KeptAnnex) -> str:
    return f"{row.annex.uid} {row.annex.state} {row.token}"


def _is_as_issued(kept: KeptAnnex, issue: AnnexIssue) -> bool:
    try:
        return kept.digest == issue.content_digest
    except UnresolvedField:
        return False


def _issued_annexes(issues: dict[int, int]) -> dict[int, dict]:
    """Return what issues say, by annex, of those that what is kept does not tell; one statement."""
    if not issues:
        return {}
    rows = AnnexIssue.objects.filter(pk__in=issues.values()).only("annex_id", "data")
    return {row.annex_id: read_canonical("annex", row.data) for row in rows.iterator()}


def _annex(kept: KeptAnnex, content: dict | None, issued: dict[str, str]) -> SideAnnex:
    if content is not None:
        return _from_issue(kept.annex, content, issued)
    uid = str(kept.annex.uid)
    return SideAnnex(
        uid=uid,
        key=uid,
        office_id=kept.annex.office_id,
        office=kept.cover.office,
        head=_head(kept.cover.head),
        is_open=kept.annex.is_open,
        processes=tuple(
            SideProcess(
                uid=row.uid,
                key=row.uid,
                place=uid,
                office=uid,
                number=str(row.number),
                code=row.code,
                title=row.title,
                digest=row.digest,
                next_digest=row.edition_digest,
                kept=row,
            )
            for row in kept.processes
        ),
    )


def _from_issue(annex: Annex, content: dict, issued: dict[str, str]) -> SideAnnex:
    uid, processes = str(annex.uid), []
    for sheet in content["sheets"]:
        data = sheet_data(sheet)
        issued[sheet["uid"]] = data
        named = {name: sheet.get(name, "") for name in ("uid", "number", "code", "title")}
        digests = {"digest": digest_of(data), "next_digest": "", "kept": None}
        processes.append(SideProcess(key=sheet["uid"], place=uid, office=uid, **named, **digests))
    return SideAnnex(
        uid=uid,
        key=uid,
        office_id=annex.office_id,
        office=content["office"],
        head=_head(OfficeHead(**content["head"])),
        is_open=False,
        processes=tuple(processes),
    )


def _head(head: OfficeHead) -> str:
    return "" if head == OfficeHead() else str(replace(head))


def _blocks(kept: list[KeptAnnex]) -> dict[tuple[str, str], str]:
    blocks = kept[0].blocks if kept else {}
    return {key: block.text for key, block in blocks.items()}


def _issued_blocks(content: dict) -> dict[tuple[str, str], str]:
    texts = content["texts"]
    return {
        (layout.value, slot.value): texts.get(layout.value, {}).get(slot.value, "")
        for layout in Layout
        for slot in TextSlot
    }

"""Adopting a plan: the act, the issued annexes and one document around them, frozen together.

As an issue (`risk.services.annexes.issues`), but for the whole edition (docs/decisions/0015).
"""

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from registry import clock, trail
from registry.acts import Act
from registry.acts import act as open_act
from registry.hanging import on_annexes
from registry.models import Annex, Plan, User
from registry.services.anchors import anchor_now
from registry.services.jobs import Progress, no_progress
from registry.services.rows import store
from risk.content.canonical import UnknownFormatError, content_digest, digest_of
from risk.content.kept import KeptAnnex
from risk.content.plan_values import PlanAct
from risk.content.reading import read_annex
from risk.content.texts import UnresolvedField
from risk.enums import PlanVerb
from risk.models import AnnexIssue, Assessment, PlanIssue
from risk.models.packed import (
    as_kept,
    intact,
    packed_around,
    packed_text,
    page_shared,
    whole_pdfs,
)
from risk.paper.plan import Attachment, attach, render_plan_html
from risk.services.annexes.contents import kept_annexes
from risk.services.annexes.moves import MoveRefusedError
from risk.services.assessment.frozen_methods import bind_methods
from risk.services.plans.archive_page import PAGE, archive_page
from risk.services.plans.archives import summed_archive
from risk.services.plans.documents import (
    PlanContent,
    current_issues,
    file_name_of,
    plan_content,
    plan_snapshot,
    printed_plan,
)
from risk.services.plans.moves import (
    check_plan_move,
    in_the_future,
    make_plan_move,
    plan_refusals_recorded,
    subject_of,
)
from risk.services.printing.rendering import render_plan_pdf_apart

_STEPS = 3
_AT_ONCE = 20
"""PDFs of annexes that are in memory together."""


@dataclass(frozen=True)
class AdoptionAct:
    """The act an organ adopts a plan by, as the register keeps it."""

    adopting_organ: str
    act_kind: str
    act_number: str
    act_date: datetime.date
    act_effective_on: datetime.date | None = None
    act_link: str = ""

    @property
    def printed(self) -> PlanAct:
        effective = self.act_effective_on
        return PlanAct(
            organ=self.adopting_organ,
            kind=self.act_kind,
            number=self.act_number,
            date=date_format(self.act_date, "d/m/Y"),
            effective_on=date_format(effective, "d/m/Y") if effective else "",
            link=self.act_link,
        )


def check_act(act: AdoptionAct) -> None:
    """Raise `ValidationError`, by field, for an act that cannot have adopted a plan."""
    errors: dict[str, Any] = {}
    for name in ("adopting_organ", "act_kind", "act_number"):
        if not getattr(act, name).strip():
            errors[name] = _("Gli estremi dell’atto vanno indicati tutti.")
    if act.act_date > clock.today():
        errors["act_date"] = in_the_future()
    elif act.act_effective_on and act.act_effective_on < act.act_date:
        errors["act_effective_on"] = _("Un atto non è esecutivo prima della sua data.")
    if act.act_link:
        try:
            URLValidator(schemes=["http", "https"])(act.act_link)
        except ValidationError as error:
            errors["act_link"] = error
    if errors:
        raise ValidationError(errors)


def adopt_plan(
    *, plan: Plan, act: AdoptionAct, by: User, progress: Progress = no_progress
) -> PlanIssue:
    """Register that the organ adopted a proposed plan; return the document it is from now on.

    The document is drawn from its canonical data, outside any transaction; then one short
    transaction compares the content again, stores the document with the issues it wraps and moves
    the plan, which freezes the whole edition. `progress` is told outside that transaction.

    Raises `ValidationError` for the fields of the act, `MoveRefusedError` when the plan may not be
    adopted or something changed meanwhile, `PaperError` when it cannot be printed: then nothing
    has changed.
    """
    check_act(act)
    with plan_refusals_recorded(plan=plan, kind=f"plan-{PlanVerb.ADOPT}", by=by):
        check_plan_move(plan=plan, verb=PlanVerb.ADOPT, by=by)
        progress(0, _STEPS, _("Confronto gli allegati con le loro emissioni"))
        compared = _check_current(plan)
        content = plan_content(plan, act.printed)
        progress(1, _STEPS, _("Disegno il PDF"))
        issue = _draw(plan, content, by)
        progress(2, _STEPS, _("Registro l’adozione"))
        _store(plan, issue, content, act, by, compared=compared)
        return issue


def adopted_by(*, plan: Plan, by: User, act: AdoptionAct) -> PlanIssue | None:
    """Return the document of a plan this person adopted by this act: done before an interruption.

    `plan` is as it was read last.
    """
    if any(getattr(plan, name) != value for name, value in vars(act).items()):
        return None
    return PlanIssue.objects.filter(plan=plan, by=by).first()


def write_archive(issue: PlanIssue, into: IO[bytes]) -> None:
    """Write a ZIP of all that was adopted: the plan's document, its data, each annex by its office.

    A page opens each of them without the site, but of data that a later version has written: then
    the files are there all the same. The same plan gives the same bytes. One annex at a time is in
    memory.
    """
    with summed_archive(into, issue.issued_at) as archive:
        for name, content in adopted_files(issue):
            archive.add(name, content)
        with suppress(UnknownFormatError):
            archive.add(PAGE, archive_page(issue))


def adopted_files(issue: PlanIssue) -> Iterator[tuple[str, bytes]]:
    """Give the name and the bytes of each file of an adopted plan, one annex at a time in memory.

    Raises `DamagedContentError` for what is not whole.
    """
    slug = issue.plan.slug
    yield f"{slug}.pdf", bytes(intact(issue, "pdf"))
    yield f"{slug}.html", intact(issue, "html").encode()
    yield f"{slug}.json", intact(issue, "data").encode()
    for row, pdf in with_bytes(issue.annex_issues.all()):
        yield f"allegati/{file_name_of(row.annex, row)}", bytes(pdf)


def _check_current(plan: Plan, compared: Mapping[int, str] | None = None) -> dict[int, str]:
    """Refuse when what the register holds is no longer what an annex was issued with.

    Return the token of each annex by its key; those that have the same in `compared` are as they
    were then, and are not looked at again.
    """
    annexes = list(plan.annexes.with_names().filter(exemption=None))
    kept = kept_annexes(annexes, examined=False)
    tokens = {row.annex.pk: row.token for row in kept}
    written = [row for row in kept if (compared or {}).get(row.annex.pk) != tokens[row.annex.pk]]
    known = current_issues(plan) if written else {}
    stale = [row.annex for row in written if _has_moved(row, known.get(row.annex.pk))]
    if stale:
        sentence = _("L’allegato di «%(office)s» è cambiato dopo l’emissione: va riaperto.")
        raise MoveRefusedError([sentence % {"office": row.printed_office_name} for row in stale])
    return tokens


def _has_moved(kept: KeptAnnex, issue: AnnexIssue | None) -> bool:
    """Tell whether an annex is not as issued; where no digest of that was kept, it is all read."""
    if issue is None:
        return True
    try:
        if issue.content_digest:
            return kept.digest != issue.content_digest
        return content_digest(read_annex(kept.annex)) != issue.data_digest
    except UnresolvedField:
        return True


def _draw(plan: Plan, content: PlanContent, by: User) -> PlanIssue:
    data = plan_snapshot(content.document)
    issue = PlanIssue(
        plan=plan,
        issued_at=clock.now().replace(microsecond=0),
        by=by,
        data=packed_text(data),
        data_digest=digest_of(data),
        anchor=anchor_now(plan.administration),
    )
    document = printed_plan(issue)
    issue.html = page_shared(render_plan_html(document), _adopted_before(plan))
    wrapped = AnnexIssue.objects.filter(pk__in=[row.pk for row in content.issues])
    files = [
        Attachment(file_name_of(row.annex, row), row.annex.printed_office_name, bytes(pdf))
        for row, pdf in with_bytes(wrapped)
    ]
    pdf = attach(render_plan_pdf_apart(document), files)
    issue.pdf = packed_around(pdf, (file.content for file in files))
    issue.pdf_digest = hashlib.sha256(issue.pdf).hexdigest()
    return issue


def with_bytes(rows: Any) -> Iterator[tuple[AnnexIssue, bytes]]:
    """Give each issue with its PDF, in the order of their numbers; a few are in memory.

    Raises `DamagedContentError` for one that is not whole.
    """
    issues = rows.defer("html", "data", "pdf").select_related("annex__office").order_by("number")
    found = issues.annotate(kept_pdf=as_kept("pdf")).iterator(chunk_size=_AT_ONCE)
    for row, pdf in whole_pdfs(found, issues.db):
        row.pdf = pdf
        yield row, intact(row, "pdf")


def _adopted_before(plan: Plan) -> list[PlanIssue]:
    """Return the last adopted edition of the body, which keeps the fonts of the page."""
    adopted = PlanIssue.objects.filter(plan__administration=plan.administration_id)
    return list(adopted.defer("data", "pdf").order_by("-pk")[:1])


def _store(
    plan: Plan,
    issue: PlanIssue,
    content: PlanContent,
    act: AdoptionAct,
    by: User,
    *,
    compared: Mapping[int, str],
) -> None:
    """Move the plan and store its document, unless something has changed under it meanwhile.

    Offices the edition goes without are named for ever, as those of the others were before.
    `compared` are the tokens the annexes had when they were compared with their issues: who acts
    elsewhere meanwhile costs nothing.
    """

    def write_issue(locked: Plan, opened: Act) -> None:
        _check_current(locked, compared)
        now = plan_content(locked, act.printed)
        if plan_snapshot(now.document) != issue.data or now.issues != content.issues:
            raise MoveRefusedError([_("Il piano è cambiato durante l’adozione: riprova.")])
        issue.plan = locked
        issue.save(force_insert=True)
        issue.annex_issues.set(content.issues)
        trail.bind_row(opened.detail, issue)
        assessed = Assessment.objects.filter(on_annexes(Assessment, plan=locked))
        bind_methods(opened.detail, assessed)
        for annex in exempted:
            annex.office_name = annex.office.name
            store(annex)

    values = dict(vars(act))
    with open_act(f"plan-{PlanVerb.ADOPT}", by=by, subject=subject_of(plan)):
        # before the plan, as every move locks them
        exempted = _exempted(plan)
        make_plan_move(plan=plan, verb=PlanVerb.ADOPT, by=by, values=values, before=write_issue)


def _exempted(plan: Plan) -> list[Annex]:
    """Return the exempted annexes whose office is not named yet as it is printed, locked."""
    rows = plan.annexes.filter(exemption__isnull=False, office_name="").order_by("pk")
    return list(rows.select_for_update(of=("self",)).select_related("office", "plan"))

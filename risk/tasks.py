"""Long work of the risk room: issues, long PDFs and workbooks, adopting or copying a plan, imports.

Each kind has a function that asks for it and one that does it; what must be refused at once is
refused by the first.
"""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Annex, Job, Plan, User
from registry.permissions import is_rpct_of_plan
from registry.services.jobs import JobKind, Progress, Result, register_kind, start_job, store_file
from registry.services.undo import NotUndoable
from risk.enums import ImportState, Layout, PlanVerb, Verb
from risk.models import RegisterImport
from risk.paper.build import build_document
from risk.paper.pdf import PaperError
from risk.paper.texts import UnresolvedField
from risk.services.annexes.issues import issue_annex, issued_by
from risk.services.annexes.moves import MoveRefusedError, check_move, refusals_recorded
from risk.services.imports import ImportRefusedError, take_import, undo_import
from risk.services.imports.showing import refresh_import
from risk.services.papers.rendering import render_pdf_apart
from risk.services.papers.workbooks import annex_workbook, annexes_of, file_name, plan_workbook
from risk.services.plans.editions import check_copy, copied_since, copy_plan
from risk.services.plans.issues import AdoptionAct, adopt_plan, adopted_by, check_act
from risk.services.plans.missing import plan_page
from risk.services.plans.moves import check_plan_move, plan_refusals_recorded, subject_of
from risk.spreadsheets.drawing import TooLongError

ISSUE = "issue-annex"
PAPER = "draw-annex"
ADOPTION = "adopt-plan"
COPY = "copy-plan"
WORKBOOK = "write-annex"
PLAN_WORKBOOK = "write-plan"
PREVIEW = "preview-import"
IMPORT = "take-import"
UNDO = "undo-import"


class GoneError(LookupError):
    """What a job is about is no longer there for the person who asked for it."""


def ask_issue(*, annex: Annex, by: User) -> Job:
    """Ask for the issue of a validated annex; asked again meanwhile, the same job.

    Raises `MoveRefusedError` when the annex may not be issued now; the refusal is on the trail.
    """
    with refusals_recorded(annex=annex, verb=Verb.ISSUE, by=by):
        check_move(annex=annex, verb=Verb.ISSUE, by=by)
    return _ask(ISSUE, annex, by, subject=f"annex {annex.uid}", arguments={})


def ask_paper(*, annex: Annex, layout: Layout, by: User) -> Job:
    """Ask for the PDF of an annex, a draft, in one layout; asked again meanwhile, the same job."""
    arguments = {"layout": str(layout)}
    return _ask(PAPER, annex, by, subject=f"annex {annex.uid} {layout}", arguments=arguments)


def ask_workbook(*, annex: Annex, layout: Layout, by: User) -> Job:
    """Ask for the workbook of an annex in one layout; asked again meanwhile, the same job."""
    arguments = {"layout": str(layout)}
    subject = f"annex {annex.uid} {layout}"
    return _ask(WORKBOOK, annex, by, subject=subject, arguments=arguments)


def ask_plan_workbook(*, plan: Plan, layout: Layout, by: User) -> Job:
    """Ask for one workbook of all annexes of a plan that the person reads."""
    return start_job(
        kind=PLAN_WORKBOOK,
        by=by,
        administration=plan.administration,
        subject=f"{subject_of(plan)} {layout}",
        title=plan.title,
        arguments={
            "ipa_code": plan.administration.ipa_code,
            "title": plan.title,
            "layout": str(layout),
        },
    )


def ask_adoption(*, plan: Plan, act: AdoptionAct, by: User) -> Job:
    """Ask for the adoption of a proposed plan; asked again meanwhile, the same job.

    Raises `ValidationError` for the fields of the act and `MoveRefusedError` when the plan may not
    be adopted now; the refusal is on the trail.
    """
    check_act(act)
    with plan_refusals_recorded(plan=plan, kind=f"plan-{PlanVerb.ADOPT}", by=by):
        check_plan_move(plan=plan, verb=PlanVerb.ADOPT, by=by)
    return start_job(
        kind=ADOPTION,
        by=by,
        administration=plan.administration,
        subject=subject_of(plan),
        title=plan.title,
        arguments={
            "ipa_code": plan.administration.ipa_code,
            "title": plan.title,
            "act": {name: str(value or "") for name, value in vars(act).items()},
        },
    )


def ask_copy(*, plan: Plan, title: str, by: User, **values: Any) -> Job:
    """Ask for the next edition of an adopted plan; asked again meanwhile, the same job.

    `values` are years and kind, as `risk.services.plans.editions.copy_plan` has them, which also
    says what `ValidationError` is raised for.
    """
    values["title"] = title
    check_copy(plan=plan, **values)
    names = {"ipa_code": plan.administration.ipa_code, "title": plan.title}
    return start_job(
        kind=COPY,
        by=by,
        administration=plan.administration,
        subject=f"{subject_of(plan)}: {title}",
        title=title,
        arguments={**names, "copy": values},
    )


def ask_preview(*, register_import: RegisterImport, by: User) -> Job:
    """Ask for a file on its way to be read and compared; asked again meanwhile, the same job."""
    return _ask_of_import(PREVIEW, register_import, by, arguments={})


def ask_import(*, register_import: RegisterImport, digest: str, by: User) -> Job:
    """Ask for a file to be taken as its preview said; asked again meanwhile, the same job."""
    return _ask_of_import(IMPORT, register_import, by, arguments={"digest": digest})


def ask_undo(*, register_import: RegisterImport, by: User) -> Job:
    """Ask for an import to be taken back; asked again meanwhile, the same job."""
    return _ask_of_import(UNDO, register_import, by, arguments={})


def _ask_of_import(kind: str, found: RegisterImport, by: User, *, arguments: dict) -> Job:
    return start_job(
        kind=kind,
        by=by,
        administration=found.plan.administration,
        subject=f"import {found.uid}",
        title=f"{found.filename}, {found.plan.title}",
        arguments={"import": str(found.uid), **arguments},
    )


def _ask(kind: str, annex: Annex, by: User, *, subject: str, arguments: dict) -> Job:
    return start_job(
        kind=kind,
        by=by,
        administration=annex.plan.administration,
        subject=subject,
        title=f"{annex.printed_office_name}, {annex.plan.title}",
        arguments={"annex": str(annex.uid), **arguments},
    )


def _issue(job: Job, progress: Progress) -> Result:
    annex = _annex(job)
    # interrupted between the end of the issue and that of the job: there is nothing left to do
    done = issued_by(annex=annex, by=job.by, since=job.created_at) if job.attempts > 1 else None
    issue = done or issue_annex(annex=annex, by=job.by, progress=progress)
    links = [
        (_("Scarica il PDF"), reverse("risk:issue_file", args=[issue.uid, "pdf"])),
        (_("Passaggi dell’allegato"), _way(job)),
    ]
    return Result(message=_("Emesso con il numero %(n)d.") % {"n": issue.number}, links=links)


def _adopt(job: Job, progress: Progress) -> Result:
    plan = _plan(job)
    # interrupted between the end of the adoption and that of the job: nothing is left to do
    if not (job.attempts > 1 and adopted_by(plan=plan, by=job.by)):
        adopt_plan(plan=plan, act=_act(job), by=job.by, progress=progress)
    file = reverse("risk:plan_file", args=[plan.administration.ipa_code, plan.slug, "pdf"])
    links = [(_("Scarica il PDF"), file), (_("Vai al piano"), _plan_place(job))]
    return Result(message=_("Il piano è adottato."), links=links)


def _copy(job: Job, progress: Progress) -> Result:
    plan, values = _plan(job), job.arguments["copy"]
    if not is_rpct_of_plan(job.by, plan):
        raise GoneError(_("Una nuova edizione spetta al RPCT dell’amministrazione."))
    known = {"plan": plan, "title": values["title"], "by": job.by, "since": job.created_at}
    try:
        # interrupted between the end of the copy and that of the job: nothing is left to do
        made = job.attempts > 1 and copied_since(**known)
        made = made or copy_plan(plan=plan, by=job.by, progress=progress, **values)
    except ValidationError as refused:
        raise MoveRefusedError(refused.messages) from refused
    message = _("La nuova edizione è creata: gli allegati sono bozze da riconfermare.")
    return Result(message=message, links=[(_("Vai alla nuova edizione"), plan_page(made))])


def _act(job: Job) -> AdoptionAct:
    values = dict(job.arguments["act"])
    values["act_date"] = datetime.date.fromisoformat(values["act_date"])
    effective = values["act_effective_on"]
    values["act_effective_on"] = datetime.date.fromisoformat(effective) if effective else None
    return AdoptionAct(**values)


def _plan(job: Job) -> Plan:
    """Return the plan of a job, as long as the person who asked may see it."""
    plans = Plan.objects.visible_to(job.by).select_related("administration")
    names = {"administration__ipa_code": job.arguments["ipa_code"], "title": job.arguments["title"]}
    plan = plans.filter(**names).first()
    if plan is None:
        raise GoneError(_("Il piano non c’è più, o non spetta più a chi ha chiesto."))
    return plan


def _plan_place(job: Job) -> str:
    plan = Plan(title=job.arguments["title"])
    return reverse("risk:plan", args=[job.arguments["ipa_code"], plan.slug])


def _paper(job: Job, progress: Progress) -> Result:
    annex, layout = _annex(job), Layout(job.arguments["layout"])
    progress(0, 2, _("Preparo i dati"))
    document = build_document(annex)
    progress(1, 2, _("Disegno il PDF"))
    data = render_pdf_apart(document, layout=layout)
    return Result(
        message=_("Il PDF è pronto."),
        file=store_file(job, suffix="pdf", data=data),
        file_name=f"{slugify(annex.printed_office_name)}-{layout}.pdf",
    )


def _workbook(job: Job, progress: Progress) -> Result:
    annex, layout = _annex(job), Layout(job.arguments["layout"])
    progress(0, 1, _("Scrivo il foglio di calcolo"))
    data = annex_workbook(annex=annex, layout=layout)
    return _written(job, data, subject=annex.printed_office_name, layout=layout)


def _plan_workbook(job: Job, progress: Progress) -> Result:
    plan, layout = _plan(job), Layout(job.arguments["layout"])
    progress(0, 1, _("Scrivo il foglio di calcolo"))
    annexes = annexes_of(plan=plan, user=job.by)
    data = plan_workbook(plan=plan, layout=layout, annexes=annexes)
    return _written(job, data, subject=plan.title, layout=layout)


def _written(job: Job, data: bytes, *, subject: str, layout: Layout) -> Result:
    return Result(
        message=_("Il foglio di calcolo è pronto."),
        file=store_file(job, suffix="xlsx", data=data),
        file_name=file_name(subject=subject, layout=layout),
    )


def _is_own(user: User, job: Job) -> bool:
    # of the annexes one person reads: another one may read others
    return job.by_id == user.pk


def _annex(job: Job) -> Annex:
    """Return the annex of a job, as long as the person who asked may see it."""
    annex = Annex.objects.visible_to(job.by).with_names().filter(uid=job.arguments["annex"]).first()
    if annex is None:
        raise GoneError(_("L’allegato non c’è più, o non spetta più a chi ha chiesto."))
    return annex


def _preview(job: Job, progress: Progress) -> Result:
    refresh_import(register_import=_import(job), by=job.by, progress=progress)
    links = [(_("Continua l’importazione"), _import_place(job))]
    return Result(message=_("Il file è letto."), links=links)


def _take(job: Job, progress: Progress) -> Result:
    found = _import(job)
    # interrupted between the end of the import and that of the job: nothing is left to do
    if not (job.attempts > 1 and found.state == ImportState.TAKEN):
        progress(0, 1, _("Scrivo le righe nel registro"))
        take_import(register_import=found, digest=job.arguments["digest"], by=job.by)
    links = [(_("Che cosa è stato importato"), _import_place(job))]
    return Result(message=_("Il file è nel registro."), links=links)


def _undo(job: Job, progress: Progress) -> Result:
    found = _import(job)
    if not (job.attempts > 1 and found.state == ImportState.UNDONE):
        progress(0, 1, _("Riporto il registro com’era"))
        undo_import(register_import=found, by=job.by)
    links = [(_("L’importazione annullata"), _import_place(job))]
    return Result(message=_("L’importazione è annullata."), links=links)


def _import(job: Job) -> RegisterImport:
    """Return the import of a job, as long as the person who asked may see it."""
    rows = RegisterImport.objects.visible_to(job.by).select_related("plan__administration")
    found = rows.filter(uid=job.arguments["import"]).first()
    if found is None:
        raise GoneError(_("L’importazione non c’è più, o non spetta più a chi ha chiesto."))
    return found


def _import_place(job: Job) -> str:
    return reverse("risk:import", args=[job.arguments["import"]])


def _may_read(user: User, job: Job) -> bool:
    return Annex.objects.visible_to(user).filter(uid=job.arguments["annex"]).exists()


def _way(job: Job) -> str:
    return reverse("risk:workflow", args=[job.arguments["annex"]])


def _print(job: Job) -> str:
    return reverse("risk:annex", args=[job.arguments["annex"], job.arguments["layout"]])


KINDS = (
    JobKind(
        name=ISSUE,
        label=gettext_lazy("Emissione dell’allegato"),
        work=_issue,
        place=_way,
        refusals=(GoneError, MoveRefusedError, UnresolvedField, PaperError),
    ),
    JobKind(
        name=PAPER,
        label=gettext_lazy("PDF dell’allegato"),
        work=_paper,
        place=_print,
        refusals=(GoneError, UnresolvedField, PaperError),
        may_read=_may_read,
    ),
    JobKind(
        name=ADOPTION,
        label=gettext_lazy("Adozione del piano"),
        work=_adopt,
        place=_plan_place,
        refusals=(GoneError, MoveRefusedError, PaperError),
    ),
    JobKind(
        name=COPY,
        label=gettext_lazy("Nuova edizione del piano"),
        work=_copy,
        place=_plan_place,
        refusals=(GoneError, MoveRefusedError),
    ),
    JobKind(
        name=PREVIEW,
        label=gettext_lazy("Lettura di un file da importare"),
        work=_preview,
        place=_import_place,
        refusals=(GoneError,),
    ),
    JobKind(
        name=IMPORT,
        label=gettext_lazy("Importazione di un file"),
        work=_take,
        place=_import_place,
        refusals=(GoneError, ImportRefusedError),
    ),
    JobKind(
        name=WORKBOOK,
        label=gettext_lazy("Foglio di calcolo dell’allegato"),
        work=_workbook,
        place=_print,
        refusals=(GoneError, TooLongError),
        may_read=_may_read,
    ),
    JobKind(
        name=PLAN_WORKBOOK,
        label=gettext_lazy("Foglio di calcolo del piano"),
        work=_plan_workbook,
        place=_plan_place,
        refusals=(GoneError, TooLongError),
        may_read=_is_own,
    ),
    JobKind(
        name=UNDO,
        label=gettext_lazy("Annullamento di un’importazione"),
        work=_undo,
        place=_import_place,
        refusals=(GoneError, ImportRefusedError, NotUndoable),
    ),
)
for kind in KINDS:
    register_kind(kind)

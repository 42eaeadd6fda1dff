"""Jobs about a whole plan: its adoption, its documents, its workbook."""

import datetime
import tempfile
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.enums import JobState
from registry.models import Annex, Job, Plan, User
from registry.packing import DamagedContentError
from registry.services.jobs import (
    JobKind,
    Progress,
    Result,
    TooManyJobsError,
    store_file,
)
from risk.content.canonical import UnknownFormatError
from risk.enums import Layout, PlanVerb
from risk.models import PlanIssue
from risk.paper.pdf import PaperError
from risk.services.annexes.contents import ContentChangedError
from risk.services.annexes.moves import MoveRefusedError
from risk.services.plans.bound import bound_plan, pages_said
from risk.services.plans.choices import WHOLE, Chosen
from risk.services.plans.comparison.document import comparison_pdf
from risk.services.plans.consultation import keep_paper
from risk.services.plans.issues import AdoptionAct, adopt_plan, adopted_by, check_act
from risk.services.plans.moves import check_plan_move, plan_refusals_recorded, subject_of
from risk.services.plans.texts import plan_text
from risk.services.reporting.open_data.files import open_data_files
from risk.services.reporting.pack import write_pack
from risk.services.reporting.public_comparison import write_public_comparison
from risk.services.reporting.public_pages import write_public_pages
from risk.services.reporting.public_reviews import write_public_reviews
from risk.services.reporting.public_states import write_public_states
from risk.services.workbooks.files import annexes_of, plan_workbook
from risk.tasks.parts import (
    GoneError,
    ask_of_plan,
    mark_of,
    others_named,
    plan_of,
    plan_place,
    reads_whole,
    written,
)
from risk.workbooks.drawing import TooLongError

ADOPTION = "adopt-plan"
PLAN_WORKBOOK = "write-plan"
OPEN_DATA = "write-open-data"
DOCUMENT = "bind-plan"
PACK = "pack-plan"
TEXT = "write-plan-text"
COMPARISON = "compare-plans"
_RECENT = 5
"""Documents that the page of the parts tells of."""


def ask_adoption(*, plan: Plan, act: AdoptionAct, by: User) -> Job:
    """Ask for the adoption of a proposed plan; asked again with the same act, the same job.

    Raises `ValidationError` for the fields of the act and `MoveRefusedError` when the plan may not
    be adopted now; the refusal is on the trail.
    """
    check_act(act)
    with plan_refusals_recorded(plan=plan, kind=f"plan-{PlanVerb.ADOPT}", by=by):
        check_plan_move(plan=plan, verb=PlanVerb.ADOPT, by=by)
    act_values = {name: str(value or "") for name, value in vars(act).items()}
    subject = f"{subject_of(plan)} {mark_of(*act_values.values())}"
    return ask_of_plan(ADOPTION, plan, by, subject=subject, arguments={"act": act_values})


def ask_plan_workbook(*, plan: Plan, layout: Layout, by: User) -> Job:
    """Ask for one workbook of all annexes of a plan that the person reads today."""
    # of somebody else it would be another file
    subject = f"{subject_of(plan)} {layout} {by.trail_token}"
    annexes = [str(row.uid) for row in annexes_of(plan=plan, user=by)]
    arguments = {"layout": str(layout), "annexes": annexes}
    return ask_of_plan(PLAN_WORKBOOK, plan, by, subject=subject, arguments=arguments)


def ask_document(*, plan: Plan, by: User, chosen: Chosen = WHOLE, back: str = "") -> Job:
    """Ask for a plan as one document of the parts chosen; asked again meanwhile, the same job.

    Its outcome leads to the page at `back`, where the parts were chosen. Whether the person reads
    all of it is asked before.
    """
    subject = f"{subject_of(plan)} document{_named(chosen)}"
    arguments = {"back": back, **_asked(chosen)}
    return ask_of_plan(DOCUMENT, plan, by, subject=subject, arguments=arguments)


def _asked(chosen: Chosen) -> dict[str, Any]:
    """Return what is chosen as arguments of a job; none of a whole plan."""
    if chosen.parts is None:
        return {}
    return {"parts": list(chosen.parts), "left_out": sorted(chosen.left_out)}


def _named(chosen: Chosen) -> str:
    """Return what is chosen as the end of a subject: of other parts it is another file."""
    if chosen.parts is None:
        return ""
    return f" {','.join(chosen.parts)} {','.join(sorted(chosen.left_out))}".rstrip()


def _chosen(job: Job) -> Chosen:
    """Return what was chosen as a job was asked for."""
    asked = job.arguments.get("parts")
    return Chosen(tuple(asked), frozenset(job.arguments["left_out"])) if asked else WHOLE


def ask_draft(*, plan: Plan, by: User) -> Job:
    """Ask for the draft of a plan as everybody reads it; asked again meanwhile, the same job."""
    subject = f"{subject_of(plan)} consultation"
    return ask_of_plan(DOCUMENT, plan, by, subject=subject, arguments={"is_public": True})


def documents_of(*, plan: Plan, user: User) -> list[Job]:
    """Return the last documents of a plan that were prepared, of those a person may open.

    Those as a text are among them.
    """
    subject = f"{subject_of(plan)} document"
    jobs = Job.objects.visible_to(user).filter(kind__in=(DOCUMENT, TEXT), state=JobState.DONE)
    own = Q(arguments__plan=plan.pk) & ~Q(arguments__has_key="is_public")
    # asked by a version that named plans by their titles alone
    named = Q(subject=subject) | Q(subject__startswith=f"{subject} ")
    own |= named & ~Q(arguments__has_key="plan")
    return list(jobs.filter(own, administration=plan.administration_id)[:_RECENT])


def ask_pack(*, plan: Plan, by: User) -> Job:
    """Ask for the pack of a plan; asked again meanwhile by the same person, the same job.

    Whether the person reads all of it is asked before.
    """
    # of each person their own: nobody is given somebody else's file
    subject = f"{subject_of(plan)} pack {by.trail_token}"
    return ask_of_plan(PACK, plan, by, subject=subject, arguments={})


def ask_plan_text(
    *, plan: Plan, suffix: str, by: User, chosen: Chosen = WHOLE, back: str = ""
) -> Job:
    """Ask for a plan as a text to go on with (`TEXT_FORMATS`), of the parts chosen.

    As of `ask_document`.
    """
    subject = f"{subject_of(plan)} document {suffix}{_named(chosen)}"
    arguments = {"suffix": suffix, "back": back, **_asked(chosen)}
    return ask_of_plan(TEXT, plan, by, subject=subject, arguments=arguments)


def ask_comparison(*, plan: Plan, before: Plan, after: Plan, by: User) -> Job:
    """Ask for what changed between two plans of a body; asked again meanwhile, the same job.

    It reads what nobody has read yet of both, so that their page is ready too; `plan` is whose
    page asked. Whether the person reads all of the body is asked before.
    """
    arguments = others_named(before=before, after=after)
    subject = f"{subject_of(plan)} comparison {before.slug} {after.slug}"
    return ask_of_plan(COMPARISON, plan, by, subject=subject, arguments=arguments)


def ask_open_data(*, plan: Plan, by: User) -> Job | None:
    """Ask for the files of the open data of a plan that was published.

    None for who has too many jobs waiting: then the first who fetches a file waits for it.
    """
    try:
        return ask_of_plan(OPEN_DATA, plan, by, subject=subject_of(plan), arguments={})
    except TooManyJobsError:
        return None


def _adopt(job: Job, progress: Progress) -> Result:
    plan = plan_of(job)
    # interrupted between the end of the adoption and that of the job: nothing is left to do
    if not (job.attempts > 1 and adopted_by(plan=plan, by=job.by, act=_act(job))):
        adopt_plan(plan=plan, act=_act(job), by=job.by, progress=progress)
    file = reverse("risk:plan_file", args=[plan.administration.ipa_code, plan.slug, "pdf"])
    links = [(_("Scarica il PDF"), file), (_("Vai al piano"), plan_place(job))]
    return Result(message=_("Il piano è adottato."), links=links)


def _plan_workbook(job: Job, progress: Progress) -> Result:
    plan, layout = plan_of(job), Layout(job.arguments["layout"])
    progress(0, 1, _("Scrivo il foglio di calcolo"))
    asked = set(job.arguments["annexes"])
    annexes = [row for row in annexes_of(plan=plan, user=job.by) if str(row.uid) in asked]
    data = plan_workbook(plan=plan, layout=layout, annexes=annexes)
    return written(job, data, subject=plan.title, layout=layout)


def _whole_plan_of(job: Job) -> Plan:
    """Return the plan of a job, as long as the person who asked reads all of it."""
    plan = plan_of(job)
    if not job.by.has_perm("risk.read_whole_plan", plan):
        raise GoneError(_("Il piano intero spetta a chi legge tutta l’amministrazione."))
    return plan


def _document(job: Job, progress: Progress) -> Result:
    plan = _whole_plan_of(job)
    mark = _("BOZZA IN CONSULTAZIONE") if job.arguments.get("is_public") else ""
    data = bound_plan(plan=plan, chosen=_chosen(job), progress=progress, mark=mark)
    if mark:
        keep_paper(plan=plan, content=data)
    return Result(
        message=_("Il documento è pronto: %s.") % pages_said(data),
        links=_ways_back(job),
        file=store_file(job, suffix="pdf", data=data),
        file_name=f"{plan.slug}.pdf",
    )


def _ways_back(job: Job) -> list[tuple[str, str]]:
    """Return the link to the page where the parts of a document were chosen, if they were."""
    back = job.arguments.get("back")
    return [(_("Cambia le parti"), back)] if back else []


def _comparison(job: Job, progress: Progress) -> Result:
    plan = _whole_plan_of(job)
    before, after = plan_of(job, "before"), plan_of(job, "after")
    data = comparison_pdf(before=before, after=after, progress=progress)
    other = before if after.pk == plan.pk else after
    page = reverse("risk:plan_comparison", args=[plan.administration.ipa_code, plan.slug])
    return Result(
        message=_("Il confronto è pronto: %s.") % pages_said(data),
        links=[(_("Leggi il confronto"), f"{page}?con={other.slug}")],
        file=store_file(job, suffix="pdf", data=data),
        file_name=f"confronto-{before.slug}-{after.slug}.pdf",
    )


def _text(job: Job, progress: Progress) -> Result:
    plan, suffix = _whole_plan_of(job), job.arguments["suffix"]
    data = plan_text(plan=plan, suffix=suffix, chosen=_chosen(job), progress=progress)
    return Result(
        message=_("Il documento è pronto come testo %s.") % suffix.upper(),
        links=_ways_back(job),
        file=store_file(job, suffix=suffix, data=data),
        file_name=f"{plan.slug}.{suffix}",
    )


def _pack(job: Job, progress: Progress) -> Result:
    plan = _whole_plan_of(job)
    with tempfile.TemporaryFile() as file:
        write_pack(plan=plan, into=file, progress=progress)
        return Result(
            message=_("Il pacchetto è pronto."),
            file=store_file(job, suffix="zip", data=file),
            file_name=f"{plan.slug}.zip",
        )


def _open_data(job: Job, progress: Progress) -> Result:
    plan = plan_of(job)
    progress(0, 1, _("Scrivo i dati aperti"))
    issues = PlanIssue.objects.defer("html", "pdf").select_related("plan__administration")
    issue = issues.filter(plan=plan).first()
    if issue is None:
        raise GoneError(_("Il piano non è adottato: non ha dati aperti."))
    open_data_files(issue)

    def told(done: int, total: int) -> None:
        progress(done, total, _("Scrivo le pagine degli allegati"))

    write_public_pages(issue, told)
    write_public_comparison(issue)
    write_public_states(plan)
    write_public_reviews(plan)
    page = reverse("risk:published_plan", args=[plan.administration.ipa_code, plan.slug])
    links = [(_("Vai alla pagina pubblica"), page)]
    return Result(message=_("I dati aperti e le pagine sono scritti."), links=links)


def _act(job: Job) -> AdoptionAct:
    values = dict(job.arguments["act"])
    values["act_date"] = datetime.date.fromisoformat(values["act_date"])
    effective = values["act_effective_on"]
    values["act_effective_on"] = datetime.date.fromisoformat(effective) if effective else None
    return AdoptionAct(**values)


def _is_own(user: User, job: Job) -> bool:
    """Return whether a person has asked for a workbook, and reads all of its annexes still."""
    asked = job.arguments["annexes"]
    if job.by_id != user.pk:
        return False
    return Annex.objects.visible_to(user).filter(uid__in=asked).count() == len(asked)


def _has_own_whole(user: User, job: Job) -> bool:
    return job.by_id == user.pk and reads_whole(user, job)


KINDS = (
    JobKind(
        name=ADOPTION,
        label=gettext_lazy("Adozione del piano"),
        work=_adopt,
        place=plan_place,
        refusals=(GoneError, MoveRefusedError, PaperError, UnknownFormatError, DamagedContentError),
    ),
    JobKind(
        name=PLAN_WORKBOOK,
        label=gettext_lazy("Foglio di calcolo del piano"),
        work=_plan_workbook,
        place=plan_place,
        refusals=(GoneError, TooLongError),
        may_read=_is_own,
        goes_on=True,
    ),
    JobKind(
        name=DOCUMENT,
        label=gettext_lazy("Piano in un solo documento"),
        work=_document,
        place=plan_place,
        refusals=(GoneError, PaperError, UnknownFormatError, DamagedContentError),
        may_read=reads_whole,
        goes_on=True,
    ),
    JobKind(
        name=PACK,
        label=gettext_lazy("Pacchetto del piano"),
        work=_pack,
        place=plan_place,
        refusals=(GoneError, PaperError, UnknownFormatError, DamagedContentError),
        may_read=_has_own_whole,
        goes_on=True,
    ),
    JobKind(
        name=TEXT,
        label=gettext_lazy("Piano da modificare (DOCX, ODT)"),
        work=_text,
        place=plan_place,
        refusals=(GoneError, PaperError, UnknownFormatError, DamagedContentError),
        may_read=reads_whole,
        goes_on=True,
    ),
    JobKind(
        name=COMPARISON,
        label=gettext_lazy("Confronto tra edizioni"),
        work=_comparison,
        place=plan_place,
        refusals=(
            *(GoneError, PaperError, UnknownFormatError, DamagedContentError),
            ContentChangedError,
        ),
        may_read=reads_whole,
        goes_on=True,
    ),
    JobKind(
        name=OPEN_DATA,
        label=gettext_lazy("Dati aperti del piano"),
        work=_open_data,
        place=plan_place,
        refusals=(GoneError, PaperError, UnknownFormatError, DamagedContentError),
        goes_on=True,
    ),
)

"""Jobs about the edition that follows a plan: opened, or taken back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.enums import JobState
from registry.models import Job, Plan, User
from registry.permissions import is_rpct_of_plan
from registry.services.jobs import JobKind, Progress, Result
from registry.services.undo import NotUndoable
from risk.services.annexes.moves import MoveRefusedError
from risk.services.completeness.plan_points import plan_page
from risk.services.plans.discarding import discard_edition
from risk.services.plans.editions import check_copy, copied_since, copy_plan
from risk.services.plans.moves import subject_of
from risk.tasks.parts import GoneError, ask_of_plan, mark_of, plan_of, plan_place

COPY = "copy-plan"
DISCARD = "discard-plan"


def ask_copy(*, plan: Plan, title: str, by: User, **values: Any) -> Job:
    """Ask for the next edition of an adopted plan; asked again in the same words, the same job.

    `values` are years, kind and how offices change, as `risk.services.plans.editions.copy_plan` has
    them, which also says what `ValidationError` is raised for.
    """
    values["title"] = title
    check_copy(plan=plan, **values)
    told = (f"{name}={values[name]}" for name in sorted(values))
    subject = f"{subject_of(plan)}: {title} {mark_of(*told)}"
    return ask_of_plan(COPY, plan, by, subject=subject, arguments={"copy": values}, title=title)


def ask_discard(*, plan: Plan, by: User) -> Job:
    """Ask for an edition nobody has written in to go; asked again meanwhile, the same job.

    The job is of the plan it was copied from, which is there afterwards too.
    """
    what = {"subject": subject_of(plan), "title": plan.title}
    return ask_of_plan(DISCARD, plan.origin, by, arguments={"discarded": str(plan.pk)}, **what)


def _copy(job: Job, progress: Progress) -> Result:
    plan, values = _own_plan_of(job), job.arguments["copy"]
    known = {"plan": plan, "title": values["title"], "by": job.by, "since": job.created_at}
    try:
        # interrupted between the end of the copy and that of the job: nothing is left to do
        made = job.attempts > 1 and not _made_in_other_words(job) and copied_since(**known)
        made = made or copy_plan(plan=plan, by=job.by, progress=progress, **values)
    except ValidationError as refused:
        raise MoveRefusedError(refused.messages) from refused
    message = _("La nuova edizione è creata: gli allegati sono bozze da riconfermare.")
    days = reverse("risk:plan_days", args=[plan.administration.ipa_code, made.slug])
    links = [(_("Controlla le scadenze"), days), (_("Vai alla nuova edizione"), plan_page(made))]
    return Result(message=message, links=links)


def _made_in_other_words(job: Job) -> bool:
    """Tell whether the edition of this title is that of another job: of other years or offices."""
    title = job.arguments["copy"]["title"]
    jobs = Job.objects.filter(kind=COPY, administration=job.administration_id, state=JobState.DONE)
    return jobs.filter(arguments__copy__title=title).exclude(subject=job.subject).exists()


def _discard(job: Job, progress: Progress) -> Result:
    plan = _own_plan_of(job)
    progress(0, 1, _("Tolgo l’edizione"))
    made = Plan.objects.filter(origin=plan, pk=job.arguments["discarded"]).first()
    # one that is gone: interrupted between the end of the act and that of the job
    if made is not None:
        discard_edition(plan=made, by=job.by)
    message = _("L’edizione è tolta: uffici e piano di prima sono come prima che fosse aperta.")
    return Result(message=message, links=[(_("Vai al piano di prima"), plan_page(plan))])


def _own_plan_of(job: Job) -> Plan:
    plan = plan_of(job)
    if not is_rpct_of_plan(job.by, plan):
        raise GoneError(_("Una nuova edizione spetta al RPCT dell’amministrazione."))
    return plan


KINDS = (
    JobKind(
        name=COPY,
        label=gettext_lazy("Nuova edizione del piano"),
        work=_copy,
        place=plan_place,
        refusals=(GoneError, MoveRefusedError),
    ),
    JobKind(
        name=DISCARD,
        label=gettext_lazy("Edizione aperta per errore"),
        work=_discard,
        place=plan_place,
        refusals=(GoneError, NotUndoable),
    ),
)

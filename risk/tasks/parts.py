"""What jobs of the risk room share: the rows they are about, and the workbook they leave."""

import hashlib
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from registry.models import Annex, Job, Plan, User
from registry.models.plans import slug_of
from registry.services.jobs import Result, start_job, store_file
from risk.enums import Layout
from risk.services.workbooks.files import file_name


def mark_of(*said: Any) -> str:
    """Return twelve signs of what a person has typed, or chosen, to be done.

    With them in its subject a job is of these words alone: what is asked in others while it waits
    is another job, and whoever asks is not told that theirs were taken.
    """
    return hashlib.sha256("\0".join(map(str, said)).encode()).hexdigest()[:12]


class GoneError(LookupError):
    """What a job is about is no longer there for the person who asked for it."""


def annex_of(job: Job) -> Annex:
    """Return the annex of a job, as long as the person who asked may see it."""
    annex = Annex.objects.visible_to(job.by).with_names().filter(uid=job.arguments["annex"]).first()
    if annex is None:
        raise GoneError(_("L’allegato non c’è più, o non spetta più a chi ha chiesto."))
    return annex


def reads_whole(user: User, job: Job) -> bool:
    """Tell whether a person reads all of the plan of a job, whoever asked; not of one that is gone.

    Raises nothing: a file is there or not (`JobKind.may_read`).
    """
    plan = _named(Plan.objects.visible_to(user), job, "plan", "title")
    return plan is not None and user.has_perm("risk.read_whole_plan", plan)


def plan_of(job: Job, other: str = "") -> Plan:
    """Return the plan of a job, or an `other` it names, while the person who asked may see it.

    Raises `GoneError`. An other one is named by `others_named`.
    """
    names = (f"{other}_plan", other) if other else ("plan", "title")
    plan = _named(Plan.objects.visible_to(job.by), job, *names)
    if plan is None:
        raise GoneError(_("Il piano non c’è più, o non spetta più a chi ha chiesto."))
    return plan


def named(plan: Plan) -> dict[str, Any]:
    """Return the arguments by which a job finds its plan, whatever it is called meanwhile."""
    ipa_code = plan.administration.ipa_code
    return {"plan": plan.pk, "ipa_code": ipa_code, "title": plan.title}


def others_named(**plans: Plan) -> dict[str, Any]:
    """Return the arguments by which a job finds further plans of its body, each by its name."""
    keys = {f"{name}_plan": plan.pk for name, plan in plans.items()}
    return keys | {name: plan.title for name, plan in plans.items()}


def is_named(plan: Plan, job: Job, name: str) -> bool:
    """Tell whether a job named a plan so (`others_named`)."""
    key = job.arguments.get(f"{name}_plan")
    # none of a version that named plans by their titles alone
    return plan.pk == key if key else plan.title == job.arguments[name]


def _named(plans: Any, job: Job, key: str, title: str) -> Plan | None:
    asked = job.arguments
    names = {"pk": asked.get(key), "administration": job.administration_id}
    if names["pk"] is None:
        # asked by a version that named plans by their titles alone
        names = {"administration__ipa_code": asked["ipa_code"], "title": asked[title]}
    return plans.select_related("administration").filter(**names).first()


def ask_of_plan(
    kind: str, plan: Plan, by: User, *, subject: str, arguments: dict[str, Any], title: str = ""
) -> Job:
    """Ask for long work on a plan; asked again meanwhile for the same `subject`, the same job."""
    return start_job(
        kind=kind,
        by=by,
        administration=plan.administration,
        subject=subject,
        title=title or plan.title,
        arguments={**named(plan), **arguments},
        # of a whole plan: minutes, for a large body
        is_long=True,
    )


def plan_place(job: Job) -> str:
    """Return the page of the plan of a job, which may be gone."""
    return reverse("risk:plan", args=plan_names(job))


def plan_names(job: Job) -> tuple[str, str]:
    """Return the body and the plan of a job as addresses name them today; at most one query."""
    title = job.arguments["title"]
    if key := job.arguments.get("plan"):
        title = Plan.objects.filter(pk=key).values_list("title", flat=True).first() or title
    return job.arguments["ipa_code"], slug_of(title)


def written(job: Job, data: bytes, *, subject: str, layout: Layout) -> Result:
    """Keep a workbook of one layout, and return that it is ready; `subject` is in its name."""
    return Result(
        message=_("Il foglio di calcolo è pronto."),
        file=store_file(job, suffix="xlsx", data=data),
        file_name=file_name(subject=subject, layout=layout),
    )

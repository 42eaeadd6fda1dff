"""What jobs of the risk room share: the rows they are about, and the workbook they leave."""

import hashlib
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from registry.models import Annex, Job, Plan, User
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


def plan_of(job: Job, title: str = "") -> Plan:
    """Return the plan of a job, or another of its body, while the person who asked may see it."""
    plans = Plan.objects.visible_to(job.by).select_related("administration")
    names = {
        "administration__ipa_code": job.arguments["ipa_code"],
        "title": title or job.arguments["title"],
    }
    plan = plans.filter(**names).first()
    if plan is None:
        raise GoneError(_("Il piano non c’è più, o non spetta più a chi ha chiesto."))
    return plan


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
        arguments={
            "ipa_code": plan.administration.ipa_code,
            "title": plan.title,
            **arguments,
        },
        # of a whole plan: minutes, for a large body
        is_long=True,
    )


def plan_place(job: Job) -> str:
    """Return the page of the plan of a job, which may be gone."""
    plan = Plan(title=job.arguments["title"])
    return reverse("risk:plan", args=[job.arguments["ipa_code"], plan.slug])


def written(job: Job, data: bytes, *, subject: str, layout: Layout) -> Result:
    """Keep a workbook of one layout, and return that it is ready; `subject` is in its name."""
    return Result(
        message=_("Il foglio di calcolo è pronto."),
        file=store_file(job, suffix="xlsx", data=data),
        file_name=file_name(subject=subject, layout=layout),
    )

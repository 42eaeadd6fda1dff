"""The job of one act on several annexes of a plan."""

import datetime
from collections.abc import Sequence
from dataclasses import asdict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.models import Annex, Job, Plan, User
from registry.readable import grouped
from registry.services.jobs import JobKind, Progress, Result, note_outcome, start_job
from risk.services.desk.several import ACTS, SeveralAct, SeveralAsked, act_on_each
from risk.services.plans.moves import subject_of
from risk.tasks.parts import GoneError, mark_of, named, plan_of, plan_place

SEVERAL = "several-annexes"


def ask_several(
    *, plan: Plan, act: SeveralAct, uids: Sequence[str], asked: SeveralAsked, by: User
) -> Job:
    """Ask for one act on several annexes of a plan; asked again in the same words, the same job."""
    mark = mark_of(act, *uids, asked.reason, asked.due_on)
    count = ngettext("%(n)s ufficio", "%(n)s uffici", len(uids)) % {"n": grouped(len(uids))}
    return start_job(
        kind=SEVERAL,
        by=by,
        administration=plan.administration,
        subject=f"{subject_of(plan)} {act} {mark}",
        title=f"{ACTS[act].label}: {count}, {plan.title}",
        arguments={
            **named(plan),
            "act": act.value,
            "annexes": list(uids),
            "reason": asked.reason,
            "due_on": asked.due_on.isoformat() if asked.due_on else "",
        },
        is_long=act == SeveralAct.ISSUE,
    )


def _several(job: Job, progress: Progress) -> Result:
    plan, act = plan_of(job), SeveralAct(job.arguments["act"])
    day = job.arguments["due_on"]
    outcomes = []
    for outcome in act_on_each(
        act=act,
        annexes=Annex.objects.visible_to(job.by).filter(plan=plan),
        uids=job.arguments["annexes"],
        asked=SeveralAsked(
            job.arguments["reason"], datetime.date.fromisoformat(day) if day else None
        ),
        by=job.by,
        progress=progress,
        since=job.created_at if job.attempts > 1 else None,
    ):
        outcomes.append(asdict(outcome))
        note_outcome(job, outcomes[-1])
    return Result(
        message=summary_of(act, outcomes),
        links=[(_("Torna agli uffici del piano"), f"{plan_place(job)}#allegati")],
        outcomes=outcomes,
    )


def summary_of(act: SeveralAct, outcomes: Sequence[dict]) -> str:
    """Return in one sentence how many were done, and how many were not."""
    done = sum(outcome["is_done"] for outcome in outcomes)
    sentence = _("%(label)s: fatto per %(done)s su %(all)s.")
    return sentence % {
        "label": ACTS[act].label,
        "done": grouped(done),
        "all": grouped(len(outcomes)),
    }


KINDS = (
    JobKind(
        name=SEVERAL,
        label=gettext_lazy("Operazione su più allegati"),
        work=_several,
        place=plan_place,
        refusals=(GoneError,),
    ),
)

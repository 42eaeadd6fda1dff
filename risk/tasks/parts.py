"""What jobs of the risk room share: the rows they are about, and the workbook they leave."""

from django.utils.translation import gettext as _

from registry.models import Annex, Job, Plan
from registry.services.jobs import Result, store_file
from risk.enums import Layout
from risk.services.workbooks.files import file_name


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


def written(job: Job, data: bytes, *, subject: str, layout: Layout) -> Result:
    """Keep a workbook of one layout, and return that it is ready; `subject` is in its name."""
    return Result(
        message=_("Il foglio di calcolo è pronto."),
        file=store_file(job, suffix="xlsx", data=data),
        file_name=file_name(subject=subject, layout=layout),
    )

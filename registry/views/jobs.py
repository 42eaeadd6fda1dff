"""Long work as a person sees it: how far it is, what came of it, trying again."""

import datetime

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry import clock
from registry.enums import JobState
from registry.models import Job
from registry.querysets import JobQuerySet
from registry.responses.list_files import asked_apart, asked_format, list_file
from registry.services.jobs import (
    JobRefusedError,
    cancel_job,
    job_files,
    kind_of,
    known_kinds,
    retry_job,
    subject_of,
)
from registry.services.list_heads import job_heads
from registry.services.listings import jobs_table, streamed
from registry.services.row_pages import page_of_rows
from registry.services.sorting import Sorting
from registry.services.trail import record_export
from registry.services.turns import ahead_of
from registry.tasks import NoListError, ask_list

ROWS_A_PAGE = 50
OUTCOMES_SHOWN = 50
"""Of what was done of several things; all that was not done is shown."""
LONG_WAIT = datetime.timedelta(seconds=30)
"""After so long in the queue a person is told that nobody may be working at it."""

NOTHING_NEW = 204
"""htmx swaps nothing at this answer: what is read aloud is read once."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the person's own jobs, the newest first."""
    sorting = Sorting(request.GET, job_heads())
    jobs = sorting.apply(_jobs(request.user).filter(by=request.user))
    if suffix := asked_format(request):
        table = jobs_table(streamed(jobs))
        return list_file(request, table, suffix, name="jobs", subject="list registry.job")
    page = page_of_rows(jobs, request.GET, size=ROWS_A_PAGE)
    rows = [(job, kind_of(job).label) for job in page]
    context = {"rows": rows, "page": page, "sorting": sorting}
    return render(request, "registry/jobs/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, uid) -> HttpResponse:
    """Show one job, and go on with it by itself; with POST try a failed one again, or cancel it."""
    job = _job(request.user, uid)
    if request.method == "POST":
        try:
            act = cancel_job if "annulla" in request.POST else retry_job
            act(job=job, by=request.user)
        except JobRefusedError as refused:
            messages.error(request, str(refused))
        return redirect("registry:job", job.uid)
    return render(request, "registry/jobs/page.html", _context(request, job))


@require_safe
def progress(request: HttpRequest, uid) -> HttpResponse:
    """Give the part of a job's page that changes; nothing when it stands as it was seen last."""
    job = _job(request.user, uid)
    if not request.htmx:
        return redirect("registry:job", job.uid)
    context = _context(request, job)
    if request.GET.get("visto") == context["seen"]:
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "registry/jobs/_progress.html", context)


@require_safe
def file(request: HttpRequest, uid) -> FileResponse:
    """Give the file a job has prepared, as long as it is kept and may be read."""
    job = _job(request.user, uid)
    if not _has_file(job) or not kind_of(job).may_read(request.user, job):
        raise Http404
    suffix = job.result["file_name"].rpartition(".")[2]
    record_export(by=request.user, subject=subject_of(job), file_format=suffix)
    content = job_files().open(job.result["file"])
    return FileResponse(content, as_attachment=True, filename=job.result["file_name"])


@require_POST
def prepare_list(request: HttpRequest) -> HttpResponse:
    """Let a long list be written outside the page, and lead to where it can be had."""
    asked = asked_apart(request.POST.get("elenco", ""), by=request.user)
    if asked is None:
        raise Http404
    try:
        job = ask_list(**asked, by=request.user)
    except NoListError as error:
        raise Http404 from error
    return redirect("registry:job", job.uid)


def _job(user, uid) -> Job:
    return get_object_or_404(_jobs(user), uid=uid)


def _jobs(user) -> JobQuerySet:
    return Job.objects.visible_to(user).filter(kind__in=known_kinds()).select_related("by")


def _has_file(job: Job) -> bool:
    name = job.result.get("file")
    return job.state == JobState.DONE and bool(name) and job_files().exists(name)


def _outcomes(job: Job) -> dict:
    """Return what came of each of several things: all that were not done, the first that were."""
    outcomes = [] if job.is_active else job.result.get("outcomes", [])
    done = [one for one in outcomes if one["is_done"]]
    refused = [one for one in outcomes if not one["is_done"]]
    return {
        "outcomes": [*refused, *done[:OUTCOMES_SHOWN]],
        "outcomes_more": len(done) - OUTCOMES_SHOWN,
        "outcomes_all": len(outcomes),
        "outcomes_done": len(done),
    }


def _context(request: HttpRequest, job: Job) -> dict:
    ahead = ahead_of(job)
    is_next = job.state == JobState.WAITING and ahead is None
    is_late = is_next and clock.now() - job.created_at > LONG_WAIT
    seen = (job.state, job.attempts, job.done_steps, job.message, is_late, is_next)
    return {
        "job": job,
        "ahead": ahead,
        "label": kind_of(job).label,
        **_outcomes(job),
        "place": kind_of(job).place(job),
        "is_late": is_late,
        "has_file": _has_file(job),
        "undo": kind_of(job).undo(request.user, job) if job.state == JobState.DONE else "",
        "may_cancel": job.is_active and job.by == request.user,
        "may_retry": job.state == JobState.FAILED and job.by == request.user,
        "seen": " ".join(map(str, seen)),
    }

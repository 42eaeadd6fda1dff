"""What a worker runs: one task for every job. Other modules of this name register their kinds.

One kind is of no room: a long list of a page as a file.
"""

from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, QueryDict
from django.urls import resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task

from registry.models import Administration, Job, User
from registry.permissions import reach_of
from registry.services.jobs import (
    JobKind,
    Progress,
    Result,
    register_kind,
    run_job,
    start_job,
    store_file,
)
from registry.services.list_files import FORMAT
from registry.tracing import under_request

LIST = "write-list"


@task()
@under_request
def run(uid: str) -> None:
    """Do the work of one job, named by its uid."""
    run_job(uid=uid)


class NoListError(LookupError):
    """The person who asked for a list may no longer see its page, or it is there no more."""


def ask_list(*, address: str, subject: str, title: str, by: User) -> Job:
    """Ask for the list of a page as a file; asked again meanwhile, the same job.

    `address` is that of the page, with its filter and the format. Raises `NoListError` for a person
    who belongs to no administration.
    """
    bodies = Administration.objects.filter(pk__in=reach_of(by).administrations)
    body = bodies.order_by("pk").first()
    if body is None:
        raise NoListError(_no_list())
    arguments = {"address": address}
    return start_job(
        kind=LIST, by=by, administration=body, subject=subject, title=title, arguments=arguments
    )


def _write(job: Job, progress: Progress) -> Result:
    address = urlsplit(job.arguments["address"])
    request = _request(job, address.path, address.query, progress)
    try:
        view, args, kwargs = resolve(address.path)
        answer = view(request, *args, **kwargs)
    except (Http404, PermissionDenied) as gone:
        raise NoListError(_no_list()) from gone
    if not isinstance(answer, FileResponse):
        raise NoListError(_no_list())
    # closing the answer would end the connection too, as at the end of a request
    with answer.file_to_stream as file:
        data = file.read()
    return Result(
        message=_("L’elenco è pronto."),
        file=store_file(job, suffix=answer.filename.rpartition(".")[2], data=data),
        file_name=answer.filename,
    )


def _request(job: Job, path: str, query: str, progress: Progress) -> HttpRequest:
    """Return a request for a page by who has asked for the job: the same rights, the same filter.

    It has no session: a page answers with its list before it needs one.
    """
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = path
    request.META["QUERY_STRING"] = query
    request.GET = QueryDict(query)
    request.user = job.by
    request.job_progress = progress  # type: ignore[attr-defined]
    return request


def _no_list() -> str:
    return _("L’elenco non c’è più, o non spetta più a chi lo ha chiesto.")


def _page(job: Job) -> str:
    address = urlsplit(job.arguments["address"])
    query = QueryDict(address.query, mutable=True)
    query.pop(FORMAT, None)
    return f"{address.path}?{query.urlencode()}" if query else address.path


register_kind(
    JobKind(
        name=LIST,
        label=gettext_lazy("Elenco da scaricare"),
        work=_write,
        place=_page,
        refusals=(NoListError,),
        # of another person it would be another list
        may_read=lambda user, job: job.by_id == user.pk,
    )
)

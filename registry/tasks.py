"""What a worker runs: one task for every job. Other modules of this name register their kinds.

Three kinds are of no room: a long list of a page as a file, and a long file for a list of the back
office, read and written. Their work is that of the page they were asked from, which is asked again.
"""

import hashlib
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.messages import ERROR, get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
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
    job_files,
    register_kind,
    run_job,
    start_job,
    store_file,
)
from registry.services.list_files import FORMAT, delays_others
from registry.tracing import under_request

LIST = "write-list"
PREVIEW, TAKING = "preview-list", "take-list"


@task()
@under_request
def run(uid: str) -> None:
    """Do the work of one job, named by its uid."""
    run_job(uid=uid)


class NoListError(LookupError):
    """The person who asked for a list may no longer see its page, or it is there no more."""


class ListRefusedError(Exception):
    """A list of the back office does not take a file; the message says why, in Italian."""


def ask_list(*, address: str, subject: str, title: str, rows: int, by: User) -> Job:
    """Ask for the list of a page as a file; asked again meanwhile, the same job.

    `address` is that of the page, with its filter and the format. Raises `NoListError` for a person
    who belongs to no administration.
    """
    return start_job(
        kind=LIST,
        by=by,
        administration=_body_of(by),
        subject=subject,
        title=title,
        arguments={"address": address},
        is_long=delays_others(rows),
    )


def ask_list_import(
    *, kind: str, address: str, fields: dict[str, Any], subject: str, title: str, by: User
) -> Job:
    """Ask for a file brought to a list of the back office to be read, or written (`TAKING`).

    `address` is that of the page, `fields` what it is to be told: file and format. Raises
    `NoListError` for a person who belongs to no administration.
    """
    mark = hashlib.sha256(urlencode(fields).encode()).hexdigest()[:12]
    return start_job(
        kind=kind,
        by=by,
        administration=_body_of(by),
        subject=f"{subject} {mark}",
        title=title,
        arguments={"address": address, "fields": urlencode(fields)},
        is_long=True,
    )


def preview_file(job: Job) -> str:
    """Return the name, in the store of the jobs, of what a job of the kind `PREVIEW` has found."""
    return f"{job.uid}.json"


def _body_of(by: User) -> Administration:
    bodies = Administration.objects.filter(pk__in=reach_of(by).administrations)
    body = bodies.order_by("pk").first()
    if body is None:
        raise NoListError(_no_list())
    return body


def _write(job: Job, progress: Progress) -> Result:
    address = urlsplit(job.arguments["address"])
    answer = _answer(_request(job, address.path, address.query, progress))
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


def _preview(job: Job, progress: Progress) -> Result:
    progress(0, 1, _("Leggo il file e lo confronto con l’elenco"))
    answer, _said = _sent(job, progress)
    job_files().delete(preview_file(job))
    store_file(job, suffix="json", data=answer.content)
    address = f"{job.arguments['address']}?operazione={job.uid}"
    return Result(message=_("Il file è letto."), links=[(_("Che cosa farebbe il file"), address)])


def _take(job: Job, progress: Progress) -> Result:
    progress(0, 1, _("Scrivo le righe nell’elenco"))
    answer, said = _sent(job, progress)
    return Result(message=" ".join(said), links=[(_("All’elenco"), answer.headers["Location"])])


def _sent(job: Job, progress: Progress) -> tuple[HttpResponse, list[str]]:
    """Return what a page answers to a form, and what it says; an error is a refusal."""
    request = _request(job, job.arguments["address"], "", progress)
    request.method = "POST"
    request.POST = QueryDict(job.arguments["fields"])
    # the person's own form, checked when it was sent
    request._dont_enforce_csrf_checks = True
    request._messages = CookieStorage(request)
    answer = _answer(request)
    said = list(get_messages(request))
    if refused := [str(message) for message in said if message.level >= ERROR]:
        raise ListRefusedError("\n".join(refused))
    return answer, [str(message) for message in said]


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        view, args, kwargs = resolve(request.path)
        return view(request, *args, **kwargs)
    except (Http404, PermissionDenied) as gone:
        raise NoListError(_no_list()) from gone


def _request(job: Job, path: str, query: str, progress: Progress) -> HttpRequest:
    """Return a request for a page by who has asked for the job: the same rights, the same filter.

    It has no session: a page answers with its list before it needs one.
    """
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = path
    request.META |= {"QUERY_STRING": query, "SCRIPT_NAME": ""}
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


def _is_own(user: User, job: Job) -> bool:
    # of another person it would be another list
    return job.by_id == user.pk


for kind in (
    JobKind(
        name=LIST,
        label=gettext_lazy("Elenco da scaricare"),
        work=_write,
        place=_page,
        refusals=(NoListError,),
        may_read=_is_own,
        goes_on=True,
    ),
    JobKind(
        name=PREVIEW,
        label=gettext_lazy("Lettura di un file per un elenco"),
        work=_preview,
        place=_page,
        refusals=(NoListError, ListRefusedError),
    ),
    JobKind(
        name=TAKING,
        label=gettext_lazy("Importazione di un elenco"),
        work=_take,
        place=lambda job: job.arguments["address"].replace("process_import", "import"),
        refusals=(NoListError, ListRefusedError),
    ),
):
    register_kind(kind)

"""A list as a file, from the address of its page: by construction the same rights and filter.

A page asks `asked_format` once its rows are found and filtered, before it cuts them into pages, and
answers with `list_file`. `templates/registry/_download.html` shows the links.

A long list is not written while the page waits: the answer is a page that lets it be prepared as a
job (`registry.tasks`), which asks for the same address again, as the same person.
"""

import hashlib
from typing import Any

from django.core import signing
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render

from registry.services.list_files import (
    FORMAT,
    LIST,
    file_name_of,
    is_long_list,
    write_apart,
    write_list,
)
from registry.spreadsheets.tables import Table
from registry.spreadsheets.writing import LIST_FORMATS

_SALT = "registry.list_files"


def asked_format(request, which: str = "") -> str:
    """Return the format this list of the page is asked for in, "" when only the page is wanted.

    A format there is not is no address at all.
    """
    if FORMAT not in request.GET or request.GET.get(LIST, "") != which:
        return ""
    if request.GET[FORMAT] not in LIST_FORMATS:
        raise Http404
    return request.GET[FORMAT]


def list_file(request, table: Table, suffix: str, *, name: str, subject: str) -> HttpResponseBase:
    """Answer a list as a file, written down on the trail with its rows; a long one with a page.

    `name` is the short English word for the list, `subject` what it is of, as the trail names it.
    """
    progress = getattr(request, "job_progress", None)
    if progress is not None:
        file = write_apart(table=table, suffix=suffix, progress=progress)
    elif is_long_list(table) and request.user.memberships.exists():
        return _prepared_apart(request, table, suffix, subject=f"{subject} {name}")
    else:
        # a keeper without a body has no jobs, and reads no list that grows with the registers
        file = write_list(table=table, suffix=suffix, name=name, subject=subject, by=request.user)
    return FileResponse(
        file,
        as_attachment=True,
        filename=file_name_of(table, suffix),
        content_type=LIST_FORMATS[suffix].content_type,
    )


def asked_apart(token: str, *, by: Any) -> dict[str, Any] | None:
    """Return what a page has offered to this person to have a list as a file, or None.

    That is its address, subject, title and rows.
    The subject tells addresses apart without what was searched for: it goes on the trail.
    """
    try:
        signed = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return signed["list"] if signed["by"] == by.pk else None


def _prepared_apart(request, table: Table, suffix: str, *, subject: str) -> HttpResponse:
    address = request.get_full_path()
    mark = hashlib.sha256(address.encode()).hexdigest()[:12]
    rows = table.size() if table.size else 0
    asked = {
        "address": address,
        "subject": f"{subject} {suffix} {mark}",
        "title": table.title,
        "rows": rows,
    }
    token = signing.dumps({"list": asked, "by": request.user.pk}, salt=_SALT)
    context = {"title": table.title, "format": suffix.upper(), "rows": rows, "token": token}
    return render(request, "registry/jobs/list_file.html", context)

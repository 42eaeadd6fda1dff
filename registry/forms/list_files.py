"""A list as a file, from the address of its page: by construction the same rights and filter.

A page asks `asked_format` once its rows are found and filtered, before it cuts them into pages, and
answers with `list_file`. `templates/registry/_download.html` shows the links.
"""

from django.http import FileResponse, Http404

from registry.services.list_files import FORMAT, LIST, file_name_of, write_list
from registry.spreadsheets.tables import Table
from registry.spreadsheets.writing import LIST_FORMATS


def asked_format(request, which: str = "") -> str:
    """Return the format this list of the page is asked for in, "" when only the page is wanted.

    A format there is not is no address at all.
    """
    if FORMAT not in request.GET or request.GET.get(LIST, "") != which:
        return ""
    if request.GET[FORMAT] not in LIST_FORMATS:
        raise Http404
    return request.GET[FORMAT]


def list_file(request, table: Table, suffix: str, *, name: str, subject: str) -> FileResponse:
    """Answer a list as a file, written down on the trail with its rows.

    `name` is the short English word for the list, `subject` what it is of, as the trail names it.
    """
    return FileResponse(
        write_list(table=table, suffix=suffix, name=name, subject=subject, by=request.user),
        as_attachment=True,
        filename=file_name_of(table, suffix),
        content_type=LIST_FORMATS[suffix].content_type,
    )

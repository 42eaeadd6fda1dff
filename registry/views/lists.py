"""A list as a file, from the address of its page: by construction the same rights and filter.

A view asks `asked_format` once its rows are found and filtered, before it cuts them into pages, and
answers with `list_file`. `templates/registry/_download.html` shows the links.
"""

import tempfile

from django.http import FileResponse, Http404
from django.utils.text import slugify

from registry.services.trail import record_export
from registry.spreadsheets.tables import Table
from registry.spreadsheets.writing import LIST_FORMATS, write_table

FORMAT, LIST = "formato", "elenco"
"""What an address says to have a file: its format, and which list where a page has several."""

_IN_MEMORY = 4 * 1024 * 1024


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
    into = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the answer closes it
    try:
        rows = write_table(table, suffix, into)
    except BaseException:
        into.close()
        raise
    into.seek(0)
    record_export(
        by=request.user, subject=subject, file_format=suffix, rows=rows, detail={"list": name}
    )
    return FileResponse(
        into,
        as_attachment=True,
        filename=f"{slugify(table.title)[:100]}.{suffix}",
        content_type=LIST_FORMATS[suffix].content_type,
    )

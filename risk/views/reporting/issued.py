"""PDFs of what was issued and published: given to anybody as they are, and not twice."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import condition, require_safe

from registry.responses.public import public
from risk.models.packed import intact


def as_issued(find: Callable[..., Any]) -> Callable[[Callable[..., str]], Callable[..., Any]]:
    """Make what names the file of an issue the view that gives its PDF.

    `find` takes the parts of the address and returns the issue, with its `pdf` left for later, or
    raises `Http404`; it is asked once for a request. What is named is given the issue.
    """

    def asked(request: Any, **parts: Any) -> Any:
        if not hasattr(request, "issued"):
            try:
                request.issued = find(**parts)
            except Http404:
                request.issued = None
        return request.issued

    def mark(request: Any, **parts: Any) -> str | None:
        issue = asked(request, **parts)
        return f'"{issue.pdf_digest}"' if issue else None

    def moment(request: Any, **parts: Any) -> Any:
        issue = asked(request, **parts)
        return issue.issued_at if issue else None

    def made(name_of: Callable[..., str]) -> Callable[..., Any]:
        @public
        @require_safe
        @condition(etag_func=mark, last_modified_func=moment)
        @wraps(name_of)
        def view(request: Any, **parts: Any) -> HttpResponse:
            issue = asked(request, **parts)
            if issue is None:
                raise Http404
            issue.refresh_from_db(fields=["pdf"])
            response = HttpResponse(bytes(intact(issue, "pdf")), content_type="application/pdf")
            # a reader on the web shows it; whoever keeps it has a name for it
            response.headers["Content-Disposition"] = f'inline; filename="{name_of(issue)}"'
            return response

        return view

    return made

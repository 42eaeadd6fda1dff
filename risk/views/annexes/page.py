"""The annex of an office on the page, and its files."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from registry.enums import AnnexState
from registry.models import Annex, Job, User
from registry.services.trail import record_export
from registry.trail.subjects import annex_subject
from risk.content.build import build_document
from risk.content.reading import read_annex
from risk.content.texts import UnresolvedField
from risk.content.values import AnnexDocument
from risk.enums import Layout
from risk.paper.annex_blocks import annex_book
from risk.paper.blocks import TEXT_FORMATS
from risk.paper.html import document_context, render_html
from risk.paper.layouts import PRINTED_LAYOUTS
from risk.services.annexes.documents import DocumentPages, issue_read
from risk.services.annexes.issues import reprint
from risk.services.annexes.lookup import visible_annex
from risk.services.printing.rendering import being_drawn, render_pdf_soon, text_soon
from risk.services.printing.sizes import is_long
from risk.tasks import ask_paper, ask_text
from risk.workbooks.books import LAYOUTS

PLACES = {Layout.CATALOGUE: "catalogo", Layout.SHEETS: "processo", Layout.COMPLETE: "processo"}
"""What the place of a process is called before its uid; the table has rows of phases."""
FORMATS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}


def _annex(user, uid) -> Annex:
    return visible_annex(user, uid)


def _refusal(error: UnresolvedField) -> str:
    return _("L’allegato non si può stampare. %(reason)s") % {"reason": error}


@require_safe
def annex_page(request, uid, layout):
    """Show the annex in one layout, from the context the paper is made of, a page at a time.

    `processo`, the uid or the number of a process, leads to the page it is on.
    """
    annex = _annex(request.user, uid)
    context = {"annex": annex, "layout": layout, "layouts": Layout.choices, "workbooks": LAYOUTS}
    printed = PRINTED_LAYOUTS[layout]
    pages = DocumentPages(annex, rows=printed.on_screen, holds=printed.holds)
    if sought := request.GET.get("processo", "").strip():
        if place := pages.place_of(sought):
            return redirect(_address(annex, layout, *place))
        context["not_found"] = sought
    try:
        shown = pages.page(request.GET.get("pagina"))
    except UnresolvedField as error:
        context["refusal"] = _refusal(error)
        return render(request, "risk/annexes/page.html", context)
    is_issued = annex.state == AnnexState.ISSUED
    context["is_long"] = not is_issued and is_long(shown.document, layout, times=shown.times)
    context["page"] = shown.page
    context |= document_context(shown.document, layout=layout)
    return render(request, "risk/annexes/page.html", context)


def _address(annex: Annex, layout: Layout, number: int, uid: str) -> str:
    """Return the address of a page of the annex, at the place of a process."""
    address = f"{reverse('risk:annex', args=[annex.uid, layout])}?pagina={number}"
    return f"{address}#{PLACES[layout]}-{uid}" if layout in PLACES else address


@require_POST
def prepare_annex(request, uid, layout):
    """Let the PDF of an annex be drawn outside the page, and lead to where it can be fetched."""
    annex = _annex(request.user, uid)
    if annex.state == AnnexState.ISSUED:
        return redirect("risk:annex_file", annex.uid, layout, "pdf")
    job = ask_paper(annex=annex, layout=layout, by=request.user)
    return redirect("registry:job", job.uid)


@require_safe
def annex_file(request, uid, layout, suffix):
    """Give the annex as a file: `suffix` is one of `FORMATS`."""
    annex = _annex(request.user, uid)
    if suffix not in FORMATS:
        raise Http404
    issue = issue_read(annex)
    if issue and suffix not in TEXT_FORMATS:
        # What was issued is given as it was, never drawn again (docs/decisions/0030).
        return redirect("risk:issue_file", issue.uid, suffix)
    export = {"by": request.user, "subject": annex_subject(annex), "file_format": suffix}
    export["detail"] = {"layout": str(layout)}
    try:
        document = reprint(issue) if issue else build_document(read_annex(annex))
    except UnresolvedField as error:
        record_export(**export, refused_because=_refusal(error))
        context = {"annex": annex, "layout": layout, "layouts": Layout.choices}
        context["refusal"] = _refusal(error)
        return render(request, "risk/annexes/page.html", context, status=409)
    data = _file(request.user, annex, document, layout, suffix)
    if data is None:
        # what a page does not wait for, or draws for them already, is prepared outside it
        job = _asked(request.user, annex, document, layout, suffix)
        return redirect("registry:job", job.uid)
    response = HttpResponse(data, content_type=FORMATS[suffix])
    record_export(**export)
    name = f"{slugify(annex.printed_office_name)}-{layout}.{suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked(user: User, annex: Annex, document: AnnexDocument, layout: Layout, suffix: str) -> Job:
    if suffix in TEXT_FORMATS:
        return ask_text(annex=annex, layout=layout, suffix=suffix, by=user)
    return ask_paper(annex=annex, layout=layout, by=user, document=document)


def _file(
    user: User, annex: Annex, document: AnnexDocument, layout: str, suffix: str
) -> str | bytes | None:
    """Return the annex as a file; None for a PDF that takes longer than a page waits, or is drawn.

    Whoever presses again what is being drawn for them is led to a job, and then to the same one.
    """
    if suffix == "html":
        return render_html(document, layout=layout)
    if suffix in TEXT_FORMATS:
        return text_soon(annex_book(document, Layout(layout)), suffix)
    if is_long(document, layout):
        return None
    with being_drawn(annex, layout, by=user) as is_first:
        return render_pdf_soon(document, layout=layout) if is_first else None

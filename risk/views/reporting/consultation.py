"""The draft of a plan at the address of its consultation, and what anybody says of it there.

Whoever has the address reads; nothing is kept by caches nor found by search engines, and nobody’s
name is there. A contribution is taken down when the link that was mailed is opened.
"""

import functools
import logging

from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from registry.acts import Refused
from risk.content.copies import nameless
from risk.content.part_values import PartLink
from risk.content.plan_parts import PLAN_PARTS, title_of
from risk.content.texts import UnresolvedField
from risk.enums import Layout
from risk.forms.plans.consultation import PublicContributionForm
from risk.models import Consultation
from risk.paper.layouts import PRINTED_LAYOUTS
from risk.paper.pdf import PaperError
from risk.paper.plan_chapters import DrawnLink, drawn_parts
from risk.services.annexes.documents import DocumentPages
from risk.services.plans.consultation import (
    LINK_HOURS,
    LinkError,
    closed,
    confirm_contribution,
    consultation_at,
    is_read,
    paper_of,
    pending_at,
    send_contribution,
    takes_contributions,
    too_many,
)
from risk.services.plans.contribution_rows import topic_called, topics_of
from risk.services.plans.contributions import KEPT_DAYS
from risk.services.reporting.draft_pages import own_parts, whole_part_page, whole_parts
from risk.services.reporting.public_pages import pages_of_part
from risk.views.reporting.unread import telling_unread

logger = logging.getLogger(__name__)
OFFICES_A_PAGE = 50
_UNFOUND = "noindex, nofollow, noarchive"
_BUSY = gettext_lazy("La pagina si sta preparando: riprova fra qualche secondo.")
_LINK = gettext_lazy(
    "Il collegamento non conferma niente: è scaduto, è già stato usato o non è intero. Se il "
    "contributo non è arrivato, mandalo di nuovo dalla pagina della consultazione."
)


def _open_to_all(view):
    """Let a view be read by strangers who have its address, and by no search engine."""

    @functools.wraps(view)
    def answer(request, **parts):
        response = view(request, **parts)
        # the address opens the draft: other sites are not told it (`SECURE_REFERRER_POLICY`)
        response.headers["X-Robots-Tag"] = _UNFOUND
        return response

    return login_not_required(answer)


def _not_now(request, sentence: str) -> HttpResponse:
    return render(request, "risk/reporting/not_now.html", {"sentence": sentence}, status=503)


def _telling(view):
    """Tell on a page what cannot be written or read now."""

    @functools.wraps(view)
    def answer(request, **parts):
        try:
            return view(request, **parts)
        except PaperError:
            # which office and what is missing is the RPCT’s to know
            return _not_now(request, _("La bozza non si può leggere tutta insieme ora."))

    return telling_unread(
        answer,
        not_now=_not_now,
        busy=_BUSY,
        unwritable=gettext_lazy("La pagina non si può scrivere ora: riprova più tardi."),
    )


def _read_at(token: str) -> Consultation:
    found = consultation_at(token)
    if found is None or not is_read(found):
        raise Http404
    return found


def _context(found: Consultation, **more: object) -> dict[str, object]:
    plan = found.plan
    is_taking = takes_contributions(found)
    return {"found": found, "plan": plan, "is_taking": is_taking, "days": KEPT_DAYS, **more}


@_open_to_all
@require_safe
def draft(request, token):
    """Show what the draft of a plan is made of: its parts, its offices."""
    found = _read_at(token)
    annexes = found.plan.annexes.filter(exemption=None).select_related("office")
    offices = annexes.order_by("office__folded", "pk")
    page = Paginator(offices, OFFICES_A_PAGE).get_page(request.GET.get("pagina"))
    whole = whole_parts(found, has_offices=page.paginator.count > 0)
    parts = [(name, title_of(name)) for name in whole]
    parts += [(one.name, one.title) for one in own_parts(found)]
    context = _context(found, parts=parts, page=page, paper=paper_of(found))
    return render(request, "risk/reporting/consultation/draft.html", context)


@_open_to_all
@require_safe
def paper(request, token):
    """Give the draft as a PDF, as it was last drawn."""
    drawn = paper_of(_read_at(token), with_content=True)
    if drawn is None:
        raise Http404
    response = HttpResponse(bytes(drawn.content), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="bozza-in-consultazione.pdf"'
    return response


@_open_to_all
@_telling
@require_safe
def part(request, token, name):
    """Show a page of a part of the draft of a plan."""
    found = _read_at(token)
    number = request.GET.get("pagina")
    if name in whole_parts(found, has_offices=True):
        shown = whole_part_page(found, name, number, patience=settings.PAGE_SECONDS)
        context = _context(found, html=shown.html, page=shown.page, here=title_of(name))
        return render(request, "risk/reporting/consultation/part.html", context)
    told = {one.name: one for one in own_parts(found)} if name in PLAN_PARTS else {}
    if name not in told:
        raise Http404
    page = Paginator(pages_of_part(told[name]), 1).get_page(number)
    (drawn,) = drawn_parts(page.object_list, _Nowhere())
    document = {"administration": found.plan.administration.name, "title": found.plan.title}
    document["years"] = f"{found.plan.first_year}–{found.plan.last_year}"
    context = _context(found, part=drawn, document=document, page=page, here=drawn["title"])
    return render(request, "risk/reporting/consultation/part.html", context)


class _Nowhere:
    """Links of a part that lead nowhere: their sheets are read office by office."""

    def drawn(self, link: PartLink | None, *, part: str) -> DrawnLink | None:
        """Return a link as its text."""
        return link and DrawnLink(link.text)


@_open_to_all
@require_safe
def annex(request, token, uid):
    """Show the draft of an office, some processes at a time, without the name of its head."""
    found = _read_at(token)
    rows = found.plan.annexes.filter(exemption=None).with_names()
    row = get_object_or_404(rows, uid=uid)
    size = PRINTED_LAYOUTS[Layout.SHEETS].on_screen
    pages = DocumentPages(row, rows=size, holds=("catalogue", "sheets"))
    try:
        shown = pages.page(request.GET.get("pagina"))
    except UnresolvedField:
        # what is missing is the RPCT’s to know
        return _not_now(request, _("La bozza di questo ufficio non si può leggere ora."))
    document = nameless(shown.document)
    texts = document.texts_of(Layout.SHEETS)
    context = _context(found, row=row, document=document, texts=texts, page=shown.page)
    context["here"] = row.printed_office_name
    return render(request, "risk/reporting/consultation/annex.html", context)


@_open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def contribute(request, token):
    """Ask for a contribution, and mail the link that confirms it; what was typed is never lost."""
    found = consultation_at(token)
    if found is None or (request.method != "POST" and not takes_contributions(found)):
        raise Http404
    about = request.POST.get("about", "") or request.GET.get("su", "")
    topics = topics_of(found.plan)
    if about not in {row.key for row in topics} and (named := topic_called(found.plan, about)):
        # the one process somebody was reading
        topics.append(named)
    if request.method != "POST":
        return _form(request, found, PublicContributionForm(topics=topics, about=about))
    form = PublicContributionForm(request.POST, topics=topics)
    if not takes_contributions(found):
        form.add_error(None, closed())
        return _form(request, found, form, status=409)
    # what is refused was not sent: who corrects a form is not one of those who send too many
    if not form.is_valid():
        return _form(request, found, form)
    if not ratelimit.consume(request, action="contribution", key=str(found.plan_id)):
        form.add_error(None, too_many())
        return _form(request, found, form, status=429)
    return _sent(request, found, form)


def _sent(request, found: Consultation, form: PublicContributionForm) -> HttpResponse:
    values = form.cleaned_data
    if not form.is_trapped:
        try:
            send_contribution(
                consultation=found,
                topic=values["about"],
                **{name: values[name] for name in ("sender", "text", "name", "email")},
            )
        except (Refused, ValidationError) as refused:
            form.refuse(refused)
            return _form(request, found, form, status=409)
        except OSError:
            logger.exception("the link to confirm a contribution was not sent")
            form.add_error(None, _("Il messaggio di conferma non è partito: riprova più tardi."))
            return _form(request, found, form, status=503)
    context = _context(found, here=_("Controlla la posta"), hours=LINK_HOURS)
    return render(request, "risk/reporting/consultation/sent.html", context)


def _form(request, found: Consultation, form: PublicContributionForm, status: int = 200):
    context = _context(found, form=form, here=_("Scrivi un contributo"), hours=LINK_HOURS)
    if not is_read(found):
        # nothing there leads to the draft any more
        context["is_gone"] = True
    return render(request, "risk/reporting/consultation/form.html", context, status=status)


@_open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, signed):
    """Show what a mailed link confirms, and take it down when its button is pressed.

    A program that opens links of mails presses no button.
    """
    if not ratelimit.consume(request, action="contribution_confirm"):
        return ratelimit.respond_429(request)
    try:
        if request.method == "POST":
            row = confirm_contribution(signed)
            context = {"taken": row, "plan": row.plan}
            return render(request, "risk/reporting/consultation/confirm.html", context)
        pending = pending_at(signed)
    except LinkError:
        return _no_link(request, _LINK)
    except (Refused, ValidationError) as refused:
        return _no_link(request, " ".join(getattr(refused, "messages", [str(refused)])))
    context = {"pending": pending, "plan": pending.consultation.plan}
    return render(request, "risk/reporting/consultation/confirm.html", context)


def _no_link(request, sentence: str) -> HttpResponse:
    context = {"sentence": str(sentence)}
    return render(request, "risk/reporting/consultation/confirm.html", context, status=404)

"""Rendering of PDFs outside the process that asks, within a limit of memory and of time.

A layout engine holds the interpreter for seconds and keeps the memory of the largest document it
has drawn; a page must not wait behind it, and no text may keep it for ever.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from registry.apart import StoppedError
from registry.fleeting import claim, give_up
from registry.models import Annex, User
from registry.readable import grouped
from registry.services.jobs import check_wanted
from registry.services.limited import limited_processes
from risk.content.plan_values import BoundPlan, PlanDocument
from risk.content.values import AnnexDocument
from risk.paper.annex_pdf import render_annex
from risk.paper.blocks import Book
from risk.paper.bound_plan import BoundPart, render_bound_plan
from risk.paper.pdf import PaperError
from risk.paper.plan import render_plan_pdf
from risk.paper.whereabouts import place_of

logger = logging.getLogger(__name__)


class DrawingStoppedError(PaperError):
    """A drawing was ended before it was done; the message says which, why, and where it was."""


def render_pdf_soon(document: AnnexDocument, *, layout: str) -> bytes | None:
    """Return the PDF of `document`, None when it takes longer than a page waits."""
    try:
        return limited_processes().run(
            render_annex, document, seconds=settings.PAGE_SECONDS, layout=layout
        )
    except StoppedError:
        return None


@contextmanager
def being_drawn(annex: Annex, layout: str, *, by: User) -> Iterator[bool]:
    """Tell whether nobody draws this PDF for this person just now; meanwhile, somebody does.

    So that a link pressed again does not draw again. It ends with the drawing, and by itself soon
    after a page would have given up.
    """
    key = f"ptpct.drawn:{by.pk}:{annex.uid}:{layout}"
    is_first = claim(key, 2 * settings.PAGE_SECONDS, otherwise=True)
    try:
        yield is_first
    finally:
        if is_first:
            give_up(key)


def render_plan_pdf_apart(document: PlanDocument) -> bytes:
    """Return the PDF of an adopted plan without attachments, as `drawn_apart`."""
    return drawn_apart(document.title, render_plan_pdf, document)


def render_bound_plan_apart(document: BoundPlan, parts: Sequence[BoundPart]) -> bytes:
    """Return a plan as one document with its parts, as `drawn_apart`."""
    return drawn_apart(document.title, render_bound_plan, document, parts)


def text_apart(book: Book, suffix: str) -> bytes:
    """Return a document in one of `TEXT_FORMATS`, written by another process; as `drawn_apart`."""
    return drawn_apart(book.title, text_of, book, suffix)


def text_soon(book: Book, suffix: str) -> bytes | None:
    """Return the same, None when it takes longer than a page waits."""
    try:
        return limited_processes().run(text_of, book, suffix, seconds=settings.PAGE_SECONDS)
    except StoppedError:
        return None


def text_of(book: Book, suffix: str) -> bytes:
    """Return a document in one of `TEXT_FORMATS`, written here."""
    # half a second and many megabytes, for whoever writes one
    from risk.paper.writing_docx import write_docx  # noqa: PLC0415
    from risk.paper.writing_odt import write_odt  # noqa: PLC0415

    return {"docx": write_docx, "odt": write_odt}[suffix](book)


def drawn_apart(
    subject: str,
    draw: Callable,
    *arguments: Any,
    watch: Callable[[], None] = check_wanted,
    **named: Any,
) -> Any:
    """Return what `draw` returns, done by another process; `subject` is told where it is stopped.

    A job that is cancelled meanwhile ends the drawing, as whatever `watch` raises does. Raises
    `DrawingStoppedError` when the time or memory of a drawing is used up.
    """
    limits = {"seconds": settings.DRAWING_SECONDS, "watch": watch, "place": place_of}
    try:
        return limited_processes().run(draw, *arguments, **limits, **named)
    except StoppedError as stopped:
        message = _sentence(stopped, subject)
        logger.exception("%s", message)
        raise DrawingStoppedError(message) from stopped


def _sentence(stopped: StoppedError, subject: str) -> str:
    why = {
        "time": _("dopo %s secondi") % grouped(settings.DRAWING_SECONDS),
        "memory": _("perché chiedeva più di %s MB di memoria")
        % grouped(settings.DRAWING_MEGABYTES),
        "died": _("perché il processo che lo faceva è finito"),
    }[stopped.reason]
    sentence = _("Il disegno di «%(subject)s» è stato fermato %(why)s.") % {
        "subject": subject,
        "why": why,
    }
    if stopped.place:
        sentence += " " + _("Era arrivato a: %s") % stopped.place
    return sentence

"""Rendering of PDFs for the site, outside the web process.

A layout engine holds the interpreter for seconds and keeps the memory of the largest document it
has drawn; a page must not wait behind it. One helper process for each web process draws, one at a
time, and is replaced after a number of documents.
"""

import functools
import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor

import django

from risk.content.plan_values import PlanDocument
from risk.content.values import AnnexDocument
from risk.paper.html import render_pdf
from risk.paper.plan import render_plan_pdf

_DOCUMENTS_PER_PROCESS = 50


@functools.cache
def _pool() -> ProcessPoolExecutor:
    # spawn: a forked child would inherit the database connections of the web process
    return ProcessPoolExecutor(
        max_workers=1,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        max_tasks_per_child=_DOCUMENTS_PER_PROCESS,
    )


def render_pdf_apart(document: AnnexDocument, *, layout: str) -> bytes:
    """Return the PDF of `document`, drawn by the helper process; errors as of `render_pdf`."""
    return _pool().submit(render_pdf, document, layout=layout).result()


def render_plan_pdf_apart(document: PlanDocument) -> bytes:
    """Return the PDF of an adopted plan, drawn by the helper process; without attachments."""
    return _pool().submit(render_plan_pdf, document).result()


def _begin() -> None:
    """Begin the helper process: it must not outlive a parent that was killed."""
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    django.setup()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

"""The annex as a workbook that people send round, fill in and bring back, and empty ones to fill.

What comes back is read by `risk.services.imports`; the contract between both is
`risk.workbooks.rowids`.
"""

from django.utils.text import slugify

from registry.gc_paused import without_collecting
from registry.models import Annex, Office, Phase, Plan, Process, User
from risk.enums import Layout
from risk.services.workbooks.contents import content_of, form_of
from risk.workbooks.books import draw_book
from risk.workbooks.writing import write_book

READY_UP_TO = 4_000
"""Processes and phases, together, whose file is ready in about two seconds (measured)."""
LONG_TIMES = 2.5
"""What has so many times more is done where it delays nobody."""


@without_collecting()
def annex_workbook(*, annex: Annex, layout: Layout) -> bytes:
    """Return an annex as an XLSX workbook in one layout of `risk.workbooks.books.LAYOUTS`.

    Raises `risk.workbooks.drawing.TooLongError` when a cell would hold more than it can.
    """
    return write_book(draw_book(content_of(annex.plan, [annex], layout), layout))


@without_collecting()
def plan_workbook(*, plan: Plan, layout: Layout, annexes: list[Annex]) -> bytes:
    """Return some annexes of a plan as one workbook, a sheet for each; raises `TooLongError`."""
    return write_book(draw_book(content_of(plan, annexes, layout), layout))


def empty_workbook(*, plan: Plan, layout: Layout, office: Office | None = None) -> bytes:
    """Return a workbook without a row, whose drop-downs offer what the body has."""
    return write_book(draw_book(form_of(plan, office), layout))


def is_long_workbook(annexes: list[Annex]) -> bool:
    """Tell whether the workbook of these annexes takes more than about two seconds."""
    return _rows_of(annexes) > READY_UP_TO


def delays_others(annexes: list[Annex]) -> bool:
    """Tell whether it takes more than about five seconds: nobody's short work waits behind it."""
    return _rows_of(annexes) > LONG_TIMES * READY_UP_TO


def _rows_of(annexes: list[Annex]) -> int:
    processes = Process.objects.in_use().filter(annex__in=annexes)
    return processes.count() + Phase.objects.filter(process__in=processes).count()


def file_name(*, subject: str, layout: Layout) -> str:
    """Return the name a workbook is saved under; `subject` is an office or a plan."""
    return f"{slugify(subject)}-{layout}.xlsx"


def annexes_of(*, plan: Plan, user: User) -> list[Annex]:
    """Return the annexes of a plan a person reads, in the order of their offices."""
    annexes = Annex.objects.visible_to(user).filter(plan=plan).with_names()
    return list(annexes.order_by("office__folded"))

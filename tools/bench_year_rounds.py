"""A round of monitoring over 8,100 measures of 300 offices: ``bench_year_rounds.py FILE``.

Started by ``bench_year.py`` with an empty database, which it gives that body, its adopted plan and
a round.

- ``round_open_queries``: statements of opening it, history and trail included.
- ``board_queries``: of the page of the round, for its RPCT. ``answers_page_queries``: of that of an
  office, for whoever writes there. ``answer_save_queries``: of saving one answer from it.
- ``mailbox_vs_one``: processor time of bringing and taking forty filled workbooks in one act ÷ that
  of forty others, of as many rows, each brought and taken alone. ``mailbox_queries``: statements of
  the former.
"""

import datetime
import io
import sys
import time
from pathlib import Path
from unittest.mock import patch

import openpyxl
from bench_clock import spent
from bench_engines import keep
from bench_paper_annex import tree_seconds
from bench_year_body import adopted_plan, counted, rpct_of
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from registry.clock import today
from registry.models import Membership, Office, Plan, User
from risk.models import MonitoringRound, RoundItem
from risk.services.answer_books.files import office_book
from risk.services.answer_books.uploads import compare_books, start_books, take_books
from risk.services.monitoring.opening import asked_measures, assign_office, open_round
from risk.services.monitoring.rounds import create_round
from risk.services.sample_data.synthetic import bodies

OFFICES, MEASURES_AN_ANNEX = 300, 27
"""8,100 measures in all."""
BODY = bodies.Profile(OFFICES, 300, 600, 600, 300, 600, 4)
BOOKS = 40
FILLED = {"F": "attuata", "G": "Fatto come previsto, con due controlli in più."}
"""What an office writes in each row, by column."""


def main() -> int:
    """Fill the database, measure, write the figures to the file named."""
    with patch.dict(bodies.PROFILES, {"Y300": BODY}):
        plan = adopted_plan("Y300", measures=MEASURES_AN_ANNEX)
    call_command("collectstatic", interactive=False, verbosity=0)
    by = rpct_of(plan)
    row = made_round(plan, by)
    found: dict[str, float] = {}
    office = Office.objects.filter(annexes__plan=plan).order_by("pk")[0]
    for measure in asked_measures(row).filter(annex=None, responsible_office=None):
        assign_office(row=row, measure=measure, office=office, by=by)
    found["round_open_queries"], _none = counted(lambda: open_round(row=row, by=by))
    row = MonitoringRound.objects.select_related("plan__administration").get(pk=row.pk)
    keep(Path(sys.argv[1]), found | pages(row, by) | mailbox(row, by))
    return 0


def made_round(plan: Plan, by: User) -> MonitoringRound:
    """Return a round over all measures of a plan, in draft."""
    days = dict.fromkeys(("answers_by", "checks_by"), today())
    days["situation_on"] = min(today(), datetime.date(plan.last_year, 12, 31))
    return create_round(
        plan=plan, by=by, label="Annuale", kind="final", coverage="all", criteria="Tutte.", **days
    )


def pages(row: MonitoringRound, by: User) -> dict[str, float]:
    """Return the statements of the pages of a round, each opened once before."""
    office = Office.objects.filter(round_items__round=row).order_by("pk")[0]
    values = {"administration": row.plan.administration, "starts_on": "2020-01-01"}
    writer = User.objects.create(username="penna")
    Membership.objects.create(user=writer, office=office, role="editor", **values)
    board = reverse("risk:round", args=[row.uid])
    grid = reverse("risk:round_office", args=[row.uid, office.pk])
    found: dict[str, float] = {}
    for name, person, address in (
        ("board_queries", by, board),
        ("answers_page_queries", writer, grid),
    ):
        client = signed_in(person)
        client.get(address)
        found[name], answered = counted(lambda client=client, address=address: client.get(address))
        if answered.status_code != 200:  # noqa: PLR2004
            raise SystemExit(f"{address}: {answered.status_code}")
    item = RoundItem.objects.filter(round=row, office=office).select_related("answer")[0]
    prefix = f"risposta-{item.uid}"
    sent = {f"{prefix}-declared": "done", f"{prefix}-done": "Fatto."}
    sent[f"{prefix}-version"] = item.answer.version
    address, client = reverse("risk:round_item", args=[item.uid]), signed_in(writer)
    client.get(grid)
    found["answer_save_queries"], _answered = counted(
        lambda: client.post(address, sent, headers={"HX-Request": "true"})
    )
    if RoundItem.objects.get(pk=item.pk).state != "answered":
        raise SystemExit("non salvata")
    return found


def signed_in(person: User) -> Client:
    """Return a browser in which a person has signed in."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    return client


def mailbox(row: MonitoringRound, by: User) -> dict[str, float]:
    """Return what forty workbooks in one act cost beside forty taken alone."""
    offices = list(Office.objects.filter(round_items__round=row).distinct().order_by("pk"))[1:]
    books = [filled(office_book(row=row, office=one)) for one in offices[: 2 * BOOKS + 1]]
    # the process that reads has begun
    bring(row, books[-1:], by)
    alone = [cost(lambda one=one: bring(row, [one], by)) for one in books[:BOOKS]]
    queries, together = counted(lambda: cost(lambda: bring(row, books[BOOKS:-1], by)))
    return {
        "mailbox_vs_one": round(together / sum(alone), 3),
        "mailbox_queries": queries,
        "mailbox_s": round(together, 2),
    }


def filled(content: bytes) -> bytes:
    """Return a workbook with an answer in each row."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    for number in range(5, sheet.max_row + 1):
        for column, text in FILLED.items():
            sheet[f"{column}{number}"] = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring(row: MonitoringRound, books: list[bytes], by: User) -> None:
    """Bring workbooks and take them, as the page does."""
    files = [(f"{n:02d}.xlsx", one) for n, one in enumerate(books)]
    upload = start_books(row=row, files=files, by=by)
    compare_books(row=row, upload=upload, by=by)
    found = take_books(row=row, upload=upload, digest=upload.report["digest"], by=by)
    if len(found.answers) != MEASURES_AN_ANNEX * len(books):
        raise SystemExit(f"prese {len(found.answers)} risposte di {len(books)} fogli")


def cost(work) -> float:
    """Return the seconds of processor of a work, of who serves the database and of who reads."""
    before = _seconds()
    work()
    return _seconds() - before


def _seconds() -> float:
    # `spent` is this process and the server, the tree is this process and those below it
    return spent() - time.process_time() + tree_seconds()


if __name__ == "__main__":
    sys.exit(main())

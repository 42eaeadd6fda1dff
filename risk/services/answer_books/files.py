"""The workbooks of a round as files: of one office, and all in a ZIP with texts of mails."""

from collections.abc import Sequence
from typing import IO

from django.conf import settings
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from registry import clock
from registry.acts import RuleRefused
from registry.gc_paused import without_collecting
from registry.models import Office, User
from registry.permissions import is_rpct_of_plan
from registry.services.jobs import Progress, no_progress
from risk.models import MonitoringRound
from risk.services.answer_books.contents import books_of
from risk.services.plans.archives import SummedArchive, summed_archive
from risk.workbooks.answers import draw_answers
from risk.workbooks.writing import write_book

INDEX = "LEGGIMI.txt"


@without_collecting()
def office_book(*, row: MonitoringRound, office: Office) -> bytes:
    """Return the workbook in which an office answers a round, as XLSX bytes.

    Raises `RuleRefused` where the round is not open, `risk.workbooks.drawing.TooLongError` when a
    cell would hold more than it can.
    """
    _check_open(row)
    return write_book(draw_answers(next(iter(books_of(row, [office])))))


def file_name(row: MonitoringRound, office: Office) -> str:
    """Return the name of the workbook of an office: no two of a body are alike."""
    return f"{slugify(row.label)}-{slugify(office.code)}-{slugify(office.name)[:60]}.xlsx"


def answering_offices(row: MonitoringRound) -> list[Office]:
    """Return the offices a round asks anything of, by name."""
    rows = Office.objects.filter(round_items__round=row).distinct()
    return list(rows.order_by("folded", "pk"))


def books_archive(
    *, row: MonitoringRound, by: User, into: IO[bytes], progress: Progress = no_progress
) -> int:
    """Write a ZIP of all workbooks of a round, the text of a mail for each, and an index.

    Return how many offices it has. Raises as `office_book`, also for who is not its RPCT.
    """
    _check_open(row)
    if not is_rpct_of_plan(by, row.plan):
        raise RuleRefused(_("I fogli di tutti gli uffici li prepara il RPCT."))
    offices = answering_offices(row)
    with summed_archive(into, clock.now()) as archive:
        for done, (office, book) in enumerate(zip(offices, books_of(row, offices), strict=True)):
            progress(done, len(offices), _("Scrivo i fogli degli uffici"))
            archive.add(file_name(row, office), write_book(draw_answers(book)))
            _add_text(archive, f"mail/{slugify(office.code)}.txt", _mail(row, office))
        _add_text(archive, INDEX, _index(row, offices))
    return len(offices)


def _add_text(archive: SummedArchive, name: str, text: str) -> None:
    archive.add(name, text.encode(), is_packed=True)


def _mail(row: MonitoringRound, office: Office) -> str:
    place = settings.SITE_URL + reverse("risk:round_office", args=[row.uid, office.pk])
    return _(
        "Oggetto: %(round)s – %(office)s, risposte entro il %(by)s\n\n"
        "Gentile responsabile,\n\n"
        "in allegato il foglio «%(file)s» con le misure di cui risponde «%(office)s».\n"
        "Per ciascuna si chiede la situazione al %(day)s: l’esito, che cosa è stato fatto e, dove "
        "serve, il motivo, le misurazioni e le prove.\n\n"
        "Il foglio compilato si rimanda al RPCT entro il %(by)s, oppure si carica da sé o si "
        "risponde direttamente qui:\n%(place)s\n\n"
        "Le risposte si confermano nel registro: le conferma il responsabile, non chi le ha "
        "scritte.\n"
    ) % {
        "round": row.label,
        "office": office.name,
        "by": f"{row.answers_by:%d/%m/%Y}",
        "day": f"{row.situation_on:%d/%m/%Y}",
        "file": file_name(row, office),
        "place": place,
    }


def _index(row: MonitoringRound, offices: Sequence[Office]) -> str:
    head = _(
        "%(round)s – %(body)s\n\nUn foglio e il testo di una mail per ciascun ufficio. "
        "I fogli compilati si caricano tutti insieme dalla pagina «Fogli di risposta».\n\n"
    ) % {"round": row.label, "body": row.plan.administration}
    lines = [
        f"{one.name}\n  {file_name(row, one)}\n  mail/{slugify(one.code)}.txt\n" for one in offices
    ]
    return head + "".join(lines)


def _check_open(row: MonitoringRound) -> None:
    if not row.is_answering:
        state = row.get_state_display()
        raise RuleRefused(
            _("Il monitoraggio è %(state)s: non ha fogli da compilare.") % {"state": state}
        )

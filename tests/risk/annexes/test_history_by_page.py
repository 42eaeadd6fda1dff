"""Histories are read by page from the database: the same saves, whichever way, at the same cost."""

import datetime
from random import Random

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from registry.models import InstitutionalFunction, Macroprocess, Process
from registry.services import history_pages
from registry.services.history import told_saves
from risk.models import EventCategory
from risk.services.annexes.histories import history_of_annex, history_of_process
from tests.people import client_of, people_of
from tests.reading import counted_work
from tests.register import make_annex, make_behaviour, make_phase, make_process
from tests.statements import COUNTED

pytestmark = pytest.mark.django_db
SIZE = 7


@pytest.fixture
def process(monkeypatch):
    monkeypatch.setattr(history_pages, "SAVES_A_PAGE", SIZE)
    monkeypatch.setattr(history_pages, "SAVES_AT_ONCE", 11)
    return make_process(make_annex())


def busy(process: Process, times: int) -> None:
    """Save a process, a phase of it and a behaviour, many times; the last ones at one moment."""
    phase = make_phase(process)
    behaviour = make_behaviour(process)
    one_moment = timezone.now() + datetime.timedelta(minutes=1)
    for n in range(times):
        process.title, phase.title = f"Rilascio {n}", f"Istruttoria {n}"
        behaviour.text = f"Favorire {n}"
        for row in (process, phase, behaviour):
            if n > times - 4:
                row._history_date = one_moment
            row.save()
    phase._history_date = one_moment + datetime.timedelta(minutes=1)
    phase.delete()


def told(entry) -> tuple:
    return (
        entry.at,
        entry.kind,
        entry.subject,
        tuple((one.label, one.before, one.after) for one in entry.changes),
    )


def pages(history) -> list:
    found = [history.page(QueryDict(""))]
    while found[-1].has_next():
        found.append(history.page(QueryDict(found[-1].onwards)))
    return found


@pytest.mark.parametrize("of", ["process", "annex"])
def test_forth_and_back_each_save_is_told_once_the_last_first(process, of):
    busy(process, 9)
    history = history_of_process(process) if of == "process" else history_of_annex(process.annex)
    whole = [told(entry) for entry in history.entries()]

    forth = pages(history)
    back = [forth[-1]]
    while back[-1].has_previous():
        back.append(history.page(QueryDict(back[-1].back)))

    assert len(whole) == history.count() > 2 * SIZE - 4
    assert [told(entry) for page in forth for entry in page] == whole
    assert [told(entry) for page in back[::-1] for entry in page] == whole
    assert [entry[0] for entry in whole] == sorted((entry[0] for entry in whole), reverse=True)
    numbered = [history.page(QueryDict(f"pagina={n}")) for n in range(1, len(forth) + 1)]
    assert [told(entry) for page in numbered for entry in page] == whole


@pytest.mark.parametrize("of", ["process", "annex"])
def test_saves_that_say_nothing_take_no_place_on_a_page(process, of):
    categories = [EventCategory.objects.create(code=code, label=code) for code in ("1", "2")]
    behaviour = make_behaviour(process)
    for n in range(9):
        process.title = f"Rilascio {n}"
        for row in (process, process, behaviour, process):
            row.save()
    for chosen in (categories[:1], categories, categories, categories[1:]):
        behaviour.categories.set(chosen)
        behaviour.save()
    history = history_of_process(process) if of == "process" else history_of_annex(process.annex)

    found = pages(history)

    entries = list(history.entries())
    assert all(entry.changes for entry in entries if entry.kind == "modifica")
    assert [len(page.object_list) for page in found[:-1]] == [SIZE] * (len(found) - 1)
    assert history.count() == len(entries) == sum(len(page.object_list) for page in found)
    lists = [entry for entry in entries if "comportamento" in entry.subject]
    assert len(lists) == (4 if of == "process" else 0)


@pytest.mark.parametrize("of", [history_of_process, history_of_annex])
def test_of_saves_by_chance_those_stand_on_pages_of_which_there_is_something_to_tell(process, of):
    # no secret depends on it
    chance, begun = Random(13), timezone.now()  # noqa: S311
    categories = [EventCategory.objects.create(code=code, label=code) for code in ("1", "2")]
    phase, behaviour = make_phase(process), make_behaviour(process)
    others = [make_process(process.annex) for _n in range(3)]
    for _n in range(90):
        row = chance.choice([process, phase, behaviour, process.annex, *others])
        if row is behaviour:
            behaviour.categories.set(chance.sample(categories, chance.randrange(3)))
        column = {phase: "title", behaviour: "text", process.annex: "head_title"}.get(row, "title")
        setattr(row, column, chance.choice(["Rilascio", "Diniego"]))
        # by a clock that goes back, too, and twice at one moment
        row._history_date = begun + datetime.timedelta(seconds=chance.randrange(40))
        row.save()

    history = of(process if of is history_of_process else process.annex)
    told, silent = set(), 0
    for part, (model, records) in enumerate(history.parts):
        numbers = list(records.values_list("history_id", flat=True))
        entries = told_saves(model, records, numbers)
        told |= {(entry.at, part, number) for number, entry in entries.items()}
        silent += len(numbers) - len(entries)

    assert silent > SIZE
    assert set(history.places(lambda _part, records: records)) == told
    assert len([entry for page in pages(history) for entry in page]) == len(told)


def test_what_a_row_was_is_told_over_the_end_of_a_page(process):
    busy(process, 9)

    changes = [
        (one.before, one.after)
        for page in pages(history_of_process(process))
        for entry in page
        for one in entry.changes
        if "Istruttoria" in one.after
    ]

    assert changes[:-1] == [
        (f"Istruttoria {n - 1}" if n else "Istruttoria", f"Istruttoria {n}")
        for n in range(8, -1, -1)
    ]
    assert changes[-1] == ("—", "Istruttoria")


def test_names_of_rows_that_name_others_are_read_at_once(process):
    counts = []
    for n in range(3):
        function = InstitutionalFunction.objects.create(code=f"{n}", label=f"Funzione {n}")
        others = {"administration": process.annex.plan.administration, "function": function}
        process.macroprocess = Macroprocess.objects.create(code=f"{n}", label=f"Atti {n}", **others)
        process.save()
        with CaptureQueriesContext(connection) as captured:
            (*_entries, last) = history_of_process(process).page(QueryDict("")).object_list[: n + 1]
        counts.append(len(captured))

    assert last.changes[0].after == "Funzione 0: Atti 0"
    assert counts[1] == counts[2]


def test_a_far_page_asks_and_costs_what_the_second_does(process):
    busy(process, 60)
    history = history_of_process(process)
    found = pages(history)

    counts, costs = [], []
    for asked in (found[0].onwards, found[-3].onwards):
        with CaptureQueriesContext(connection) as captured:
            assert len(history.page(QueryDict(asked))) == SIZE
        counts.append(sum(query["sql"].startswith(COUNTED) for query in captured))
        with counted_work() as work:
            history.page(QueryDict(asked))
        costs.append(work.done)

    assert counts[1] <= counts[0]
    assert 0 < costs[1] <= costs[0] * 1.2


def test_the_page_leads_on_and_back_and_a_place_of_another_history_leads_nowhere(process):
    busy(process, 9)
    other = make_process(process.annex)
    client = client_of(people_of(process.annex)["rpct"])
    address = reverse("risk:process_history", args=[process.uid])

    first = client.get(address)
    second = client.get(f"{address}?{first.context['page'].onwards}")
    strange = client.get(address, {"dopo": f"process-{other.history.first().pk}"})

    assert 'href="?pagina=2&amp;dopo=' in first.content.decode()
    assert "Pagina 2 di" in second.content.decode()
    assert 'rel="prev"' in second.content.decode()
    assert strange.context["page"].number == 1

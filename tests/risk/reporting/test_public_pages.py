"""A published plan as anybody reads it: parts and annexes as pages, written once, and the PDFs."""

import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Plan
from registry.services.stored_files import read_folder, stored_folder
from risk.content.plan_parts import PLAN_PARTS
from risk.enums import PlanVerb
from risk.models import AnnexIssue
from risk.services.plans.documents import adopted_parts, printed_plan
from risk.services.plans.issues import adopt_plan
from risk.services.plans.moves import move_plan
from risk.services.reporting import public_pages
from risk.services.reporting.open_data.files import STORE
from risk.services.reporting.public_pages import page_folders
from risk.views.reporting import published
from tests.register import adopt
from tests.risk.plans.proposing import ACT, proposed_plan
from tests.risk.reporting.test_stored_open_data import adopted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_files_of_others() -> None:
    shutil.rmtree(storages[STORE].path(""), ignore_errors=True)


def address(issue, name: str, *parts) -> str:
    plan = issue.plan
    return reverse(f"risk:{name}", args=[plan.administration.ipa_code, plan.slug, *parts])


def read(where: str, **headers: str) -> str:
    answer = Client().get(where, headers=headers)
    assert answer.status_code == 200, where
    return answer.content.decode()


def led_to(page: str, words: str) -> str:
    """Return where a link of a page leads, by what it says."""
    (found,) = set(re.findall(rf'<a[^>]*href="([^"]+)"[^>]*>\s*{re.escape(words)}', page))
    return found


def test_from_the_plan_it_is_three_presses_to_the_sheet_and_one_back():
    issue = adopted(processes=12, high=1)
    page = read(address(issue, "published_plan"))
    summary = read(led_to(page, "Sintesi per i cittadini"))
    ranking = read(led_to(page, "Graduatoria dei processi"))
    # the gravest, which stands on the second page of its annex, in both
    assert led_to(summary, "Processo 11") == led_to(ranking, "1. Processo 11")
    where = re.search(r'href="([^"]+#processo-[^"]+)"', ranking)[1]
    place, _hash, anchor = where.partition("#")
    sheet = read(place)
    assert f'id="{anchor}"' in sheet
    for words, name in (("Graduatoria", "graduatoria"), ("Sintesi", "sintesi")):
        assert led_to(sheet, words) == address(issue, "published_part", name)
    # each annex at one press, as a page and as the file that was issued
    (row,) = issue.annex_issues.all()
    assert led_to(page, row.annex.printed_office_name) == address(
        issue, "published_annex", row.number
    )


def test_a_part_that_says_nothing_is_not_led_to():
    issue = adopted(processes=3)
    page = read(address(issue, "published_plan"))
    own = {name for name, part in PLAN_PARTS.items() if part.holds}
    told = {name for name in PLAN_PARTS if address(issue, "published_part", name) in page}
    assert told - own == set(PLAN_PARTS) - own
    document = printed_plan(issue)
    assert told & own == {name for name in own if getattr(document, PLAN_PARTS[name].holds)}
    assert "capitoli" not in told
    # whoever kept its address still reads that it says nothing
    assert "non ha capitoli scritti" in read(address(issue, "published_part", "capitoli"))


def test_every_link_of_every_page_leads_to_a_place_that_is_there():
    issue = adopted(processes=23)
    waiting, seen = [address(issue, "published_plan")], {}
    start = waiting[0]
    while waiting:
        where = waiting.pop()
        seen[where] = page = read(where)
        for link in re.findall(r'href="([^"]+)"', page):
            link = link.replace("&amp;", "&")
            link = where.partition("?")[0] + link if link.startswith("?") else link
            place, _hash, anchor = link.partition("#")
            if not place.startswith(start) or place.endswith((".pdf", ".zip", ".csv", ".json")):
                continue
            if place.endswith(".jsonld"):
                continue
            if place not in seen and place not in waiting:
                waiting.append(place)
            if anchor:
                seen.setdefault(f"#{place}#{anchor}", "")
    for mark in [one for one in seen if one.startswith("#")]:
        _, place, anchor = mark.split("#")
        assert f'id="{anchor}"' in seen[place], mark
    # three pages of the annex, each part
    annexes = [one for one in seen if "/allegati/" in one and not one.startswith("#")]
    assert len(annexes) == 3 + 1, "the first page has two addresses"
    _body, parts = adopted_parts(issue)
    assert all(address(issue, "published_part", part.name) in seen for part in parts)


def test_a_page_says_no_more_than_was_issued_and_is_written_once(monkeypatch):
    issue = adopted(processes=12)
    (row,) = issue.annex_issues.all()
    restored = []
    reprint = public_pages.reprint
    monkeypatch.setattr(
        public_pages, "reprint", lambda one, **named: restored.append(one) or reprint(one, **named)
    )
    place = address(issue, "published_annex", row.number)
    first, second = read(place), read(f"{place}?pagina=2")
    assert [one.count("<h3 id=") for one in (first, second)] == [10, 2]
    assert read(place) == first
    assert len(restored) == 1
    document = reprint(row)
    told = re.sub(r"<[^>]+>", " ", first)
    assert str(document.head) in told
    assert row.by.get_full_name() not in told
    # nobody is asked but which plan it is, and which of its annexes
    with CaptureQueriesContext(connection) as asked:
        read(place)
    assert len(asked) <= 3
    assert [one["sql"] for one in asked if '"data"' in one["sql"]] == []


def test_a_plan_of_many_offices_is_listed_a_page_at_a_time(monkeypatch):
    issue = adopted(offices=5)
    monkeypatch.setattr(published, "OFFICES_A_PAGE", 2)
    waiting, told = [address(issue, "published_plan")], []
    while waiting:
        page = read(waiting.pop())
        told += re.findall(r"/allegati/\d+/\">([^<]+)<", page)
        onwards = re.search(r'rel="next"\s+href="([^"#]+)', page)
        if onwards:
            waiting.append(address(issue, "published_plan") + unescape(onwards[1]))
    assert told == ["Tributi", *(f"Ufficio {n}" for n in range(1, 5))]
    # an office without a process has a page that says so
    empty = read(address(issue, "published_annex", 3))
    assert "Questo allegato non ha alcun processo." in empty


def test_a_page_has_its_mark_and_is_not_given_twice():
    issue = adopted()
    for where in (
        address(issue, "published_part", "sintesi"),
        address(issue, "published_annex", 1),
    ):
        answer = Client().get(where)
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        mark = {"if-none-match": answer.headers["ETag"]}
        assert Client().get(where, headers=mark).status_code == 304
        assert "style=" not in answer.content.decode().partition("<main")[2]
        assert Client().post(where).status_code == 405


def test_what_is_no_page_is_not_found_and_what_is_not_published_neither():
    issue = adopted()
    for where in (
        address(issue, "published_part", "prefazione"),
        address(issue, "published_annex", 2),
        address(issue, "published_annex_file", 2),
    ):
        assert Client().get(where).status_code == 404
    # a number that is none leads to the nearest page
    assert "Sintesi per i cittadini" in read(
        f"{address(issue, 'published_part', 'sintesi')}?pagina=x"
    )
    adopt(issue.plan, "adopted")
    for name, *parts in (("published_part", "sintesi"), ("published_annex", 1)):
        assert Client().get(address(issue, name, *parts)).status_code == 404


def test_whoever_comes_while_pages_are_written_is_asked_to_come_again(settings):
    issue = adopted()
    settings.PAGE_SECONDS = 0
    answers = []

    def slow(place: Path) -> None:
        answers.append(Client().get(address(issue, "published_annex", 1)))
        (place / "x").touch()

    stored_folder(Path(storages[STORE].path("altro")), slow, patience=1)
    (answer,) = answers
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "riprova fra qualche secondo" in answer.content.decode()
    assert read(address(issue, "published_annex", 1))


def test_damaged_pages_come_back_and_those_of_no_plan_go(capsys):
    issue = adopted()
    good = read(address(issue, "published_annex", 1))
    read(address(issue, "published_part", "sintesi"))
    folders = list(page_folders(issue))
    assert all(map(read_folder, folders))
    call_command("tend_open_data")
    assert "tolte 0 cartelle" in capsys.readouterr().out
    (file,) = [one.path for one in read_folder(folders[1]).values()]
    file.write_text("altro")
    call_command("tend_open_data")
    assert not read_folder(folders[1])
    assert read(address(issue, "published_annex", 1)) == good
    adopt(issue.plan, "adopted")
    call_command("tend_open_data")
    assert not any(map(read_folder, folders))


def test_the_pdf_of_an_annex_is_what_was_issued():
    proposed = proposed_plan()
    issue = adopt_plan(plan=proposed.plan, act=ACT, by=proposed.people["rpct"])
    plan = Plan.objects.get(pk=proposed.plan.pk)
    move_plan(plan=plan, verb=PlanVerb.PUBLISH, by=proposed.people["rpct"])
    row = AnnexIssue.objects.get()
    where = address(issue, "published_annex_file", row.number)
    answer = Client().get(where)
    assert answer.content == bytes(row.pdf)
    assert answer.headers["Content-Disposition"].startswith("inline; filename=")
    mark = {"if-none-match": answer.headers["ETag"]}
    assert Client().get(where, headers=mark).status_code == 304

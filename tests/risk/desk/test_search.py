"""Search from anywhere: words without case and accents, one statement, nothing a right hides."""

import pytest
from django.urls import reverse

from registry.enums import MembershipRole
from registry.services.processes import retire_process
from risk.services.desk.search import MOST, SHOWN
from risk.services.treatment.programming import add_measure
from tests.people import client_of
from tests.register import make_annex, make_behaviour, make_phase, make_process
from tests.risk.treatment.conftest import make_measure, member

pytestmark = pytest.mark.django_db
WORD = "Località"


@pytest.fixture
def annex():
    return filled(make_annex())


def filled(annex):
    """One row of each kind with the word, and the office of the annex renamed with it."""
    process = make_process(annex, f"{WORD}: concessione")
    phase = make_phase(process, f"Scelta della {WORD.lower()}")
    behaviour = make_behaviour(process, f"Favorire una {WORD}", [phase])
    measure = make_measure("MS09", f"Rotazione per {WORD}")
    add_measure(annex=annex, measure=measure, targets=[behaviour], by=None)
    annex.office.name = f"Ufficio {WORD}"
    annex.office.save()
    return annex


def page_of(user, text: str, **options):
    answer = client_of(user).get(reverse("risk:search"), {"q": text, **options})
    assert answer.status_code == 200
    return answer


def texts(answer) -> dict[str, list[str]]:
    return {group.kind.word: [row.text for row in group.rows] for group in answer.context["groups"]}


@pytest.mark.parametrize(
    "typed", ["LOCALITA", "località", " localita ", "loc alit", "localita\x00"]
)
def test_words_are_found_without_case_and_accents(annex, typed):
    found = texts(page_of(member(annex, MembershipRole.EDITOR), typed))
    assert list(found) == ["processi", "fasi", "comportamenti", "misure", "uffici"]
    assert all(len(rows) == 1 for rows in found.values())


def test_every_row_leads_to_a_page_its_reader_may_open(annex):
    editor = member(annex, MembershipRole.EDITOR)
    for group in page_of(editor, WORD).context["groups"]:
        for row in group.rows:
            assert client_of(editor).get(row.path).status_code == 200, row
            assert row.office == "Ufficio Località"
            assert row.plan == annex.plan.title


@pytest.mark.parametrize("typed", ["concessione scelta", "xyz", "l_calita", "%", "loc%alita"])
def test_all_the_words_are_in_one_row_as_they_are(annex, typed):
    answer = page_of(member(annex, MembershipRole.EDITOR), typed)
    assert texts(answer) == {}


@pytest.mark.parametrize(("typed", "said"), [("l", "Scrivi almeno 2 lettere."), ("  ", "")])
def test_too_little_asks_the_database_nothing(annex, typed, said):
    answer = page_of(member(annex, MembershipRole.EDITOR), typed)
    assert texts(answer) == {}
    assert (said or "Parole da cercare") in answer.content.decode()


def test_what_a_right_hides_is_not_found(annex):
    other = make_annex(annex.plan.administration, office="Altro ufficio")
    assert texts(page_of(member(other, MembershipRole.EDITOR), WORD)) == {}
    assert texts(page_of(member(other, MembershipRole.HEAD), "Rotazione")) == {}
    everywhere = texts(page_of(member(other, MembershipRole.AUDITOR, office=False), WORD))
    assert list(everywhere) == ["processi", "fasi", "comportamenti", "misure", "uffici"]


def test_what_went_to_the_archive_is_not_found(annex):
    editor = member(annex, MembershipRole.EDITOR)
    retire_process(process=annex.processes.get(), reason="Non si svolge più.", by=editor)
    assert list(texts(page_of(editor, WORD))) == ["misure", "uffici"]


def test_many_rows_are_a_way_to_all_of_one_kind(annex):
    for number in range(SHOWN + 3):
        make_process(annex, f"{WORD} {number:02}")
    editor = member(annex, MembershipRole.EDITOR)
    some, many = page_of(editor, WORD), page_of(editor, WORD, **{"in": "processi"})
    assert len(texts(some)["processi"]) == SHOWN
    assert "?q=Localit%C3%A0&amp;in=processi" in some.content.decode()
    assert list(texts(many)) == ["processi"]
    assert SHOWN + 4 == len(texts(many)["processi"]) < MOST


def test_a_search_is_six_statements_at_most(annex, django_assert_max_num_queries):
    editor = client_of(member(annex, MembershipRole.EDITOR))
    address = reverse("risk:search")
    with django_assert_max_num_queries(6):
        editor.get(address, {"q": WORD})


@pytest.mark.parametrize(("typed", "count"), [("ap.01", 1), ("AP.01.01 localita", 1), ("ap.02", 0)])
def test_a_process_is_found_by_the_code_it_has_of_its_own(annex, typed, count):
    process = annex.processes.get()
    process.code = "AP.01.01"
    process.save()
    answer = page_of(member(annex, MembershipRole.EDITOR), typed)
    assert len(texts(answer).get("processi", [])) == count
    assert ("n. 1 (AP.01.01)" in answer.content.decode()) is bool(count)

"""Whom the mail of the day tells of a remark: who has to answer it, then who made it."""

import pytest

from registry.models import User
from risk.enums import RowKind
from risk.services.annexes.remarks import add_remark, answer_remark, close_remark
from risk.services.notices.mails import letters
from tests.register import adopt, close
from tests.statements import at_most

OPEN = "Tributi, PTPCT 2021/2023: 1 osservazione aperta."
ANSWERED = "Tributi, PTPCT 2021/2023: hanno risposto a una tua osservazione."


@pytest.fixture
def people(people):
    for person in User.objects.all():
        person.email = f"{person.username}@esempio.example"
        person.save()
    return people


@pytest.fixture
def remark(annex, process, phase, people):
    return remark_of(annex, process, phase, people["rpct"])


def remark_of(annex, process, phase, by):
    said = {"kind": RowKind.PHASE, "text": "Chi controlla?", "by": by}
    return add_remark(annex=annex, process=process, row=phase, **said)


def sentences_by_person() -> dict[str, list[str]]:
    return {
        letter.person.username: [line.sentence for line in letter.lines] for letter in letters()
    }


def test_the_office_is_told_until_it_answers_then_the_maker(remark, people):
    assert sentences_by_person() == {"testa": [OPEN], "penna": [OPEN]}
    answer_remark(remark=remark, text="Il responsabile.", by=people["editor"])
    assert sentences_by_person() == {"rpct": [ANSWERED]}
    answer_remark(remark=remark, text="Ogni quanto?", by=people["rpct"])
    assert sentences_by_person() == {"testa": [OPEN], "penna": [OPEN]}
    close_remark(remark=remark, by=people["rpct"])
    assert sentences_by_person() == {}


def test_nobody_is_told_of_their_own_remark(annex, process, phase, people):
    remark_of(annex, process, phase, people["editor"])
    assert sentences_by_person() == {"testa": [OPEN]}


def test_each_line_leads_to_the_remarks(remark, annex, people):
    (line,) = letters()[0].lines
    assert line.path.endswith(f"/osservazioni/{remark.uid}/")
    answer_remark(remark=remark, text="Il responsabile.", by=people["editor"])
    (line,) = letters()[0].lines
    assert line.path.endswith(f"/osservazioni/{remark.uid}/")


@pytest.mark.parametrize("state", ["issued", "validated"])
def test_a_closed_annex_is_told_of_and_an_adopted_one_is_not(annex, remark, people, state):
    close(annex, state)
    assert OPEN in sentences_by_person()["penna"]
    adopt(annex.plan)
    assert sentences_by_person() == {}


def test_an_executor_is_told_while_their_office_executes(annex, process, phase, people, executor):
    executor.email = "esecutrice@esempio.example"
    executor.save()
    remark = remark_of(annex, process, phase, executor)
    assert set(sentences_by_person()) == {"testa", "penna"}
    answer_remark(remark=remark, text="Il responsabile.", by=people["editor"])
    assert sentences_by_person() == {"esecutrice": [ANSWERED]}
    phase.actions.update(executor_office=None)
    assert sentences_by_person() == {}


def test_the_queries_do_not_grow_with_the_remarks(annex, process, phase, people):
    for _number in range(15):
        remark_of(annex, process, phase, people["rpct"])
    with at_most(12):
        assert "15 osservazioni aperte" in sentences_by_person()["penna"][0]

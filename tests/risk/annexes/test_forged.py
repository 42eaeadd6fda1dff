"""Whoever writes past the services, with SQL of their own, is found by `verify_trail`."""

import pytest
from django.db import connection
from django.utils import timezone

from registry import triggers
from registry.models import Annex, User
from registry.services.trail_verification import verify_trail
from risk.enums import Verb
from risk.guards import GUARDS
from risk.models import AnnexIssue, Approval, PlanTransition, RemarkAnswer, Transition
from risk.services.annexes.approvals import approve_process
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import move_annex
from risk.services.annexes.protocol import set_protocol
from risk.services.annexes.remarks import add_remark, answer_remark
from tests.load_once import closed_once
from tests.people import people_of
from tests.register import adopt, complete_annex

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued():
    """An annex that went the whole way, with its people."""
    return all_the_way()


@pytest.fixture
def unguarded(issued):
    """Somebody with the keys of the database."""
    triggers.remove(GUARDS)
    yield
    triggers.install(GUARDS)


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


NO_HISTORY = "non è come dice la sua storia."


def sentences() -> list[str]:
    """What is found when the forger has put the guards back, as any migrate does."""
    triggers.install(GUARDS)
    return [found.sentence for found in verify_trail()]


@closed_once
def all_the_way() -> tuple[Annex, dict[str, User]]:
    annex = complete_annex()
    people = people_of(annex)
    move_annex(annex=fresh(annex), verb=Verb.SUBMIT, by=people["editor"])
    approve_process(process=annex.processes.get(), by=people["head"])
    move_annex(annex=fresh(annex), verb=Verb.VALIDATE, by=people["rpct"])
    issue_annex(annex=fresh(annex), by=people["rpct"])
    return annex, people


def test_an_honest_way_is_whole(issued):
    annex, people = issued
    issue, day = AnnexIssue.objects.get(), timezone.localdate()
    set_protocol(issue=issue, number="7/2021", day=day, by=people["rpct"])
    adopt(annex.plan)
    assert Approval.objects.count() == AnnexIssue.objects.count() == 1
    assert verify_trail() == []


def test_a_forged_transition_passes_the_guards_and_is_found(annex, people):
    steps = {"verb": "submit", "from_state": "draft", "to_state": "validated"}
    forged = Transition.objects.create(annex=annex, by=people["head"], digest="", **steps)
    run("UPDATE registry_annex SET state = 'validated' WHERE id = %s", annex.pk)
    found, annex_itself = sentences()
    assert found.startswith("«passo dell’allegato» senza alcuna registrazione")
    assert str(forged.uid) in found
    assert annex_itself.endswith(NO_HISTORY)


def test_a_forged_move_of_a_plan_is_found(annex, people):
    steps = {"verb": "consult", "from_state": "preparation", "to_state": "consultation"}
    forged = PlanTransition.objects.create(plan=annex.plan, by=people["rpct"], **steps)
    run("UPDATE registry_plan SET state = 'consultation' WHERE id = %s", annex.plan_id)
    found, plan_itself = sentences()
    assert str(forged.uid) in found
    assert plan_itself.endswith(NO_HISTORY)


def test_a_forged_answer_to_a_remark_is_found(annex, people):
    told = {"kind": "process", "row": annex.processes.get(), "process": annex.processes.get()}
    remark = add_remark(annex=fresh(annex), text="Perché?", by=people["rpct"], **told)
    answer_remark(remark=remark, text="Perché sì.", by=people["editor"])
    assert verify_trail() == []
    forged = RemarkAnswer.objects.create(remark=remark, text="Mai detto.", by=people["head"])
    (found,) = sentences()
    assert str(forged.uid) in found


def test_a_forged_approval_and_a_forged_issue_are_found(annex, people):
    move_annex(annex=fresh(annex), verb=Verb.SUBMIT, by=people["editor"])
    process = annex.processes.get()
    approval = Approval.objects.create(process=process, digest="x", data="{}", by=people["head"])
    issue = AnnexIssue.objects.create(
        annex=annex,
        plan=annex.plan,
        number=1,
        issued_at=timezone.now(),
        by=people["rpct"],
        data="{}",
        data_digest="0" * 64,
        pdf=b"%PDF",
        pdf_digest="0" * 64,
    )
    found = "\n".join(sentences())
    assert str(approval.uid) in found
    assert str(issue.uid) in found


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE risk_transition SET reason = 'altro'", "«passo dell’allegato» modificato"),
        ("DELETE FROM risk_approval", "«approvazione del processo» della registrazione"),
        ("UPDATE risk_annexissue SET html = 'altro'", "«emissione dell’allegato» modificato"),
        ("UPDATE registry_annex SET state = 'draft'", "nessun passo lo ha portato lì"),
    ],
)
def test_what_is_changed_with_the_guards_down_is_found(unguarded, sql, said):
    run(sql)
    found = sentences()
    assert found
    # a state is a column with a history besides
    apart = [one for one in found if said not in one]
    assert all(one.endswith(NO_HISTORY) for one in apart), found
    assert len(apart) == sql.startswith("UPDATE registry_annex"), found


def test_a_move_taken_out_of_the_story_is_found(issued, unguarded):
    annex, _people = issued
    last = Transition.objects.filter(annex=annex).order_by("-id").first()
    run("DELETE FROM risk_transition WHERE id = %s", last.pk)
    found = "\n".join(sentences())
    assert f"non c’è più ({last.uid})" in found
    assert "nessun passo lo ha portato lì" in found
    assert not PlanTransition.objects.exists()

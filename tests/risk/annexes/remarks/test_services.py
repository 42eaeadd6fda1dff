"""Remarks: who makes, answers and closes them, in which states, and what they stop."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from registry.models import TrailRecord
from registry.services.trail_verification import verify_trail
from risk.content.canonical import content_digest
from risk.content.reading import read_annex
from risk.enums import RowKind, Verb
from risk.models import Remark, RemarkAnswer
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.edits import last_editor
from risk.services.annexes.moves import MoveRefusedError, move_annex
from risk.services.annexes.remarks import add_remark, answer_remark, close_remark, find_row
from risk.services.completeness.points import blocking_points, missing_points
from tests.register import close
from tests.statements import at_most

ONLY_READS = "permette di leggere le osservazioni"
NOT_YOURS = "la chiude chi l’ha fatta"


@pytest.fixture
def remark(annex, process, phase, people):
    return made(annex, process, phase, people["rpct"])


def made(annex, process, row, by, **fields):
    said = {"text": "Chi controlla gli atti?", "kind": RowKind.PHASE, **fields}
    return add_remark(annex=annex, process=process, row=row, by=by, **said)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        *(("editor", True), ("head", True), ("rpct", True), ("executor", True)),
        *(("auditor", False), ("colleague", False), ("stranger", False)),
    ],
)
def test_who_reads_remarks_but_auditors_only_read(request, annex, process, phase, people, who, may):
    executor = request.getfixturevalue("executor")
    by = {**people, "executor": executor}[who]
    if may:
        remark = made(annex, process, phase, by)
        answer_remark(remark=remark, text="Il responsabile.", by=by)
        assert remark.row_label == phase.title
        return
    with pytest.raises(ValidationError, match=ONLY_READS):
        made(annex, process, phase, by)
    remark = made(annex, process, phase, people["rpct"])
    with pytest.raises(ValidationError, match=ONLY_READS):
        answer_remark(remark=remark, text="Il responsabile.", by=by)
    assert not RemarkAnswer.objects.exists()


def test_an_executor_remarks_on_its_process_alone(annex, other_process, executor):
    with pytest.raises(ValidationError, match=ONLY_READS):
        made(annex, other_process, other_process, executor, kind=RowKind.PROCESS)
    with pytest.raises(ValidationError, match=ONLY_READS):
        made(annex, None, annex, executor, kind=RowKind.ANNEX)


def test_an_auditor_who_also_edits_the_office_may(annex, process, phase, people):
    people["auditor"].memberships.create(
        administration=annex.plan.administration,
        office=annex.office,
        role="editor",
        starts_on="2020-01-01",
    )
    assert made(annex, process, phase, people["auditor"])


@pytest.mark.parametrize(
    ("who", "may"), [("editor", True), ("rpct", True), ("head", False), ("auditor", False)]
)
def test_the_maker_or_the_rpct_closes(annex, process, phase, people, who, may):
    remark = made(annex, process, phase, people["editor"])
    if not may:
        with pytest.raises(ValidationError, match=NOT_YOURS):
            close_remark(remark=remark, by=people[who])
        assert Remark.objects.get().is_open
        return
    close_remark(remark=remark, by=people[who])
    closed = Remark.objects.get()
    assert (closed.closed_by, closed.is_open) == (people[who], False)
    for again in (
        lambda: close_remark(remark=remark, by=people[who]),
        lambda: answer_remark(remark=remark, text="Ancora", by=people[who]),
    ):
        with pytest.raises(ValidationError, match="già chiusa"):
            again()


def test_an_executor_who_no_longer_executes_does_not_close(annex, process, phase, executor):
    remark = made(annex, process, phase, executor)
    phase.actions.update(executor_office=None)
    with pytest.raises(ValidationError, match=NOT_YOURS):
        close_remark(remark=remark, by=executor)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_remark_and_an_answer_say_something(annex, process, phase, remark, people, text):
    with pytest.raises(ValidationError):
        made(annex, process, phase, people["rpct"], text=text)
    with pytest.raises(ValidationError):
        answer_remark(remark=remark, text=text, by=people["editor"])


@pytest.mark.parametrize("blocks", ["return", "reopen", "prova"])
def test_only_a_step_forward_is_blocked(annex, process, phase, people, blocks):
    with pytest.raises(ValidationError):
        made(annex, process, phase, people["rpct"], blocks=blocks)


@pytest.mark.parametrize("state", ["submitted", "approved", "validated", "issued"])
def test_they_stay_writable_when_the_annex_is_closed(annex, process, phase, people, state):
    close(annex, state)
    remark = made(annex, process, phase, people["rpct"])
    answer_remark(remark=remark, text="Il responsabile.", by=people["head"])
    close_remark(remark=remark, by=people["rpct"])
    assert not Remark.objects.open().exists()


def test_they_are_no_edit_and_no_content(annex, process, phase, people):
    before = content_digest(read_annex(annex))
    remark = made(annex, process, phase, people["editor"], blocks="submit")
    answer_remark(remark=remark, text="Il responsabile.", by=people["editor"])
    assert content_digest(read_annex(annex)) == before
    assert last_editor(annex) is None


def test_each_act_is_on_the_trail(annex, remark, people):
    answer_remark(remark=remark, text="Il responsabile.", by=people["editor"])
    close_remark(remark=remark, by=people["rpct"])
    records = TrailRecord.objects.filter(kind__startswith="remark").order_by("pk")
    assert [row.kind for row in records] == ["remark", "remark-answer", "remark-close"]
    assert {row.subject for row in records} == {f"annex {annex.uid}"}
    assert {row.detail["remark"] for row in records} == {str(remark.uid)}
    assert records[0].person == people["rpct"].trail_token
    assert verify_trail() == []


STEPS = {
    Verb.SUBMIT: ("draft", "editor"),
    Verb.APPROVE: ("submitted", "head"),
    Verb.VALIDATE: ("approved", "rpct"),
}


@pytest.mark.parametrize("verb", STEPS)
def test_an_open_remark_blocks_the_step_it_was_made_for(annex, process, phase, people, verb):
    state, who = STEPS[verb]
    others = [step.value for step in STEPS if step != verb]
    if state != "draft":
        close(annex, state)
    # of another step, or of none: in nobody's way
    for blocks in ("", *others):
        made(annex, process, phase, people["rpct"], blocks=blocks)
    remark = made(annex, process, phase, people["rpct"], blocks=verb)
    (point,) = blocking_points(kept_annex(annex), verb)
    assert (point.remark, point.process) == (remark.uid, process)
    with pytest.raises(MoveRefusedError) as refused:
        move_annex(annex=annex, verb=verb, by=people[who])
    assert [str(verb.label) in reason for reason in refused.value.reasons] == [True]
    close_remark(remark=remark, by=people["rpct"])
    move_annex(annex=annex, verb=verb, by=people[who])


def test_only_the_submission_counts_as_blocking_where_no_step_is_named(annex, process, people):
    made(annex, process, process, people["rpct"], kind=RowKind.PROCESS, blocks="validate")
    points = [point for point in missing_points(kept_annex(annex)) if point.remark]
    assert [point.blocks for point in points] == [False]
    assert blocking_points(kept_annex(annex)) == []


def test_remarks_of_a_process_put_away_speak_of_the_annex(annex, process, people):
    made(annex, process, process, people["rpct"], kind=RowKind.PROCESS, blocks="submit")
    process.retired_on, process.retired_reason = "2021-01-01", "Non si fa più"
    process.save()
    (point,) = [point for point in blocking_points(kept_annex(annex)) if point.remark]
    assert point.process is None


def test_what_is_missing_costs_one_query_for_all_remarks(annex, process, phase, people):
    for _count in range(5):
        made(annex, process, phase, people["rpct"], blocks="submit")
    loaded = kept_annex(annex)
    with at_most(3):
        assert len(blocking_points(loaded)) == 5


def test_rows_are_found_within_their_process(annex, process, other_process, phase):
    behaviour = process.behaviours.get()
    of_office = annex.planned_measures.get()
    found = {
        RowKind.PROCESS: process,
        RowKind.PHASE: phase,
        RowKind.BEHAVIOUR: behaviour,
        RowKind.ASSESSMENT: process.assessments.first(),
    }
    for kind, row in found.items():
        assert find_row(process=process, kind=kind, uid=row.uid) == row
        assert find_row(process=other_process, kind=kind, uid=row.uid) is None
    for one in (process, other_process):
        assert find_row(process=one, kind=RowKind.MEASURE, uid=of_office.uid) == of_office
    assert find_row(process=process, kind=RowKind.ANNEX, uid=annex.uid) is None


# --- the database ---------------------------------------------------------------------------------


def refused(guard, act):
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        act()


def test_what_was_said_never_changes(annex, process, other_process, remark, people):
    rows = Remark.objects.filter(pk=remark.pk)
    for values in ({"text": "Altro"}, {"blocks": "issue"}, {"by": people["editor"]}):
        refused("risk_remark_never_changes", lambda values=values: rows.update(**values))
    refused("risk_remark_never_changes", lambda: rows.update(process=other_process))
    close_remark(remark=remark, by=people["rpct"])
    open_again = {"closed_by": None, "closed_at": None}
    refused("risk_remark_closed_for_ever", lambda: rows.update(**open_again))
    refused("risk_remark_closed_for_ever", lambda: rows.update(closed_by=people["editor"]))


def test_an_answer_never_changes_and_none_follows_the_closing(remark, people):
    answer = answer_remark(remark=remark, text="Il responsabile.", by=people["editor"])
    rows = RemarkAnswer.objects.filter(pk=answer.pk)
    refused("risk_remarkanswer_never_changes", lambda: rows.update(text="Altro"))
    close_remark(remark=remark, by=people["rpct"])
    refused(
        "risk_remarkanswer_after_closing",
        lambda: RemarkAnswer.objects.create(remark=remark, text="Ancora", by=people["editor"]),
    )


def test_what_was_said_on_an_annex_that_has_moved_stays(annex, process, remark, people):
    answer = answer_remark(remark=remark, text="Il responsabile.", by=people["editor"])
    close(annex)
    refused("risk_remarkanswer_stays", answer.delete)
    other = made(annex, process, process, people["rpct"], kind=RowKind.PROCESS)
    refused("risk_remark_stays", other.delete)


def test_a_process_that_goes_leaves_its_remarks(annex, process, remark, people):
    annex.planned_measures.all().delete()
    process.delete()
    remark.refresh_from_db()
    assert (remark.process, remark.row_label) == (None, "Istruttoria")

"""A head approves process by process: what holds, what is void, who may, what nobody may."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from registry.enums import AnnexState
from registry.models import Administration, Annex, Plan, Process, TrailRecord
from registry.services.processes import create_process, renumber_processes, retire_process
from registry.services.trail_verification import verify_trail
from registry.services.undo import NotUndoable, undo
from risk.content.build import build_document
from risk.content.canonical import digest_of, process_data, restore_process
from risk.content.reading import read_annex
from risk.enums import ApprovalStatus, Verb
from risk.models import Approval, Transition
from risk.services.annexes.approval_status import approval_status
from risk.services.annexes.approvals import approve_annex, approve_process
from risk.services.annexes.contents import kept_annex, kept_data
from risk.services.annexes.moves import MoveRefusedError, move_annex
from risk.services.annexes.remarks import add_remark, close_remark
from tests.load_once import made_once
from tests.people import client_of
from tests.register import add_complete_process, adopt, close, complete_annex, make_behaviour
from tests.statements import at_most

pytestmark = pytest.mark.django_db

STATES = list(AnnexState)
ROLES = ("head", "editor", "rpct", "auditor", "colleague", "stranger")


@pytest.fixture
@made_once
def annex():
    """An annex of three processes that misses nothing, in draft."""
    annex = complete_annex()
    for title in ("Sgravi", "Rateizzazioni"):
        add_complete_process(annex, title)
    return annex


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def processes(annex) -> list[Process]:
    return list(annex.processes.order_by("position"))


def states(annex) -> list[str]:
    return [str(row.state) for row in approval_status(kept_annex(fresh(annex)))]


def move(annex, verb, by):
    return move_annex(annex=fresh(annex), verb=verb, by=by, reason="Da rivedere.")


def edit(process, by, text="Una modifica.") -> None:
    process = Process.objects.get(pk=process.pk)
    process._history_user = by
    process.description = text
    process.save()


def refusals(process, by, **options) -> list[str]:
    before = Approval.objects.count()
    with pytest.raises(MoveRefusedError) as refused:
        approve_process(process=process, by=by, **options)
    assert Approval.objects.count() == before
    return refused.value.reasons


def test_the_last_process_approves_the_annex(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    first, second, third = processes(annex)
    approve_process(process=second, by=people["head"])
    approve_process(process=first, by=people["head"])
    assert states(annex) == [ApprovalStatus.APPROVED, ApprovalStatus.APPROVED, ApprovalStatus.NEW]
    assert fresh(annex).state == AnnexState.SUBMITTED
    approve_process(process=third, by=people["head"])
    assert fresh(annex).state == AnnexState.APPROVED
    assert annex.transitions.filter(verb=Verb.APPROVE, by=people["head"]).count() == 1
    assert Approval.objects.count() == 3


def test_the_whole_annex_gives_the_missing_approvals_in_one_act(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    first = approve_process(process=processes(annex)[0], by=people["head"])
    moved = approve_annex(annex=fresh(annex), by=people["head"])
    assert moved.to_state == fresh(annex).state == AnnexState.APPROVED
    assert states(annex) == [ApprovalStatus.APPROVED] * 3
    record = TrailRecord.objects.get(kind="annex-approve")
    others = Approval.objects.exclude(pk=first.pk)
    assert record.detail["approvals"] == {str(row.process.uid): row.digest for row in others}
    assert verify_trail() == []


def test_after_return_and_change_only_what_changed_is_approved_again(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    move(annex, Verb.APPROVE, people["head"])
    move(annex, Verb.RETURN, people["rpct"])
    _first, second, _third = processes(annex)
    edit(second, people["editor"])
    move(annex, Verb.SUBMIT, people["editor"])
    assert states(annex) == [
        ApprovalStatus.APPROVED,
        ApprovalStatus.CHANGED,
        ApprovalStatus.APPROVED,
    ]
    approve_process(process=second, by=people["head"])
    assert fresh(annex).state == AnnexState.APPROVED
    assert Approval.objects.count() == 4


def test_nothing_changed_keeps_every_approval_and_the_move_is_still_the_heads(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    move(annex, Verb.APPROVE, people["head"])
    move(annex, Verb.RETURN, people["rpct"])
    move(annex, Verb.SUBMIT, people["editor"])
    assert states(annex) == [ApprovalStatus.APPROVED] * 3
    assert fresh(annex).state == AnnexState.SUBMITTED
    approve_annex(annex=fresh(annex), by=people["head"])
    assert fresh(annex).state == AnnexState.APPROVED
    assert Approval.objects.count() == 3


def test_names_numbers_and_places_of_the_annex_touch_no_approval(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    move(annex, Verb.APPROVE, people["head"])
    move(annex, Verb.RETURN, people["rpct"])
    Annex.objects.filter(pk=annex.pk).update(office_name="Altro", head_surname="Altri")
    retire_process(process=processes(annex)[0], reason="Non si fa più.", by=people["editor"])
    renumber_processes(annex=fresh(annex), by=people["editor"])
    assert [row.process.number for row in approval_status(kept_annex(fresh(annex)))] == [1, 2]
    assert states(annex) == [ApprovalStatus.APPROVED] * 2


def test_a_change_taken_back_makes_the_approval_hold_again(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    move(annex, Verb.APPROVE, people["head"])
    move(annex, Verb.RETURN, people["rpct"])
    first = processes(annex)[0]
    edit(first, people["editor"], "Altro testo.")
    assert states(annex)[0] == ApprovalStatus.CHANGED
    edit(first, people["editor"], "")
    assert states(annex)[0] == ApprovalStatus.APPROVED


@pytest.mark.parametrize("state", STATES)
def test_every_state_with_every_role(annex, people, state):
    if state != AnnexState.DRAFT:
        close(annex, state)
    process = processes(annex)[0]
    for who in ROLES:
        if (state, who) == (AnnexState.SUBMITTED, "head"):
            continue
        (refusal,) = refusals(process, people[who])
        is_time = state == AnnexState.SUBMITTED
        assert ("spetta a: responsabile" if is_time else "questo passo non c’è") in refusal
    if state == AnnexState.SUBMITTED:
        assert approve_process(process=process, by=people["head"]).by == people["head"]


def test_a_refusal_is_on_the_trail_and_so_is_an_approval(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    process = processes(annex)[0]
    refusals(process, people["editor"])
    approval = approve_process(process=process, by=people["head"])
    told = TrailRecord.objects.filter(subject=f"process {process.uid}").order_by("pk")
    assert [row.outcome for row in told] == ["refused", "done"]
    assert told[1].detail["annex"] == str(annex.uid)
    assert told[1].detail["digest"] == approval.digest
    assert verify_trail() == []


def test_who_edited_last_approves_no_process_either(annex, people):
    edit(processes(annex)[1], people["head"])
    move(annex, Verb.SUBMIT, people["editor"])
    assert "serve un’altra persona" in refusals(processes(annex)[0], people["head"])[0]


def test_in_a_body_of_one_person_the_annex_says_so_though_another_gives_the_last(annex, people):
    body = Administration.objects.get(pk=annex.plan.administration_id)
    body.is_one_person = True
    body.save()
    second_head = people["rpct"]
    second_head.memberships.create(
        administration=body, office=annex.office, role="head", starts_on="2020-01-01"
    )
    edit(processes(annex)[0], people["head"])
    move(annex, Verb.SUBMIT, people["editor"])
    for process, who in zip(processes(annex), ("head", "head", "rpct"), strict=True):
        approve_process(process=process, by=people[who])
    assert annex.transitions.get(verb=Verb.APPROVE).is_one_person


def test_what_was_not_seen_is_not_approved(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    seen = approval_status(kept_annex(fresh(annex)))
    every = kept_annex(fresh(annex)).seen
    move(annex, Verb.RETURN, people["head"])
    edit(processes(annex)[0], people["editor"])
    move(annex, Verb.SUBMIT, people["editor"])
    first, second, _third = processes(annex)
    assert "rileggilo" in refusals(first, people["head"], seen=seen[0].digest)[0]
    approve_process(process=second, by=people["head"], seen=seen[1].digest)
    with pytest.raises(MoveRefusedError, match="rileggilo"):
        approve_annex(annex=fresh(annex), by=people["head"], seen=every)
    assert fresh(annex).state == AnnexState.SUBMITTED


def test_approved_twice_or_in_the_archive_is_refused(annex, people):
    first, second, third = processes(annex)
    retire_process(process=third, reason="Non si fa più.", by=people["editor"])
    move(annex, Verb.SUBMIT, people["editor"])
    approve_process(process=first, by=people["head"])
    assert "già approvato" in refusals(first, people["head"])[0]
    assert "in archivio" in refusals(third, people["head"])[0]
    approve_process(process=second, by=people["head"])
    assert fresh(annex).state == AnnexState.APPROVED


def test_a_process_that_misses_something_is_not_approved(annex, people):
    first, second, _third = processes(annex)
    make_behaviour(second, "Un comportamento legato a nulla")
    close(annex)
    assert "non è legato" in refusals(second, people["head"])[0]
    approve_process(process=first, by=people["head"])


def test_a_remark_that_blocks_the_approval_blocks_that_of_its_process_alone(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    first, *others = processes(annex)
    remark = add_remark(
        annex=fresh(annex),
        row=first,
        kind="process",
        process=first,
        text="Manca il termine.",
        blocks=Verb.APPROVE,
        by=people["rpct"],
    )
    assert "Manca il termine." in refusals(first, people["head"])[0]
    for process in others:
        approve_process(process=process, by=people["head"])
    close_remark(remark=remark, by=people["rpct"])
    approve_process(process=first, by=people["head"])
    assert fresh(annex).state == AnnexState.APPROVED


def test_the_last_approval_and_the_move_stand_or_fall_together(annex, people):
    make_behaviour(processes(annex)[0], "Un comportamento legato a nulla")
    close(annex)
    approve_process(process=processes(annex)[1], by=people["head"])
    with pytest.raises(MoveRefusedError, match="non è legato"):
        approve_annex(annex=fresh(annex), by=people["head"])
    assert Approval.objects.count() == 1
    assert not Transition.objects.filter(verb=Verb.APPROVE).exists()


def test_the_data_of_a_process_is_its_sheet_but_for_number_and_colours(annex):
    kept = kept_annex(fresh(annex))
    data = kept_data(annex, kept.processes)
    for row, sheet in zip(kept.processes, build_document(read_annex(annex)).sheets, strict=True):
        again = restore_process(data[row.process.pk])
        assert (again.uid, again.number, again.phases) == (sheet.uid, "", sheet.phases)
        assert process_data(again) == data[row.process.pk] == process_data(sheet)
        assert row.digest == digest_of(data[row.process.pk])
        assert "tone" not in data[row.process.pk]


def test_the_queries_do_not_grow_with_the_processes(annex):
    def counted(limit):
        annex_now = fresh(annex)
        with at_most(limit):
            approval_status(kept_annex(annex_now))

    counted(28)
    for number in range(8):
        add_complete_process(annex, f"Altro {number}")
    counted(28)


# --- what nobody may do to an approval ----------------------------------------------------------


@pytest.fixture
def approval(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    return approve_process(process=processes(annex)[0], by=people["head"])


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE risk_approval SET digest = 'x'",
        "UPDATE risk_approval SET by_id = by_id",
        "DELETE FROM risk_approval",
    ],
)
def test_raw_sql_changes_no_approval(approval, sql):
    with pytest.raises(IntegrityError, match="risk_approval_no_"):
        run(sql)
    assert Approval.objects.get() == approval


def test_the_orm_changes_no_approval(approval):
    for attempt in (
        lambda: Approval.objects.update(digest="x"),
        lambda: Approval.objects.all().delete(),
        approval.delete,
        approval.save,
    ):
        with pytest.raises(IntegrityError, match="risk_approval_no_"), transaction.atomic():
            attempt()
    assert Approval.objects.count() == 1


@pytest.mark.parametrize("state", [state for state in STATES if state != AnnexState.SUBMITTED])
def test_no_approval_is_written_in_another_state(annex, people, state):
    if state != AnnexState.DRAFT:
        close(annex, state)
    row = kept_annex(fresh(annex)).processes[0]
    data = kept_data(annex, [row])[row.process.pk]
    values = {"process": row.process, "digest": row.digest, "data": data, "by": people["head"]}
    with (
        pytest.raises(IntegrityError, match="risk_approval_of_a_submitted_annex"),
        transaction.atomic(),
    ):
        Approval.objects.create(**values)


def test_an_adopted_plan_takes_no_approval(annex, people):
    close(annex)
    adopt(Plan.objects.get(pk=annex.plan_id))
    assert "Il piano è adottato" in refusals(processes(annex)[0], people["head"])[0]
    with (
        pytest.raises(IntegrityError, match="risk_approval_of_a_submitted_annex"),
        transaction.atomic(),
    ):
        Approval.objects.create(process=processes(annex)[0], digest="x", by=people["head"])


def test_an_approved_process_is_archived_never_deleted(annex, people, approval):
    move(annex, Verb.RETURN, people["head"])
    process = processes(annex)[0]
    with pytest.raises(ProtectedError):
        process.delete()
    with pytest.raises(IntegrityError, match="registry_process_approved_stays"):
        run(f"DELETE FROM registry_process WHERE id = {process.pk}")  # noqa: S608
    editor = people["editor"]
    address = reverse("admin:registry_process_delete", args=[process.pk])
    answer = client_of(editor).post(address, {"post": "yes"})
    assert "si archivia con il motivo" in answer.content.decode()
    chosen = {"action": "delete_selected", "_selected_action": [process.pk], "post": "yes"}
    client_of(editor).post(reverse("admin:registry_process_changelist"), chosen)
    assert Process.objects.filter(pk=process.pk).exists()
    retire_process(process=process, reason="Non si fa più.", by=editor)
    assert Approval.objects.get() == approval


def test_the_undo_of_its_creation_does_not_delete_an_approved_process(annex, people):
    model = processes(annex)[0]
    made = create_process(
        annex=annex,
        title="Nuovo",
        kind="primary",
        risk_area=model.risk_area,
        macroprocess=model.macroprocess,
        risk_presence="absent",
        risk_presence_reason="Nessuna discrezionalità.",
        by=people["editor"],
    )
    created = TrailRecord.objects.get(kind="process")
    move(annex, Verb.SUBMIT, people["editor"])
    approve_process(process=made, by=people["head"])
    move(annex, Verb.RETURN, people["head"])
    with pytest.raises(NotUndoable, match="qualcosa di più recente"):
        undo(uid=created.uid, at=created.at, by=people["editor"])
    assert Process.objects.filter(pk=made.pk).exists()

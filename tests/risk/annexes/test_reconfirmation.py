"""What was copied is read again: which rows, one by one, in block, and what stops the annex."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry import clock
from registry.acts import RuleRefused
from registry.models import Annex, Plan, Process
from registry.services.trail_verification import verify_trail
from registry.services.undo import undo
from risk.enums import ReconfirmationState as State
from risk.enums import Verb
from risk.models import (
    Approval,
    PlannedMeasure,
    ProcessContent,
    Reconfirmation,
    Transition,
)
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.moves import MoveRefusedError, move_annex
from risk.services.annexes.reconfirmation import (
    annex_standings,
    apply_reconfirmation,
    confirm_process,
    propose_reconfirmation,
    standing_of,
)
from tests.people import people_of
from tests.register import (
    close,
    complete_annex,
    make_process,
)
from tests.risk.annexes.reconfirming import (
    confirm,
    confirm_all,
    copy_of_four,
    fresh,
    named,
    next_edition,
    states,
    unread,
)
from tests.statements import COUNTED

pytestmark = pytest.mark.django_db


@pytest.fixture
def copied() -> Annex:
    return copy_of_four()


@pytest.fixture
def people(copied):
    return people_of(copied)


@pytest.fixture
def editor(people):
    return people["editor"]


# --- Which rows -----------------------------------------------------------------------------------


def test_a_first_edition_is_asked_nothing():
    annex = fresh(complete_annex())
    assert annex_standings(annex) == []
    assert not unread(annex)


def test_a_copy_is_to_be_confirmed_until_it_is_confirmed_changed_or_retired(copied, editor):
    assert states(copied) == [State.TO_CONFIRM] * 4
    confirm(copied, editor)
    Process.objects.filter(pk=named(copied, 1).pk).update(description="Altro.")
    make_process(copied, "Nuovo", kind="primary")
    expected = [State.CONFIRMED, State.CHANGED, State.TO_CONFIRM, State.TO_CONFIRM, State.NEW]
    assert states(copied) == expected
    row = named(copied, 2)
    row.retired_on, row.retired_reason = datetime.date(2022, 1, 1), "Non si fa più."
    row.save()
    assert states(copied) == [*expected[:2], State.TO_CONFIRM, State.NEW]


def test_a_change_taken_back_leaves_the_copy_as_it_was(copied, editor):
    process = named(copied)
    Process.objects.filter(pk=process.pk).update(description="Altro.")
    assert states(copied)[0] == State.CHANGED
    Process.objects.filter(pk=process.pk).update(description="")
    assert states(copied)[0] == State.TO_CONFIRM
    confirm(copied, editor)
    Process.objects.filter(pk=process.pk).update(description="Altro.")
    assert states(copied)[0] == State.CHANGED
    Process.objects.filter(pk=process.pk).update(description="")
    assert states(copied)[0] == State.CONFIRMED


def test_what_moves_by_itself_is_no_reading(copied):
    """Terms a year later, an office with another name, a measure said for all: nobody has read."""
    wide = PlannedMeasure.objects.get(annex=copied)
    wide.notes = "Da quest’anno in presenza."
    wide.save()
    wide.steps.update(due_on="2099-12-31", timing="altro")
    copied.office.name = "Tributi e patrimonio"
    copied.office.save()
    copied.plan.planned_measures.create(measure=wide.measure, scope="plan")
    assert states(copied) == [State.TO_CONFIRM] * 4


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.phases.update(title="Controllo"),
        lambda p: p.behaviours.update(text="Ritardare"),
        lambda p: p.assessments.update(motivation="Altro motivo."),
        lambda p: p.assessments.update(assessed_on=clock.today()),
        lambda p: p.phases.get().actions.create(position=1, title="Firma"),
        lambda p: p.behaviours.get().coverages.all().delete(),
    ],
)
def test_whatever_a_person_writes_in_it_is_a_change(copied, change):
    change(named(copied))
    assert states(copied)[0] == State.CHANGED


def test_an_update_asks_nothing_of_what_it_does_not_touch():
    annex = complete_annex()
    made = next_edition(annex.plan, kind="update", first_year=2021, last_year=2023)
    assert annex_standings(made) == []
    assert not unread(made)


def test_what_was_transmitted_before_there_were_confirmations_is_left_alone(copied, editor):
    Transition.objects.create(
        annex=copied, verb="submit", from_state="draft", to_state="submitted", by=editor, digest="0"
    )
    assert annex_standings(fresh(copied)) == []


def test_the_third_edition_asks_again_and_knows_the_age_of_each_row(copied, editor):
    first = copied.plan.origin
    Process.objects.filter(pk=named(copied).pk).update(description="Altro.")
    third = next_edition(copied.plan, title="PTPCT 2023/2025", first_year=2023, last_year=2025)
    assert states(third) == [State.TO_CONFIRM] * 4
    since = [row.kept.since for row in annex_standings(third)]
    assert since == [copied.plan.pk] + [first.pk] * 3


def test_of_a_copy_whose_ancestor_is_gone_nobody_knows_the_age(copied):
    Process.objects.filter(annex=copied).update(origin=None)
    row = annex_standings(fresh(copied))[0]
    assert row.kept.since is None
    assert row.state == State.CHANGED


def test_what_is_kept_may_be_lost_and_says_the_same_again(copied, editor):
    confirm(copied, editor)
    before = states(copied)
    ProcessContent.objects.all().delete()
    assert states(copied) == before


# --- The way of the annex -------------------------------------------------------------------------


def test_an_annex_with_unread_copies_is_not_transmitted(copied, editor):
    with pytest.raises(MoveRefusedError) as refused:
        move_annex(annex=copied, verb=Verb.SUBMIT, by=editor)
    (reason,) = refused.value.reasons
    assert reason == (
        "Processi copiati dall’edizione precedente e non ancora riconfermati: 4, di cui da "
        "decidere uno per uno: 0."
    )
    confirm_all(copied, editor)
    move_annex(annex=fresh(copied), verb=Verb.SUBMIT, by=editor)
    assert fresh(copied).state == "submitted"


def test_what_was_sent_back_is_not_asked_again(copied, people, editor):
    confirm_all(copied, editor)
    move_annex(annex=fresh(copied), verb=Verb.SUBMIT, by=editor)
    assert unread(copied) == []
    move_annex(annex=fresh(copied), verb=Verb.RETURN, by=people["head"], reason="Correggi i tempi.")
    assert states(copied) == [State.CONFIRMED] * 4
    move_annex(annex=fresh(copied), verb=Verb.SUBMIT, by=editor)


def test_the_rpct_confirms_ex_officio_like_an_officer(copied, people):
    rpct = people["rpct"]
    assert confirm_all(copied, rpct).count == 4
    move_annex(annex=fresh(copied), verb=Verb.SUBMIT, by=rpct)


def test_who_confirmed_last_does_not_approve(copied, people, editor):
    head = people["head"]
    confirm_all(copied, head)
    move_annex(annex=fresh(copied), verb=Verb.SUBMIT, by=editor)
    with pytest.raises(MoveRefusedError, match="serve un’altra persona"):
        move_annex(annex=fresh(copied), verb=Verb.APPROVE, by=head)


def test_confirming_moves_no_digest(copied, editor):
    before = kept_annex(fresh(copied))
    confirm_all(copied, editor)
    after = kept_annex(fresh(copied))
    assert (after.digest, after.seen, after.stamp) == (before.digest, before.seen, before.stamp)
    assert not Approval.objects.exists()


# --- One by one -----------------------------------------------------------------------------------


def test_a_confirmation_says_who_when_and_how(copied, editor):
    row = confirm(copied, editor, reason="Riletto con l’ufficio legale.")
    assert (row.by, row.in_block, row.causes) == (editor, False, {})
    assert row.reason == "Riletto con l’ufficio legale."
    assert standing_of(named(copied)).given == row
    assert list(verify_trail()) == []


def test_what_changed_since_the_page_was_opened_is_not_confirmed(copied, editor):
    process = named(copied)
    seen = standing_of(process).seen
    PlannedMeasure.objects.get(annex=copied).steps.update(timing="ogni due anni")
    with pytest.raises(RuleRefused, match="rileggilo"):
        confirm_process(process=process, seen=seen, reason="", by=editor)
    assert not Reconfirmation.objects.exists()


def test_what_is_decided_is_not_confirmed(copied, editor):
    confirm(copied, editor)
    with pytest.raises(RuleRefused, match="è già riconfermato"):
        confirm(copied, editor)
    Process.objects.filter(pk=named(copied, 1).pk).update(description="Altro.")
    with pytest.raises(RuleRefused, match="è già modificato"):
        confirm(copied, editor, place=1)


def test_a_closed_annex_is_not_confirmed(copied, editor):
    process = named(copied)
    seen = standing_of(process).seen
    close(copied)
    with pytest.raises(RuleRefused):
        confirm_process(process=process, seen=seen, reason="", by=editor)


# --- In block -------------------------------------------------------------------------------------


def test_the_rest_is_confirmed_in_one_act_and_taken_back(copied, editor):
    confirm(copied, editor)
    done = confirm_all(copied, editor)
    assert done.count == 3
    rows = Reconfirmation.objects.filter(in_block=True)
    assert {row.by for row in rows} == {editor}
    assert len({row.at for row in rows}) == 1
    assert states(copied) == [State.CONFIRMED] * 4
    undo(uid=done.uid, at=rows[0].at, by=editor)
    assert states(copied) == [State.CONFIRMED] + [State.TO_CONFIRM] * 3
    assert list(verify_trail()) == []


def add_copies(annex: Annex, count: int) -> None:
    """Add copies of one process, without anything that hangs on them."""
    body = annex.plan.administration
    years = {"first_year": 2019, "last_year": 2021}
    plan = Plan.objects.create(administration=body, title="PTPCT 2019/2021", **years)
    source = make_process(Annex.objects.create(plan=plan, office=annex.office), "Origine")
    Process.objects.bulk_create(
        Process(
            annex=annex,
            position=place,
            number=place,
            title="Origine",
            origin=source,
            origin_uid=source.uid,
            version=1,
        )
        for place in range(10, 10 + count)
    )
    kept_annex(fresh(annex))


def block_cost(annex: Annex, by, count: int) -> int:
    rows = list(fresh(annex).processes.in_use().filter(position__gte=10).order_by("position"))
    digest = propose_reconfirmation(processes=rows[:count]).digest
    with CaptureQueriesContext(connection) as captured:
        done = apply_reconfirmation(annex=annex, processes=rows[:count], digest=digest, by=by)
    assert done.count == count
    return sum(query["sql"].startswith(COUNTED) for query in captured)


def test_nine_hundred_of_a_thousand_in_block_take_forty_statements_at_most(copied, editor):
    add_copies(copied, 996)
    few = block_cost(copied, editor, 9)
    Reconfirmation.objects.all().delete()
    # but for what the engine takes at a time
    assert block_cost(copied, editor, 900) <= min(few + 6, 40)


def test_what_changed_since_the_preview_is_left_and_named(copied, editor):
    rows = list(fresh(copied).processes.in_use().order_by("position"))
    digest = propose_reconfirmation(processes=rows).digest
    Process.objects.filter(pk=rows[0].pk).update(description="Altro.")
    done = apply_reconfirmation(annex=copied, processes=rows, digest=digest, by=editor)
    assert done.count == 3
    assert [row.pk for row in done.left] == [rows[0].pk]


def test_nothing_left_to_confirm_is_said(copied, editor):
    confirm_all(copied, editor)
    with pytest.raises(ValidationError, match="Nessuna delle righe"):
        confirm_all(copied, editor)

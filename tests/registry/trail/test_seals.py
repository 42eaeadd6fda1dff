"""The seal: where each chain had come to, told in that of the installation every night."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from registry import guards, triggers
from registry.enums import SignState, Upkeep
from registry.models import LastRun, TrailRecord
from registry.services.health import LONGEST_SILENCE, signs_of_life
from registry.services.trail_chains import seal_findings
from registry.services.trail_verification import verify_trail
from registry.trail import write
from registry.trail.seals import HEADS, SEAL, seal
from tests.register import make_body
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def bodies():
    """Two bodies with two records each, after two of the installation."""
    bodies = [make_body(code) for code in ("c_a001", "c_b001")]
    for body_id in (None, None, *(body.pk for body in bodies), *(body.pk for body in bodies)):
        write(kind="edit", by=None, body_id=body_id)
    return bodies


def sentences() -> list[str]:
    return [finding.sentence for finding in verify_trail()]


def unguarded(change, **columns: object) -> None:
    """Change records as somebody with the keys of the database does, and put the guards back."""
    triggers.remove(guards.GUARDS)
    change(**columns)
    triggers.install(guards.GUARDS)


def test_a_seal_has_the_head_of_every_body(bodies):
    sealed = seal()

    last = {row.chain: row for row in TrailRecord.objects.exclude(chain="").order_by("number")}
    assert (sealed.kind, sealed.chain, sealed.number) == (SEAL, "", 3)
    assert sealed.detail[HEADS] == {
        "c_a001": [4, last["c_a001"].digest],
        "c_b001": [4, last["c_b001"].digest],
    }
    assert sentences() == []


def test_where_no_body_has_done_anything_nothing_is_sealed_again(bodies):
    assert seal() is not None
    write(kind="sign-in", by=None)
    assert seal() is None
    write(kind="edit", by=None, body_id=bodies[0].pk)
    assert seal() is not None
    assert TrailRecord.objects.filter(kind=SEAL).count() == 2
    assert sentences() == []


def test_a_tail_of_one_body_that_is_cut_off_is_found_and_named(bodies):
    sealed = seal()
    unguarded(TrailRecord.objects.filter(chain="c_b001", number=4).delete)

    assert sentences() == [
        "Manca la registrazione n. 4 di c_b001, che era l’ultima della sua catena al sigillo "
        f"n. 3 del {timezone.localtime(sealed.at):%d/%m/%Y}."
    ]


def test_a_tail_written_anew_is_found_also_after_another_seal(bodies):
    seal()
    unguarded(TrailRecord.objects.filter(chain="c_b001", number=4).delete)
    write(kind="altro", by=None, body_id=bodies[1].pk)
    seal()

    (found,) = sentences()
    assert found.startswith("La registrazione n. 4 di c_b001 non è quella del sigillo n. 3 del ")


def test_a_body_taken_away_whole_is_found(bodies):
    seal()
    unguarded(TrailRecord.objects.filter(chain="c_b001").delete)

    (found,) = sentences()
    assert found.startswith("Manca la registrazione n. 4 di c_b001")


def test_a_seal_changed_afterwards_is_a_changed_record(bodies):
    seal()
    unguarded(TrailRecord.objects.filter(kind=SEAL).update, detail={HEADS: {}})

    assert sentences() == ["La registrazione n. 3 è stata modificata."]


def test_many_seals_are_looked_at_in_few_statements(bodies):
    for _night in range(3):
        write(kind="edit", by=None, body_id=bodies[0].pk)
        seal()

    with at_most(2):
        assert list(seal_findings()) == []


def test_the_command_says_what_it_has_done_and_that_it_was_run(bodies, capsys):
    call_command("seal_trail")
    call_command("seal_trail")

    said = capsys.readouterr().out.splitlines()
    assert said == [
        "Sigillo n. 3: 2 catene.",
        "Nulla da sigillare: dall’ultimo sigillo nessuna amministrazione ha scritto.",
    ]
    assert LastRun.objects.get().kind == Upkeep.SEAL


def test_a_seal_that_is_overdue_is_a_sign(bodies):
    call_command("seal_trail")
    LastRun.objects.update(at=LastRun.objects.get().at - 2 * LONGEST_SILENCE[Upkeep.SEAL])

    (sign,) = [sign for sign in signs_of_life() if sign.name == Upkeep.SEAL]
    assert sign.state == SignState.FAILED

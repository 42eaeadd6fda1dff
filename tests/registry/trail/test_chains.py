"""One chain for each body and one for the installation: each whole, none longer than it says."""

import threading

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from registry import guards, triggers
from registry.acts import act
from registry.models import Administration, TrailRecord
from registry.services.processes import create_process
from registry.services.trail_verification import verify_trail
from registry.services.undo import undo
from registry.trail import write
from registry.trail.anchors import Anchor, head_of
from registry.trail.chain import GENESIS
from registry.trail.records import record_digest
from registry.trail.subjects import body_subject, subject_kinds
from registry.waiting import waited_too_long
from tests.body_chains import OF_EITHER, OF_THE_HOUSE
from tests.concurrency import LONGEST_WAIT, race
from tests.people import make_person
from tests.project.act_kinds import kinds_in_code
from tests.project.act_subjects import subjects_that_tell_no_body
from tests.register import make_annex, make_body
from tests.soak import rounds
from tests.statements import at_most

FORGED = "f" * 64


@pytest.fixture
def bodies(db) -> list[Administration]:
    return [make_body(code) for code in ("c_a001", "c_b001")]


def written(*bodies: Administration | None) -> list[TrailRecord]:
    """Write a record of each body, or of the installation, one after the other."""
    return [write(kind="edit", by=None, body_id=body and body.pk) for body in bodies]


def sentences(*anchors: Anchor) -> list[str]:
    return [finding.sentence for finding in verify_trail(at_least=anchors)]


def unguarded(change, *values: object, **columns: object) -> None:
    """Change records as somebody with the keys of the database does, and put the guards back."""
    triggers.remove(guards.GUARDS)
    change(*values, **columns)
    triggers.install(guards.GUARDS)


# --- which chain --------------------------------------------------------------------------------


def test_the_first_record_of_a_body_follows_the_installation_and_goes_on_counting(bodies):
    first, other = bodies
    records = written(None, None, first, None, other, first, None)

    assert [(record.chain, record.number) for record in records] == [
        ("", 1),
        ("", 2),
        ("c_a001", 3),
        ("", 3),
        ("c_b001", 4),
        ("c_a001", 4),
        ("", 4),
    ]
    assert records[2].previous == records[1].digest
    assert records[4].previous == records[3].digest
    assert records[5].previous == records[2].digest
    assert sentences() == []


def test_a_body_may_be_the_first_of_all(bodies):
    (record,) = written(bodies[0])

    assert (record.number, record.previous) == (1, GENESIS)
    assert sentences() == []


def test_an_act_is_told_in_the_chain_of_the_body_whose_rows_it_touches(bodies):
    one, other = (make_annex(body) for body in bodies)
    create_process(annex=one, title="Primo")
    process = create_process(annex=other, title="Secondo")
    last = TrailRecord.objects.filter(kind="process").get(chain="c_b001")
    undo(uid=last.uid, at=last.at, by=None)

    assert TrailRecord.objects.filter(chain="c_a001").count() == 1
    assert set(TrailRecord.objects.filter(chain="c_b001").values_list("kind", flat=True)) == {
        "process",
        "undo",
    }
    assert not type(process).objects.filter(pk=process.pk).exists()
    assert sentences() == []


def test_what_is_of_two_bodies_is_of_the_installation(bodies):
    with act("backoffice", by=None):
        for body in bodies:
            body.name = f"{body.name}, nuovo nome"
            body.save()

    assert TrailRecord.objects.get().chain == ""


def test_rows_that_name_their_body_tell_it(bodies):
    with act("backoffice", by=None, subject="list registry.administration"):
        bodies[0].name = "Nuovo nome"
        bodies[0].save()

    assert TrailRecord.objects.get().chain == "c_a001"


def test_a_body_that_goes_is_told_by_the_installation(bodies):
    written(bodies[0])
    with act("administration", by=None, subject=body_subject(bodies[0])):
        bodies[0].delete()

    assert TrailRecord.objects.latest("pk").chain == ""
    assert sentences() == []


def test_a_record_costs_two_statements_whichever_body_it_is_of(bodies):
    for place in (None, bodies[0], bodies[0]):
        with at_most(2):
            written(place)


def test_no_subject_of_a_body_forgets_which():
    assert {"annex", "plan", "process", "issue"} <= set(subject_kinds())
    assert subjects_that_tell_no_body() == {}, "say it with registry.trail.subjects.Subject"


def test_every_kind_of_the_two_lists_is_one_of_the_code():
    assert set(kinds_in_code()) >= OF_THE_HOUSE | OF_EITHER
    assert not OF_THE_HOUSE & OF_EITHER


# --- what is found ------------------------------------------------------------------------------


def test_a_record_moved_to_another_chain_is_found(bodies):
    written(None, *bodies, bodies[0])
    rows = TrailRecord.objects.filter(chain="c_a001", number=3)
    unguarded(rows.update, chain="c_b001")

    found = sentences()
    assert "La registrazione n. 3 di c_b001 è stata modificata." in found


def test_a_record_missing_in_one_chain_is_named_with_it(bodies):
    written(None, bodies[0], bodies[0], bodies[0], bodies[1])
    unguarded(TrailRecord.objects.filter(chain="c_a001", number=3).delete)

    assert sentences() == ["Mancano registrazioni: dopo la n. 2 di c_a001 viene la n. 4 di c_a001."]


def test_a_chain_whose_beginning_is_cut_off_follows_nothing(bodies):
    written(None, bodies[0], bodies[0])
    unguarded(TrailRecord.objects.filter(chain="c_a001", number=2).delete)

    (found,) = sentences()
    assert found.startswith("La registrazione n. 3 di c_a001 è la prima della sua catena, e non")


def test_a_chain_invented_from_nothing_follows_nothing(bodies):
    written(None, None)
    invented = TrailRecord(chain="c_a001", number=3, kind="edit", outcome="done", previous=FORGED)
    invented.at = TrailRecord.objects.first().at
    invented.digest = record_digest(invented)
    invented.save(force_insert=True)

    (found,) = sentences()
    assert found.startswith("La registrazione n. 3 di c_a001 è la prima della sua catena, e non")


# --- anchors ------------------------------------------------------------------------------------


def test_anchors_of_before_a_chain_began_stay_valid_and_those_after_are_of_it(bodies):
    written(None, None)
    before = head_of("c_a001")
    written(bodies[0], None, None, bodies[0])
    after, other = head_of("c_a001"), head_of("c_b001")

    assert (before.number, after.number, other.number) == (2, 4, 4)
    assert after.digest != other.digest
    assert head_of("installazione").digest == other.digest
    assert sentences(before, after, other, head_of("installazione")) == []


def test_a_tail_of_one_body_that_is_cut_off_is_missed_by_its_anchor(bodies):
    written(None, bodies[0], bodies[0], None)
    anchor = head_of("c_a001")
    unguarded(TrailRecord.objects.filter(chain="c_a001", number=3).delete)

    assert sentences() == []
    # the installation has come as far: what is there is not that of the anchor
    written(None)
    assert sentences(anchor) == [
        f"La registrazione n. 3 non è quella dell’ancora {anchor}.",
    ]
    further = Anchor("c_a001", 9, FORGED)
    assert sentences(further) == [
        f"Mancano le registrazioni fino alla n. 9 dell’ancora {further}.",
    ]


def test_no_body_may_have_the_name_of_the_installation():
    with pytest.raises(ValidationError, match="nessuna amministrazione può averlo"):
        Administration(ipa_code="installazione", name="Ente").full_clean()


def test_the_code_of_a_body_stays_as_its_chain_is_called(bodies):
    with pytest.raises(IntegrityError, match="keeps_its_code"), transaction.atomic():
        Administration.objects.filter(pk=bodies[0].pk).update(ipa_code="c_c001")


def test_a_record_of_before_there_were_chains_keeps_its_digest():
    """As a version that knew one chain has reckoned it."""
    record = TrailRecord(
        number=7,
        uid="8f14e45f-ceea-467f-a34b-1b2c3d4e5f60",
        kind="edit",
        outcome="done",
        subject="annex x",
        detail={"come": "prova"},
        row_count=2,
        rows_digest="a" * 64,
        previous="b" * 64,
    )
    record.at = TrailRecord._meta.get_field("at").to_python("2026-01-31T09:00:00+00:00")

    assert record_digest(record) == OF_BEFORE
    record.chain = "c_a001"
    assert record_digest(record) != OF_BEFORE


OF_BEFORE = "de25941afdb42a9320167fbc3f8598c7c49278583d296ce7f3f0f45310379c31"


# --- who waits for whom -------------------------------------------------------------------------


def held_meanwhile(
    holder: Administration | None, writer: Administration | None
) -> Exception | None:
    """Return how a record of one chain ended while a transaction held the other."""
    has_ended = threading.Event()

    def hold(go):
        with transaction.atomic():
            written(holder)
            go()
            assert has_ended.wait(LONGEST_WAIT)

    def write_beside(go):
        go()
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '300ms'")
                written(writer)
        finally:
            has_ended.set()

    held, beside = race(hold, write_beside, blink=0)
    assert held is None
    return beside


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("holder", "writer", "waits"),
    [
        ("c_a001", "c_b001", False),
        ("c_a001", "", False),
        ("", "c_b001", False),
        ("c_a001", "c_a001", True),
        ("", "", True),
    ],
)
def test_whoever_writes_waits_for_their_own_body_alone(holder, writer, waits):
    """On SQLite there is one writer, and nothing to hold."""
    codes = {code: make_body(code) for code in ("c_a001", "c_b001")} | {"": None}
    if connection.vendor == "sqlite":
        written(codes[holder], codes[writer])
        return
    ended = held_meanwhile(codes[holder], codes[writer])

    assert (ended is not None and waited_too_long(ended)) == waits
    assert waits or ended is None
    assert sentences() == []


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", rounds(1, soak=30))
def test_eight_bodies_that_begin_at_once(round):
    written(None)
    annexes = [make_annex(make_body(f"c_d00{n}")) for n in range(8)]

    def begin(annex):
        def run(go):
            go()
            for title in ("Primo", "Secondo"):
                create_process(annex=annex, title=title, by=make_person(f"p{annex.pk}{title}"))
                written(None)

        return run

    ends = race(*map(begin, annexes), blink=0.002)

    assert ends == [None] * 8
    assert TrailRecord.objects.exclude(chain="").count() == 16
    assert sentences() == []


@pytest.mark.django_db(transaction=True)
def test_what_is_looked_at_when_a_transaction_ends_is_looked_at_before_the_chain_is_held():
    person, asked = make_person("anna"), []

    def note(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    def refer_to_nothing():
        with transaction.atomic():
            person.groups.through.objects.create(user=person, group_id=999)
            written(None)

    with connection.execute_wrapper(note), pytest.raises(IntegrityError):
        refer_to_nothing()

    assert not any("pg_advisory" in sql for sql in asked)
    assert not TrailRecord.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_comes_after_a_record_may_again_be_out_of_order_for_a_while():
    person = make_person("anna")
    with transaction.atomic():
        written(None)
        person.groups.through.objects.create(user=person, group_id=999)
        Group.objects.create(pk=999, name="nuovo")

    assert person.groups.count() == 1

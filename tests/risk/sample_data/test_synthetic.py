"""The invented bodies: exact sizes, the same every time, and hands off everybody else's."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from registry.enums import MembershipRole
from registry.models import Annex, Membership, Office, Plan, Process, User
from risk.models import Assessment, Coverage, MeasureTarget, Method, PlanMethod, PlannedMeasure
from risk.services.sample_data.reference import load_reference
from risk.services.sample_data.synthetic.bodies import (
    PROFILES,
    Profile,
    SyntheticRefusedError,
    counts_of,
    make_synthetic_body,
)
from tests.load_once import load_once
from tests.register import make_annex, make_body

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        load_once("reference", load_reference)
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _reference(loaded, db):
    """Every test reads the shipped lists."""


def make(**options) -> Plan:
    return make_synthetic_body(**{"profile": "S", "ipa_code": "prova_s"} | options)


def test_the_body_has_exactly_the_sizes_of_its_profile():
    assert counts_of(make()) == vars(PROFILES["S"])


def test_its_first_annex_has_28_processes_and_all_are_drafts():
    plan = make()

    first, *others = plan.annexes.order_by("pk")
    assert first.processes.count() == 28
    counts = [annex.processes.count() for annex in others]
    assert sum(counts) == 32
    assert min(counts) >= 4
    assert set(plan.annexes.values_list("state", flat=True)) == {"draft"}


def test_a_single_annex_has_all_the_processes(monkeypatch):
    monkeypatch.setitem(PROFILES, "one", Profile(1, 40, 50, 60, 40, 45, 8))

    plan = make(profile="one")

    assert counts_of(plan) == vars(PROFILES["one"])
    assert plan.annexes.get().processes.count() == 40


def test_every_role_has_somebody_who_cannot_yet_sign_in():
    make()

    assert set(Membership.objects.values_list("role", flat=True)) == set(MembershipRole.values)
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_its_rows_are_worth_measuring():
    plan = make()

    assert Coverage.objects.filter(action__isnull=False).exists()
    assert Assessment.objects.exclude(level=None).exists()
    assert MeasureTarget.objects.filter(behaviour__isnull=False).exists()
    assert PlannedMeasure.objects.filter(plan=plan, scope="plan").exists()
    assert set(Process.objects.values_list("risk_presence", flat=True)) == {
        "present",
        "absent",
        "to_assess",
    }
    assert not Process.history.exists()


def test_the_same_profile_gives_the_same_rows():
    first = picture(make())

    assert picture(make(reset=True)) == first


def picture(plan: Plan) -> list:
    return [
        list(
            Process.objects.filter(annex__plan=plan)
            .order_by("annex__uid", "position")
            .values_list("uid", "title", "risk_area__code")
        ),
        list(
            MeasureTarget.objects.filter(planned_measure__plan=plan)
            .order_by("uid")
            .values_list("uid", "process__uid", "behaviour__uid")
        ),
        list(User.objects.order_by("username").values_list("username", "last_name")),
    ]


def test_a_body_that_is_there_is_made_again_only_when_asked():
    make()

    with pytest.raises(SyntheticRefusedError, match="--reset"):
        make()


def test_a_real_body_is_never_removed():
    body = make_body("c_x001")
    annex = make_annex(body)

    with pytest.raises(SyntheticRefusedError, match="non è un’amministrazione sintetica"):
        make(ipa_code="c_x001", reset=True)

    assert Annex.objects.filter(pk=annex.pk).exists()


def test_removing_one_leaves_the_others_whole():
    annex = make_annex(make_body("c_x001"))
    other = make(ipa_code="prova_2")
    real = User.objects.create(username="vera", email="vera@comune.example")
    plan = make()
    Membership.objects.create(
        user=real, administration=plan.administration, role="rpct", starts_on="2026-01-01"
    )
    before = counts_of(other)

    make(reset=True)

    assert counts_of(other) == before
    assert Annex.objects.filter(pk=annex.pk).exists()
    assert User.objects.filter(pk=real.pk).exists()
    assert not real.memberships.exists()


def test_what_people_have_added_goes_with_it():
    plan = make()
    Office.objects.create(administration=plan.administration, code="X", name="Nuovo ufficio")
    process = Process.objects.filter(annex__plan=plan).first()
    process.title = "Cambiato"
    process.save()

    make(reset=True)

    assert not Process.objects.filter(title="Cambiato").exists()
    assert Process.history.filter(title="Cambiato").exists()


def test_whoever_wrote_history_in_a_synthetic_body_stays_when_it_is_made_again():
    plan = make()
    process = Process.objects.filter(annex__plan=plan).first()
    author = plan.administration.memberships.first().user
    process._history_user = author
    process.title = "Cambiato"
    process.save()

    again = make(reset=True)

    assert again.administration.memberships.filter(user=author).exists()
    assert Process.history.get(title="Cambiato").history_user == author


def test_without_the_reference_data_it_says_what_to_do():
    PlanMethod.objects.all().delete()
    Method.objects.all().delete()

    with pytest.raises(SyntheticRefusedError, match="load_reference"):
        make()


def test_the_command_says_what_it_made(capsys):
    call_command("make_synthetic_body", profile="S", ipa="prova_s")

    told = capsys.readouterr().out
    assert "60 processi" in told
    assert "prova_s-rpct-0" in told


def test_the_command_refuses_in_italian():
    make_body("c_x001")

    with pytest.raises(CommandError, match="non si tocca"):
        call_command("make_synthetic_body", profile="S", ipa="c_x001")

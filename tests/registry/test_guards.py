"""Each guard of the registry by its name, and what a person reads of it."""

import uuid

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from registry import trail, triggers
from registry.acts import act
from registry.apps import all_guards
from registry.guards import GUARDS, Guard, history_guards, never_emptied, refusal_of
from registry.models import Annex, Office, Phase, Process, RefusedSignIn, User
from risk.guards import GUARDS as RISK_GUARDS
from risk.guards.catalogues import catalogue_guards
from tests.risk.admin.world import build


@pytest.fixture
def world(db):
    return build()


def second(world, model):
    """A second row of body A to move things to."""
    a = world.a
    if model is Process:
        return Process.objects.create(annex=a.annex, position=9, number=9, title="Altro")
    return Annex.objects.create(plan=a.plan, office=world_office(a))


def world_office(one):
    return Office.objects.create(administration=one.administration, code="N", name="Nuovo")


BREAKS = {
    "registry_office_parent_of_same_body": lambda w: move(w.a.office, parent=w.b.office),
    "registry_membership_office_of_same_body": lambda w: move(
        w.people["head"].memberships.get(), office=w.b.office
    ),
    "registry_macroprocess_function_of_same_body": lambda w: move(
        w.a.macroprocess, function=w.b.institutionalfunction
    ),
    "registry_annex_office_of_same_body": lambda w: move(w.a.annex, office=w.b.office),
    "registry_annex_stays_in_its_plan": lambda w: move(w.a.annex, plan=another_plan(w.a)),
    "registry_process_area_of_same_body": lambda w: move(w.a.process, risk_area=w.b.riskarea),
    "registry_process_macroprocess_of_same_body": lambda w: move(
        w.a.process, macroprocess=w.b.macroprocess
    ),
    "registry_process_stays_in_its_annex": lambda w: move(w.a.process, annex=second(w, Annex)),
    "registry_phase_office_of_same_body": lambda w: move(w.a.phase, executor_office=w.b.office),
    "registry_phase_stays_in_its_process": lambda w: move(w.a.phase, process=second(w, Process)),
    "registry_action_office_of_same_body": lambda w: move(w.a.action, executor_office=w.b.office),
    "registry_action_stays_in_its_process": lambda w: move(
        w.a.action, phase=Phase.objects.create(process=second(w, Process), position=1, title="F")
    ),
    "registry_office_no_circle": lambda w: move(w.a.office, parent=below(w.a.office)),
    "registry_administration_keeps_its_code": lambda w: move(w.a.administration, ipa_code="c_z999"),
    "registry_user_keeps_its_token": lambda w: move(w.people["head"], trail_token=uuid.uuid4()),
    "registry_user_stays_on_trail": lambda w: delete(on_trail()),
    "registry_trailrecord_no_update": lambda w: move(trail.write(kind="x", by=None), kind="y"),
    "registry_trailrecord_no_delete": lambda w: trail.write(kind="x", by=None).delete(),
    "registry_refusedsignin_is_swept_only": lambda w: move(refused_sign_in(), address="10.0.0.2"),
}


def refused_sign_in() -> RefusedSignIn:
    record = trail.write(kind="x", by=None)
    kept = {"at": record.at, "address": "10.0.0.1", "salt": "0" * 32}
    return RefusedSignIn.objects.create(record=record, **kept)


def on_trail():
    """A person who has only signed in once."""
    person = User.objects.create(username="entrato-una-volta")
    trail.write(kind="sign-in", by=person)
    return person


def below(office):
    """An office two steps under another."""
    owner = {"administration": office.administration}
    under = Office.objects.create(**owner, code="S1", name="Sotto", parent=office)
    return Office.objects.create(**owner, code="S2", name="Ancora sotto", parent=under)


def another_plan(one):
    return type(one.plan).objects.create(
        administration=one.administration, title="Altro piano", first_year=2024, last_year=2026
    )


def move(row, **changes):
    """Change a row as no form would, past every check of the application."""
    type(row)._base_manager.filter(pk=row.pk).update(**changes)


def test_every_guard_is_broken_here():
    assert set(BREAKS) == {guard.name for guard in GUARDS}


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_database_refuses_and_says_why(world, guard):
    with pytest.raises(IntegrityError, match=guard.name) as refused, transaction.atomic():
        BREAKS[guard.name](world)

    said = refusal_of(refused.value)
    assert said == guard.message[0].upper() + guard.message[1:]


def test_the_triggers_of_the_database_are_those_of_the_list(db):
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall() if name.startswith(("registry_", "risk_"))}
    rules = {*GUARDS, *RISK_GUARDS, *catalogue_guards()}
    rules |= {*history_guards("registry"), *history_guards("risk")}
    declared = triggers.declared_guards()
    assert set(declared) == rules | {*never_emptied(rules)}
    made = [
        trigger.name
        for guard in [*declared, *triggers.declared_markers()]
        for trigger in triggers.triggers_of(guard, connection.vendor)
    ]
    assert found == set(made)
    assert triggers.missing_guards() == []


GUARD = Guard("registry_office_prova", "registry_office", "1 = 0", "prova.", events=("UPDATE",))


@pytest.mark.parametrize("change", ["gone", "another", "off"])
def test_a_trigger_that_is_gone_changed_or_switched_off_is_missing(db, monkeypatch, change):
    """Of each kind there is, on a table: the list of those that are missing names it."""
    (trigger,) = triggers.triggers_of(GUARD, connection.vendor)
    config = apps.get_app_config("registry")
    monkeypatch.setattr(config, "guards", lambda: [*all_guards(), GUARD])
    assert triggers.missing_guards() == [trigger.name]
    triggers.install([GUARD])
    assert triggers.missing_guards() == []
    with connection.cursor() as cursor:
        match change, connection.vendor:
            case "off", "postgresql":
                cursor.execute(f"ALTER TABLE registry_office DISABLE TRIGGER {trigger.name}")
            case "another", _:
                cursor.execute(trigger.drop)
                for statement in trigger.create:
                    cursor.execute(statement.replace("1 = 0", "1 = 2"))
            case _:
                cursor.execute(trigger.drop)
    assert triggers.missing_guards() == [trigger.name]
    triggers.remove([GUARD])


def test_a_guard_that_is_older_than_its_search_path_is_missing_until_the_next_migrate(db):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER FUNCTION registry_trailrecord_no_update() RESET search_path;"
                "ALTER FUNCTION registry_trailrecord_no_delete() SET search_path = pg_temp, public"
            )
        changed = ["registry_trailrecord_no_delete", "registry_trailrecord_no_update"]
        assert triggers.missing_guards() == changed
    call_command("migrate", verbosity=0)
    assert triggers.missing_guards() == []


def test_the_text_of_a_constraint_reaches_the_person(world):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Process.objects.create(annex=world.a.annex, position=5, number=1, title="Doppio")

    assert refusal_of(refused.value) == "Un altro processo dell’allegato ha già questo numero."


def test_what_nobody_foresaw_is_said_in_a_sentence():
    said = refusal_of(IntegrityError("FOREIGN KEY constraint failed"))

    assert said.startswith("La modifica contrasta")


def test_nobody_goes_who_has_written_in_a_history(world):
    author = User.objects.create(username="chi-ha-scritto")
    stranger = User.objects.create(username="di-passaggio")
    with act("prova", by=author):
        world.a.process.save()

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        delete(author)
    delete(stranger)

    assert "registry_histories_keep_their_people" in str(refused.value)
    assert set(User.objects.filter(pk__in=[author.pk, stranger.pk])) == {author}


@pytest.mark.parametrize("told", ["act", "detail", "subject"])
def test_nobody_goes_of_whom_the_trail_tells(db, told):
    person = User.objects.create(username="sulla-traccia")
    token = str(person.trail_token)
    stranger = User.objects.create(username="di-passaggio")
    trail.write(
        kind="prova",
        by=person if told == "act" else None,
        subject=f"person {token}" if told == "subject" else "",
        detail={"persons": [{"person": token}]} if told == "detail" else {},
    )
    with (
        pytest.raises(IntegrityError, match="registry_user_stays_on_trail"),
        transaction.atomic(),
    ):
        delete(person)
    delete(stranger)
    assert set(User.objects.filter(pk__in=[person.pk, stranger.pk])) == {person}


def delete(person):
    """Past the application, which would ask first what hangs on a person."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_user WHERE id = %s", [person.pk])

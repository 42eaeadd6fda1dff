"""`load_demo`: once, again, and from scratch, without touching anybody else."""

import datetime
import os
from io import StringIO
from unittest import mock

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import TestCase, override_settings

from registry.enums import MembershipRole, PlanState
from registry.models import Administration, Alias, Membership, Office, Phase, Plan, Process, User
from registry.services.plans import open_annex
from registry.services.trail_verification import verify_trail
from risk.content.adopted_names import adopted_office_names
from risk.models import Exemption, ListEntryRequest, Method, PlannedMeasure, TextBlock
from risk.services.administrations import create_administration
from risk.services.plans.making import create_plan
from risk.services.plans.office_table import told_of
from risk.services.plans.weight import weight_of
from risk.services.sample_data.demo.loading import IPA_CODE, OWNED
from risk.services.sample_data.reference import load_reference
from risk.services.treatment.repeated import count_repeated
from tests.load_once import load_once
from tests.risk.sample_data.demo.base import PASSWORD, DemoTestCase

VARIABLE = "PTPCT_DEMO_PASSWORD"


def run(*arguments: str, password: str = PASSWORD) -> str:
    """Run the command with this password in its variable and return what it prints."""
    out = StringIO()
    with mock.patch.dict(os.environ, {VARIABLE: password}):
        call_command("load_demo", *arguments, stdout=out)
    return out.getvalue()


def rows_of(app_label: str) -> dict[str, int]:
    """Return how many rows each table of an app holds, its history too."""
    return {
        model.__name__: model.objects.count()
        for model in apps.get_app_config(app_label).get_models()
    }


def make_neighbour() -> Administration:
    """Make another administration with a plan, an office, an annex and a person."""
    body = create_administration(ipa_code="c_y998", name="Comune di Altura")
    method = Method.objects.get(administration=None, code="PNA2019")
    plan = create_plan(
        administration=body,
        title="PTPCT 2021/2023",
        first_year=2021,
        last_year=2023,
        methods=[method],
        default_method=method,
    )
    office = Office.objects.create(administration=body, code="SI", name="SERVIZI INFORMATIVI")
    open_annex(plan=plan, office=office, by=None)
    Membership.objects.create(
        user=User.objects.create_user("vicina", email="vicina@altura.example"),
        administration=body,
        role=MembershipRole.RPCT,
        starts_on=datetime.date(2021, 1, 1),
    )
    return body


def parts_of(plan: Plan) -> tuple:
    """Return what of a neighbour's plan would tell that somebody was at it."""
    return plan.version, plan.text_blocks.count(), plan.annexes.get().uid


class LoadedTest(DemoTestCase):
    def test_a_second_run_changes_nothing_and_says_so(self):
        Process.objects.filter(annex__office__code="SI", number=1).update(title="Riscritto")
        before = rows_of("registry") | rows_of("risk")

        told = run(password="un-altra-parola-lunga")

        assert "nulla è stato cambiato" in told
        assert rows_of("registry") | rows_of("risk") == before
        assert Process.objects.get(annex__office__code="SI", number=1).title == "Riscritto"
        assert authenticate(username="rpct", password=PASSWORD)

    def test_the_run_prints_addresses_and_everybody_s_login(self):
        told = run()

        assert "http://127.0.0.1:8000/\n" in told
        assert "http://127.0.0.1:8000/admin/\n" in told
        assert PASSWORD in told
        for person in User.objects.all():
            assert f"{person.username} " in told
            assert authenticate(username=person.username, password=PASSWORD) == person

    def test_each_role_has_its_people_and_one_keeps_the_installation(self):
        held = list(Membership.objects.values_list("role", "office__code"))

        assert sorted(held, key=str) == sorted(
            [
                *((role, code) for role in ("editor", "head") for code in ("SI", "ICT", "GARE")),
                ("rpct", None),
                ("auditor", None),
            ],
            key=str,
        )
        keeper = User.objects.get(is_superuser=True)
        assert keeper.username == "gestore"
        assert not keeper.memberships.exists()

    def test_an_office_waits_for_an_entry_its_list_lacks(self):
        asked = ListEntryRequest.objects.get()
        phase = Phase.objects.get(uid=asked.phase_uid)

        assert (asked.kind, asked.is_open) == ("executor_role", True)
        assert phase.process.annex == asked.annex
        assert phase.executor_role is None

    def test_every_row_has_its_history(self):
        assert Process.history.filter(history_type="+").count() == Process.objects.count() == 39
        reasons = set(Process.history.values_list("history_change_reason", flat=True))
        assert len(reasons) == 1
        assert reasons.pop().startswith("demo:")

    def test_the_plan_is_in_preparation_with_both_methods(self):
        plan = Plan.objects.get()

        assert plan.state == PlanState.PREPARATION
        assert [(row.method.code, row.is_default) for row in plan.methods.all()] == [
            ("PNA2019", True),
            ("PNA2013", False),
        ]

    def test_a_limit_warns_and_a_measure_is_programmed_twice(self):
        plan = Plan.objects.select_related("administration").get()
        over = [row for row in weight_of(plan) if row.is_over]

        assert [row.office.code for row in over] == ["GARE"]
        assert {annex.office.code: n for annex, n in count_repeated(plan).items()} == {"GARE": 1}

    def test_whatever_a_body_owns_is_removed_by_reset(self):
        owned = {
            relation.related_model
            for relation in Administration._meta.related_objects
            if not relation.related_model.__name__.startswith("Historical")
        }

        # Plans go first, aliases with what they name.
        assert owned - {Plan, Alias} == set(OWNED)


class ResetTest(DemoTestCase):
    """The demo data, changed and beside a neighbour, after `load_demo --reset`."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        neighbour = make_neighbour()
        cls.uids = set(Process.objects.values_list("uid", flat=True))
        demo = Administration.objects.get(ipa_code=IPA_CODE)
        parent = Office.objects.get(administration=demo, code="GARE")
        Office.objects.create(administration=demo, parent=parent, code="G1", name="ARCHIVIO")
        Process.objects.filter(annex__office__code="SI", number=1).update(title="Riscritto")
        cls.kept = Plan.objects.get(administration=neighbour)
        cls.before = parts_of(cls.kept)
        cls.told = run("--reset", password="un-altra-parola-lunga")

    def test_every_row_is_back_and_the_neighbour_left_alone(self):
        assert "3 allegati, 39 processi" in self.told
        current = Process.objects.filter(annex__plan__title="PTPCT 2021/2023")
        assert set(current.values_list("uid", flat=True)) == self.uids
        assert not Process.objects.filter(title="Riscritto").exists()
        assert not Office.objects.filter(code="G1").exists()
        kept = Plan.objects.get(pk=self.kept.pk)
        assert parts_of(kept) == self.before
        assert TextBlock.objects.filter(administration=kept.administration).exists()
        assert User.objects.get(username="vicina").memberships.exists()
        assert authenticate(username="rpct", password="un-altra-parola-lunga")
        # the history is never taken away: it tells of the removal
        assert Process.history.filter(history_type="-").count() == 39

    def test_the_edition_before_is_adopted_published_and_remembered(self):
        past = Plan.objects.get(title="PTPCT 2020/2022")
        assert past.state == PlanState.PUBLISHED
        assert (past.act_date, past.published_on) == (
            datetime.date(2020, 1, 28),
            datetime.date(2020, 1, 31),
        )
        issued = past.issue.annex_issues.values_list("annex__office__code", flat=True)
        assert set(issued) == {"GARE", "ARC"}
        exempt = Exemption.objects.filter(annex__plan=past)
        assert set(exempt.values_list("annex__office__code", flat=True)) == {"SI", "ICT"}
        current = Plan.objects.get(title="PTPCT 2021/2023", administration=past.administration)
        assert (current.state, current.origin) == (PlanState.PREPARATION, past)
        linked = Process.objects.filter(annex__plan=current, annex__office__code="GARE")
        assert all(row.origin.annex.plan == past for row in linked)
        assert all(row.origin_uid == row.origin.uid for row in linked)
        assert verify_trail() == []

    def test_offices_changed_between_the_two_editions(self):
        current = Plan.objects.select_related("administration", "origin").get(
            title="PTPCT 2021/2023", administration__ipa_code=IPA_CODE
        )
        past, body = current.origin, current.administration
        assert told_of(current) == [
            "«CENTRO ELABORAZIONE DATI» si chiama ora «SERVIZI INFORMATIVI»",
            "«ARCHIVIO DEI CONTRATTI» è confluito in «GARE E CONTRATTI» "
            "(Chi fa la gara segue anche il contratto)",
        ]
        names = dict(body.offices.values_list("code", "name"))
        assert names["SI"] == "SERVIZI INFORMATIVI"
        before = adopted_office_names(past)
        assert before[body.offices.get(code="SI").pk] == "CENTRO ELABORAZIONE DATI"
        assert body.offices.get(code="ARC").is_retired
        moved = Process.objects.get(annex__plan=past, annex__office__code="ARC")
        here = Process.objects.get(annex__plan=current, origin=moved)
        assert (here.annex.office.code, here.title) == ("GARE", moved.title)
        # each measure knows which it was, so that none is told as dropped and new
        own = PlannedMeasure.objects.filter(plan=current, annex__office__code="GARE")
        assert own.exclude(origin__plan=past).count() == 0

    def test_reset_takes_an_adopted_edition_away_and_leaves_its_guards(self):
        run("--reset")

        assert Plan.objects.filter(title="PTPCT 2020/2022").count() == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            Plan.objects.filter(title="PTPCT 2020/2022").update(act_number="99")
        assert verify_trail() == []


@pytest.mark.django_db
class RefusedTest(TestCase):
    def assert_refused(self, told: str, **options):
        with pytest.raises(CommandError, match=told):
            run(**options)
        assert not Administration.objects.exists()

    def test_without_reference_data(self):
        self.assert_refused("load_reference")

    def test_with_a_short_password(self):
        load_once("reference", load_reference)

        self.assert_refused("Password dimostrativa rifiutata", password="breve")

    @override_settings(HTTPS=True)
    def test_with_the_public_password_where_others_could_sign_in(self):
        load_once("reference", load_reference)

        self.assert_refused(VARIABLE, password="")

    def test_when_a_real_person_has_the_name_of_a_demo_one(self):
        load_once("reference", load_reference)
        User.objects.create_user("gestore", email="gestore@comune.example", password="sua-parola")

        self.assert_refused("persone vere con questi nomi utente: gestore")
        assert authenticate(username="gestore", password="sua-parola")

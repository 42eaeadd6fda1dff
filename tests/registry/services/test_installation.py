"""A host that is not like the others does not start, and one left behind by an upgrade says so."""

import io

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from ptpct.busy import UpgradingMiddleware
from ptpct.start_up import refuse_another_host
from registry import clock
from registry.models import Installation, Job
from registry.services.expiry import STALE_AFTER
from registry.services.installation import (
    OtherHostError,
    UpgradeRefusedError,
    Watch,
    begin_upgrade,
    end_upgrade,
    forget,
    own_version,
    refuse_differences,
)
from tests.people import client_of, make_person
from tests.register import make_body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shared(settings, tmp_path):
    settings.IS_DATABASE_SHARED = True
    settings.VAR_DIR = tmp_path


def test_the_first_host_is_noted_and_one_like_it_starts():
    refuse_differences()
    refuse_differences()
    assert Installation.objects.get().version == own_version()
    assert own_version().split()[0].count(".") == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.create(pk=2)


def another_key(settings, folder):
    settings.SECRET_KEY = "un’altra-chiave-per-le-sole-prove-mai-usata-da-nessuno"


def another_folder(settings, folder):
    (folder / "altrove").mkdir()
    settings.VAR_DIR = folder / "altrove"


def another_cache(settings, folder):
    settings.IS_CACHE_SHARED = True
    settings.CACHES = {"default": {"LOCATION": "redis://:segreta@cache.esempio.it:6379/0"}}


def another_place(settings, folder):
    settings.FILES_IN = "s3://registro"


def another_zone(settings, folder):
    settings.TIME_ZONE = "UTC"


def another_version(settings, folder):
    settings.VERSION = "0.1.0"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (another_key, "PTPCT_SECRET_KEY: questa macchina ha una chiave segreta sua"),
        (another_folder, "PTPCT_CACHE: questa macchina conta i tentativi in «folder "),
        (another_cache, "in «redis://cache.esempio.it:6379/0»"),
        (another_place, "tiene i file in «s3://registro»"),
        (another_zone, "Fuso orario: questa macchina ha «UTC»"),
        (another_version, "Questa macchina ha la versione «0.1.0 "),
    ],
)
def test_a_host_that_differs_is_refused_until_it_is_meant(settings, tmp_path, change, sentence):
    refuse_differences()
    change(settings, tmp_path)

    with pytest.raises(ImproperlyConfigured) as refused:
        refuse_another_host()
    assert sentence in str(refused.value)
    assert "segreta@" not in str(refused.value)
    call_command("take_on_host", verbosity=0)
    refuse_another_host()


def test_a_restored_database_has_no_host_yet(settings):
    refuse_differences()
    settings.VERSION = "0.1.0"
    forget()
    refuse_differences()
    assert Installation.objects.get().version.startswith("0.1.0 ")


def test_nothing_is_asked_of_one_host(settings, django_assert_num_queries):
    settings.IS_DATABASE_SHARED = False
    with django_assert_num_queries(0):
        refuse_differences()
        assert not Watch(0.0001).is_left_behind()


def test_while_migrations_run_nobody_works_and_pages_keep_what_was_typed(settings):
    refuse_differences()
    begin_upgrade(plan=[])
    refuse_differences()
    settings.HOST_CHECK_SECONDS = 0.000001
    person = make_person("anna")
    begin_upgrade(plan=[("una", False)])

    with pytest.raises(OtherHostError, match="È in corso un aggiornamento"):
        refuse_differences()
    # a site that starts now says so to whoever asks
    refuse_another_host()
    answer = client_of(person).post("/", {"text": "Quello che ho scritto"})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "Il registro si sta aggiornando" in page
    assert "Quello che ho scritto" in page
    # of another site: in this page it would get a good mark
    other = {"Origin": "https://altrove.example"}
    answer = client_of(person).post("/", {"text": "Quello che ho scritto"}, headers=other)
    assert (answer.status_code, "Quello che ho" in answer.content.decode()) == (503, False)

    end_upgrade()
    assert client_of(person).get("/").status_code == 200
    # a host that the upgrade has passed by
    Installation.objects.update(version="99.0.0 registry.0099 risk.0099")
    assert client_of(person).get("/").status_code == 503
    assert client_of(person).get(reverse("registry:jobs")).status_code == 503
    # whoever stands before several hosts asks the next one
    assert Client().get("/static/x.0123456789ab.css").status_code == 404


def test_a_host_that_began_without_its_database_is_compared_once_it_is_there(settings, tmp_path):
    refuse_differences()
    another_key(settings, tmp_path)
    settings.TASK_ENGINE = "database"

    def away(*_asked):
        raise OperationalError from psycopg.OperationalError("connection refused")

    watch = Watch(10.0**9)
    with connection.execute_wrapper(away):
        refuse_another_host()
        # for which a worker waits
        with pytest.raises(OperationalError):
            refuse_differences()
        assert not watch.is_left_behind()
    assert watch.is_left_behind()
    with pytest.raises(CommandError, match="PTPCT_SECRET_KEY"):
        call_command("run_worker")
    call_command("take_on_host", verbosity=0)
    assert not Watch(10.0**9).is_left_behind()


class EndingJobs(io.StringIO):
    """A command line; what is in hand ends as soon as something is written there."""

    def write(self, text: str) -> int:
        Job.objects.update(state="done")
        return super().write(text)


def test_an_upgrade_waits_for_the_jobs_in_hand(settings):
    settings.HOST_CHECK_SECONDS = 0.000001
    refuse_differences()
    in_hand = {"state": "running", "beat_at": clock.now()}
    person = make_person("anna")
    Job.objects.create(kind="prova", administration=make_body(), by=person, **in_hand)
    line = EndingJobs()
    begin_upgrade(plan=[("una", False)], stdout=line)
    assert "finisca 1 operazione in corso, al più 15 minuti" in line.getvalue()
    end_upgrade()

    # one that does not end: nothing has begun
    Job.objects.update(**in_hand)
    settings.UPGRADE_WAIT_SECONDS = 0
    with pytest.raises(UpgradeRefusedError, match="fermare i worker"):
        begin_upgrade(plan=[("una", False)])
    assert not Installation.objects.filter(upgrading_since__isnull=False).exists()
    # of a worker that was killed
    Job.objects.update(beat_at=clock.now() - STALE_AFTER)
    begin_upgrade(plan=[("una", False)])
    assert Installation.objects.filter(upgrading_since__isnull=False).exists()


@pytest.fixture
def of_before():
    """A database as a version left it that knew of no hosts: no table of them, other migrations."""
    table = Installation._meta.db_table
    columns = "id integer, app varchar(99), name varchar(99), applied timestamp"
    run(f"ALTER TABLE {table} RENAME TO {table}_later")
    run(f"CREATE TABLE IF NOT EXISTS django_migrations ({columns})")
    run(f"INSERT INTO django_migrations {VALUES}", "registry", "0001_registry_model")

    def bring_here():
        run(f"ALTER TABLE {table}_later RENAME TO {table}")
        for last in own_version().split()[1:]:
            run(f"INSERT INTO django_migrations {VALUES}", *last.split("."))

    return bring_here


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


VALUES = "(id, app, name, applied) VALUES (99, %s, %s, '2026-11-27 12:00:00')"


def test_a_site_waits_for_a_database_of_an_earlier_version(settings, of_before):
    with pytest.raises(OtherHostError, match="Il database è di una versione precedente"):
        refuse_differences()
    refuse_another_host()
    settings.HOST_CHECK_SECONDS = 0.000001
    page = Client().post("/", {"text": "Quello che ho scritto"})
    assert (page.status_code, "Quello che ho scritto" in page.content.decode()) == (503, True)

    begin_upgrade(plan=[("una", False)])
    of_before()
    # all its tables are there, its guards are not: where the engine can say so
    shared = connection.vendor == "postgresql"
    assert Watch(0.0001).is_left_behind() is shared
    watch = Watch(0.0001)
    watch.is_left_behind()
    end_upgrade()
    assert not watch.is_left_behind()
    refuse_differences()
    assert Installation.objects.get().version == own_version()


def test_a_look_is_kept_for_some_seconds(django_assert_num_queries):
    refuse_differences()
    # longer than any machine has been running, so that a first look cannot pass for a second one
    long = 10.0**9
    watch = Watch(long)
    # whether there is a table, once, and its row
    with django_assert_num_queries(2):
        assert [watch.is_left_behind() for _again in range(3)] == [False] * 3
    Installation.objects.update(version="99")
    assert not watch.is_left_behind()
    assert Watch(long).is_left_behind()
    assert connection.vendor in ("sqlite", "postgresql")
    assert UpgradingMiddleware(lambda request: None).watch.is_left_behind() is False

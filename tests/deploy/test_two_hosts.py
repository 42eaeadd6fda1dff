"""Two hosts of one installation, one of which is killed: nothing is lost or doubled."""

import datetime
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as own
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.urls import reverse

from registry import clock
from registry.enums import AnnexState, JobState, Upkeep
from registry.models import Annex, Job, LastRun, TrailRecord
from registry.models import Installation as Installed
from registry.services.expiry import sweep
from registry.services.installation import begin_upgrade, own_version
from registry.services.jobs import retry_job
from risk.enums import Verb
from risk.models import AnnexIssue
from risk.services.annexes.approvals import approve_process
from risk.services.annexes.moves import move_annex
from risk.tasks.annexes import ask_issue
from tests.deploy.server import Server
from tests.deploy.two_hosts import ONLY_ONE, Browser, Host, Installation, two_hosts, wait_for
from tests.emptying import end_other_sessions
from tests.people import client_of, people_of
from tests.ptpct.test_busy import somebody_saving
from tests.register import complete_annex
from tests.registry.accounts.sign_in import PASSWORD, SECRET, code_of, give_second_factor
from tests.stuck import unfinished
from tests.worker import LONGEST_WAIT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def annex() -> Annex:
    return complete_annex()


@pytest.fixture
def people(annex):
    people = people_of(annex)
    # as an installation does it: the tests have a quicker way
    told = PBKDF2PasswordHasher().encode(PASSWORD, "sale")
    for person in people.values():
        person.password = told
        person.save(update_fields=["password"])
    give_second_factor(people["rpct"])
    return people


@pytest.fixture
def hosts(people) -> Iterator[Installation]:
    with two_hosts() as started:
        yield started
    end_other_sessions()


def signed_in(place: Server | Host, inside: dict[str, str]) -> Browser:
    """Return a browser with the cookies of one in which somebody has come in."""
    browser = Browser(place)
    browser.cookies |= inside
    return browser


def cookies_of(person) -> dict[str, str]:
    name = own.SESSION_COOKIE_NAME
    return {name: client_of(person).cookies[name].value}


def test_two_hosts_are_one_installation(hosts, annex, people, settings):
    assert_a_host_of_its_own_does_not_start(hosts.other)
    assert_attempts_are_counted_together(hosts)
    inside = assert_a_code_opens_once(hosts)
    assert_a_file_of_one_version_is_found(hosts)
    hosts.one.work()
    drawn = assert_what_one_draws_the_other_gives(hosts, annex, inside)
    assert_a_save_in_hand_is_done_once(hosts, annex, people["editor"])
    assert_nothing_went_with_the_host(hosts, inside, drawn)
    assert_files_come_back(hosts, inside, drawn)
    assert_a_full_disk_keeps_nobody_from_saving(hosts, annex, people["editor"])
    assert_an_upgrade_goes_from_host_to_host(hosts, annex, people["editor"], drawn, inside)
    settings.TASK_ENGINE = "database"
    assert_an_issue_survives_a_cut_network(hosts, annex, people, inside)


def assert_a_host_of_its_own_does_not_start(host: Host) -> None:
    told = host.told_at_start(PTPCT_SECRET_KEY=f"un’altra-{uuid.uuid4()}-{uuid.uuid4()}")
    assert "questa macchina ha una chiave segreta sua" in told


def assert_attempts_are_counted_together(hosts: Installation) -> None:
    browsers = [Browser(hosts.one), Browser(hosts.other)]
    pages = []
    for turn in range(6):
        browser = browsers[turn % 2]
        browser.ask("/accedi/")
        pages.append(browser.text("/accedi/", {"login": "nessuno", "password": "Nessuna"}))
    assert ["Troppi tentativi" in page for page in pages] == [False] * 5 + [True]


def assert_a_code_opens_once(hosts: Installation) -> dict[str, str]:
    """Use one code on both hosts; return the cookies of the browser it has opened."""
    browsers = [Browser(hosts.one), Browser(hosts.other)]
    for browser in browsers:
        browser.ask("/accedi/")
        _status, onwards, _page = browser.ask("/accedi/", {"login": "rpct", "password": PASSWORD})
        assert onwards.startswith("/accedi/codice/")
        browser.ask(onwards)
    code = code_of(SECRET)
    first, second = (one.ask("/accedi/codice/", {"code": code})[0] for one in browsers)
    assert (first, second) == (302, 200)
    return browsers[0].cookies


def assert_a_file_of_one_version_is_found(hosts: Installation) -> None:
    browser = Browser(hosts.nginx)
    alone = {Browser(one).ask(f"/static/{ONLY_ONE}")[0] for one in (hosts.one, hosts.other)}
    assert alone == {200, 404}
    assert {browser.ask(f"/static/{ONLY_ONE}")[0] for _turn in range(4)} == {200}
    assert browser.ask("/static/di-nessuno.0123456789ab.css")[0] == 404


def assert_what_one_draws_the_other_gives(hosts: Installation, annex: Annex, inside) -> str:
    """Ask one host for a document that the worker of the other draws; return where its file is."""
    plan = annex.plan
    names = [plan.administration.ipa_code, plan.slug]
    asking = signed_in(hosts.other, inside)
    asking.ask(reverse("risk:plan", args=names))
    status, job, _page = asking.ask(reverse("risk:plan_document", args=names), {})
    assert status == 302
    file = f"{job}file/"
    until = time.monotonic() + LONGEST_WAIT
    while file not in (page := asking.text(job)):
        assert time.monotonic() < until, page
        time.sleep(0.2)
    given = [signed_in(one, inside).ask(file)[2] for one in (hosts.one, hosts.other)]
    assert given[0] == given[1]
    assert given[0].startswith(b"%PDF-")
    assert not list(hosts.one.folder.glob("jobs/*"))
    return file


def assert_a_save_in_hand_is_done_once(hosts: Installation, annex: Annex, editor) -> None:
    """Kill the host that has a save in hand: it is not saved, and sent again it is, once."""
    process = annex.processes.get()
    sheet, add = (
        reverse(f"risk:{name}", args=[process.uid]) for name in ("process_sheet", "phase_add")
    )
    typed = {"uid": str(uuid.uuid4()), "title": "Fase di chi non perde niente", "note": ""}
    asking = signed_in(hosts.one, cookies_of(editor))
    asking.ask(sheet)
    sent = threading.Event()

    def send() -> int:
        sent.set()
        try:
            return asking.ask(add, typed)[0]
        except OSError:
            return 0

    with somebody_saving(annex), ThreadPoolExecutor(1) as pool:
        answer = pool.submit(send)
        sent.wait()
        # the site has it in hand: what it waits for is held here
        time.sleep(1)
        hosts.one.kill()
        assert answer.result() == 0
    assert process.phases.filter(title=typed["title"]).count() == 0
    # nginx goes past the host that is gone, for reading at once
    again = signed_in(hosts.nginx, cookies_of(editor))
    assert {again.ask(sheet)[0] for _turn in range(4)} == {200}
    statuses = [again.ask(add, typed)[0] for _turn in range(2)]
    assert statuses[0] == 302
    assert process.phases.filter(title=typed["title"]).count() == 1


def assert_nothing_went_with_the_host(hosts: Installation, inside, drawn: str) -> None:
    """Look for what the dead host had made, on the other one; then let Redis be away."""
    left = signed_in(hosts.other, inside)
    assert left.ask(drawn)[2].startswith(b"%PDF-")
    assert Job.objects.count() == 1
    assert "Troppi tentativi" in _refused_again(hosts.other)
    records = TrailRecord.objects.filter(kind="phase-added")
    assert records.count() <= 1
    hosts.redis.kill()
    stranger = Browser(hosts.other)
    stranger.ask("/accedi/")
    status, _onwards, page = stranger.ask("/accedi/", {"login": "nessuno", "password": "Nessuna"})
    assert (status, b"nessuno pu\xc3\xb2 entrare" in page) == (503, True)
    assert left.ask("/")[0] == 200
    hosts.redis.start()


def assert_files_come_back(hosts: Installation, inside, drawn: str) -> None:
    """Let the place of the files be away: it is said, the rest goes on, and nothing is lost."""
    left = signed_in(hosts.other, inside)
    hosts.bucket.stop()
    status, _onwards, page = left.ask(drawn)
    assert (status, "posto dei file non risponde" in page.decode()) == (503, True)
    assert left.ask("/")[0] == 200
    hosts.bucket.start()
    assert left.ask(drawn)[2].startswith(b"%PDF-")


def assert_a_full_disk_keeps_nobody_from_saving(hosts: Installation, annex: Annex, editor) -> None:
    """Let the disk of a host be full: what is saved stands in the database."""
    process = annex.processes.get()
    typed = {"uid": str(uuid.uuid4()), "title": "Fase di chi non ha più posto", "note": ""}
    asking = signed_in(hosts.other, cookies_of(editor))
    with hosts.other.full_disk():
        asking.ask(reverse("risk:process_sheet", args=[process.uid]))
        assert asking.ask(reverse("risk:phase_add", args=[process.uid]), typed)[0] == 302
    assert process.phases.filter(title=typed["title"]).count() == 1


def assert_an_upgrade_goes_from_host_to_host(
    hosts: Installation, annex: Annex, editor, drawn: str, inside
) -> None:
    """Bring the host that is left, then the dead one, to a later version, as `migrate` would."""
    later = "99.0.0"
    began = clock.now()
    hosts.other.work()
    told = hosts.one.told_at_start(
        "manage.py", "run_worker", DJANGO_SETTINGS_MODULE="tests.later_version"
    )
    assert f"Questa macchina ha la versione «{later}" in told
    process = annex.processes.get()
    sheet, add = (
        reverse(f"risk:{name}", args=[process.uid]) for name in ("process_sheet", "phase_add")
    )
    old = signed_in(hosts.other, cookies_of(editor))
    old.ask(sheet)
    _until(lambda: LastRun.objects.filter(kind=Upkeep.WORKER, at__gt=began).exists())
    begin_upgrade(plan=[("una", False)])
    _until_status(old, sheet, 503)
    typed = {"uid": str(uuid.uuid4()), "title": "Fase scritta intanto", "note": ""}
    status, _onwards, page = old.ask(add, typed)
    assert (status, typed["title"] in page.decode()) == (503, True)
    migrations = own_version().split()[1:]
    Installed.objects.update(upgrading_since=None, version=" ".join((later, *migrations)))
    hosts.one.settings = "tests.later_version"
    hosts.one.start()
    wait_for(hosts.one)
    # its worker takes no job any more, and has ended by itself
    assert hosts.other.processes[-1].wait(timeout=LONGEST_WAIT) == 0
    # the host of before goes on saying so, and what was typed there is taken by the new one
    assert old.ask(sheet)[0] == 503
    # what the pages of the new one ask for, it has not
    through = Browser(hosts.nginx)
    assert {through.ask(f"/static/{ONLY_ONE}")[0] for _turn in range(4)} == {200}
    new = signed_in(hosts.one, old.cookies)
    new.mark = old.mark
    assert new.ask(add, typed)[0] == 302
    assert process.phases.filter(title=typed["title"]).count() == 1
    assert signed_in(hosts.one, inside).ask(drawn)[2].startswith(b"%PDF-")
    assert "Troppi tentativi" in _refused_again(hosts.one)


def assert_an_issue_survives_a_cut_network(hosts: Installation, annex, people, inside) -> None:
    """Cut a host off the database while its worker has an issue in hand: whole, or not at all."""
    if not hosts.one.network.before:
        return  # told when the networks were asked for
    annex.processes.get().phases.filter(title__startswith="Fase ").delete()
    move_annex(annex=_fresh(annex), verb=Verb.SUBMIT, by=people["editor"])
    approve_process(process=annex.processes.get(), by=people["head"])
    move_annex(annex=_fresh(annex), verb=Verb.VALIDATE, by=people["rpct"])
    hosts.one.work()
    browser = signed_in(hosts.one, inside)
    assert browser.ask("/")[0] == 200
    with unfinished(lambda: Annex.objects.select_for_update().get(pk=annex.pk)):
        job = ask_issue(annex=_fresh(annex), by=people["rpct"])
        _until(_somebody_waits_for_a_lock)
        hosts.one.network.cut()
        status, _onwards, page = browser.ask("/")
        assert (status, "non raggiunge il database" in page.decode()) == (503, True)
    # nothing of it is left, nor held, though nobody has said good-bye
    _until(lambda: not _others_in_a_transaction())
    assert (_fresh(annex).state, AnnexIssue.objects.count()) == (AnnexState.VALIDATED, 0)
    hosts.one.network.mend()
    _until(lambda: browser.ask("/")[0] == 200)
    # what two minutes later any worker does by itself
    sweep(stale_after=datetime.timedelta(0))
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    retry_job(job=job, by=people["rpct"])
    _until(lambda: not Job.objects.get(pk=job.pk).is_active)
    assert (_fresh(annex).state, AnnexIssue.objects.count()) == (AnnexState.ISSUED, 1)


def _fresh(annex: Annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def _somebody_waits_for_a_lock() -> bool:
    return _sessions("wait_event_type = 'Lock'")


def _others_in_a_transaction() -> bool:
    return _sessions("xact_start IS NOT NULL AND pid <> pg_backend_pid()")


def _sessions(which: str) -> bool:
    with connection.cursor() as cursor:
        asked = f"FROM pg_stat_activity WHERE datname = current_database() AND {which}"
        cursor.execute(f"SELECT EXISTS (SELECT {asked})")
        return cursor.fetchone()[0]


def _until(reached: Callable[[], bool]) -> None:
    until = time.monotonic() + LONGEST_WAIT
    while not reached():
        assert time.monotonic() < until
        time.sleep(0.2)


def _until_status(browser: Browser, path: str, wanted: int) -> None:
    _until(lambda: browser.ask(path)[0] == wanted)


def _refused_again(host: Host) -> str:
    browser, until = Browser(host), time.monotonic() + LONGEST_WAIT
    while True:
        browser.ask("/accedi/")
        page = browser.text("/accedi/", {"login": "nessuno", "password": "Nessuna"})
        if "nessuno può entrare" not in page or time.monotonic() > until:
            return page
        time.sleep(0.2)

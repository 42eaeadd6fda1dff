"""All mails of a run by one connection to a real server, none lost and none twice."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.models import User
from risk.models import Notice
from risk.services.notices.mails import send_notices
from tests.people import make_member
from tests.register import close, make_annex, make_body
from tests.smtp_server import MailServer, mail_server
from tests.statements import COUNTED
from tests.worker import environment

pytestmark = pytest.mark.django_db


def heads(count: int, *, code: str = "c_x002") -> list[str]:
    """Make heads who have something to do, each in an office of a body; return their addresses."""
    body = make_body(code)
    addresses = []
    for n in range(count):
        annex = make_annex(body, office=f"Ufficio {n}")
        person = make_member(f"{code}-{n}", "head", body=body, office=annex.office)
        address = f"{code}-{n}@prova.example"
        User.objects.filter(pk=person.pk).update(email=address)
        close(annex)
        addresses.append(address)
    return sorted(addresses)


def use(settings, server: MailServer) -> None:
    settings.EMAIL_BACKEND = "ptpct.mail.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False


def test_one_connection_carries_all_mails_each_with_its_own_name(settings):
    addresses = heads(4)
    with mail_server() as server:
        use(settings, server)
        assert send_notices().sent == 4

    assert server.addresses == addresses
    assert server.connections == 1
    assert len({name for _address, name in server.taken}) == 4


def test_one_refused_address_stops_no_other_and_is_told_by_name(settings, capsys):
    addresses = heads(4)
    with mail_server(refused=[addresses[1]]) as server:
        use(settings, server)
        with pytest.raises(CommandError, match="Messaggi non partiti: 1"):
            call_command("send_notices")
        told = capsys.readouterr()
        assert server.connections == 1

        server.refused = ()
        call_command("send_notices")

    assert "C_X002-1 Prova: il server di posta rifiuta l’indirizzo (550)." in told.err
    assert "Messaggi inviati: 3." in told.out
    assert server.addresses == addresses


def test_a_server_that_hangs_up_is_called_again(settings):
    addresses = heads(5)
    with mail_server(hangs_up_after=2) as server:
        use(settings, server)
        assert send_notices().sent == 5

    assert server.addresses == addresses
    assert server.connections == 3


def test_without_a_server_nobody_waits_for_each_mail(settings, capsys):
    heads(5)
    with mail_server() as server:
        use(settings, server)
    with pytest.raises(CommandError, match="Messaggi non partiti: 5"):
        call_command("send_notices")

    assert capsys.readouterr().err.count("il server di posta non risponde") == 5
    assert not Notice.objects.exclude(sent_at=None).exists()


def test_a_journal_that_cannot_be_written_is_told_of_and_nothing_leaves(settings, tmp_path):
    heads(1)
    settings.IS_DATABASE_SHARED = False
    settings.VAR_DIR = tmp_path / "file"
    settings.VAR_DIR.write_text("")
    with mail_server() as server:
        use(settings, server)
        with pytest.raises(CommandError, match="non si può scrivere: "):
            call_command("send_notices")

    assert server.taken == []


def test_the_statements_do_not_grow_with_the_people(settings):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            send_notices()
        return len([query for query in captured if query["sql"].startswith(COUNTED)])

    with mail_server() as server:
        use(settings, server)
        heads(2)
        few = cost()
        heads(9, code="c_x003")
        # several hosts have to know at once what has left: by a statement for each mail
        assert cost() <= few + (7 if settings.IS_DATABASE_SHARED else 0)

    assert len(server.taken) == 11


def _sent_here() -> int:
    try:
        return send_notices().sent
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_run_killed_in_the_middle_is_gone_on_with(settings, tmp_path):
    addresses = heads(4)
    # of several hosts, another goes on with it
    elsewhere = {"PTPCT_VAR_DIR": str(tmp_path)} if settings.IS_DATABASE_SHARED else {}
    command = [sys.executable, "manage.py", "send_notices"]
    with mail_server(stops_at=3) as server:
        served = {"PTPCT_EMAIL_HOST": "127.0.0.1", "PTPCT_EMAIL_PORT": str(server.port)}
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment() | served | elsewhere | {"PTPCT_EMAIL_SECURITY": "none"},
        )
        use(settings, server)
        with ThreadPoolExecutor(1) as pool:
            try:
                assert server.stopped.wait(120)
                # who comes meanwhile waits for the other
                meanwhile = pool.submit(_sent_here)
                assert not meanwhile.done()
            finally:
                server.stops_at = 0
                process.send_signal(signal.SIGKILL)
                process.wait()
            assert meanwhile.result() == 2
        assert len(server.taken) == 4
        assert send_notices().sent == 0

    assert server.addresses == addresses
    assert Notice.objects.exclude(sent_at=None).count() == 4

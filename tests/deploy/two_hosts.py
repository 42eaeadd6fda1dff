"""Two hosts of one installation started for a test, with all they share, and nginx before them.

Each has a folder, processes and, where the machine allows, a network of its own. They share one
PostgreSQL, that of the test, which one of them reaches by PgBouncer, a Redis, and what answers like
S3; no folder.
"""

import http.client
import logging
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import boto3
from django.conf import settings
from moto.server import ThreadedMotoServer

from tests.deploy.server import (
    LONGEST_START,
    NAME,
    TOKEN,
    Server,
    certificate,
    configure,
    free_port,
    nginx,
)
from tests.pgbouncer import pgbouncer
from tests.project.files import ROOT
from tests.redis_server import RedisServer, redis_server
from tests.worker import database_url, environment

BUCKET = "due-macchine"
ONLY_ONE = "solo-qui.0123456789ab.css"
"""A static file of a version that only one of the hosts has."""
KEYS = {"AWS_ACCESS_KEY_ID": "prova", "AWS_SECRET_ACCESS_KEY": "prova"}
"""Of a server that asks nobody for them."""
IMPATIENT = (
    "connect_timeout=2&tcp_user_timeout=2000"
    "&keepalives_idle=1&keepalives_interval=1&keepalives_count=2"
)
"""A network that was cut is noticed in seconds: as it is meant to be, within a minute."""


@dataclass
class Network:
    """Where a host stands: what its commands begin with, its address, and that of the machine."""

    before: list[str]
    address: str
    machine: str
    database: str
    """Where it reaches the database: an address of the machine that can be cut off alone."""

    def cut(self) -> None:
        """Let nothing more reach the database, as a cable does that is pulled."""
        assert _is_done([*self.before, "ip", "route", "replace", "blackhole", self.database])

    def mend(self) -> None:
        """Let it be reached again."""
        way = [self.database, "via", self.machine]
        assert _is_done([*self.before, "ip", "route", "replace", *way])


@dataclass
class Host:
    """A host: its folder, its network, its site and, where it has one, its worker."""

    folder: Path
    network: Network
    shared: dict[str, str]
    port: int = 8000
    settings: str = "ptpct.settings"
    processes: list[subprocess.Popen] = field(default_factory=list)

    def start(self) -> None:
        """Begin the site; it answers some seconds later."""
        bind = f"{self.network.address}:{self.port}"
        options = ["--config", "deploy/gunicorn.conf.py", "--workers", "1", "--bind", bind]
        self._run("-m", "gunicorn", "ptpct.wsgi", *options, "--log-level", "error")

    def work(self) -> None:
        """Begin a worker beside it."""
        self._run("manage.py", "run_worker", "--no-startup-delay", "--interval", "0.1", "-v", "0")

    def told_at_start(self, *arguments: str, **variables: str) -> str:
        """Return what a site or command says that starts here with other variables, and ends."""
        asked = arguments or ("-c", "import ptpct.wsgi")
        command = [*self.network.before, sys.executable, *asked]
        told = self.environment() | variables
        ended = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, check=False)
        return ended.stderr.decode()

    def kill(self) -> None:
        """End all of it as a machine without power does."""
        for process in self.processes:
            _end(process)
            process.wait()
        self.processes.clear()

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Let no file of its processes grow while the block runs."""
        found = [one for process in self.processes for one in tree_of(process.pid)]
        limits = {one: resource.prlimit(one, resource.RLIMIT_FSIZE) for one in found}
        for one, (_soft, hard) in limits.items():
            resource.prlimit(one, resource.RLIMIT_FSIZE, (0, hard))
        try:
            yield
        finally:
            for one, limit in limits.items():
                resource.prlimit(one, resource.RLIMIT_FSIZE, limit)

    def environment(self) -> dict[str, str]:
        """Return what its processes are told."""
        return (
            environment()
            | self.shared
            | {
                "DJANGO_SETTINGS_MODULE": self.settings,
                "PTPCT_VAR_DIR": str(self.folder),
                "PTPCT_ALLOWED_HOSTS": NAME,
                "PTPCT_BEHIND_PROXY": "1",
                "PTPCT_OPERATOR_TOKEN": TOKEN,
                "PTPCT_S3_ENDPOINT": self.shared["PTPCT_S3_ENDPOINT"] % self.network.machine,
            }
        )

    def _run(self, *arguments: str) -> None:
        command = [*self.network.before, sys.executable, *arguments]
        self.processes.append(
            subprocess.Popen(command, cwd=ROOT, env=self.environment(), start_new_session=True)
        )


@dataclass
class Installation:
    """Both hosts, what they share, and nginx before them."""

    one: Host
    other: Host
    redis: RedisServer
    bucket: "Bucket"
    nginx: Server


class Browser:
    """A browser: keeps cookies and the mark of the last form; asks nginx, or one host alone."""

    def __init__(self, place: Server | Host) -> None:
        self.place, self.cookies, self.mark = place, dict[str, str](), ""

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, bytes]:
        """Return status, where to go on and content of an answer; a `form` is posted."""
        told = {"Host": NAME, "Referer": f"https://{NAME}/", "Accept-Encoding": "identity"}
        told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode({"csrfmiddlewaretoken": self.mark, **form})
            told["Content-Type"] = "application/x-www-form-urlencoded"
        connection = self._connection(told)
        connection.request("GET" if body is None else "POST", path, body, told)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if mark := re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', content):
            self.mark = mark[1].decode()
        return answer.status, answer.headers.get("Location", ""), content

    def text(self, path: str, form: dict[str, str] | None = None) -> str:
        """Return the text of an answer."""
        return self.ask(path, form)[2].decode()

    def _connection(self, told: dict[str, str]) -> http.client.HTTPConnection:
        if isinstance(self.place, Server):
            connection = http.client.HTTPConnection(NAME)
            connection.sock = self.place.connect()
            return connection
        # as nginx says it
        told |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
        return http.client.HTTPConnection(self.place.network.address, self.place.port, timeout=60)


@contextmanager
def two_hosts() -> Iterator[Installation]:
    """Start all of it, and end it with the block."""
    folder = Path(tempfile.mkdtemp(prefix="ptpct-"))
    hosts: list[Host] = []
    try:
        with ExitStack() as stack:
            networks = [stack.enter_context(_network(number)) for number in (1, 2)]
            redis = stack.enter_context(redis_server())
            bucket = stack.enter_context(_bucket())
            shared = {
                **KEYS,
                "AWS_DEFAULT_REGION": "eu-south-1",
                "PTPCT_S3_ENDPOINT": f"http://%s:{bucket.port}",
                "PTPCT_FILES": f"s3://{BUCKET}",
                "PTPCT_CACHE": redis.address,
            }
            # one reaches the database by a pool, over its network, the other itself
            place = networks[0].database, free_port()
            pool = stack.enter_context(pgbouncer(database_url(), place))
            pooled = shared | {"PTPCT_PGBOUNCER": "1", "DATABASE_URL": f"{pool}?{IMPATIENT}"}
            hosts.append(_host(folder, networks[0], pooled, (ONLY_ONE,)))
            hosts.append(_host(folder, networks[1], shared, ()))
            for host in hosts:
                host.start()
            addresses = [f"{one.network.address}:{one.port}" for one in hosts]
            places = [f"{address} max_fails=1 fail_timeout=1s" for address in addresses]
            found = Server(free_port(), folder / "no.sock", certificate(folder), folder / "log")
            configure(folder, found, places)
            stack.enter_context(nginx(folder))
            for host in hosts:
                wait_for(host)
            yield Installation(*hosts, redis, bucket, found)
    finally:
        for process in (one for host in hosts for one in host.processes):
            _end(process)
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def tree_of(process: int) -> list[int]:
    """Return a process and those under it."""
    found = [process]
    for one in found:
        with suppress(OSError):
            for thread in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
    return found


def _end(process: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def wait_for(host: Host) -> None:
    """Return when a host answers."""
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        assert host.processes[0].poll() is None, "the host does not start"
        with suppress(OSError, http.client.HTTPException):
            if Browser(host).ask("/accedi/")[0] == http.client.OK:
                return
        time.sleep(0.1)
    raise AssertionError("the host does not answer")


def _host(above: Path, network: Network, shared: dict[str, str], alone: tuple[str, ...]) -> Host:
    folder = Path(tempfile.mkdtemp(dir=above))
    # what `collectstatic` has put there
    shutil.copytree(settings.STATIC_ROOT, folder / "static", copy_function=os.link)
    for name in alone:
        (folder / "static" / name).write_text("/* di una versione sola */")
    port = free_port() if network.address == network.machine else Host.port
    return Host(folder, network, shared, port)


class Bucket:
    """What answers like S3; stopped and started again it has what it had."""

    port = 0

    def start(self) -> None:
        """Answer, at the same port as before."""
        # S104: the hosts have networks
        self._server = ThreadedMotoServer(ip_address="0.0.0.0", port=self.port)  # noqa: S104
        self._server.start()
        _address, self.port = self._server.get_host_and_port()

    def stop(self) -> None:
        """Answer no more."""
        self._server.stop()


@contextmanager
def _bucket() -> Iterator[Bucket]:
    """Give a server that answers like S3, with an empty bucket."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = Bucket()
    server.start()
    try:
        boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{server.port}",
            region_name="eu-south-1",
            aws_access_key_id="prova",
            aws_secret_access_key="prova",
        ).create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-south-1"}
        )
        yield server
    finally:
        server.stop()


@contextmanager
def _network(number: int) -> Iterator[Network]:
    """Give a host a network of its own; else, and that is said, that of the machine."""
    name, net = f"ptpct-{os.getpid() % 10_000}-{number}", f"10.77.{os.getpid() % 200}"
    here, there = f"{name}-h", f"{name}-t"
    machine, address = f"{net}.{4 * number + 1}", f"{net}.{4 * number + 2}"
    database = f"{net}.{200 + number}"
    inside = ["ip", "netns", "exec", name]
    steps = [
        ["ip", "netns", "add", name],
        ["ip", "link", "add", here, "type", "veth", "peer", "name", there],
        ["ip", "link", "set", there, "netns", name],
        ["ip", "addr", "add", f"{machine}/30", "dev", here],
        ["ip", "addr", "add", f"{database}/32", "dev", here],
        ["ip", "link", "set", here, "up"],
        [*inside, "ip", "addr", "add", f"{address}/30", "dev", there],
        [*inside, "ip", "link", "set", there, "up"],
        [*inside, "ip", "link", "set", "lo", "up"],
        [*inside, "ip", "route", "add", database, "via", machine],
    ]
    try:
        if all(_is_done(step) for step in steps):
            yield Network(inside, address, machine, database)
        else:
            print("hosts without networks of their own: they may not be made here", file=sys.stderr)
            yield Network([], *["127.0.0.1"] * 3)
    finally:
        _is_done(["ip", "link", "del", here])
        _is_done(["ip", "netns", "del", name])


def _is_done(step: list[str]) -> bool:
    program = shutil.which(step[0], path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if program is None:
        return False
    return subprocess.run([program, *step[1:]], capture_output=True, check=False).returncode == 0

"""A real directory for the tests: Debian's slapd in a folder of its own, on this machine."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import ldap
import ldap.modlist

BASE = "dc=ente,dc=it"
ADMIN, ADMIN_PASSWORD = f"cn=admin,{BASE}", "segreto-della-rubrica"
THEIRS = "parola-della-rubrica"
SCHEMAS = Path("/etc/ldap/schema")
MODULES = "/usr/lib/ldap"
CONFIGURATION = """
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
modulepath {modules}
moduleload back_mdb
pidfile {folder}/pid
database mdb
suffix "{base}"
rootdn "{admin}"
rootpw {password}
directory {folder}/data
"""


@dataclass
class Directory:
    """A running directory: its address, and what a test changes in it."""

    url: str

    @contextmanager
    def connected(self) -> Iterator[ldap.ldapobject.LDAPObject]:
        connection = ldap.initialize(self.url)
        try:
            connection.simple_bind_s(ADMIN, ADMIN_PASSWORD)
            yield connection
        finally:
            connection.unbind_s()

    def add(self, dn: str, **attributes: str | list[str]) -> str:
        """Add an entry; return its name."""
        values = {
            name: [value.encode() for value in ([values] if isinstance(values, str) else values)]
            for name, values in attributes.items()
        }
        with self.connected() as connection:
            connection.add_s(dn, ldap.modlist.addModlist(values))
        return dn

    def put(self, dn: str, **attributes: str | list[str]) -> str:
        """Add an entry in place of one of that name; return the name."""
        with self.connected() as connection, suppress(ldap.NO_SUCH_OBJECT):
            connection.delete_s(dn)
        return self.add(dn, **attributes)

    def person(self, uid: str, mail: str = "") -> str:
        told = {"mail": mail} if mail else {}
        return self.put(
            f"uid={uid},ou=persone,{BASE}",
            objectClass=["inetOrgPerson"],
            uid=uid,
            cn=uid,
            sn=uid,
            userPassword=THEIRS,
            **told,
        )

    def group(self, name: str, *members: str) -> str:
        """Make a group of these people; a group is never empty, so its keeper is in each."""
        members = [ADMIN, *members]
        return self.put(
            f"cn={name},ou=gruppi,{BASE}", objectClass=["groupOfNames"], cn=name, member=members
        )


@contextmanager
def running() -> Iterator[Directory]:
    """Start a directory with two empty branches; it goes away with all it holds."""
    folder = Path(tempfile.mkdtemp(prefix="ptpct-slapd-"))
    (folder / "data").mkdir()
    (folder / "slapd.conf").write_text(
        CONFIGURATION.format(
            schemas=SCHEMAS,
            modules=MODULES,
            folder=folder,
            base=BASE,
            admin=ADMIN,
            password=ADMIN_PASSWORD,
        )
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"ldap://127.0.0.1:{free.getsockname()[1]}"
    program = shutil.which("slapd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    process = subprocess.Popen(
        [program, "-f", folder / "slapd.conf", "-h", url, "-d", "none"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    directory = Directory(url)
    try:
        _wait_for(directory, process)
        directory.add(BASE, objectClass=["dcObject", "organization"], dc="ente", o="Ente")
        for branch in ("persone", "gruppi"):
            directory.add(f"ou={branch},{BASE}", objectClass=["organizationalUnit"], ou=branch)
        yield directory
    finally:
        process.terminate()
        process.wait(timeout=60)
        shutil.rmtree(folder)


def _wait_for(directory: Directory, process: subprocess.Popen) -> None:
    for _attempt in range(300):
        try:
            with directory.connected():
                return
        except ldap.SERVER_DOWN:
            assert process.poll() is None, "slapd did not start"
            time.sleep(0.1)
    raise AssertionError("slapd does not answer")

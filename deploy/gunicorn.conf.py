"""How gunicorn serves the site. It is reached through nginx alone, which has the slow clients.

The socket comes from systemd (the unit beside this file), so that only nginx may open it.
"""

import os
from pathlib import Path

workers = 2
worker_class = "gthread"
threads = 4
# A page waits five seconds for its longest work; what takes minutes is a job.
timeout = 120
graceful_timeout = 30
# What an engine or a large file leaves behind in memory goes with the process.
max_requests = 2_000
max_requests_jitter = 200
umask = 0o077
# nginx writes who asked for what.
accesslog = None
errorlog = "-"
control_socket_disable = True


def on_starting(server):
    """Forget the figures of processes that are gone; while the site runs, a sum must not fall.

    Nothing of the site is imported: processes that begin later would not read it anew.
    """
    for figures in (Path(os.environ.get("PTPCT_VAR_DIR") or "var") / "metrics").glob("*.db"):
        figures.unlink(missing_ok=True)

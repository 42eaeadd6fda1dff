"""Who may see how the installation is, and what it is asked to have left (docs/decisions/0037)."""

import os

from ptpct import env
from ptpct.settings.installation import VAR_DIR

# Whoever has one of these sees the details of /salute/, and /metriche/; without, nobody does.
OPERATOR_TOKEN = env.token("PTPCT_OPERATOR_TOKEN")
OPERATOR_NETWORKS = env.networks("PTPCT_OPERATOR_ADDRESSES")
# Where the head of the trail is kept, out of reach of whoever has the database (decision 11).
TRAIL_FILE = env.text("PTPCT_TRAIL_FILE", default="")
MIN_FREE_MB = env.number("PTPCT_MIN_FREE_MB", default=500)

METRICS_DIR = VAR_DIR / "metrics"
if OPERATOR_TOKEN or OPERATOR_NETWORKS:
    # Each process of the site writes its own figures there, and whichever is asked adds them up;
    # the library reads the variable when it is imported.
    METRICS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(METRICS_DIR))

# How often a process asks whether it is still of the version of its installation (0: never).
HOST_CHECK_SECONDS = 5
# How long an upgrade waits for the jobs that workers have in hand: as long as a drawing may take.
UPGRADE_WAIT_SECONDS = 900

"""Confirm 900 of 1,000 copied processes in one act: ``bench_year_reconfirm.py FILE``.

Started by ``bench_year.py`` with an empty database, which it gives a body of one office with 1,000
processes and 8,000 measures, its adopted plan and the next edition, which somebody has looked at.

- ``reconfirm_block_queries``: statements of the act, under its locks, history and trail included.
- ``reconfirm_block_s``: its seconds of processor, that of the server included.
"""

import sys
from pathlib import Path
from unittest.mock import patch

from bench_engines import keep
from bench_spreadsheets_import import timed
from bench_year_body import adopted_plan, counted, rpct_of

from registry.models import Annex
from risk.models import Reconfirmation
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.reconfirmation import apply_reconfirmation, propose_reconfirmation
from risk.services.plans.editions import copy_plan
from risk.services.sample_data.synthetic import bodies

CONFIRMED = 900
MEASURES = 8_000
ONE_OFFICE = bodies.Profile(1, 1_000, 6_000, 15_000, 4_000, MEASURES, 8)


def main() -> int:
    """Fill the database, confirm, write the figures to the file named."""
    with patch.dict(bodies.PROFILES, {"A1000": ONE_OFFICE}):
        plan = adopted_plan("A1000", measures=MEASURES)
    by = rpct_of(plan)
    years = {"first_year": plan.first_year + 1, "last_year": plan.last_year + 1}
    made = copy_plan(plan=plan, title="Edizione 2", kind="ordinary", by=by, **years)
    annex = Annex.objects.with_names().get(plan=made)
    kept_annex(annex)
    every = list(annex.processes.in_use().order_by("position"))
    changes = propose_reconfirmation(processes=every).changes
    rows = [change.row for change in changes if change.changes][:CONFIRMED]
    digest = propose_reconfirmation(processes=rows).digest
    seconds, (queries, done) = timed(
        lambda: counted(
            lambda: apply_reconfirmation(annex=annex, processes=rows, digest=digest, by=by)
        )
    )
    if not len(every) - 100 == done.count == Reconfirmation.objects.count() == CONFIRMED:
        raise SystemExit(f"riconfermati {done.count} di {len(every)}")
    found = {"reconfirm_block_queries": queries, "reconfirm_block_s": round(seconds, 2)}
    keep(Path(sys.argv[1]), found)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Measure the comparison of two editions: ``bench_year_compare.py FILE``; writes its figures.

Started once for each engine, with an empty database that it gives a body of 1,000 processes, its
adopted plan and the next edition with 200 acts in it, both of which somebody has looked at.

- ``compare_queries``: statements of the whole comparison, opened to the last word.
- ``compare_vs_read``: its seconds of processor ÷ those of reading the rows of both editions once
  by ``values_list``, in turns, the best of five.
- ``compare_peak_mb``: the memory of a whole process that does nothing else.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

from bench_clock import measured  # noqa: E402
from bench_engines import keep  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db.models import Q  # noqa: E402

from registry.models import Action, Annex, Phase, Plan, Process, User  # noqa: E402
from risk.models import (  # noqa: E402
    Assessment,
    Coverage,
    ImplementationStep,
    MeasureTarget,
    PlannedMeasure,
    ProgressIndicator,
    Rating,
    RiskBehaviour,
    Transition,
)
from risk.services.plans.comparison.making import compare_plans  # noqa: E402
from risk.services.plans.editions import copy_plan  # noqa: E402
from risk.services.sample_data.synthetic import rows as synthetic_rows  # noqa: E402
from risk.services.sample_data.synthetic.bodies import make_synthetic_body  # noqa: E402
from tests.register import adopt  # noqa: E402

ROUNDS = 5
MEASURES_AN_ANNEX = 100
"""In each of 80 annexes: 8,000 in all."""
PEAK = "--peak"
TITLES = ("PTPCT 2026/2028", "PTPCT 2027/2029")


def plans() -> list[Plan]:
    """Return the two editions as they are stored."""
    rows = Plan.objects.select_related("administration")
    return [rows.get(title=title) for title in TITLES]


def compare() -> int:
    """Compare both to the last word; return how many processes changed."""
    before, after = plans()
    return sum(len(office.processes) for office in compare_plans(before, after).opened())


def read() -> int:
    """Read the rows of both editions once; return how many there are."""
    return sum(len(list(rows)) for plan in plans() for rows in rows_of(plan))


def rows_of(plan: Plan) -> list:
    """Return what a plan says, table by table, as `values_list`."""
    phases = Phase.objects.filter(process__annex__plan=plan)
    behaviours = RiskBehaviour.objects.filter(process__annex__plan=plan)
    judged = Q(process__annex__plan=plan) | Q(behaviour__process__annex__plan=plan)
    assessments = Assessment.objects.filter(judged)
    tables = (
        Annex.objects.filter(plan=plan),
        Process.objects.filter(annex__plan=plan),
        phases,
        Action.objects.filter(phase__process__annex__plan=plan),
        behaviours,
        Coverage.objects.filter(behaviour__process__annex__plan=plan),
        assessments,
        Rating.objects.filter(assessment__in=assessments.order_by().values("pk")),
        PlannedMeasure.objects.filter(plan=plan),
        MeasureTarget.objects.filter(planned_measure__plan=plan),
        ImplementationStep.objects.filter(planned_measure__plan=plan),
        ProgressIndicator.objects.filter(planned_measure__plan=plan),
    )
    return [rows.order_by().values_list() for rows in tables]


def make_editions() -> None:
    """Make the body, its adopted plan and the next edition, and act 200 times in that one."""
    with patch.object(synthetic_rows, "MEASURES_AN_ANNEX", MEASURES_AN_ANNEX):
        plan = make_synthetic_body(profile="L", ipa_code="sintetico")
    by = User.objects.filter(memberships__role="rpct").first()
    for annex in plan.annexes.all():
        moved = {"from_state": annex.state, "to_state": "issued", "by": by, "reason": "prova"}
        Transition.objects.create(annex=annex, verb="submit", digest="0" * 64, **moved)
        Annex.objects.filter(pk=annex.pk).update(state="issued")
    adopt(plan)
    made = copy_plan(
        plan=Plan.objects.get(pk=plan.pk),
        title=TITLES[1],
        first_year=2027,
        last_year=2029,
        kind="ordinary",
        by=by,
    )
    rows = list(
        Process.objects.filter(annex__plan=made).order_by("pk").values_list("pk", flat=True)
    )
    for key in rows[:100]:
        phase = Phase.objects.filter(process=key).first()
        Phase.objects.filter(pk=phase.pk).update(title=f"{phase.title}, con verbale")
    for row in Process.objects.filter(pk__in=rows[100:160]):
        Process.objects.filter(pk=row.pk).update(title=f"{row.title} e controlli")
    Process.objects.filter(pk__in=rows[160:200]).update(
        retired_on="2027-01-10", retired_reason="Non si fa più."
    )


def best(*works: Callable[[], int]) -> list[float]:
    """Return the least seconds of processor of some works done in turns."""
    least = [float("inf")] * len(works)
    for _round in range(ROUNDS):
        for place, work in enumerate(works):
            with measured() as cost:
                work()
            least[place] = min(least[place], cost.processor)
    return least


def most_memory() -> int:
    """Return the megabytes this process had at most; `getrusage` tells those of its parent too."""
    told = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(told.partition("VmHWM:")[2].split()[0]) // 1024


def main() -> int:
    """Fill the database, measure, write the figures to the file named."""
    if PEAK in sys.argv:
        compare()
        sys.stdout.write(str(most_memory()))
        return 0
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    make_editions()
    # both are looked at once: what is kept of them is up to date from then on
    with measured() as first:
        compare()
    with measured() as cost:
        changed = compare()
    if changed != 200:  # noqa: PLR2004
        raise SystemExit(f"cambiati {changed} processi, non 200")
    compared, rows = best(compare, read)
    command = [sys.executable, __file__, PEAK]
    peak = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    found = {
        "compare_queries": cost.statements,
        "compare_vs_read": round(compared / rows, 2),
        "compare_peak_mb": int(peak.stdout.split()[-1]),
        "compare_s": round(compared, 2),
        "compare_first_look_s": round(first.processor, 1),
    }
    keep(Path(sys.argv[1]), found)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A large annex is looked at, submitted, approved and issued within a limit of memory.

A thousand processes in four gigabytes with `make soak`; forty in one gigabyte among all tests. What
such an annex costs is told in docs/performance.md. The drawing of its paper has a process, a limit
and tests of its own (`tests/risk/printing`).
"""

import json
from unittest.mock import patch

import pytest
from django.db import connection

from risk.services.sample_data.reference import load_reference
from risk.services.sample_data.synthetic.bodies import PROFILES, Profile, make_synthetic_body
from tests.project.installation import run
from tests.soak import SOAK
from tools.bench_before_body import complete

pytestmark = [
    pytest.mark.soak,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "postgresql" and not SOAK,
        reason="the memory is that of our process, whatever the database",
    ),
]

PROCESSES, MEGABYTES = (1_000, 4_096) if SOAK else (40, 1_024)
SIZE = Profile(
    offices=1,
    processes=PROCESSES,
    phases=6 * PROCESSES,
    actions=13 * PROCESSES,
    behaviours=4 * PROCESSES,
    targets=8 * PROCESSES,
    people=8,
)
"""As dense as A300."""


@pytest.fixture
def annex():
    """One large annex, complete."""
    load_reference()
    with patch.dict(PROFILES, {"large": SIZE}):
        plan = make_synthetic_body(profile="large", ipa_code="grande")
    complete(plan)
    return plan.annexes.get()


def test_it_is_taken_its_way_in_little_memory(annex):
    script = "tests/risk/annexes/large_annex.py"

    found = json.loads(run(script, str(MEGABYTES), str(annex.uid)))

    assert set(found["before"].values()) == set(found["after"].values()) == {200}
    assert found["state"] == "issued"
    assert found["approved"] == found["issued"] == PROCESSES
    assert found["megabytes"] < MEGABYTES

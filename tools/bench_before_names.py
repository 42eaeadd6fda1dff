"""What the two versions call differently, in one place: ``names(version)``.

``before`` is commit 2799581 and does not change; whoever renames a module changes `MODULES` and, as
the commit keeps the old name, puts that into `BEFORE`. A function renamed is given a method of
`Names`. All take and return rows of the version that runs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from unittest.mock import patch

PROFILES = {
    "A300": (1, 300, 1_800, 4_000, 1_000, 2_500, 8),
    "A1000": (1, 1_000, 6_000, 13_333, 3_333, 8_333, 8),
    "A28": (1, 28, 168, 373, 93, 233, 8),
    "A80": (80, 320, 1_900, 4_200, 1_100, 2_600, 8),
    "P150": (50, 1_672, 10_000, 25_000, 6_700, 10_500, 170),
}
"""Bodies that are measured, besides those both versions know: A28 and A1000 are as dense as A300,
A80 has eighty small annexes, P150 one of 300 processes among others of 28 and the people to work
in it."""


@dataclass(frozen=True)
class Names:
    """The services of one version, under the same names for both."""

    bodies: Any
    """The module of invented bodies."""
    rows: Any
    """The module of their rows."""
    approvals: Any
    moves: Any
    issues: Any
    """Services of annexes: approvals, moves, issues."""
    plan_issues: Any
    plan_moves: Any
    editions: Any
    """Services of plans: adoption, moves, copies."""

    def body(self, profile: str, ipa_code: str) -> Any:
        """Make an invented body; return its plan."""
        size = PROFILES.get(profile)
        if size is None:
            return self.bodies.make_synthetic_body(profile=profile, ipa_code=ipa_code)
        known = {profile: self.bodies.Profile(*size)}
        first = FIRST_ANNEX.get(profile, self.rows.FIRST_ANNEX)
        with (
            patch.dict(self.bodies.PROFILES, known),
            patch.object(self.rows, "FIRST_ANNEX", first),
        ):
            return self.bodies.make_synthetic_body(profile=profile, ipa_code=ipa_code)

    @contextmanager
    def undrawn(self, pdf: bytes) -> Iterator[None]:
        """Let issues be given these bytes instead of a drawing.

        A drawing takes minutes in both versions alike, outside of any transaction.
        """
        with (
            patch.object(self.issues, "render_pdf_apart", lambda *_args, **_named: pdf),
            patch.object(self.plan_issues, "render_plan_pdf_apart", lambda *_args, **_named: pdf),
        ):
            yield


FIRST_ANNEX = {"A300": 300, "A1000": 1_000, "A28": 28, "P150": 300}
"""How many processes the first annex of these has; the generators agree on that of the others."""

MODULES = {
    "bodies": "risk.services.sample_data.synthetic.bodies",
    "rows": "risk.services.sample_data.synthetic.rows",
    "approvals": "risk.services.annexes.approvals",
    "moves": "risk.services.annexes.moves",
    "issues": "risk.services.annexes.issues",
    "plan_issues": "risk.services.plans.issues",
    "plan_moves": "risk.services.plans.moves",
    "editions": "risk.services.plans.editions",
}
BEFORE = {
    "bodies": "risk.services.synthetic.bodies",
    "rows": "risk.services.synthetic.rows",
}
"""What commit 2799581 has elsewhere."""


def names(version: str) -> Names:
    """Return the services of ``before`` or ``now``, whichever code this process runs."""
    found = {"before": MODULES | BEFORE, "now": MODULES}[version]
    return Names(**{name: import_module(module) for name, module in found.items()})

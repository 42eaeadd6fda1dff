"""How often a test of chance is repeated: a few rounds among all tests, many in `make soak`."""

import os

SOAK = os.environ.get("SOAK") == "1"
"""Whether these are the many rounds."""


def rounds(short: int, *, soak: int) -> range:
    """Return the rounds to run: `short` of them, or `soak` with SOAK=1 in the environment."""
    return range(soak if SOAK else short)

"""Tests that need programs nobody has by default are for `make soak` alone (tests/programs)."""

from tests.soak import SOAK

collect_ignore = [] if SOAK else ["test_other_programs.py"]

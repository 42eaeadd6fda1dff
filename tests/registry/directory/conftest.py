"""The people of the accounts, who are in a directory too."""

from tests.registry.accounts.conftest import annex, announced, people

__all__ = ["annex", "announced", "people"]

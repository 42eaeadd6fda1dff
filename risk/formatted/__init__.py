"""Texts with a small set of forms: a tree of blocks, and how it is typed (docs/decisions/0080)."""

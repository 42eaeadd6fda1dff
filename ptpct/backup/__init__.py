"""Backups: what an installation holds, into a folder and back (docs/decisions/0041)."""

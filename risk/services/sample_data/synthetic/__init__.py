"""Invented bodies of a given size."""

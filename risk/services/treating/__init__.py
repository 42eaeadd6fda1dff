"""Treating risks by measures."""

"""Assessing by a method."""

"""Registers of risks in files of tables: their layouts, and their rows in one neutral shape.

Nothing here knows the database; `registry.spreadsheets` knows the formats.
"""

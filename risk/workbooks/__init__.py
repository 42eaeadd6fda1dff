"""Registers of risks as files of tables: how they are drawn, and what both ways have in common.

`fields`, `layouts` and `rowids` are read by the import too (`risk.services.imports`). Nothing here
knows the database; `registry.spreadsheets` knows the formats.
"""

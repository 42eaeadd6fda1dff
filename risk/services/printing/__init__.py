"""Annexes as files: paper, workbooks, figures."""

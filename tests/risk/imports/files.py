"""Files as people bring them, and bringing one."""

from risk.services.imports import start_import
from risk.services.imports.showing import refresh_import

PLAIN = b"Processo;Area di rischio;Mai visto\nConcorsi;;x\n"
"""A register of one process, with a column nobody knows."""


def brought(plan, office, *, by, content=PLAIN, filename="registro.csv", read=True):
    """Return the import of a file that is on its way, read already or not."""
    found = start_import(
        plan=plan, office=office, filename=filename, content=content, layout="auto", by=by
    )
    if read:
        refresh_import(register_import=found, by=by)
    return found

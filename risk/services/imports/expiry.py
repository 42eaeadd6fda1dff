"""Files that were brought and never taken: after a while their bytes go, the line stays."""

import datetime

from registry import clock
from risk.enums import ImportState
from risk.models import RegisterImport
from risk.services.imports.refusals import ImportRefusedError
from risk.services.imports.uploads import discard_import

KEEP_UPLOADS = datetime.timedelta(days=90)
"""How long a file waits to be taken, from the day it was brought."""


def sweep_imports(*, before: datetime.datetime | None = None) -> int:
    """Set aside the files brought before a moment (90 days ago by default); return how many.

    Each is one act without a person on the trail. A file taken or set aside in the same moment by
    somebody else is left to them. Safe to run at any time, as often as one likes.
    """
    before = before or clock.now() - KEEP_UPLOADS
    waiting = RegisterImport.objects.filter(state=ImportState.UPLOADED, at__lt=before)
    swept = 0
    for found in list(waiting.defer("content", "tables", "report").order_by("pk")):
        try:
            discard_import(register_import=found, by=None)
        except ImportRefusedError:
            continue
        swept += 1
    return swept

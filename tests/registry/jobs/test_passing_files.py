"""Files nobody confirmed go after a day, whichever door they came in by."""

import datetime
import os

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from registry.services.expiry import KEEP_FILES, passing_stores, sweep

DOORS = {
    "jobs": "jobs",
    "back-office": "import_export",
    "requests": settings.FILE_UPLOAD_TEMP_DIR,
}
"""Where each door keeps what it is given, by the name of a store or its folder."""


def folders() -> set[str]:
    stores = (door for door in DOORS.values() if isinstance(door, str))
    return {storages[name].path("") for name in stores} | {str(settings.FILE_UPLOAD_TEMP_DIR) + "/"}


def test_every_door_is_swept():
    assert {str(store.path("")).rstrip("/") for store in passing_stores()} == {
        folder.rstrip("/") for folder in folders()
    }
    # a store that is added is looked at here first
    assert set(settings.STORAGES) == {
        *("default", "staticfiles", "import_export", "jobs"),
        # of plans: kept as long as they are public (tests/risk/reporting/test_stored_open_data.py)
        "published",
        # of rounds: kept as long as a row names them (tests/risk/monitoring/test_evidence.py)
        "evidence",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("place", range(len(DOORS)), ids=DOORS)
def test_what_is_old_goes_and_what_is_new_stays(place):
    store = passing_stores()[place]
    names = [store.save(name, ContentFile(b"x")) for name in ("prova/vecchio.csv", "nuovo.csv")]
    old = (timezone.now() - KEEP_FILES - datetime.timedelta(hours=1)).timestamp()
    os.utime(store.path(names[0]), (old, old))
    assert sweep().files == 1
    assert [store.exists(name) for name in names] == [False, True]
    store.delete(names[1])

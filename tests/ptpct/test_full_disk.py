"""A disk that is full is told in a sentence, keeps what was typed, leaves nothing half written."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.urls import reverse

from registry.services.trail_verification import verify_trail
from tests.people import client_of, people_of
from tests.ptpct.test_busy import fields_of
from tests.register import complete_annex

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Verifica della «firma».\n" * 400
"""What needs more than the pages of the database that are free just now."""
_FULL = """
    CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
    END $$;
    CREATE TRIGGER no_room BEFORE INSERT ON registry_trailrecord
    FOR EACH ROW EXECUTE FUNCTION no_room();
    CREATE TRIGGER no_room BEFORE INSERT ON risk_processcontent
    FOR EACH ROW EXECUTE FUNCTION no_room();
"""


@contextmanager
def full_database() -> Iterator[None]:
    """Let the database have no room while the block runs."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # what rows that are gone have left is room, too
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            (pages,) = cursor.fetchone()
            cursor.execute(f"PRAGMA max_page_count = {pages}")
        else:
            cursor.execute(_FULL)
        try:
            yield
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA max_page_count = 1073741823")
            else:
                cursor.execute("DROP FUNCTION no_room CASCADE")


def test_a_save_that_finds_no_room(caplog):
    annex = complete_annex()
    process, client = annex.processes.get(), client_of(people_of(annex)["editor"])
    phase = process.phases.get()
    save = reverse("risk:phase", args=[process.uid, phase.uid])
    who = {"executor_role": "", "executor_office": ""}
    typed = {"title": "Verifica", "description": LONG, "version": str(phase.version), **who}
    with full_database():
        answer = client.post(save, typed)
        # what is only kept to be quick is not kept, and the page is read all the same
        assert client.get(reverse("risk:completeness", args=[annex.uid])).status_code == 200
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "Il disco è pieno" in page
    assert "Non è stato salvato nulla" in page
    assert fields_of(page) == typed
    assert "no room for what was to be written: il disco è pieno" in caplog.text
    assert process.phases.get().title == phase.title
    assert verify_trail() == []
    assert client.post(save, fields_of(page)).status_code == 302
    assert process.phases.get().title == "Verifica"
    assert verify_trail() == []

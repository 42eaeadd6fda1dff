"""Files nobody has taken go after a while; what was taken, or is recent, stays."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from registry.models import TrailRecord
from risk.enums import ImportState
from risk.models import RegisterImport
from risk.services.imports.expiry import KEEP_UPLOADS
from risk.services.imports.preview import preview_of
from tests.risk.imports.pages import KNOWN, take, upload

pytestmark = pytest.mark.django_db


def age(found, by):
    RegisterImport.objects.filter(pk=found.pk).update(at=timezone.now() - by)


def test_an_old_upload_goes_with_its_bytes_and_its_line_stays(annex, editor, capsys):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    found = RegisterImport.objects.get()
    age(found, KEEP_UPLOADS + datetime.timedelta(hours=1))

    call_command("sweep_imports")

    assert capsys.readouterr().out.startswith("File scartati: 1.\n")
    found.refresh_from_db()
    assert (found.state, bytes(found.content), bytes(found.tables)) == (
        ImportState.DISCARDED,
        b"",
        b"",
    )
    assert found.report == {}
    assert found.filename == "registro.csv"
    record = TrailRecord.objects.get(kind="import-discard")
    assert (record.person, record.subject) == (None, f"import {found.uid}")


def test_recent_and_taken_files_stay(annex, editor, capsys):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    old = RegisterImport.objects.get()
    take(editor)
    age(old, KEEP_UPLOADS * 2)
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    recent = RegisterImport.objects.exclude(pk=old.pk).get()
    age(recent, KEEP_UPLOADS - datetime.timedelta(hours=1))

    call_command("sweep_imports")

    assert capsys.readouterr().out.startswith("File scartati: 0.\n")
    old.refresh_from_db()
    recent.refresh_from_db()
    assert (old.state, recent.state) == (ImportState.TAKEN, ImportState.UPLOADED)
    assert bytes(old.content)
    assert bytes(recent.content)


def test_a_file_is_read_when_it_comes_and_its_tables_go_when_it_is_taken(annex, editor):
    upload(editor, annex.plan, KNOWN, office=annex.office.code)
    found = RegisterImport.objects.get()
    assert found.tables
    # without them the other bytes count, as for a file that came before tables were kept
    RegisterImport.objects.update(content=b"Processo;Area\nAltro processo;F) Entrate\n")
    assert titles(preview_of(register_import=fresh(found), by=None)) == {"Rilascio di patrocini"}
    RegisterImport.objects.update(tables=b"")
    assert titles(preview_of(register_import=fresh(found), by=None)) == {"Altro processo"}
    RegisterImport.objects.update(content=found.content, tables=found.tables)

    take(editor)

    assert (fresh(found).state, bytes(fresh(found).tables)) == (ImportState.TAKEN, b"")


def fresh(found):
    return RegisterImport.objects.get(pk=found.pk)


def titles(preview):
    return {row.process for row in preview.changes.added}

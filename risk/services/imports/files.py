"""A file on its way in: stored with its bytes, read by its content, never kept when unreadable."""

import hashlib
from typing import Any

from registry.acts import act
from registry.models import Office, Plan
from registry.services.trail import record_refusal
from registry.spreadsheets import UnreadableFile
from registry.spreadsheets.reading import read_workbook
from risk.enums import ImportState
from risk.models import RegisterImport


def start_import(
    *, plan: Plan, office: Office | None, filename: str, content: bytes, layout: str, by: Any
) -> RegisterImport:
    """Store a file a person wants to take in, after it has been read once; return it.

    `office` is that of every row that names none. Raises `UnreadableFile` when the content is no
    file of tables: then nothing is stored but the refusal, on the trail.
    """
    digest = hashlib.sha256(content).hexdigest()
    try:
        read_workbook(content, filename)
    except UnreadableFile as refused:
        record_refusal(
            kind="import", by=by, subject=f"plan {plan.slug}", reason=f"{filename}: {refused}"
        )
        raise
    return RegisterImport.objects.create(
        plan=plan,
        office=office,
        by=by,
        filename=filename[-255:],
        content=content,
        digest=digest,
        layout=layout,
    )


def discard_import(*, register_import: RegisterImport, by: Any) -> None:
    """Set aside a file that was not taken; its bytes go, the line of the list stays."""
    with act("import-discard", by=by, subject=f"import {register_import.uid}"):
        RegisterImport.objects.filter(pk=register_import.pk, state=ImportState.UPLOADED).update(
            state=ImportState.DISCARDED, content=b""
        )

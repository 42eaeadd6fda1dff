"""What is missing after a restore, in words: rows, guards, the trail, issues."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _

from ptpct.backup.manifest import Manifest, TrailHead, program_version
from ptpct.backup.rows import differing, fields_of
from registry import triggers
from registry.readable import grouped
from registry.services.trail_verification import verify_trail
from registry.trail.anchors import last_of, read_anchor
from registry.trail.chain import GENESIS, HOUSE
from registry.trail.words import record_named

_TOLD = 20
"""How many rows of one kind are named."""


def row_findings(folder: Path, manifest: Manifest) -> Iterator[str]:
    """Compare what was loaded with what the backup says it holds; before newer migrations.

    On the same engine the engine itself has taken the rows back, and they are counted; where the
    engine is another, each value was written anew, and is compared.
    """
    tables = set(connection.introspection.table_names())
    for name, table in manifest.tables.items():
        with connection.cursor() as cursor:
            if name in tables:
                cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608 - of the manifest
            found = cursor.fetchone()[0] if name in tables else 0
        if found != table.rows:
            told = {"table": name, "found": grouped(found), "all": grouped(table.rows)}
            yield _("Della tabella %(table)s sono tornate %(found)s righe su %(all)s.") % told
    if manifest.engine != connection.vendor:
        changed = differing(folder, manifest, fields_of(manifest))
        for name, key in itertools.islice(changed, _TOLD):
            told = {"table": name, "key": key}
            yield _("La riga %(key)s della tabella %(table)s non è com’era nella copia.") % told


def engine_findings() -> Iterator[str]:
    """Ask the engine whether its file is sound and every reference leads to a row.

    PostgreSQL has looked at every row it took.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        for (told,) in cursor.fetchall():
            if told != "ok":
                yield _("SQLite trova il database danneggiato: %(told)s.") % {"told": told}
        cursor.execute("PRAGMA foreign_key_check")
        for table, row, parent, _number in cursor.fetchmany(_TOLD):
            told = {"table": table, "row": row, "parent": parent}
            yield (
                _("La riga %(row)s di %(table)s indica una riga di %(parent)s che non c’è.") % told
            )


def trail_findings(
    head: TrailHead,
    anchors: Iterable[str] = (),
    chains: Mapping[str, TrailHead] = MappingProxyType({}),
) -> Iterator[str]:
    """Verify the trail, with guards and all it speaks of, and that its chains end where they did.

    `head` is the end of that of the installation, `chains` those of the bodies.
    """
    for finding in verify_trail(at_least=[read_anchor(text) for text in anchors]):
        yield finding.sentence
    for chain, end in {HOUSE: head, **chains}.items():
        last = last_of(chain).values_list("number", "digest").first() or (0, GENESIS)
        if last != (end.number, end.digest):
            told = {"found": record_named(chain, last[0]), "told": record_named(chain, end.number)}
            sentence = _("Il registro delle operazioni finisce alla %(found)s e non alla %(told)s.")
            yield sentence % told


def issue_findings() -> Iterator[str]:
    """Compare the data and the PDF of every issue with the digests it was issued with."""
    models: list[Any] = [model for model in apps.get_models() if hasattr(model, "pdf_digest")]
    for model in models:
        for row in model._base_manager.order_by("pk").iterator(chunk_size=20):
            for told, content in (
                (row.data_digest, row.data.encode()),
                (row.pdf_digest, bytes(row.pdf)),
            ):
                if hashlib.sha256(content).hexdigest() != told:
                    names = {"what": model._meta.verbose_name, "row": row, "uid": row.uid}
                    yield _("«%(what)s» non è com’era quando fu emesso: %(row)s (%(uid)s).") % names
                    break


def lost_guard_findings(manifest: Manifest) -> Iterator[str]:
    """Name the guards that a file of SQLite lacked already when it was copied.

    Asked before a migrate makes all guards anew; another version may have had others.
    """
    if manifest.engine == connection.vendor == "sqlite" and manifest.program == program_version():
        for name in triggers.missing_guards():
            yield _("Nella copia mancava la difesa %(name)s: ora c’è di nuovo.") % {"name": name}

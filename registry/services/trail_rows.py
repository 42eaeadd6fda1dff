"""Are the rows the trail tells of as they were recorded? In the memory of some hundreds of them.

What grows with the trail – the lines of all histories, by act, and the digests of the rows that are
written once – waits in a temporary file, sorted.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext as _

from registry.enums import TrailOutcome
from registry.models import TrailRecord
from registry.readable import grouped
from registry.services.marked_lines import AT_ONCE, counted_by_act, marked_lines
from registry.services.trail_spool import spool
from registry.services.untold_rows import UntoldRows
from registry.trail.records import written_digest
from registry.trail.words import record_named

_DETAILS_AT_ONCE = 20
"""As many records whose details are read: that of an import may tell of thousands of rows."""
_HISTORY = (
    "line (act TEXT, text TEXT)",
    "told (act TEXT PRIMARY KEY, count INTEGER, digest TEXT) WITHOUT ROWID",
)
_WRITTEN = (
    "written (label TEXT, uid TEXT, chain TEXT, number INTEGER, digest TEXT, "
    "PRIMARY KEY (label, uid)) WITHOUT ROWID",
)


def row_findings() -> Iterator[tuple[int | None, str]]:
    """Yield (number of the record, sentence in Italian) for histories changed, lost or invented."""
    with spool(*_HISTORY) as kept:
        _keep_histories(kept)
        untold = UntoldRows(kept)
        records = TrailRecord.objects.exclude(rows_digest="").order_by("pk")
        for record in records.defer("detail").iterator(chunk_size=AT_ONCE):
            count, digest = record.row_count, record.rows_digest
            key = {"act": str(record.uid)}
            found, told = _taken(kept, "told", "count, digest", **key) or (0, "")
            if (found == count and told == digest) or untold.account_for(record):
                continue
            sentence = _("La storia scritta con la registrazione %(record)s è stata modificata.")
            if found != count:
                sentence = _(
                    "Della registrazione %(record)s restano %(found)s righe di storia su %(all)s."
                )
            named = record_named(record.chain, record.number)
            yield (
                record.number,
                sentence % {"record": named, "found": grouped(found), "all": grouped(count)},
            )
        yield from untold.findings()
        for uid, found in kept.execute("SELECT act, count FROM told ORDER BY act"):
            sentence = _("%(n)s righe di storia dicono di un’operazione mai registrata (%(uid)s).")
            yield None, sentence % {"n": grouped(found), "uid": uid}


def written_findings() -> Iterator[tuple[int | None, str]]:
    """Yield the same for every row that is written once and is not as its record tells."""
    with spool(*_WRITTEN) as kept:
        _keep_written(kept)
        for model in apps.get_models():
            if not hasattr(model, "WRITTEN_ONCE_BUT_FOR"):
                continue
            yield from _written_of(model, kept)


def _written_of(model: Any, kept: sqlite3.Connection) -> Iterator[tuple[int | None, str]]:
    what, label = str(model._meta.verbose_name), model._meta.label_lower
    for row in model._base_manager.order_by("pk").iterator(chunk_size=20):
        key = {"label": label, "uid": str(row.uid)}
        told = _taken(kept, "written", "chain, number, digest", **key) or ("", None, "")
        chain, number, digest = told
        names: dict[str, Any] = {"what": what, "row": row, "uid": row.uid}
        if number is None:
            yield None, _("«%(what)s» senza alcuna registrazione: %(row)s (%(uid)s).") % names
        elif digest != written_digest(row):
            names["record"] = record_named(chain, number)
            sentence = _("«%(what)s» modificato dopo la registrazione %(record)s (%(uid)s).")
            yield number, sentence % names
    if getattr(model, "MAY_GO", False):
        return
    gone = "SELECT chain, number, uid FROM written WHERE label = ? ORDER BY chain, number, uid"
    for chain, number, uid in kept.execute(gone, [label]):
        sentence = _("«%(what)s» della registrazione %(record)s non c’è più (%(uid)s).")
        yield number, sentence % {"what": what, "record": record_named(chain, number), "uid": uid}


def _taken(kept: sqlite3.Connection, table: str, columns: str, **key: str) -> tuple | None:
    """Return columns of a row of the temporary file, which is gone then; None where it is not."""
    where = " AND ".join(f"{name} = ?" for name in key)
    # S608: the names are those of this module, never a person's input
    statement = f"DELETE FROM {table} WHERE {where} RETURNING {columns}"  # noqa: S608
    return kept.execute(statement, [*key.values()]).fetchone()


def _keep_histories(kept: sqlite3.Connection) -> None:
    """Keep of every act how many rows of history carry its mark, and the digest of them all."""
    kept.executemany("INSERT INTO line VALUES (?, ?)", marked_lines())
    lines = kept.execute("SELECT act, text FROM line ORDER BY act, text")
    kept.executemany("INSERT INTO told VALUES (?, ?, ?)", counted_by_act(lines))


def _keep_written(kept: sqlite3.Connection) -> None:
    """Keep which record tells of a row that is written once, and its digest."""
    records = TrailRecord.objects.filter(
        Q(detail__has_key="written") | Q(detail__has_key="gone"), outcome=TrailOutcome.DONE
    )
    details = records.order_by("pk").values_list("chain", "number", "detail")
    for chain, number, detail in details.iterator(chunk_size=_DETAILS_AT_ONCE):
        kept.executemany(
            "DELETE FROM written WHERE label = ? AND uid = ?",
            ((label, uid) for label, uids in detail.get("gone", {}).items() for uid in uids),
        )
        kept.executemany(
            "INSERT OR REPLACE INTO written VALUES (?, ?, ?, ?, ?)",
            (
                (label, uid, chain, number, digest)
                for label, digests in detail.get("written", {}).items()
                for uid, digest in digests.items()
            ),
        )

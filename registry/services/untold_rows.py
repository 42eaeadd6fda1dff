"""History rows that a version of before wrote with an act without telling its record of them.

The grades of an assessment were. What nobody has told of cannot be compared with what it was then:
so an upgrade tells of all such rows at once, in one record, and from then on they are compared
with that. What is not in it is no matter of the version of before, whatever its date says.
"""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F
from django.utils.translation import gettext as _

from registry import clock
from registry.enums import TrailOutcome
from registry.models import TrailRecord
from registry.readable import grouped
from registry.services.marked_lines import counted, counted_by_act, lines_of
from registry.services.trail_spool import spool
from registry.trail.chain import HOUSE, hold_chain
from registry.trail.records import record_digest
from registry.trail.words import record_named

KIND = "untold"
"""The kind of the record an upgrade tells of them by; its detail has them under the same word."""
UPGRADE = ("risk", "0017_untold_grades")
"""The migration that tells of them: what is written later is none of its doing."""
_APART = timedelta(hours=1)
"""How far the clocks of server and database may be from each other."""
_LINE = "line (act TEXT, text TEXT)"
_SPLIT = (
    "rest (act TEXT PRIMARY KEY, count INTEGER, digest TEXT) WITHOUT ROWID",
    "untold (act TEXT PRIMARY KEY) WITHOUT ROWID",
)


def tell_untold_rows(*, records: Any, past: Any, kind: str) -> None:
    """Write the record of the rows of a history that acts of a kind have not told of.

    `records` is the manager of the trail and `past` the model of the history, as a migration knows
    them. Acts of that kind must have told of one row, whatever they wrote into this history: so
    those that told of more are of a later version. Where no row is untold nothing is written.
    """
    acts = records.filter(kind=kind, outcome=TrailOutcome.DONE, row_count=1)
    rows = past._base_manager.filter(history_change_reason__startswith=f"{kind}:")
    with spool(_LINE, "act (uid TEXT PRIMARY KEY) WITHOUT ROWID") as kept:
        uids = acts.order_by().values_list("uid", flat=True).iterator()
        kept.executemany("INSERT INTO act VALUES (?)", ((str(uid),) for uid in uids))
        marked = lines_of(rows.annotate(mark=F("history_change_reason")))
        kept.executemany("INSERT INTO line VALUES (?, ?)", marked)
        asked = "SELECT text FROM line WHERE act IN (SELECT uid FROM act) ORDER BY act, text"
        count, digest = counted(text for (text,) in kept.execute(asked))
    if not count:
        return
    detail = {
        KIND: {"kind": kind, "rows": past._meta.label_lower, "count": count, "digest": digest}
    }
    hold_chain(None)
    last = records.filter(chain=HOUSE).order_by("-number").first()
    record = records.model(kind=KIND, outcome=TrailOutcome.DONE, detail=detail, at=clock.now())
    record.number, record.previous = last.number + 1, last.digest
    record.digest = record_digest(record)
    record.save(force_insert=True)


def _latest() -> datetime:
    """Return until when an upgrade may have told of them."""
    migrated = MigrationRecorder(connection).applied_migrations().get(UPGRADE)
    return (migrated.applied if migrated else clock.now()) + _APART


class UntoldRows:
    """What a verification asks about such rows; `kept` has the lines of all histories, by act."""

    def __init__(self, kept: sqlite3.Connection) -> None:
        """Look for the record of the upgrade; where there is none, no row is accounted for."""
        self.kept = kept
        told = TrailRecord.objects.filter(chain=HOUSE, kind=KIND, at__lte=_latest())
        # the first one: nobody adds to what an upgrade has told
        self.told = told.order_by("number").first()
        self.detail = self.told.detail.get(KIND, {}) if self.told else {}
        self.label = f"{self.detail.get('rows', '')}|"
        if self.told is not None:
            self._split()

    def _split(self) -> None:
        """Keep apart, of the acts that have such rows, what else they have written."""
        for table in _SPLIT:
            self.kept.execute(f"CREATE TABLE {table}")
        rest = self.kept.execute(
            "SELECT act, text FROM line WHERE act IN (SELECT act FROM line WHERE "
            "substr(text, 1, :n) = :label) AND substr(text, 1, :n) <> :label ORDER BY act, text",
            self._names,
        )
        self.kept.executemany("INSERT INTO rest VALUES (?, ?, ?)", counted_by_act(rest))

    @property
    def _names(self) -> dict[str, Any]:
        return {"n": len(self.label), "label": self.label}

    def account_for(self, record: TrailRecord) -> bool:
        """Return whether a record of before the upgrade is whole but for such rows."""
        if self.told is None or record.kind != self.detail["kind"] or record.at > self.told.at:
            return False
        of_act = "SELECT count, digest FROM rest WHERE act = ?"
        rest = self.kept.execute(of_act, [str(record.uid)]).fetchone()
        if rest != (record.row_count, record.rows_digest):
            return False
        self.kept.execute("INSERT INTO untold VALUES (?)", [str(record.uid)])
        return True

    def findings(self) -> Iterator[tuple[int | None, str]]:
        """Yield what is to be said where the rows accounted for are not those the upgrade told."""
        if self.told is None:
            return
        lines = self.kept.execute(
            "SELECT text FROM line WHERE act IN (SELECT act FROM untold) "
            "AND substr(text, 1, :n) = :label ORDER BY act, text",
            self._names,
        )
        count, digest = counted(text for (text,) in lines)
        if (count, digest) == (self.detail["count"], self.detail["digest"]):
            return
        sentence = _(
            "Le righe di storia scritte prima dell’aggiornamento con le valutazioni non sono più "
            "quelle della registrazione %(record)s: erano %(all)s, ora sono %(found)s."
        )
        named = record_named(self.told.chain, self.told.number)
        values = {"record": named, "all": grouped(self.detail["count"]), "found": grouped(count)}
        yield self.told.number, sentence % values

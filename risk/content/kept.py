"""What is kept of an annex: each process by its digest and by what the rules found in it.

To look at an annex, to approve it and to move it, this is enough; the whole is built when it is
printed (docs/decisions/0047).
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from registry.models import Annex, Process
from registry.readable import named
from risk.content.annex_texts import cover_digest
from risk.content.build import cover_of
from risk.content.canonical import OF_DIGESTS, digest_of, whole_digest
from risk.content.values import AnnexDocument
from risk.models import TextBlock

_NAMED = {"id", "uid", "number", "code", "title", "position", "origin_uid", "annex_id"}
_NAMES = [f.attname for f in Process._meta.concrete_fields if f.attname in _NAMED]
"""The columns a kept process is named by, in the order of the table."""


@dataclass(slots=True)
class Gap:
    """One thing missing; `anchor` is an id on the process’s sheet, `values` fill the sentence.

    `process` is as it was read, or as it is kept. `verb` is the one step it stops, empty for every
    step that asks for a complete annex; `remark` is the uid of the remark it tells of, if it does.
    """

    process: "Process | KeptProcess | None"
    anchor: str
    values: dict[str, Any] = field(default_factory=dict)
    verb: str = ""
    remark: uuid.UUID | None = None


@dataclass(eq=False)
class KeptProcess:
    """A process in use with what is kept of it; of its row only what names it is read.

    `uid` and `origin_uid` are texts, as they are printed: to make three hundred of them objects
    takes longer than to read them.
    `edition_digest` is that of the same content by the uids its rows had in the edition before, ""
    where it was in none. `words` are the digest of its own, `words_before` that of those it was
    copied with, "" where it was not; `since` is the key of the plan in which they changed last,
    None where nobody knows. `found` is what each rule found, by its code, as it is kept: as JSON;
    "" where nobody asked.
    """

    pk: int
    uid: str
    number: int
    code: str
    title: str
    position: int
    origin_uid: str | None
    annex: Annex
    digest: str
    edition_digest: str
    words: str
    words_before: str
    since: int | None
    found: str

    @cached_property
    def process(self) -> Process:
        """The process; what is not read of it is asked for."""
        origin = uuid.UUID(self.origin_uid) if self.origin_uid else None
        named = {**vars(self), "id": self.pk, "annex_id": self.annex.pk}
        named |= {"uid": uuid.UUID(self.uid), "origin_uid": origin}
        process = Process.from_db("default", _NAMES, [named[name] for name in _NAMES])
        process.annex = self.annex
        return process

    @property
    def printed(self) -> str:
        """Its number and title."""
        return named(self.number, self.code, self.title)

    @property
    def findings(self) -> dict[str, list[tuple[str, dict[str, Any]]]]:
        """What each rule found, by its code: the place on its sheet, and what is to be said."""
        return json.loads(self.found) if self.found else {}


@dataclass(frozen=True)
class KeptAnnex:
    """An annex with its processes in their order, and the texts it prints of its own.

    `stamp` is made of the marks of all that is printed: while it is the same, so is the annex.
    """

    annex: Annex
    processes: tuple[KeptProcess, ...]
    blocks: Mapping[tuple[str, str], TextBlock]
    stamp: str

    @cached_property
    def findings(self) -> dict[str, list[Gap]]:
        """What each rule found in processes, by its code, in their order."""
        by_code: dict[str, list[Gap]] = defaultdict(list)
        # read in one go: three hundred times a few words took as long as the query
        found = json.loads(f"[{','.join(row.found or '{}' for row in self.processes)}]")
        for row, codes in zip(self.processes, found, strict=True):
            for code, places in codes.items():
                by_code[code] += [Gap(row, anchor, values) for anchor, values in places]
        return by_code

    @cached_property
    def cover(self) -> AnnexDocument:
        """The names and texts; one whose fields are not filled stays as written."""
        return cover_of(self.annex, self.blocks, strict=False)

    @property
    def cover_digest(self) -> str:
        return cover_digest(self.cover)

    @property
    def seen(self) -> str:
        """One digest for all a person has before them: what is sent back with an approval."""
        return self._digest(self.cover).removeprefix(OF_DIGESTS)

    @property
    def digest(self) -> str:
        """The digest of the content. Raises `UnresolvedField` as printing it would."""
        return self._digest(cover_of(self.annex, self.blocks))

    @property
    def token(self) -> str:
        """What is the same as long as nothing printed was written: texts, names, rows, their order.

        Unlike the digest it tells also what no digest holds, as the colours of levels.
        """
        return digest_of(f"{self.stamp} {self.seen}")

    def _digest(self, cover: AnnexDocument) -> str:
        rows = ((row, row.digest) for row in self.processes)
        return whole_digest(cover, rows)

"""What is kept of an annex: each process by its digest and by what the rules found in it.

To look at an annex, to approve it and to move it, this is enough; the whole is built when it is
printed (docs/decisions/0047).
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from registry.models import Annex, Process
from risk.content.annex_texts import cover_digest
from risk.content.build import cover_of
from risk.content.canonical import OF_DIGESTS, digest_of, whole_digest
from risk.content.values import AnnexDocument
from risk.models import TextBlock


@dataclass(frozen=True)
class Gap:
    """One thing missing; `anchor` is an id on the process’s sheet, `values` fill the sentence.

    `verb` is the one step it stops, empty for every step that asks for a complete annex; `remark`
    is the uid of the remark it tells of, if it does.
    """

    process: Process | None
    anchor: str
    values: dict[str, object] = field(default_factory=dict)
    verb: str = ""
    remark: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class KeptProcess:
    """A process in use with what is kept of it; of its row only what names it is read.

    `edition_digest` is that of the same content by the uids its rows had in the edition before, ""
    where it was in none. `findings` are what each rule found, by its code.
    """

    process: Process
    digest: str
    edition_digest: str
    findings: Mapping[str, list[tuple[str, dict[str, object]]]]


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
        rows = ((row.process, row.digest) for row in self.processes)
        return whole_digest(cover, rows)

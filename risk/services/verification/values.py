"""The answers to a file, and what is told with them."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from risk.enums import Verdict
from risk.models import AnnexIssue, PlanIssue, RoundIssue

GENUINE = (Verdict.ISSUED, Verdict.SIGNED, Verdict.OVERTAKEN)
"""The answers that say: these are the issued bytes, and nothing but signatures after them."""


class Addition(models.TextChoices):
    """What was added to the issued bytes that is no signature."""

    CONTENT = "content", _("contenuto delle pagine")
    PAGES = "pages", _("pagine aggiunte, tolte o spostate")
    COMMENTS = "comments", _("commenti o altre annotazioni")
    FORM = "form", _("campi o valori di un modulo")
    ATTACHMENTS = "attachments", _("file allegati")
    ACTIONS = "actions", _("azioni automatiche")
    METADATA = "metadata", _("titolo, autore o altri dati descrittivi")
    OTHER = "other", _("altre parti del documento")
    OPEN_END = "open_end", _("un aggiornamento che non termina con una firma")
    BYTES = "bytes", _("byte in coda che non fanno parte del documento")
    UNREADABLE = "unreadable", _("byte che non si lasciano leggere come un PDF")


class Wrapping(models.TextChoices):
    """What a document was found in."""

    CMS = "cms", _("busta crittografica (.p7m)")
    DETACHED = "detached", _("firma separata (.p7s)")
    TIME_STAMPED = "time_stamped", _("busta con marca temporale (.tsd)")
    MIME = "mime", _("messaggio S/MIME")
    ASIC = "asic", _("contenitore ASiC")
    ARCHIVE = "archive", _("archivio ZIP")


class IssuePart(models.TextChoices):
    """Which of the forms of an issue a document is; `INDEX` is the page of a plan's archive."""

    PDF = "pdf", _("PDF")
    DATA = "data", _("dati (JSON)")
    PAGE = "page", _("pagina (HTML)")
    INDEX = "index", _("pagina che apre l’archivio")


ENVELOPES = (Wrapping.CMS, Wrapping.DETACHED, Wrapping.TIME_STAMPED, Wrapping.ASIC)
"""The wrappings that count as envelopes; the others only carry."""


@dataclass(frozen=True)
class Layer:
    """One wrapping around a document, with how many signed or stamped it, as the file claims.

    `signers` are the names in the certificates, "" for one without a name. `matches` says of a
    detached signature whether it speaks of these very bytes; None where that cannot be told.
    """

    wrapping: Wrapping
    signers: tuple[str, ...] = ()
    time_stamps: int = 0
    matches: bool | None = None


@dataclass(frozen=True)
class Change:
    """A kind of addition, with the pages it stands on where these are known (from 1)."""

    kind: Addition
    pages: tuple[int, ...] = ()


@dataclass(frozen=True)
class Appended:
    """What stands after the issued bytes of a PDF.

    `signers` are names the certificates claim, one for each signature; `boxes` the pages on which
    signatures show a box, which may cover text. Where `changes` is empty only signatures, time
    stamps and validation data were added.
    """

    signers: tuple[str, ...] = ()
    time_stamps: int = 0
    has_validation_data: bool = False
    boxes: tuple[int, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Leaf:
    """A document as it lies at the heart of a file: its name there, its wrappings, its bytes.

    `note` says why there are none; `is_detached` that it is a signature without what it is of;
    `refused` why the file that came with it as its signature is none.
    """

    name: str
    layers: tuple[Layer, ...]
    content: bytes
    note: str = ""
    is_detached: bool = False
    refused: str = ""


@dataclass(frozen=True)
class Brought:
    """A file as somebody brings it; `detached` is its signature where that came apart (.p7s).

    The two may be given either way round.
    """

    content: bytes
    name: str = ""
    detached: bytes | None = None


@dataclass(frozen=True)
class Document:
    """A document in a file as it was read: its name there, its wrappings, its digests.

    `digests` gives the SHA-256 of each of its beginnings that may be an issue, with its length, the
    whole last. Without any, `note` says why, or `sums` is the list of digests of an archive of ours
    that this was; `is_detached` and `refused` are those of the leaf.
    """

    name: str = ""
    layers: tuple[Layer, ...] = ()
    digests: dict[str, int] = field(default_factory=dict)
    is_pdf: bool = False
    note: str = ""
    is_detached: bool = False
    refused: str = ""
    sums: str | None = None

    @property
    def whole(self) -> str:
        """The SHA-256 of all of it, "" where it could not be read."""
        return next(reversed(self.digests), "")

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.digests.get(self.whole, 0)


@dataclass(frozen=True)
class CloserLook:
    """What a document shows besides its digests: what was added to an issue, or what it claims.

    `note` says why it was not asked what it claims.
    """

    appended: Appended = field(default_factory=Appended)
    claims: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Verified:
    """One document of a file and its answer.

    `issue` is that of an annex, `plan_issue` that of a plan, `round_issue` that of a round; of a
    rewritten file it is the one the file claims to be. `note` is a sentence about why nothing more
    can be told.
    """

    verdict: Verdict
    name: str = ""
    layers: tuple[Layer, ...] = ()
    issue: AnnexIssue | None = None
    plan_issue: PlanIssue | None = None
    round_issue: RoundIssue | None = None
    part: IssuePart = IssuePart.PDF
    appended: Appended = field(default_factory=Appended)
    is_overtaken: bool = False
    successor: str = ""
    note: str = ""

    @property
    def is_genuine(self) -> bool:
        return self.verdict in GENUINE

    @property
    def found(self) -> Any:
        """The issue it is or claims to be, None where there is none."""
        return self.issue or self.plan_issue or self.round_issue


@dataclass(frozen=True)
class Verification:
    """What a file turned out to be: one document, or all those of an archive.

    `sums_match` says of a list of digests among them whether it is that of the files beside it.
    `wants_document` asks for the other file of a detached signature that came alone; `refused` says
    why the second file is no signature and was left out.
    """

    documents: tuple[Verified, ...]
    sums_match: bool | None = None
    wants_document: bool = False
    refused: str = ""

    @property
    def is_genuine(self) -> bool:
        return all(document.is_genuine for document in self.documents)


class UnreadableFileError(ValueError):
    """The file cannot be taken apart; the message says why, for whoever brought it."""

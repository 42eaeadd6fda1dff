"""ZIP files: archives of documents, our own among them, and ASiC containers (ETSI EN 319 162)."""

import io
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext as _

from registry.readable import grouped
from risk.services.verification.cms import Hashed, Opened, open_envelope
from risk.services.verification.names import name_of
from risk.services.verification.values import Layer, UnreadableFileError, Wrapping

MOST_MEMBERS = 1_000
MOST_UNPACKED = 256 * 1024 * 1024
"""Of all that one file holds, however deep."""
_MOST_XML = 4 * 1024 * 1024
_ERRORS = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError)
_ERRORS += (ValueError, KeyError, OverflowError)
_META = "META-INF/"
_XMLDSIG = "{http://www.w3.org/2000/09/xmldsig#}"
_ALGORITHMS = frozenset({"sha256", "sha384", "sha512", "sha1"})


@dataclass
class Budget:
    """What one file may still unpack to, all its layers together."""

    members: int = MOST_MEMBERS
    unpacked: int = MOST_UNPACKED

    def take(self, count: int) -> None:
        """Take bytes off. Raises `UnreadableFileError` when there are not as many left."""
        self.unpacked -= count
        if self.unpacked < 0:
            raise UnreadableFileError(
                _("Scompattato, il file supera i %(mb)s MB: verificare i suoi file uno per uno.")
                % {"mb": grouped(MOST_UNPACKED // (1024 * 1024))}
            )

    def take_members(self, count: int) -> None:
        """Take members off. Raises `UnreadableFileError` when there are not as many left."""
        self.members -= count
        if self.members < 0:
            raise UnreadableFileError(
                _("L’archivio contiene più di %(count)s file: verificarli a gruppi.")
                % {"count": grouped(MOST_MEMBERS)}
            )


@dataclass(frozen=True)
class Archive:
    """An open ZIP; its members are read one at a time."""

    file: zipfile.ZipFile
    budget: Budget
    names: tuple[str, ...] = field(default=())

    @property
    def is_office_document(self) -> bool:
        """Whether it is a text or a spreadsheet, which happen to be ZIP files."""
        return "[Content_Types].xml" in self.names or "content.xml" in self.names

    @property
    def is_asic(self) -> bool:
        """Whether it is an ASiC container: it has a folder with signatures or time stamps."""
        kinds = ("signature", "timestamp", "asicmanifest", "manifest")
        return any(
            name.startswith(_META) and any(kind in name.lower() for kind in kinds)
            for name in self.names
        ) and any(name.lower().endswith((".p7s", ".xml", ".tst")) for name in self._meta())

    def _meta(self) -> list[str]:
        return [name for name in self.names if name.startswith(_META)]

    @property
    def documents(self) -> list[str]:
        """The members that are documents."""
        return [
            name
            for name in self.names
            if not name.endswith("/") and name != "mimetype" and not name.startswith(_META)
        ]

    def read(self, name: str, most: int | None = None) -> bytes:
        """Return the bytes of a member, never more than the budget allows.

        The size is that of what comes out, not the one written in the file. Raises
        `UnreadableFileError`.
        """
        limit = self.budget.unpacked if most is None else min(most, self.budget.unpacked)
        try:
            with self.file.open(name) as member:
                content = member.read(limit + 1)
        except _ERRORS as error:
            raise UnreadableFileError(
                _("«%(name)s» non si lascia estrarre dall’archivio.") % {"name": name}
            ) from error
        self.budget.take(len(content))
        if len(content) > limit:
            raise UnreadableFileError(_("«%(name)s» è troppo grande.") % {"name": name})
        return content

    def asic_layers(self) -> dict[str, Layer]:
        """Return who the container says signed each document; none for one nobody speaks of."""
        layers: dict[str, Layer] = {}
        signatures = list(self._signatures())
        for document in self.documents:
            hashed = Hashed(self.read(document))
            self.budget.unpacked += len(hashed.content)
            speaking = [one for one in signatures if one.names(document, self.documents)]
            matches = [one.speaks_of(document, hashed) for one in speaking]
            is_known = bool(matches) and None not in matches
            layers[document] = Layer(
                Wrapping.ASIC,
                signers=tuple(name for one in speaking for name in one.signers),
                time_stamps=sum(one.is_time_stamp for one in speaking),
                matches=(all(matches) if is_known else (False if False in matches else None)),
            )
        return layers

    def _signatures(self) -> Iterator["_ContainerSignature"]:
        manifests = {}
        for name in self._meta():
            if name.lower().endswith(".xml") and "manifest" in name.lower():
                manifest = _manifest(self.read(name, _MOST_XML))
                manifests[manifest[0]] = manifest[1]
        for name in self._meta():
            lower = name.lower()
            if lower.endswith((".p7s", ".tst")):
                opened = open_envelope(self.read(name, _MOST_XML))
                yield _ContainerSignature.of_cms(opened, manifests.get(name))
            elif lower.endswith(".xml") and "signature" in lower:
                yield from _xml_signatures(self.read(name, _MOST_XML))


def open_archive(content: bytes, budget: Budget) -> Archive:
    """Return the archive. Raises `UnreadableFileError` for one broken, or with too many members."""
    try:
        file = zipfile.ZipFile(io.BytesIO(content))
        names = file.namelist()
    except _ERRORS as error:
        raise UnreadableFileError(_("L’archivio non si lascia aprire.")) from error
    budget.take_members(len(names))
    return Archive(file, budget, tuple(names))


_Digests = dict[str, tuple[str, bytes]]
"""Algorithm and value of the digest of each document, by its name."""


@dataclass(frozen=True)
class _ContainerSignature:
    """A signature of a container: of which documents, by name, with the digests it gives."""

    signers: tuple[str, ...]
    is_time_stamp: bool
    digests: _Digests | None
    opened: Opened | None = None

    @classmethod
    def of_cms(
        cls, opened: Opened, digests: dict[str, tuple[str, bytes]] | None
    ) -> "_ContainerSignature":
        signers = () if opened.is_time_stamp else opened.layer.signers
        return cls(signers, opened.is_time_stamp, digests, opened)

    def names(self, document: str, documents: list[str]) -> bool:
        """Tell whether it is of this document; without a list it is of the only one there is."""
        return document in self.digests if self.digests is not None else len(documents) == 1

    def speaks_of(self, document: str, hashed: Hashed) -> bool | None:
        if self.digests is not None:
            algorithm, digest = self.digests[document]
            if algorithm not in _ALGORITHMS:
                return None
            return hashed.has(algorithm, digest)
        if self.opened is None or self.is_time_stamp:
            return None
        return self.opened.speaks_of(hashed)


def _xml(content: bytes):
    try:
        return fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise UnreadableFileError(
            _("Il contenitore ASiC ha una firma o un elenco che non si lascia leggere.")
        ) from error


def _manifest(content: bytes) -> tuple[str, _Digests]:
    """Return the signature a list of documents belongs to, and the digests it gives of them."""
    root = _xml(content)
    signature, digests = "", {}
    for node in root.iter():
        kind = str(node.tag).rpartition("}")[2]
        if kind == "SigReference":
            signature = unquote(node.get("URI", ""))
        elif kind == "DataObjectReference":
            digests[unquote(node.get("URI", ""))] = _digest(node)
    return signature, digests


def _xml_signatures(content: bytes) -> Iterator[_ContainerSignature]:
    for signature in _xml(content).iter(f"{_XMLDSIG}Signature"):
        digests = {
            unquote(node.get("URI", "")): _digest(node)
            for node in signature.iter(f"{_XMLDSIG}Reference")
            if not node.get("URI", "").startswith("#")
        }
        yield _ContainerSignature((_signer(signature),), False, digests)


def _signer(signature) -> str:
    """Return the name in the certificate a XAdES signature says it was made with, else the first.

    Beside it there may be those of the authorities above it (ETSI EN 319 132-1, 5.2.2).
    """
    path = "/".join(f"{_XMLDSIG}{name}" for name in ("KeyInfo", "X509Data", "X509Certificate"))
    certificates = [Hashed(_decoded(node.text)) for node in signature.iterfind(path)]
    said = signature.find(f"{_XMLDSIG}Object//{{*}}CertDigest")
    algorithm, digest = ("", b"") if said is None else _digest(said)
    is_known = algorithm in _ALGORITHMS
    own = [one for one in certificates if is_known and one.has(algorithm, digest)]
    return next((name_of(one.content) for one in (*own, *certificates)), "")


def _digest(node) -> tuple[str, bytes]:
    """Return algorithm and value of the digest a node gives."""
    method = node.find(f"{_XMLDSIG}DigestMethod")
    value = node.find(f"{_XMLDSIG}DigestValue")
    name = "" if method is None else method.get("Algorithm", "").rpartition("#")[2]
    digest = b"" if value is None else _decoded(value.text)
    return (name, digest) if digest else ("", b"")


def _decoded(text: str | None) -> bytes:
    """Return the bytes of a text in base64, none where it is not."""
    try:
        return b64decode("".join((text or "").split()))
    except ValueError:
        return b""

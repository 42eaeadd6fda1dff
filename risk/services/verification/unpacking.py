"""From a file as it comes to the documents in it: envelopes, messages and archives are opened."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from django.utils.translation import gettext as _

from registry.readable import grouped
from risk.services.verification import mime
from risk.services.verification.archives import Archive, Budget, open_archive
from risk.services.verification.cms import Hashed, Opened, open_envelope
from risk.services.verification.values import Layer, Leaf, UnreadableFileError, Wrapping

MOST_BYTES = 64 * 1024 * 1024
"""Of a file that is brought to the page."""
MOST_LAYERS = 8
"""Of wrappings around one document."""
_DER = b"\x30"
_ZIP = b"PK\x03\x04"
_DETACHED = ".p7s"
_MOST_SIGNATURE = 4 * 1024 * 1024


def is_wrapped(content: bytes) -> bool:
    """Tell whether a file is not the document itself but what that may be in."""
    looks_like = (_is_der, mime.is_pem, mime.is_base64, mime.is_message)
    return content.startswith(_ZIP) or any(looks(content) for looks in looks_like)


def _is_der(content: bytes) -> bool:
    """Tell whether a file begins as an envelope does; so does a text whose first sign is a 0."""
    length = content[1:2]
    is_text = length.isspace() or (length.isascii() and length.decode().isprintable())
    return content.startswith(_DER) and not is_text


class Unpacking:
    """One file while it is taken apart."""

    def __init__(self) -> None:
        self.budget = Budget()

    def leaves(
        self, content: bytes, name: str = "", layers: tuple[Layer, ...] = ()
    ) -> Iterator[Leaf]:
        """Yield the documents in a file, one at a time; what cannot be opened says why."""
        try:
            if len(layers) > MOST_LAYERS:
                raise UnreadableFileError(
                    _("Il file è chiuso in più di %(count)s buste.")
                    % {"count": grouped(MOST_LAYERS)}
                )
            yield from self._opened(content, name, layers)
        except UnreadableFileError as error:
            is_detached = isinstance(error, DetachedError)
            yield Leaf(name, layers, b"", note=str(error), is_detached=is_detached)

    def _opened(self, content: bytes, name: str, layers: tuple[Layer, ...]) -> Iterator[Leaf]:
        if content.startswith(_ZIP):
            yield from self._of_archive(content, name, layers)
        elif _is_der(content):
            yield from self._of_envelope(content, name, layers)
        elif mime.is_pem(content):
            yield from self._opened(self._taken(mime.from_pem(content)), name, layers)
        elif mime.is_base64(content):
            yield from self._opened(self._taken(mime.from_base64(content)), name, layers)
        elif mime.is_message(content):
            yield from self._of_message(content, name, layers)
        else:
            yield Leaf(name, layers, content)

    def _taken(self, content: bytes) -> bytes:
        self.budget.take(len(content))
        return content

    def _of_envelope(self, content: bytes, name: str, layers: tuple[Layer, ...]) -> Iterator[Leaf]:
        opened = open_envelope(content)
        if opened.content is None:
            raise DetachedError
        if opened.is_time_stamp:
            raise UnreadableFileError(_("È una marca temporale senza il suo file."))
        inner = self._taken(opened.content)
        yield from self.leaves(inner, _without(name), (*layers, opened.layer))

    def _of_message(self, content: bytes, name: str, layers: tuple[Layer, ...]) -> Iterator[Leaf]:
        parts = mime.parts_of(content)
        carried = Layer(Wrapping.MIME)
        opened = [(part, _detached(part[1])) for part in parts]
        signatures = [one for _part, one in opened if one is not None]
        documents = [part for part, one in opened if one is None]
        if not documents:
            raise DetachedError
        for part_name, data in documents:
            signed = tuple(detached_layer(one, data) for one in signatures)
            within = (*layers, carried, *signed)
            yield from self.leaves(self._taken(data), part_name or name, within)

    def _of_archive(self, content: bytes, name: str, layers: tuple[Layer, ...]) -> Iterator[Leaf]:
        archive = open_archive(content, self.budget)
        if archive.is_office_document:
            raise UnreadableFileError(
                _(
                    "È un testo o un foglio di calcolo: si emettono soltanto PDF, con i loro dati "
                    "e la loro pagina."
                )
            )
        around = archive.asic_layers() if archive.is_asic else {}
        beside = {} if archive.is_asic else _signatures_in(archive)
        spoken: set[str] = set()
        for member in archive.documents:
            within = (*layers, around.get(member, Layer(Wrapping.ARCHIVE)))
            if member in beside:
                continue
            try:
                data = archive.read(member)
            except UnreadableFileError as error:
                yield Leaf(member, within, b"", note=str(error))
                if archive.budget.unpacked < 0:
                    return
                continue
            own = _beside(member, data, beside)
            spoken.update(own)
            yield from self.leaves(data, member, (*within, *_layers_of(own, beside)))
        for alone in (name for name in beside if name not in spoken):
            within = (*layers, Layer(Wrapping.ARCHIVE))
            yield Leaf(alone, within, b"", note=str(DetachedError()), is_detached=True)


class DetachedError(UnreadableFileError):
    """A signature came without what it is of."""

    def __init__(self) -> None:
        super().__init__(_("È una firma separata: per verificarla serve anche il suo documento."))


def detached_layer(opened: Opened, content: bytes) -> Layer:
    """Return what a detached signature says around the file it is brought with."""
    matches = opened.speaks_of(Hashed(content))
    return Layer(Wrapping.DETACHED, signers=opened.layer.signers, matches=matches)


def open_detached(content: bytes) -> Opened:
    """Return a detached signature, however it is written. Raises `UnreadableFileError`."""
    if mime.is_pem(content):
        content = mime.from_pem(content)
    elif mime.is_base64(content):
        content = mime.from_base64(content)
    opened = open_envelope(content)
    if opened.content is not None:
        raise UnreadableFileError(
            _("Questa busta contiene già il suo documento: va portata da sola.")
        )
    return opened


def _detached(content: bytes) -> Opened | None:
    """Return a detached signature taken apart; None for anything else."""
    if not _is_der(content):
        return None
    try:
        opened = open_envelope(content)
    except UnreadableFileError:
        return None
    return opened if opened.content is None else None


def _signatures_in(archive: Archive) -> dict[str, Opened]:
    """Return the detached signatures among the members of an archive, by their names."""
    found = {}
    for name in archive.documents:
        # one that cannot be opened is told of like any other member
        with suppress(UnreadableFileError):
            if name.lower().endswith(_DETACHED):
                found[name] = open_detached(archive.read(name, _MOST_SIGNATURE))
    return found


def _beside(member: str, data: bytes, signatures: dict[str, Opened]) -> dict[str, bool | None]:
    """Return which signatures belong to a member, by their names, and whether they are of it.

    Those of its bytes do, and one that is called like it.
    """
    hashed = Hashed(data)
    matches = {name: opened.speaks_of(hashed) for name, opened in signatures.items()}
    return {name: is_of for name, is_of in matches.items() if is_of or _without(name) == member}


def _layers_of(beside: dict[str, bool | None], signatures: dict[str, Opened]) -> Iterator[Layer]:
    """Yield one layer for the signatures that are of a member, and one for each other."""
    signers = [signatures[name].layer.signers for name, is_of in beside.items() if is_of]
    if signers:
        yield Layer(Wrapping.DETACHED, tuple(chain(*signers)), matches=True)
    for name, is_of in beside.items():
        if not is_of:
            yield Layer(Wrapping.DETACHED, signatures[name].layer.signers, matches=is_of)


def _without(name: str) -> str:
    """Return the name of what is in an envelope."""
    for suffix in (".p7m", ".p7s", ".tsd", ".m7m", ".eml", ".pem"):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name

"""From a file as it comes to the documents in it: envelopes, messages and archives are opened."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from risk.services.verification import mime
from risk.services.verification.archives import Budget, open_archive
from risk.services.verification.cms import Opened, open_envelope
from risk.services.verification.values import Layer, Leaf, UnreadableFileError, Wrapping

MOST_BYTES = 64 * 1024 * 1024
"""Of a file that is brought to the page."""
MOST_LAYERS = 8
"""Of wrappings around one document."""
_DER = b"\x30"
_ZIP = b"PK\x03\x04"


def is_wrapped(content: bytes) -> bool:
    """Tell whether a file is not the document itself but what that may be in."""
    return content.startswith((_ZIP, _DER)) or any(
        looks(content) for looks in (mime.is_pem, mime.is_base64, mime.is_message)
    )


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
                    _("Il file è chiuso in più di %(count)d buste.") % {"count": MOST_LAYERS}
                )
            yield from self._opened(content, name, layers)
        except UnreadableFileError as error:
            is_detached = isinstance(error, DetachedError)
            yield Leaf(name, layers, b"", note=str(error), is_detached=is_detached)

    def _opened(self, content: bytes, name: str, layers: tuple[Layer, ...]) -> Iterator[Leaf]:
        if content.startswith(_ZIP):
            yield from self._of_archive(content, name, layers)
        elif content.startswith(_DER):
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
            yield Leaf(name, layers, content)
            return
        around = archive.asic_layers() if archive.is_asic else {}
        for member in archive.documents:
            layer = around.get(member, Layer(Wrapping.ARCHIVE))
            try:
                data = archive.read(member)
            except UnreadableFileError as error:
                yield Leaf(member, (*layers, layer), b"", note=str(error))
                if archive.budget.unpacked < 0:
                    return
                continue
            yield from self.leaves(data, member, (*layers, layer))


class DetachedError(UnreadableFileError):
    """A signature came without what it is of."""

    def __init__(self) -> None:
        super().__init__(_("È una firma separata: per verificarla serve anche il suo documento."))


def detached_layer(opened: Opened, content: bytes) -> Layer:
    """Return what a detached signature says around the file it is brought with."""
    matches = opened.speaks_of(content)
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
    if not content.startswith(_DER):
        return None
    try:
        opened = open_envelope(content)
    except UnreadableFileError:
        return None
    return opened if opened.content is None else None


def _without(name: str) -> str:
    """Return the name of what is in an envelope."""
    for suffix in (".p7m", ".p7s", ".tsd", ".m7m", ".eml", ".pem"):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name

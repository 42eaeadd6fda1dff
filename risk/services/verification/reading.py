"""Reading a file that anybody may bring: what is in it, without a word of the register.

All that parses a stranger's bytes is here or below; it is done in a process with limits
(`risk.services.verification.limited`), and what comes back is plain values.
"""

from collections.abc import Iterator, Mapping

from risk.services.verification.appended import read_appended
from risk.services.verification.claims import claimed_digests
from risk.services.verification.lookup import beginning_digests
from risk.services.verification.unpacking import (
    Unpacking,
    detached_layer,
    is_wrapped,
    open_detached,
)
from risk.services.verification.values import (
    Brought,
    CloserLook,
    Document,
    Layer,
    Leaf,
    UnreadableFileError,
    Wrapping,
)

SUMS = "SHA256SUMS"
"""The list of digests in an archive of ours (`risk.services.plans.issues.write_archive`)."""
_PDF = b"%PDF-"


def needs_no_parser(brought: Brought) -> bool:
    """Tell whether a file is a document by itself, so that reading it is taking its digests."""
    return brought.detached is None and not is_wrapped(brought.content)


def read_documents(brought: Brought) -> list[Document]:
    """Return the documents in a file, in their order; what cannot be opened says why."""
    return [_document(leaf) for leaf in _leaves(brought)]


def look_closer(brought: Brought, issued: Mapping[int, int]) -> dict[int, CloserLook]:
    """Return what documents of a file show besides their digests, by their place in it.

    `issued` gives of each the length of the issue it begins with: then what was added to that is
    read; or 0: then what it claims to be.
    """
    looks: dict[int, CloserLook] = {}
    for place, leaf in enumerate(_leaves(brought)):
        if place not in issued:
            continue
        if issued[place]:
            looks[place] = CloserLook(appended=read_appended(leaf.content, issued=issued[place]))
        else:
            looks[place] = CloserLook(claims=tuple(claimed_digests(leaf.content)))
    return looks


def _leaves(brought: Brought) -> Iterator[Leaf]:
    content, layers = brought.content, ()
    try:
        if brought.detached is not None:
            content, layers = _with_signature(content, brought.detached)
    except UnreadableFileError as error:
        yield Leaf(brought.name, (), b"", note=str(error))
        return
    yield from Unpacking().leaves(content, brought.name, layers)


def _with_signature(content: bytes, detached: bytes) -> tuple[bytes, tuple[Layer, ...]]:
    """Return the document and the layer of its signature, in whichever order they came."""
    try:
        return content, (detached_layer(open_detached(detached), content),)
    except UnreadableFileError:
        opened = open_detached(content)
        return detached, (detached_layer(opened, detached),)


def _document(leaf: Leaf) -> Document:
    told = {"name": leaf.name, "layers": leaf.layers, "note": leaf.note}
    if leaf.note:
        return Document(**told, is_detached=leaf.is_detached)
    content = leaf.content
    if leaf.name == SUMS and leaf.layers and leaf.layers[-1].wrapping == Wrapping.ARCHIVE:
        return Document(**told, sums=content.decode("utf-8", errors="replace"))
    is_pdf = content.startswith(_PDF)
    return Document(**told, digests=beginning_digests(content), is_pdf=is_pdf)

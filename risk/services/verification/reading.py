"""Reading a file that anybody may bring: what is in it, without a word of the register.

All that parses a stranger's bytes is here or below; it is done in a process with limits
(`risk.services.verification.limited`), and what comes back is plain values.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from risk.services.verification.appended import read_appended
from risk.services.verification.claims import claims_of, is_pdf
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


def needs_no_parser(brought: Brought) -> bool:
    """Tell whether a file is a document by itself, so that reading it is taking its digests."""
    return brought.detached is None and not is_wrapped(brought.content)


def has_one_digest(brought: Brought) -> bool:
    """Tell whether a file is a document none of whose beginnings may be an issue."""
    return needs_no_parser(brought) and not is_pdf(brought.content)


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
            claims, note = claims_of(leaf.content)
            looks[place] = CloserLook(claims=claims, note=note)
    return looks


def _leaves(brought: Brought) -> Iterator[Leaf]:
    content, layers, refused = brought.content, (), ""
    if brought.detached is not None:
        content, layers, refused = _with_signature(content, brought.detached)
    for leaf in Unpacking().leaves(content, brought.name, layers):
        yield replace(leaf, refused=refused)


def _with_signature(content: bytes, other: bytes) -> tuple[bytes, tuple[Layer, ...], str]:
    """Return the document and the layer of its signature, in whichever order they came.

    Where neither is a signature apart, the first by itself, and why the second is none.
    """
    try:
        return content, (detached_layer(open_detached(other), content),), ""
    except UnreadableFileError as error:
        refused = str(error)
    try:
        return other, (detached_layer(open_detached(content), other),), ""
    except UnreadableFileError:
        return content, (), refused


def _document(leaf: Leaf) -> Document:
    told = {"name": leaf.name, "layers": leaf.layers, "note": leaf.note, "refused": leaf.refused}
    if leaf.note:
        return Document(**told, is_detached=leaf.is_detached)
    content = leaf.content
    if leaf.name == SUMS and leaf.layers and leaf.layers[-1].wrapping == Wrapping.ARCHIVE:
        return Document(**told, sums=content.decode("utf-8", errors="replace"))
    return Document(**told, digests=beginning_digests(content), is_pdf=is_pdf(content))

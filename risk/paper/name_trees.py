"""The names of a ready PDF: of its cells and of the places its links lead to, read and renamed.

Every id we draw begins with the digest of its document (`risk.paper.pdf.ID_PREFIX`), so that those
of two documents never meet. Files issued before have ids like `t3-0-1`, and one file may be a part
twice: there alone are the elements walked, and the names made anew.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain, count, groupby
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, String

from risk.paper.pdf import ID_PREFIX

NAMES, NUMBERS = "/Names", "/Nums"
"""What holds the entries of a name tree, of a number tree (ISO 32000-1, 7.9.6 and 7.9.7)."""
_PREFIX = re.compile(rf"[0-9a-f]{{{ID_PREFIX}}}-")


def bare(name: str) -> str:
    """Return a name without what all names of its document begin with."""
    found = _PREFIX.match(name)
    return name[found.end() :] if found else name


def prefix_of(name: str) -> str:
    """Return what all names of a document begin with; "" of one from before there was any."""
    found = _PREFIX.match(name)
    return found[0] if found else ""


def entries(tree: Any, kind: str) -> Iterator[tuple[Any, Any]]:
    """Yield key and value of each entry of a tree, in its order; nothing of none."""
    if tree is None:
        return
    pairs = iter(tree.get(kind, ()))
    as_key = str if kind == NAMES else int
    for key, value in zip(pairs, pairs, strict=True):
        yield as_key(key), value
    for kid in tree.get("/Kids", ()):
        yield from entries(kid, kind)


def leaves_of(pdf: pikepdf.Pdf, tree: Any) -> list[Any]:
    """Return the leaves of a name tree as they are, to be leaves of another; none of none.

    Not an entry of them is looked at but the first and the last.
    """
    if tree is None:
        return []
    if "/Kids" in tree:
        return [leaf for kid in tree.Kids for leaf in leaves_of(pdf, kid)]
    names = tree.get(NAMES, ())
    if not len(names):
        return []
    tree.Limits = Array([names[0], names[-2]])
    return [tree if tree.is_indirect else pdf.make_indirect(tree)]


def ends_of(pdf: pikepdf.Pdf, tree: Any) -> list[str]:
    """Return the first and the last name of each leaf of a tree, which are in order."""
    return [str(name) for leaf in leaves_of(pdf, tree) for name in leaf.Limits]


def leaf_of(pdf: pikepdf.Pdf, pairs: Collection[tuple[Any, Any]], kind: str) -> pikepdf.Object:
    """Return a leaf of a tree with some entries in their order, of which there is at least one."""
    flat = Array([*chain.from_iterable(pairs)])
    return pdf.make_indirect(Dictionary({kind: flat, "/Limits": Array([flat[0], flat[-2]])}))


def destinations_of(pdf: pikepdf.Pdf) -> Any:
    """Return the tree of the places that links of a PDF lead to, None where there is none."""
    return pdf.Root.get("/Names", Dictionary()).get("/Dests")


def own_names(pdf: pikepdf.Pdf, content: bytes, taken: Collection[str]) -> set[str]:
    """Return what the names of a PDF begin with, none of it `taken`; if need be, rename them.

    Those of one that was drawn in pieces begin as their pieces do. `content` are the bytes it was
    opened from.
    """
    trees = (pdf.Root.StructTreeRoot.get("/IDTree"), destinations_of(pdf))
    # names between two that begin alike begin so too: a leaf holds those of one piece
    found = {prefix_of(name) for tree in trees for name in ends_of(pdf, tree)}
    if "" not in found and not found & set(taken):
        return found
    renamed = {
        before: next(one for one in _prefixes(content, before) if one not in taken)
        for before in found
    }
    _rename(pdf, renamed)
    return {*renamed.values()}


def _prefixes(content: bytes, before: str) -> Iterator[str]:
    whole = hashlib.sha256(content)
    for time in count():
        digest = whole.copy()
        digest.update(f"{before}{time}".encode())
        yield f"{digest.hexdigest()[:ID_PREFIX]}-"


def _rename(pdf: pikepdf.Pdf, prefixes: Mapping[str, str]) -> None:
    def renamed(name: Any) -> str:
        before = prefix_of(str(name))
        return prefixes[before] + str(name)[len(before) :]

    tags = pdf.Root.StructTreeRoot
    for element in _elements(tags):
        if "/ID" in element:
            element.ID = String(renamed(element.ID))
        for attributes in _attributes(element):
            if "/Headers" in attributes:
                heads = [String(renamed(head)) for head in attributes.Headers]
                attributes.Headers = Array(heads)
    for page in pdf.pages:
        for link in page.obj.get("/Annots", ()):
            if isinstance(link.get("/Dest"), String):
                link.Dest = String(renamed(link.Dest))
    if "/IDTree" in tags:
        tags.IDTree = _renamed(pdf, tags.IDTree, renamed)
    if (places := destinations_of(pdf)) is not None:
        pdf.Root.Names.Dests = _renamed(pdf, places, renamed)


def _renamed(pdf: pikepdf.Pdf, tree: Any, renamed: Callable[[Any], str]) -> Any:
    """Return a tree with other names, a leaf for those that begin alike."""
    found = ((renamed(name), value) for name, value in entries(tree, NAMES))
    # in the order of their bytes, as a tree wants them: without one beginning it may be another
    pairs = sorted(found, key=lambda pair: pair[0].encode())
    groups = groupby(pairs, key=lambda pair: prefix_of(pair[0]))
    leaves = [leaf_of(pdf, list(group), NAMES) for _prefix, group in groups]
    return pdf.make_indirect(Dictionary(Kids=Array(leaves)))


def _elements(tags: Any) -> Iterator[Any]:
    waiting = [tags]
    while waiting:
        kids = waiting.pop().get("/K")
        for kid in kids if isinstance(kids, Array) else (kids,):
            if isinstance(kid, Dictionary) and "/S" in kid:
                waiting.append(kid)
                yield kid


def _attributes(element: Any) -> Iterator[Any]:
    found = element.get("/A")
    for one in found if isinstance(found, Array) else (found,):
        if isinstance(one, Dictionary):
            yield one

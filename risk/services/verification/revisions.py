"""One revision of a PDF against the one before: which objects it may touch, and what it changed.

Every object that stood before and is written again is compared key by key. A revision may add
signature fields to the form and their widgets to pages, validation data to the catalogue, and the
date and program of the change to the metadata. All else is named. New objects need no look of
their own: they are seen only through one that was written again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic

from risk.services.verification.values import Addition

_ROOT_MAY = {"/AcroForm", "/DSS", "/Extensions", "/Version", "/Metadata", "/Perms"}
_FORM_MAY = {"/Fields", "/SigFlags", "/DR", "/DA", "/Q", "/NeedAppearances"}
_INFO_MAY = {"/ModDate", "/Producer"}
_SIGNING_MAY = {"/V", "/AP", "/MK", "/Lock", "/SV", "/F", "/M", "/DA", "/P", "/Rect"}
_WIDGET_MAY = {
    *("/Type", "/Subtype", "/FT", "/T", "/TU", "/TM", "/V", "/DV", "/Ff", "/Rect", "/P", "/F"),
    *("/AP", "/AS", "/M", "/MK", "/DA", "/DR", "/Q", "/H", "/Lock", "/SV", "/Parent", "/Kids"),
    *("/Border", "/BS", "/NM", "/StructParent", "/Contents", "/C"),
}
_DSS_KEYS = {"/Type", "/VRI", "/Certs", "/OCSPs", "/CRLs"}
_VRI_KEYS = {"/Type", "/Cert", "/OCSP", "/CRL", "/TU", "/TS"}
_BY_KEY = {
    "/EmbeddedFiles": Addition.ATTACHMENTS,
    "/AF": Addition.ATTACHMENTS,
    "/JavaScript": Addition.ACTIONS,
    "/OpenAction": Addition.ACTIONS,
    "/AA": Addition.ACTIONS,
    "/Pages": Addition.PAGES,
}
_MOST_PAGES = 10_000


class RevisionStep:
    """A revision and the one before it."""

    def __init__(self, reader: Any, revision: int, *, base: int) -> None:
        self.reader, self.base = reader, base
        self.old = reader.get_historical_resolver(revision - 1)
        self.new = reader.get_historical_resolver(revision)
        self.touched = set(self.new.explicit_refs_in_revision())
        self.has_validation_data = False
        self._found: dict[Addition, set[Any]] = {}
        self._settled: set[Any] = set()
        sizes = map(reader.xrefs.get_xref_container_info, range(revision))
        self._first_new = max(container.size for container in sizes)

    @property
    def is_validation_data_alone(self) -> bool:
        """Whether nothing but certificates and answers about them was added."""
        fields = _refs(_get(_get(self.new.root, "/AcroForm"), "/Fields"))
        before = _refs(_get(_get(self.old.root, "/AcroForm"), "/Fields"))
        return self.has_validation_data and not self._found and fields == before

    def changes(self) -> dict[Addition, set[Any]]:
        """Return what was changed, by kind, with the objects it was changed in."""
        self._look_at_trailer()
        self._look_at_root()
        for ref in self.touched - self._settled:
            self._look_at(ref)
        return self._found

    def _add(self, kind: Addition, ref: Any = None) -> None:
        self._found.setdefault(kind, set()).update(() if ref is None else (_key(ref),))

    def _look_at_trailer(self) -> None:
        old, new = self.old.trailer_view, self.new.trailer_view
        if self.new.refs_freed_in_revision():
            self._add(Addition.OTHER)
        if "/Encrypt" in new or _key(self.old.root_ref) != _key(self.new.root_ref):
            self._add(Addition.OTHER)
        before, after = _get(old, "/Info") or {}, _get(new, "/Info") or {}
        texts = [{key: str(info[key]) for key in info} for info in (before, after)]
        if {key for key in {*before, *after} if texts[0].get(key) != texts[1].get(key)} - _INFO_MAY:
            self._add(Addition.METADATA)
        self._settle(new, "/Info")

    def _look_at_root(self) -> None:
        old, new = self.old.root, self.new.root
        self._settled.add(self.new.root_ref)
        for key in _differing(old, new) - _ROOT_MAY:
            self._look_inside(key, _get(old, key), _get(new, key))
        self._settle(new, "/Metadata")
        self._look_at_form(_get(old, "/AcroForm") or {}, _get(new, "/AcroForm") or {})
        self._settle(new, "/AcroForm")
        self._settle(_get(new, "/AcroForm") or {}, "/Fields")
        self._look_at_validation_data(new)

    def _look_inside(self, key: str, old: Any, new: Any) -> None:
        if key in _BY_KEY:
            self._add(_BY_KEY[key])
            return
        inner = _differing(old or {}, new or {}) if isinstance(new, dict) else set()
        kinds = {_BY_KEY[name] for name in inner if name in _BY_KEY}
        for kind in kinds or {Addition.OTHER}:
            self._add(kind)

    def _look_at_form(self, old: Any, new: Any) -> None:
        if _differing(old, new) - _FORM_MAY:
            self._add(Addition.FORM)
        before, after = _refs(_get(old, "/Fields")), _refs(_get(new, "/Fields"))
        if after[: len(before)] != before:
            self._add(Addition.FORM)
        for ref in after[len(before) :]:
            if ref is None or not self._is_signature_field(self.new(ref)):
                self._add(Addition.FORM)

    def _look_at_validation_data(self, root: Any) -> None:
        """Accept certificates and answers about them, in the form of ISO 32000-2, 12.8.4.3."""
        store = _get(root, "/DSS")
        if store is None:
            return
        entries = _get(store, "/VRI") or {}
        holders = [store, *(_get(entries, name) for name in entries)]
        if set(store) - _DSS_KEYS or any(set(holder) - _VRI_KEYS for holder in holders[1:]):
            self._add(Addition.OTHER)
        of_store = {_ref(root.raw_get("/DSS")), *_values(entries), *_values(store)}
        items = {ref for holder in holders for key in holder for ref in _refs(_get(holder, key))}
        lists = {ref for holder in holders for ref in _values(holder)} | of_store
        written = (lists | items) & self.touched
        self.has_validation_data = bool(written) or "/DSS" in _differing(self.old.root, root)
        # what is of the issue itself may not be taken for other data, nor any stream
        for ref in lists & self.touched:
            is_stream = isinstance(self.new(ref), generic.StreamObject)
            if self._since_issue(ref) and not is_stream:
                self._settled.add(ref)

    def _settle(self, holder: Any, key: str) -> None:
        ref = _ref(holder.raw_get(key)) if key in holder else None
        if ref is not None:
            self._settled.add(ref)

    def _since_issue(self, ref: Any) -> bool:
        return self.reader.xrefs.get_introducing_revision(ref) > self.base

    def _look_at(self, ref: Any) -> None:
        """Judge an object by itself: a new one, or one that stood before."""
        if ref.idnum >= self._first_new:
            return
        if self.reader.xrefs.get_historical_ref(ref, self.old.revision) is None:
            # a number that was free, or one that stood before, under another generation
            self._add(Addition.OTHER, ref)
            return
        old, new = self.old(ref), self.new(ref)
        if _same(old, new):
            return
        if isinstance(old, generic.ArrayObject) and isinstance(new, generic.ArrayObject):
            self._look_at_list(ref, old, new)
        elif isinstance(old, generic.StreamObject) or not isinstance(old, dict):
            self._add(Addition.CONTENT, ref)
        elif _get(old, "/Type") == "/Page" and isinstance(new, dict):
            self._look_at_page(ref, old, new)
        elif self._is_signature_field(old) and "/V" not in old and self._is_signature_field(new):
            if _differing(old, new) - _SIGNING_MAY:
                self._add(Addition.FORM, ref)
        else:
            self._add(_kind_of(old, new), ref)

    def _look_at_page(self, ref: Any, old: Any, new: Any) -> None:
        differing = _differing(old, new)
        if differing - {"/Annots"}:
            self._add(Addition.CONTENT, ref)
        if "/Annots" in differing:
            self._look_at_list(ref, _get(old, "/Annots") or [], _get(new, "/Annots") or [])

    def _look_at_list(self, ref: Any, old: Any, new: Any) -> None:
        """Accept what was added to a list when it is widgets of signatures, else name it."""
        before, after = _refs(old), _refs(new)
        if None in before or after[: len(before)] != before:
            self._add(Addition.COMMENTS, ref)
            return
        for added in after[len(before) :]:
            item = self.new(added) if added is not None else None
            if not self._is_signature_field(item):
                self._add(_kind_of({}, item), ref)

    def _is_signature_field(self, item: Any) -> bool:
        if not isinstance(item, dict) or isinstance(item, generic.StreamObject):
            return False
        kind = _get(item, "/FT") or _get(_get(item, "/Parent"), "/FT")
        return kind == "/Sig" and not set(item) - _WIDGET_MAY


def _kind_of(old: Any, new: Any) -> Addition:
    """Return what an object is that was added or changed against the rules."""
    if not isinstance(new, dict):
        return Addition.OTHER
    if _get(new, "/Subtype") == "/Widget" or "/FT" in new:
        return Addition.FORM
    if _get(new, "/Subtype") == "/FileAttachment":
        return Addition.ATTACHMENTS
    if "/Subtype" in new and "/Rect" in new:
        return Addition.COMMENTS
    if _get(new, "/Type") == "/Pages":
        return Addition.PAGES
    if _get(new, "/Type") in ("/Font", "/FontDescriptor", "/XObject", "/ExtGState"):
        return Addition.CONTENT
    kinds = [_BY_KEY[key] for key in _differing(old, new) if key in _BY_KEY]
    return kinds[0] if kinds else Addition.OTHER


def _get(holder: Any, key: str) -> Any:
    """Return what stands under a key, references followed; None where there is nothing."""
    if not isinstance(holder, dict) or key not in holder:
        return None
    value = holder[key]
    return None if isinstance(value, generic.NullObject) else value


def _ref(value: Any) -> Any:
    return value.reference if isinstance(value, generic.IndirectObject) else None


def _key(ref: Any) -> tuple[int, int]:
    return ref.idnum, ref.generation


def _refs(values: Any) -> list[Any]:
    """Return the references in a list, None for what is written into it directly."""
    if not isinstance(values, generic.ArrayObject):
        return []
    return [_ref(values.raw_get(place)) for place in range(len(values))]


def _values(holder: Any) -> list[Any]:
    """Return the references under the keys of a dictionary."""
    refs = (_ref(holder.raw_get(key)) for key in holder)
    return [ref for ref in refs if ref is not None]


def _differing(old: Any, new: Any) -> set[str]:
    """Return the keys under which two dictionaries say something different."""
    return {key for key in {*old, *new} if not _same_at(old, new, key)}


def _same_at(old: Any, new: Any, key: str) -> bool:
    return key in old and key in new and _same(old.raw_get(key), new.raw_get(key))


def _same(old: Any, new: Any) -> bool:
    """Compare two objects as written, without following references."""
    if isinstance(old, generic.IndirectObject) or isinstance(new, generic.IndirectObject):
        return _ref(old) is not None and _ref(new) is not None and _key(old) == _key(new)
    if isinstance(old, generic.ArrayObject):
        return (
            isinstance(new, generic.ArrayObject)
            and len(old) == len(new)
            and all(_same(old.raw_get(n), new.raw_get(n)) for n in range(len(old)))
        )
    if isinstance(old, generic.StreamObject) or isinstance(new, generic.StreamObject):
        is_stream = isinstance(old, generic.StreamObject) and isinstance(new, generic.StreamObject)
        return is_stream and old.encoded_data == new.encoded_data and not _differing(old, new)
    if isinstance(old, dict):
        return isinstance(new, dict) and not _differing(old, new)
    texts = (generic.TextStringObject, generic.ByteStringObject)
    if isinstance(old, texts):
        return isinstance(new, texts) and old.original_bytes == new.original_bytes
    return type(old) is type(new) and old == new


@dataclass(frozen=True)
class Pages:
    """Where things stand: the pages of objects, and those on which signatures show a box."""

    by_object: dict[tuple[int, int], set[int]]
    boxes: tuple[int, ...]

    def of(self, keys: Iterable[tuple[int, int]]) -> tuple[int, ...]:
        """Return the pages, from 1, on which these objects are used."""
        return tuple(sorted({page for key in keys for page in self.by_object.get(key, ())}))


def pages_of(reader: Any, changes: dict[Any, set[Any]], widgets: Iterable[Any]) -> Pages:
    """Return the pages of changed objects and of visible signatures, looked up where needed."""
    shown = {_key(widget) for widget in widgets if _is_seen(widget.get_object())}
    wanted = {key for keys in changes.values() for key in keys} | shown
    by_object: dict[tuple[int, int], set[int]] = {}
    for number, uses in _uses(reader) if wanted else ():
        for key in uses & wanted:
            by_object.setdefault(key, set()).add(number)
    boxes = sorted({page for key in shown for page in by_object.get(key, ())})
    return Pages(by_object, tuple(boxes))


def _is_seen(widget: Any) -> bool:
    box = _get(widget, "/Rect") or ()
    is_hidden = int(_get(widget, "/F") or 0) & (2 | 32)
    return len(box) == 4 and box[0] != box[2] and box[1] != box[3] and not is_hidden


def _uses(reader: Any) -> Iterator[tuple[int, set[tuple[int, int]]]]:
    """Yield each page, from 1, with the objects it names itself."""
    for number, ref in enumerate(_page_refs(reader.root.raw_get("/Pages")), start=1):
        if number > _MOST_PAGES:
            return
        page = ref.get_object()
        resources = _get(page, "/Resources") or {}
        holders = [page, resources, *(_get(resources, key) for key in ("/XObject", "/Font"))]
        uses = {_key(ref)}
        for holder in holders:
            for key in holder or ():
                value = holder.raw_get(key)
                listed = _refs(value if _ref(value) is None else _get(holder, key))
                uses.update(_key(one) for one in (*listed, _ref(value)) if one is not None)
        yield number, uses


def _page_refs(top: Any) -> Iterator[Any]:
    """Yield the references of pages in their order, each node of the tree once."""
    seen, waiting = set(), [top]
    while waiting:
        ref = waiting.pop()
        if not isinstance(ref, generic.IndirectObject) or _key(ref) in seen:
            continue
        seen.add(_key(ref))
        node = ref.get_object()
        kids = _get(node, "/Kids")
        if isinstance(kids, generic.ArrayObject):
            waiting += [kids.raw_get(place) for place in reversed(range(len(kids)))]
        else:
            yield ref

"""Archives of files of tables: each file is read by itself, and its sheets know whose they are."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from registry.readable import grouped
from registry.spreadsheets import limits
from registry.spreadsheets.parts import Parts
from registry.spreadsheets.reading import read_workbook
from registry.spreadsheets.sizes import check_size
from registry.spreadsheets.workbook import Finding, UnreadableFile, Workbook

_OF_DOCUMENTS = frozenset({"[Content_Types].xml", "mimetype", "META-INF/manifest.xml"})
"""Parts by which a zipped file is a document, whole or not, and no archive of documents."""
_OF_TEXTS = (".txt", ".md")
_BESIDE = (*_OF_TEXTS, "sha256sums")
"""What stands beside the workbooks in an archive of ours."""
_OF_SYSTEMS = ("__MACOSX/", "Thumbs.db", "desktop.ini")


def is_archive(content: bytes) -> bool:
    """Return whether a zipped file holds files, and is none of the kinds that are zipped too."""
    if not content.startswith(b"PK"):
        return False
    try:
        names = Parts(content).names
    except UnreadableFile:
        return False
    return bool(names) and _OF_DOCUMENTS.isdisjoint(names)


def read_archive(content: bytes, filename: str = "") -> Workbook:
    """Return the sheets of all files of an archive; `file` of each sheet says which it is from.

    Raises `UnreadableFile`, which names each file that cannot be read: nobody is to find out later
    that one was passed over. What systems add by themselves is no file of anybody.
    """
    parts = Parts(content)
    whole = Workbook(filename, "zip", [])
    refused = []
    cells = chars = 0
    names = [name for name in sorted(parts.names) if _is_file(name)]
    for name in names:
        data = b"".join(parts.chunks(name))
        try:
            book = read_workbook(data, name)
        except UnreadableFile as reason:
            # only what is refused is opened again, to say why
            within = _("è un archivio dentro l’archivio: estrai i suoi file.")
            refused.append(f"«{name}»: {within if is_archive(data) else reason}")
            continue
        if _is_prose(book, name):
            told = _("Nell’archivio c’è anche un testo senza tabelle: non letto.")
            whole.findings.append(Finding("text-in-archive", told, name))
            continue
        _add(whole, book, name)
        _check_sheets(whole)
        values = [value for sheet in book.sheets for row in sheet.rows for value in row]
        cells += len(values)
        chars += sum(len(value) for value in values if isinstance(value, str))
        check_size(cells=cells, chars=chars)
    if refused:
        told = " ".join(refused)
        raise UnreadableFile(_("Dell’archivio non si prende nulla. %(files)s") % {"files": told})
    if not names:
        raise UnreadableFile(_("Nell’archivio non c’è nessun file."))
    if not whole.sheets:
        raise UnreadableFile(_("Nell’archivio non c’è nessuna tabella."))
    return whole


def read_each(files: Sequence[tuple[str, bytes]]) -> Workbook:
    """Return the sheets of many files, those of archives among them, each read by itself.

    One that cannot be read is told by a finding that stops, with the name of the file as its sheet,
    and keeps no other from being read. Raises `UnreadableFile` where all are more than a list.
    """
    whole = Workbook("", "zip", [])
    taken: dict[str, int] = {}
    cells = chars = 0
    for name, data in _unpacked(files, whole):
        turn = taken[name] = taken.get(name, 0) + 1
        own = name if turn == 1 else f"{name} ({turn})"
        try:
            book = read_workbook(data, name)
        except UnreadableFile as reason:
            whole.findings.append(_unread(own, reason))
            continue
        _add(whole, book, own)
        values = [value for sheet in book.sheets for row in sheet.rows for value in row]
        cells += len(values)
        chars += sum(len(value) for value in values if isinstance(value, str))
        check_size(cells=cells, chars=chars)
    return whole


def _unpacked(files: Sequence[tuple[str, bytes]], whole: Workbook) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes of files, of an archive those in it; what is no archive is told."""
    for name, content in files:
        try:
            if not is_archive(content):
                yield name, content
                continue
            parts = Parts(content)
            for inside in sorted(parts.names):
                if _is_file(inside) and not inside.lower().endswith(_BESIDE):
                    yield inside, b"".join(parts.chunks(inside))
        except UnreadableFile as reason:
            whole.findings.append(_unread(name, reason))


def _unread(name: str, reason: UnreadableFile) -> Finding:
    return Finding("unreadable", str(reason), name, stops=True)


def _is_file(name: str) -> bool:
    base = posixpath.basename(name)
    return (
        bool(base)
        and not base.startswith((".", "~$"))
        and not any(mark in (base, name[: len(mark)]) for mark in _OF_SYSTEMS)
    )


def _is_prose(book: Workbook, name: str) -> bool:
    """Return whether a file is a plain text, as people put beside others: a cell a line."""
    rows = book.sheets[0].rows
    return name.lower().endswith(_OF_TEXTS) and max(map(len, rows), default=0) < 2


def _add(whole: Workbook, book: Workbook, name: str) -> None:
    """Add the sheets of one file to those of all."""
    for sheet in book.sheets:
        sheet.file = name
        sheet.name = f"{name} › {sheet.name}"
    whole.sheets += book.sheets
    whole.findings += [
        replace(one, sheet=f"{name} › {one.sheet}" if one.sheet else name) for one in book.findings
    ]


def _check_sheets(whole: Workbook) -> None:
    if len(whole.sheets) > limits.SHEETS:
        raise UnreadableFile(
            _("I file dell’archivio hanno più di %(limit)s fogli: dividili.")
            % {"limit": grouped(limits.SHEETS)}
        )

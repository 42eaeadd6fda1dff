"""A store of files in the database: every host sees them, and nothing else has to be installed.

For files of a day. A file is there whole or not at all, is read and sent piece by piece, and two
who save under one name get two names (docs/decisions/0088).
"""

import datetime
import io
from typing import Any

from django.core.files import File
from django.core.files.storage import Storage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from registry.models import FilePiece

PIECE = 1 << 19
"""Bytes of a piece: what a process holds of a file that is written or read."""


class DatabaseStorage(Storage):
    """Files of one store, as rows."""

    def __init__(self, *, store: str) -> None:
        self.store = store

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode not in ("r", "rb"):
            raise ValueError(mode)
        size = self.size(name)
        return File(io.BufferedReader(_StoredBytes(self._pieces(name), name, size), PIECE), name)

    def _save(self, name: str, content: Any) -> str:
        while True:
            try:
                with transaction.atomic():
                    self._write(name, content)
            except IntegrityError:
                name = self.get_available_name(name)
            else:
                return name

    def _write(self, name: str, content: Any) -> None:
        # the first one takes the name; whoever takes it too waits here
        size, number = 0, 0
        for number, piece in enumerate(content.chunks(PIECE)):
            self._add(name, number, piece)
            size += len(piece)
        if not size and not number:
            self._add(name, 0, b"")
        self._pieces(name).filter(number=0).update(size=size)

    def _add(self, name: str, number: int, piece: bytes | str) -> None:
        told = piece.encode() if isinstance(piece, str) else bytes(piece)
        FilePiece.objects.create(store=self.store, name=name, number=number, content=told)

    def delete(self, name: str) -> None:
        """Take a file away; nothing where there is none."""
        self._pieces(name).delete()

    def exists(self, name: str) -> bool:
        """Tell whether there is a file of this name."""
        return self._first(name).exists()

    def size(self, name: str) -> int:
        """Return the bytes of a file. Raises `FileNotFoundError`."""
        return self._told(name, "size")

    def get_modified_time(self, name: str) -> datetime.datetime:
        """Return when a file was written. Raises `FileNotFoundError`."""
        return self._told(name, "created_at")

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the names of folders and of files under a folder."""
        above = f"{path.strip('/')}/" if path.strip("/") else ""
        named = FilePiece.objects.filter(store=self.store, number=0, name__startswith=above)
        folders, names = set(), []
        for name in named.order_by("name").values_list("name", flat=True):
            first, slash, _rest = name.removeprefix(above).partition("/")
            if slash:
                folders.add(first)
            else:
                names.append(first)
        return sorted(folders), names

    def _told(self, name: str, column: str) -> Any:
        found = self._first(name).values_list(column, flat=True).first()
        if found is None:
            raise FileNotFoundError(name)
        return found

    def _first(self, name: str) -> QuerySet[FilePiece]:
        return self._pieces(name).filter(number=0)

    def _pieces(self, name: str) -> QuerySet[FilePiece]:
        return FilePiece.objects.filter(store=self.store, name=name)


class _StoredBytes(io.RawIOBase):
    """The bytes of a file, of which one piece is held at a time."""

    def __init__(self, pieces: QuerySet[FilePiece], name: str, size: int) -> None:
        self._pieces, self._name, self._size = pieces, name, size
        self._at, self._number, self._held = 0, -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, begin + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer from one piece. Raises `FileNotFoundError` where it was taken away."""
        if self._at >= self._size:
            return 0
        number, inside = divmod(self._at, PIECE)
        if number != self._number:
            found = self._pieces.filter(number=number).values_list("content", flat=True).first()
            if found is None:
                raise FileNotFoundError(self._name)
            self._number, self._held = number, bytes(found)
        part = self._held[inside : inside + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

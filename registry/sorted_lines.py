"""Very many lines of text, kept sorted where they need no memory."""

import tempfile
from collections.abc import Iterator
from heapq import merge
from itertools import pairwise

_IN_MEMORY = 1_000_000
_LINES_A_PART, _PART = 1000, 1 << 16


class SortedLines:
    """Lines that come by the thousand, and are given back once, sorted, when all have come.

    What is more than a megabyte stands in a file without a name, which goes with its process.
    """

    def __init__(self) -> None:
        self._count = 0
        self._ends = [0]
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - `close`

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        # of the bytes of UTF-8 and of the signs they stand for the order is the same
        return merge(*(self._lines(start, end) for start, end in pairwise(self._ends)))

    def add(self, lines: list[str]) -> None:
        """Keep some lines, which hold no line feed; the list is sorted."""
        lines.sort()
        self._count += len(lines)
        for start in range(0, len(lines), _LINES_A_PART):
            part = lines[start : start + _LINES_A_PART]
            self._file.write(("\n".join(part) + "\n").encode())
        self._ends.append(self._file.tell())

    def close(self) -> None:
        """Let go of the lines; how many there were is known still."""
        self._file.close()

    def _lines(self, start: int, end: int) -> Iterator[str]:
        rest = b""
        while start < end:
            self._file.seek(start)
            part = self._file.read(min(_PART, end - start))
            start += len(part)
            whole, _feed, rest = (rest + part).rpartition(b"\n")
            if whole:
                yield from whole.decode().split("\n")

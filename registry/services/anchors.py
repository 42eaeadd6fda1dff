"""Keeping the head of the trail elsewhere: in mails, on a public page, in a file out of reach."""

import os
from contextlib import suppress
from io import FileIO
from pathlib import Path

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.enums import RESERVED_CODE
from registry.models import Administration
from registry.trail.anchors import Anchor, AnchorError, head_of, last_of, read_anchor

_UNFINISHED = " (interrotta)"
"""How a line ends that was begun when the disk had no room for the rest."""


def heads_by_body() -> dict[int, Anchor]:
    """Return the anchor of today for each body, by its key; empty before the first record.

    Two statements.
    """
    house = head_of(RESERVED_CODE)
    own = last_of(OuterRef("ipa_code"))
    last = {name: Subquery(own.values(name)[:1]) for name in ("number", "digest")}
    bodies = Administration.objects.order_by("ipa_code").annotate(**last)
    heads = {}
    for pk, ipa_code, number, digest in bodies.values_list("pk", "ipa_code", *last):
        if number is not None:
            heads[pk] = Anchor(ipa_code, number, digest)
        elif house is not None:
            heads[pk] = Anchor(ipa_code, house.number, house.digest)
    return heads


def every_head() -> list[Anchor]:
    """Return the anchors of today: of the installation, then of each body; two statements."""
    house = head_of(RESERVED_CODE)
    return [*filter(None, [house]), *heads_by_body().values()]


def anchor_now(body: Administration) -> str:
    """Return the anchor of this moment for a body as it is printed; "" before the first record."""
    return str(head_of(body.ipa_code) or "")


def append_heads(file: Path) -> None:
    """Write the heads at the end of a file, one a line after the moment, and see them on the disk.

    What stands there stays: the file may be one that can only be added to. Raises `OSError`, and
    then nothing was added; a line begun that could not be taken back is called unfinished later.
    """
    moment = timezone.localtime().isoformat(timespec="seconds")
    lines = [f"{moment} {anchor}\n" for anchor in every_head()]
    # nothing waits in memory, to be written at the end though it was refused before
    with file.open("a+b", buffering=0) as opened:
        size = opened.seek(0, os.SEEK_END)
        if size and not _ends_a_line(opened):
            lines.insert(0, _UNFINISHED + "\n")
        try:
            rest = "".join(lines).encode()
            while rest:
                rest = rest[opened.write(rest) :]
            os.fsync(opened.fileno())
        except OSError:
            # a disk that is full takes some of it
            with suppress(OSError):
                os.truncate(file, size)
            raise


def _ends_a_line(opened: FileIO) -> bool:
    opened.seek(-1, os.SEEK_END)
    return opened.read(1) == b"\n"


def anchors_in(file: Path) -> list[Anchor]:
    """Return the anchors of a file `append_heads` has written; none where it does not exist yet.

    Raises `AnchorError`, with file and line, for a line that says something else, and `OSError`.
    """
    if not file.exists():
        return []
    text = file.read_text(encoding="utf-8", errors="replace")
    lines = text.splitlines()
    if lines and not text.endswith("\n") and _is_begun(lines[-1]):
        lines.pop()
    return [
        _anchor_of(line, file, number)
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.endswith(_UNFINISHED)
    ]


def _is_begun(line: str) -> bool:
    """Tell whether the last line of a file is one that the disk has cut off."""
    try:
        read_anchor(line.split()[-1])
    except (AnchorError, IndexError):
        return True
    return False


def _anchor_of(line: str, file: Path, number: int) -> Anchor:
    try:
        return read_anchor(line.split()[-1])
    except AnchorError as error:
        told = {"file": file, "n": number, "reason": error}
        raise AnchorError(_("«%(file)s», riga %(n)d: %(reason)s") % told) from error

"""What draws or writes a thing, as a digest: what another version wrote is not taken for it."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

import risk


def digest_of_sources(*, rooms: Iterable[str], templates: Iterable[str]) -> bytes:
    """Return the digest of all code and templates in rooms of this app and in its template folders.

    It reads every file: whoever asks keeps the answer for the life of the process.
    """
    code, pages = Path(str(risk.__file__)).parent, settings.BASE_DIR / "templates/risk"
    digest = hashlib.sha256()
    for folder in (*(code / name for name in rooms), *(pages / name for name in templates)):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".html"):
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.digest()

"""Codes for rows of lists whose author gave none."""

from collections.abc import Collection

from django.utils.text import slugify

from registry.models.base import CatalogueModel

_NUMBER = 4
"""Characters kept for "-999" behind the words."""


def free_code(label: str, *, taken: Collection[str], otherwise: str) -> str:
    """Return a code made of the label's words, numbered when it is among `taken`.

    `otherwise` stands for a label without a letter or digit of the Latin alphabet.
    """
    room = CatalogueModel._meta.get_field("code").max_length - _NUMBER
    stem = slugify(label)[:room].strip("-").upper() or otherwise
    codes = (stem if n == 1 else f"{stem}-{n}" for n in range(1, len(taken) + 2))
    return next(code for code in codes if code not in taken)

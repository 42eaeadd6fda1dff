"""What a sheet that was sent says of its boxes to tick: those of the matrix, and the words."""

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from risk.services.process_sheet.acts import WORDS, Pair
from risk.services.process_sheet.row_keys import key_in

TICKED, SHOWN = "copre", "era"
"""The names of the boxes of the matrix that are ticked, and that were when it was shown."""
LONGEST_MATRIX = 20_000
"""Boxes one request may name: more than any matrix has."""


def words_sent(
    data: QueryDict, prefix: str = ""
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the codes ticked and unticked since the page was shown, by list.

    Only these are touched, so that what somebody else ticked meanwhile stays.
    """
    now = {name: set(data.getlist(f"{prefix}{name}")) for name in WORDS}
    shown = {name: set(data.get(f"{prefix}era-{name}", "").split("\t")) - {""} for name in WORDS}
    added = {name: now[name] - shown[name] for name in WORDS}
    return added, {name: shown[name] - now[name] for name in WORDS}


def boxes_sent(data: QueryDict, name: str) -> set[Pair]:
    """Return the boxes a form names, one or many (parted by blanks) a value."""
    names = [name for value in data.getlist(name) for name in value.split()]
    if len(names) > LONGEST_MATRIX:
        raise ValidationError(_("La matrice inviata è troppo grande."))
    try:
        return {_box(name) for name in names}
    except ValueError as error:
        raise ValidationError(_("La pagina non è più valida: ricaricala e riprova.")) from error


def _box(name: str) -> Pair:
    behaviour, _slash, step = name.partition("/")
    return key_in(behaviour), key_in(step)

"""What a person reads when the database has refused a row."""

import re
from typing import Any

from django.apps import apps
from django.db import DatabaseError
from django.utils.translation import gettext as _

_REFUSED = re.compile(r"^\w+: (?P<text>.+)$", re.MULTILINE)
_UNIQUE_COLUMNS = re.compile(r"UNIQUE constraint failed: (?P<columns>[\w., ]+)")


def is_guarded(error: Exception) -> bool:
    """Tell whether it was a guard that refused a row, and not a constraint."""
    return isinstance(error, DatabaseError) and bool(_REFUSED.match(str(error)))


def refusal_of(error: Exception) -> str:
    """Return what a person reads when the database refused a row.

    That is the text of the guard or of the named constraint; for anything else, a sentence that
    asks to look again, because two people at once are the only cause left.
    """
    text = str(error)
    names = {
        constraint.name: constraint
        for model in apps.get_models()
        for constraint in model._meta.constraints
    }
    for word in re.findall(r"\w+", text):
        if word in names:
            return str(names[word].violation_error_message)
    if columns := _UNIQUE_COLUMNS.search(text):
        unique_columns = {column.strip() for column in columns["columns"].split(",")}
        for model in apps.get_models():
            for constraint in model._meta.constraints:
                if unique_columns == _columns_of(model, constraint):
                    return str(constraint.violation_error_message)
    elif (guarded := _REFUSED.search(text)) and guarded[0].split(":")[0] in text.splitlines()[0]:
        sentence = guarded["text"]
        return sentence[0].upper() + sentence[1:]
    return _("La modifica contrasta con un’altra salvata nel frattempo: ricaricare la pagina.")


def _columns_of(model: Any, constraint: Any) -> set[str]:
    """Return columns of a unique constraint as SQLite names them in its error."""
    fields = [model._meta.get_field(name) for name in getattr(constraint, "fields", ())]
    return {f"{model._meta.db_table}.{field.column}" for field in fields}

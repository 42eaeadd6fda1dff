"""Many rows told in one text, where it only matters whether they are still the same."""

from typing import Any

from django.db.models import Aggregate, Expression, Func, TextField, Value
from django.db.models.functions import Cast


class _InOneText(Func):
    template = "(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = TextField()


class JoinedRows(Aggregate):
    """What some columns say in each row, parted by blanks, the rows by commas, in no order.

    The columns are not empty, and have neither a blank nor a comma in them.
    """

    function = "string_agg"
    name = "JoinedRows"
    output_field = TextField()

    def __init__(self, *columns: Expression | Any, **extra: Any) -> None:
        said = [Cast(column, TextField()) for column in columns]
        super().__init__(_InOneText(*said), Value(","), **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """Return the same by the name SQLite has for it."""
        return self.as_sql(compiler, connection, function="group_concat", **context)

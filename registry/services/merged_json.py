"""JSON changed where it is stored, without reading it."""

from typing import Any

from django.db.models import Func, JSONField


class MergedJson(Func):
    """An object with the members of another one in place of its own of the same names.

    None of these is null. Both engines do it by a function of theirs.
    """

    function = "json_patch"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        return self.as_sql(
            compiler, connection, template="(%(expressions)s)", arg_joiner=" || ", **context
        )

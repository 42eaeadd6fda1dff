"""Holding a row that is read and not written, so that it stays as it is until the act ends."""

from django.db import connection
from django.db.models import Model


def hold(model: type[Model], key: int) -> None:
    """Let nobody change a row until the act ends; whoever holds it too does not wait.

    As the guards hold what they look at (`registry.triggers`). Django locks rows for writing alone.
    SQLite has one writer anyway: nothing is done there.
    """
    if not connection.features.has_select_for_update:
        return
    with connection.cursor() as cursor:
        # S608: the name is that of a model
        cursor.execute(f'SELECT 1 FROM "{model._meta.db_table}" WHERE id = %s FOR SHARE', [key])  # noqa: S608

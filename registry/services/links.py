"""Lists of rows (many-to-many) written in bulk, with their history."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models
from simple_history.signals import post_create_historical_m2m_records

from registry.acts import Act, act


def link_in_bulk(
    links: Mapping[str, Mapping[models.Model, Collection[Any]]], *, kind: str, by: Any
) -> None:
    """Fill the lists of rows just created in this act, by name of the list and row.

    The values of a list are keys. Two statements for each list, two for the history of all; the
    creation's own history rows take the lists over, as if the rows had been made with them.
    """
    rows = {row.pk: row for wanted in links.values() for row in wanted}
    if not rows:
        return
    model = type(next(iter(rows.values())))
    with act(kind, by=by) as opened:
        created = model.history.filter(id__in=rows, history_change_reason=opened.mark)
        records = {record.id: record for record in created}
        for name, wanted in links.items():
            _link(model, name, wanted, records)


def _link(model: type[models.Model], name: str, wanted: Mapping, records: Mapping) -> None:
    field = model._meta.get_field(name)
    through = field.remote_field.through
    near, far = field.m2m_field_name(), field.m2m_reverse_field_name()
    rows = [
        through(**{f"{near}_id": row.pk, f"{far}_id": key})
        for row, keys in wanted.items()
        for key in keys
    ]
    if not rows:
        return
    made = through.objects.bulk_create(rows)
    past = getattr(model.history.model, name).model
    created = past.objects.bulk_create(
        past(
            history=records[getattr(row, f"{near}_id")],
            **{column.attname: getattr(row, column.attname) for column in through._meta.fields},
        )
        for row in made
    )
    # as the library does when it writes them one by one: whoever follows the acts is told
    post_create_historical_m2m_records.send(sender=past, created_rows=created, field=field)


def relink_in_bulk(
    rows: Collection[models.Model],
    links: Mapping[str, Mapping[int, Collection[int]]],
    *,
    opened: Act,
) -> None:
    """Give lists of rows just changed in this act other values, by name of the list and key.

    Lists not named stay. The history rows of the change take over what each row then has: changing
    rows in bulk writes them without their lists. A number of statements for each list of the model.
    """
    if not rows:
        return
    model = type(next(iter(rows)))
    keys = [row.pk for row in rows]
    # a row changed twice in the act has two, the later one is how it stays
    changed = model.history.filter(id__in=keys, history_change_reason=opened.mark)
    records = {record.id: record for record in changed.order_by("history_id")}
    for field in model.history.model._history_m2m_fields:
        through = field.remote_field.through
        near, far = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        wanted = links.get(field.name, {})
        others = [key for key in keys if key in wanted]
        if others:
            through.objects.filter(**{f"{near}__in": others}).delete()
            through.objects.bulk_create(
                through(**{near: key, far: other}) for key in others for other in wanted[key]
            )
        now = through.objects.filter(**{f"{near}__in": keys}).order_by("pk")
        past = getattr(model.history.model, field.name).model
        created = past.objects.bulk_create(
            past(
                history=records[getattr(row, near)],
                **{column.attname: getattr(row, column.attname) for column in through._meta.fields},
            )
            for row in now
        )
        post_create_historical_m2m_records.send(sender=past, created_rows=created, field=field)

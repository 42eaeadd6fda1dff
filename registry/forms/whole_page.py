"""What a page of many rows shares that is one form, as it is without scripts."""

from typing import Any

from django.http import QueryDict

from registry.forms.saving import put_in_form


class OfWhole:
    """A form whose fields belong to the one of the whole page, `owner`, told apart by a prefix."""

    owner = ""
    prefix: str | None
    fields: dict[str, Any]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        put_in_form(self.fields.values(), self.owner)

    def add_prefix(self, field_name: str) -> str:
        """Return the name of a field: the key of a row may itself have a hyphen in it."""
        return f"{self.prefix}:{field_name}"


def as_of_whole(data: QueryDict, prefix: str) -> QueryDict:
    """Return what was sent of one row or part under the names it has on the whole page."""
    named = QueryDict(mutable=True)
    for name, values in data.lists():
        named.setlist(f"{prefix}:{name}", values)
    return named


def of_row(sent: QueryDict, prefix: str) -> QueryDict:
    """Return what was sent of one row: its names come with the prefix of the page, or bare."""
    if f"{prefix}-version" in sent:
        return sent
    named = QueryDict(mutable=True)
    for name, values in sent.lists():
        named.setlist(f"{prefix}-{name}", values)
    return named


def even(sent: QueryDict) -> QueryDict:
    """Return what was sent with line breaks as they are saved: a browser sends its own."""
    data = sent.copy()
    for name, values in sent.lists():
        data.setlist(name, [value.replace("\r\n", "\n") for value in values])
    return data

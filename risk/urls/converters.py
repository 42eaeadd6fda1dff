"""Words an address may hold; anything else is no address at all."""

from django.urls import register_converter

from risk.enums import Layout, RowKind
from risk.forms.mapping.bulk import SCOPES


class LayoutConverter:
    """A layout of the paper."""

    regex = "|".join(Layout.values)

    def to_python(self, value: str) -> Layout:
        return Layout(value)

    def to_url(self, value: str) -> str:
        return str(value)


class RowKindConverter:
    """A kind of row of a process."""

    regex = "|".join(kind.word for kind in RowKind if kind.word)

    def to_python(self, value: str) -> RowKind:
        return RowKind.of_word(value)

    def to_url(self, value: str) -> str:
        return RowKind(value).word if value in RowKind.values else value


class PlainWordConverter:
    """One of a few words that a view takes as they are."""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class TickedListConverter(PlainWordConverter):
    """One of the lists whose rows are ticked."""

    regex = "|".join(SCOPES)


class ProgrammeRowsConverter(PlainWordConverter):
    """The two kinds of rows a programming has."""

    regex = "fasi|indicatori"


register_converter(LayoutConverter, "layout")
register_converter(RowKindConverter, "row_kind")
register_converter(TickedListConverter, "ticked")
register_converter(ProgrammeRowsConverter, "programme_rows")

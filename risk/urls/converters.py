"""Words an address may hold; anything else is no address at all."""

import datetime

from django.urls import register_converter

from registry.enums import DeadlineKind
from risk.enums import Layout, RowKind
from risk.forms.mapping.bulk import SCOPES
from risk.services.desk.several import SeveralAct


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


class SeveralActConverter(PlainWordConverter):
    """An act on several annexes."""

    regex = "|".join(SeveralAct)


_DEADLINE_WORDS = {
    DeadlineKind.TRANSMISSION: "trasmissione",
    DeadlineKind.CONSULTATION: "consultazione",
    DeadlineKind.ADOPTION: "adozione",
    DeadlineKind.PUBLICATION: "pubblicazione",
    DeadlineKind.MONITORING: "monitoraggio",
    DeadlineKind.REPORT: "relazione",
    DeadlineKind.OTHER: "altro",
}


class DeadlineKindConverter:
    """A kind of date of the calendar of a plan."""

    regex = "|".join(_DEADLINE_WORDS.values())

    def to_python(self, value: str) -> DeadlineKind:
        return next(kind for kind, word in _DEADLINE_WORDS.items() if word == value)

    def to_url(self, value: str) -> str:
        return _DEADLINE_WORDS[DeadlineKind(value)] if value in DeadlineKind.values else value


class DayConverter:
    """A day, as 2027-01-31."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(value)

    def to_url(self, value: datetime.date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


register_converter(LayoutConverter, "layout")
register_converter(RowKindConverter, "row_kind")
register_converter(TickedListConverter, "ticked")
register_converter(ProgrammeRowsConverter, "programme_rows")
register_converter(SeveralActConverter, "several_act")
register_converter(DeadlineKindConverter, "deadline_kind")
register_converter(DayConverter, "day")

"""What a body knows beside a file: its lists, its indicators, the heads it has met before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from risk.services.imports.recognise.descriptions import AUTO, DESCRIPTIONS, heads_of
from risk.services.imports.recognise.heads import Names


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the body knows beside the file; everything may be empty.

    `vocabulary`: by field, the texts of its catalogues and their other spellings. `indicators`:
    code and label of those its methods have. `remembered`: by layout ("auto" for all), our field
    by head, as somebody once chose ("" for a column left out knowingly). `is_ours`: the file is one
    of ours, with one table a sheet.
    """

    vocabulary: Mapping[str, Collection[str]] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_ours: bool = False

    @property
    def texts(self) -> list[str]:
        return [text for texts in self.vocabulary.values() for text in texts]

    def names(self, layout: str) -> Names:
        """Return the heads that mean something in a layout."""
        heads = heads_of(DESCRIPTIONS.get(layout), dict(self.indicators))
        return Names(heads, {**self.remembered.get(AUTO, {}), **self.remembered.get(layout, {})})

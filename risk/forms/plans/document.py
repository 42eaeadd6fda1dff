"""What a document of the plan is made of: its parts and columns, the emblem on its cover."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.acts import act
from registry.forms.files import sized
from registry.forms.people import ActForm
from registry.forms.rows import RowForm
from registry.models import User
from registry.services.editing import Saved
from risk.content.plan_parts import ANNEXES, COLUMNS, PART_NAMES, PLAN_PARTS, title_of
from risk.models import DocumentChoice
from risk.services.plans.choices import (
    CHOICE,
    Chosen,
    check_parts,
    subject_of_choices,
    words_of,
)
from risk.services.plans.emblems import LARGEST

_PART, _PLACE, _COLUMN = "parte", "posto-", "colonna"
"""Names of the fields of the page: a part and a column are ticked, a place is a number."""


class _PartsInput(forms.HiddenInput):
    """The parts that are ticked, by their places; those of one place in their usual order."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        # given whole where what somebody else has saved is kept
        if name in data:
            return data[name]
        ticked = data.getlist(_PART)
        usual = {part: place for place, part in enumerate(PART_NAMES)}
        return ",".join(
            sorted(ticked, key=lambda part: (_place(data, part, usual), usual.get(part, 0)))
        )


class _LeftOutInput(forms.HiddenInput):
    """The columns of the ticked parts that are not ticked themselves."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        if name in data:
            return data[name]
        parts, kept = data.getlist(_PART), data.getlist(_COLUMN)
        return ",".join(
            name for name in COLUMNS if name.partition(".")[0] in parts and name not in kept
        )


def _place(data: Any, part: str, usual: dict[str, int]) -> int:
    text = data.get(f"{_PLACE}{part}", "").strip()
    if part == ANNEXES:
        # they stand behind all others
        return 10**9
    return int(text) if text.isdecimal() else usual.get(part, 0) + 1


class EmblemForm(ActForm):
    """The emblem of the body, and the text for who does not see it."""

    file = forms.FileField(
        label=gettext_lazy("Immagine"),
        help_text=gettext_lazy("PNG, JPEG o SVG, fino a 1 MB."),
        widget=forms.FileInput(attrs=sized(LARGEST)),
        error_messages={"required": gettext_lazy("Scegli il file dell’emblema.")},
    )
    alternative = forms.CharField(
        label=gettext_lazy("Testo per chi non la vede"),
        max_length=200,
        help_text=gettext_lazy("Per esempio «Stemma del Comune di Prova»."),
    )


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part on the page of its choice; of the annexes the place is always the last."""

    name: str
    title: str
    said: str
    place: int
    is_chosen: bool
    is_last: bool
    columns: tuple[tuple[str, str, bool], ...] = ()


class DocumentForm(RowForm):
    """A choice of parts with the name it is kept under; asked for at once, it needs no name."""

    kind = CHOICE
    needs_name = True

    class Meta:
        model = DocumentChoice
        fields = ("name", "parts", "left_out")
        widgets = {"parts": _PartsInput, "left_out": _LeftOutInput}

    def __init__(self, *args: Any, needs_name: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = needs_name
        self.fields["parts"].error_messages["required"] = gettext_lazy(
            "Un documento ha almeno una parte: scegline una."
        )

    def clean_parts(self) -> str:
        """Return the parts. Raises `ValidationError` for one there is not, a place that is none."""
        words = words_of(self.cleaned_data["parts"])
        for name in words:
            text = self.data.get(f"{_PLACE}{name}", "").strip()
            if text and not text.isdecimal():
                said = {"part": title_of(name) if name in PART_NAMES else name, "text": text}
                raise ValidationError(
                    _("Il posto di «%(part)s» è un numero: «%(text)s» non lo è.") % said
                )
        try:
            check_parts(words)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return ",".join(words)

    @property
    def chosen(self) -> Chosen:
        """What was chosen; the form is valid."""
        values = self.cleaned_data
        return Chosen(tuple(words_of(values["parts"])), frozenset(words_of(values["left_out"])))

    @property
    def shown(self) -> Chosen:
        """What the page shows as chosen, of the parts and columns there are."""
        parts = words_of(self["parts"].value() or "")
        left_out = words_of(self["left_out"].value() or "")
        return Chosen(
            tuple(name for name in parts if name in PART_NAMES),
            frozenset(name for name in left_out if name in COLUMNS),
        )

    @property
    def refusals(self) -> list[str]:
        """What is wrong with what is chosen, without what belongs to keeping it."""
        return [str(error) for name in ("parts", "left_out") for error in self.errors.get(name, ())]

    def save_choice(self, *, by: User) -> Saved | None:
        """Write a choice that is there, as one act; None as of `save_row`."""
        with act(CHOICE, by=by, subject=subject_of_choices(self.instance.administration)):
            return self.save_row(by=by)

    @cached_property
    def rows(self) -> list[PartRow]:
        """The parts as the page shows them: the chosen ones in their order, then the others."""
        return list(self._rows())

    def _rows(self) -> Iterator[PartRow]:
        chosen = words_of(self["parts"].value() or "")
        left_out = words_of(self["left_out"].value() or "")
        others = [name for name in PART_NAMES if name not in chosen]
        # what is not known is told above, and stands in no row
        named = [name for name in (*chosen, *others) if name in PLAN_PARTS]
        for place, name in enumerate((*named, ANNEXES), start=1):
            part = PLAN_PARTS.get(name)
            yield PartRow(
                name=name,
                title=title_of(name),
                said=str(part.introduction) if part else _("Ogni allegato, con le sue pagine."),
                place=place,
                is_chosen=name in chosen,
                is_last=part is None,
                columns=tuple(
                    (key, str(title), key not in left_out)
                    for key, title in COLUMNS.items()
                    if key.startswith(f"{name}.")
                ),
            )

    def _text(self, name: str, value: Any) -> str:
        words = words_of(value) if isinstance(value, str) else []
        if name == "parts":
            return ", ".join(title_of(word) for word in words if word in PART_NAMES)
        if name == "left_out" and words:
            return ", ".join(str(COLUMNS[word]) for word in words if word in COLUMNS)
        return super()._text(name, value)

"""The cells of the map that are typed in: how each column asks, and what stands in each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape

from django import forms
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from registry.enums import ProcessKind, RiskPresence
from registry.models import Process
from registry.validators import long_word_warning
from risk.forms.mapping.rows import NewProcessForm, typed_as

NEW = "nuovo"
"""What stands for the uid of a process in the row to add."""


@dataclass(frozen=True)
class Column:
    """A column that is typed in.

    `label` names a cell to people who cannot see the table, `new_label` that of the row to add:
    there alone stands the `placeholder`. `suggestions` is the id of a list to choose from while
    typing; `choices` are all there is, and with `blank` none may be chosen.
    """

    name: str
    label: str
    new_label: str
    placeholder: str = ""
    tag: str = "input"
    is_numeric: bool = False
    suggestions: str = ""
    choices: Sequence[tuple[str, str]] = ()
    blank: bool = False

    @cached_property
    def attributes(self) -> SafeString:
        """The attributes its inputs have in every row."""
        numeric = "numeric" if self.is_numeric else None
        return flatatt({"inputmode": numeric, "list": self.suggestions or None})

    @property
    def new_attributes(self) -> SafeString:
        """The attributes its input has in the row to add."""
        return self.attributes + flatatt({"placeholder": self.placeholder or None})


COLUMNS = (
    Column(
        "number",
        _("Numero"),
        _("Numero del nuovo processo; vuoto: il prossimo"),
        placeholder="+",
        is_numeric=True,
    ),
    Column(
        "kind",
        _("Tipo di processo"),
        _("Tipo di processo, nuovo processo"),
        tag="select",
        choices=ProcessKind.choices,
        blank=True,
    ),
    Column(
        "title",
        _("Processo"),
        _("Nuovo processo"),
        placeholder=_("Nuovo processo…"),
        tag="textarea",
    ),
    Column(
        "macroprocess",
        _("Macroprocesso"),
        _("Macroprocesso, nuovo processo"),
        suggestions="elenco-macroprocessi",
    ),
    Column(
        "risk_area",
        _("Area di rischio"),
        _("Area di rischio, nuovo processo"),
        suggestions="elenco-aree",
    ),
    Column(
        "risk_presence",
        _("Presenza del rischio"),
        _("Presenza del rischio, nuovo processo"),
        tag="select",
        choices=RiskPresence.choices,
    ),
)


@dataclass(frozen=True)
class ShownCell:
    """The text in an input, what is saved, and what is wrong with it.

    `row` is the uid of the process, or NEW, `form` the id of the form its cells are of, and
    `prefix` what its name begins with where that is the form of the whole page; `saved` is
    None in the row to add, and `errors` where no error is ever said. In a row the place of an error
    is there only with an error in it: a page has hundreds of cells (docs/decisions/0046).
    """

    column: Column
    row: str
    form: str
    label: str
    value: str
    saved: str | None
    errors: Sequence[str] | None = ()
    prefix: str = ""

    @property
    def element(self) -> SafeString:
        """The input with what stands in it, and after it what is wrong; written out here.

        A page has hundreds of them, and a template of its own for each took a third of its time.
        """
        tag, attributes = self.column.tag, self._attributes
        if tag == "select":
            options = _options(self.column.name, self.value, get_language())
            element = f"<select {attributes}>{options}</select>"
        elif tag == "textarea":
            element = f'<textarea {attributes} rows="1">&#10;{escape(self.value)}</textarea>'
        else:
            element = f'<input {attributes} value="{escape(self.value)}">'
        return mark_safe(element + self._note)  # noqa: S308 - whatever was typed is escaped

    @property
    def _attributes(self) -> str:
        is_new = self.saved is None
        more = self.column.new_attributes if is_new else self.column.attributes
        # the row, the id of the form and the name are of our own making
        return (
            f'id="c-{self.row}-{self.column.name}" class="map-input" form="{self.form}"'
            f' name="{self.prefix}{self.column.name}" aria-label="{escape(self.label)}"'
            f"{self._saved_attribute}{more}{self._error_attributes}"
        )

    @property
    def _saved_attribute(self) -> str:
        """What is saved, where it is not what stands in the input."""
        is_typed = self.saved is not None and self.saved != self.value
        return f' data-saved="{escape(self.saved)}"' if is_typed else ""

    @cached_property
    def warning(self) -> str:
        """What is to be said of the text though it can be saved."""
        return long_word_warning(self.value)

    @property
    def has_note(self) -> bool:
        """Whether there is a place for what is wrong: in the row to add also without an error."""
        is_new = self.saved is None
        return self.errors is not None and bool(self.errors or self.warning or is_new)

    @property
    def _error_attributes(self) -> str:
        if not self.has_note:
            return ""
        described = f' aria-describedby="e-{self.row}-{self.column.name}"'
        return f'{described} aria-invalid="true"' if self.errors else described

    @property
    def _note(self) -> str:
        if not self.has_note:
            return ""
        said = escape(" ".join(map(str, self.errors or ())))
        if self.warning:
            said += f'<span class="house-field-warning">{escape(self.warning)}</span>'
        return f'<span id="e-{self.row}-{self.column.name}" class="map-error">{said}</span>'


@lru_cache(maxsize=100)
def _options(name: str, chosen: str, language: str | None) -> str:
    """Return what a column offers to choose from, in a language."""
    column = next(column for column in COLUMNS if column.name == name)
    return ('<option value="">—</option>' if column.blank else "") + "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(str(label))}</option>"
        for value, label in column.choices
    )


@lru_cache(maxsize=10)
def _named_columns(language: str | None) -> tuple[tuple[Column, str], ...]:
    """Return the columns with their labels in a language: looked up once, not for each cell."""
    return tuple((column, str(column.label)) for column in COLUMNS)


def form_of(process: Process) -> str:
    """Return the id of the form of a row: short, because all its cells name it."""
    return f"f{process.pk}"


def cells_of(process: Process, form: forms.Form | None, owner: str = "") -> dict[str, ShownCell]:
    """Return the cells of a row by column: as saved, or as typed in a form that was refused.

    They are of the form `owner` of the whole page, else of that of the row.
    """
    row, own, cells = str(process.uid), owner or form_of(process), {}
    prefix = f"{form_of(process)}:" if owner else ""
    for column, name in _named_columns(get_language()):
        label = f"{name}, n. {process.number}"
        if form is None:
            value = typed_as(getattr(process, column.name))
            cell = ShownCell(column, row, own, label, value, saved=value, prefix=prefix)
        else:
            value, errors = _typed(form, column), _errors(form, column)
            cell = ShownCell(column, row, own, label, value, "", errors, prefix)
        cells[column.name] = cell
    return cells


def texts_of(process: Process) -> list[str]:
    """Return what stands in the cells of a row, as saved."""
    return [typed_as(getattr(process, column.name)) for column in COLUMNS]


def cells_to_add(form: NewProcessForm, owner: str = "") -> dict[str, ShownCell]:
    """Return the cells of the row to add, by column; its title says what concerns the whole row."""
    cells = {}
    for column in COLUMNS:
        errors = None if column.choices else _errors(form, column)
        if column.name == "title":
            errors += form.non_field_errors()
        value, label = _typed(form, column), str(column.new_label)
        prefix = f"{NEW}:" if owner else ""
        cell = ShownCell(column, NEW, owner or NEW, label, value, None, errors, prefix)
        cells[column.name] = cell
    return cells


def _typed(form: forms.Form, column: Column) -> str:
    return typed_as(form[column.name].value())


def _errors(form: forms.Form, column: Column) -> list[str]:
    return list(form.errors.get(column.name, []))

"""Fields for a row of a list that may be long: chosen where there are few, typed where many.

What is typed is completed by the page as one types (`registry/static/registry/suggestions.js`);
without a script it is typed whole, and a text that names no row is answered with the nearest
(docs/decisions/0054).
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from registry.forms.hints import scripted_hint
from registry.models import Administration, Office, User
from registry.services.rows_called import (
    NotOneError,
    office_called,
    office_text,
    person_called,
    person_text,
)

FEW = 20
"""Rows that are shown as a list to choose from: a screen of them."""


class TypedRow(forms.TextInput):
    """A field of text with a list that is asked for as one types, at the address `source`.

    Where it `is_short` a row is typed by its short word, and told by its text.
    """

    class Media:
        js = ("registry/suggestions.js",)

    def __init__(
        self, source: str, attrs: dict[str, Any] | None = None, *, is_short: bool = False
    ) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.source, self.is_short = source, is_short

    def render(self, name: str, value: Any, attrs=None, renderer=None) -> SafeString:
        """Return the field and its list, which is empty until somebody types."""
        key = f"elenco-{(attrs or {}).get('id', name)}"
        field = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        short = mark_safe(" data-short") if self.is_short else ""
        return format_html(
            '{}<datalist id="{}" data-from="{}"{}></datalist>', field, key, self.source, short
        )


class TypedRowField(forms.ModelChoiceField):
    """Base of the fields below; `offer` says which rows there are, once they are known."""

    is_typed = False
    hint = ""
    body: Administration | None = None

    def __init__(self, queryset: QuerySet | None = None, **kwargs: Any) -> None:
        super().__init__(queryset=queryset if queryset is not None else self.none(), **kwargs)
        # shared by the copies a form makes of its fields
        self._known: dict[int, Model] = {}

    def none(self) -> QuerySet:
        """Return no row."""
        raise NotImplementedError

    def source(self) -> str:
        """Return the address that offers rows as one types."""
        raise NotImplementedError

    def text_of(self, row: Any) -> str:
        """Return how a row is typed."""
        raise NotImplementedError

    def called(self, typed: str) -> Model:
        """Return the row a text names. Raises `NotOneError`."""
        raise NotImplementedError

    def offer(self, rows: QuerySet, *, body: Administration | None = None) -> None:
        """Offer these rows, of one body or of several; costs a statement."""
        self.queryset, self.body = rows, body
        self.is_typed = rows.order_by().values("pk")[: FEW + 1].count() > FEW
        if not self.is_typed:
            return
        widget = TypedRow(self.source(), attrs=dict(self.widget.attrs))
        widget.is_required, widget.choices = self.required, ()
        self.widget = widget
        said = (self.help_text, self.hint)
        self.help_text = format_html_join(" ", "{}", ((text,) for text in said if text))

    def remember(self, rows: QuerySet) -> None:
        """Read at once the rows that many forms show, as those of a table."""
        if self.is_typed:
            self._known.update({row.pk: row for row in rows})

    def prepare_value(self, value: Any) -> Any:
        """Return what the field shows: of a row its text, where it is typed."""
        if not self.is_typed:
            return super().prepare_value(value)
        if isinstance(value, int):
            if value not in self._known:
                self.remember(self.queryset.model._default_manager.filter(pk=value))
            value = self._known.get(value)
        return self.text_of(value) if isinstance(value, Model) else value

    def to_python(self, value: Any) -> Any:
        """Return the row that was chosen or typed; one that stands there already is kept."""
        if not self.is_typed or isinstance(value, Model):
            return super().to_python(value)
        if value is None or not value.strip():
            return None
        try:
            return self.called(value)
        except NotOneError as error:
            raise ValidationError(str(error), code="invalid_choice") from error


class OfficeField(TypedRowField):
    """An office, by name or code; `tells_body` where those of several bodies are offered."""

    tells_body = False
    hint = scripted_hint(
        _("Si scrive il nome o il codice."), _("Mentre si scrive gli uffici vengono proposti.")
    )

    def none(self) -> QuerySet:
        return Office.objects.none()

    def source(self) -> str:
        if self.body is None:
            return reverse("registry:offices_anywhere")
        return reverse("registry:suggestions", args=[self.body.ipa_code, "uffici"])

    def text_of(self, row: Office) -> str:
        return office_text(row, with_body=self.tells_body)

    def called(self, typed: str) -> Office:
        return office_called(self.queryset, typed, with_body=self.tells_body)


class PersonField(TypedRowField):
    """One of the people of a body, with the address that tells namesakes apart."""

    hint = scripted_hint(
        _("Si scrive il nome o l’indirizzo."), _("Mentre si scrive le persone vengono proposte.")
    )

    def none(self) -> QuerySet:
        return User.objects.none()

    def source(self) -> str:
        return reverse("registry:suggestions", args=[self.body.ipa_code, "persone"])

    def text_of(self, row: User) -> str:
        return person_text(row)

    def called(self, typed: str) -> User:
        return person_called(self.queryset, typed)

    def label_from_instance(self, obj: User) -> str:
        """Return the name and the address."""
        return person_text(obj)

"""Forms of the chapters of a plan; their fields save themselves when they are left."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.acts import act
from registry.forms.people import ActForm
from registry.forms.saving import SavingForm
from registry.services.editing import Saved
from registry.validators import validate_printable, validate_prose_length
from risk.formatted.tree import Block
from risk.formatted.typed import read_typed, typed
from risk.forms.process_sheet.sheet import SheetForm
from risk.forms.treatment import ReadOnlyRows
from risk.models import Chapter
from risk.services.plans.chapters import KIND
from risk.services.plans.moves import subject_of

CHAPTER = "capitolo"
"""The id of the one form of the page of a chapter."""


class TypedField(forms.CharField):
    """A formatted text as it is typed; its value is the blocks it says."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return typed(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[Block]:
        return read_typed(super().clean(value) or "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial or []) != (data or "").replace("\r\n", "\n")


class NewChapterForm(ActForm):
    """What a chapter begins with; its text is written on its own page."""

    title = Chapter._meta.get_field("title").formfield()


class ChapterRemarkForm(ActForm):
    """A remark on a chapter, and whether it stops the adoption."""

    text = forms.CharField(
        label=_("Osservazione"),
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[validate_printable, validate_prose_length],
        error_messages={"required": _("Scrivi l’osservazione.")},
    )
    blocks = forms.BooleanField(label=_("Ferma l’adozione finché è aperta"), required=False)


class ChapterReplyForm(ActForm):
    """What is said to a remark: an answer, or what became of it as it is closed."""

    uid = forms.UUIDField(widget=forms.HiddenInput)
    reply = forms.CharField(
        label=_("Risposta, o che cosa ne è stato"),
        required=False,
        validators=[validate_printable, validate_prose_length],
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ChapterForm(ReadOnlyRows, SavingForm, SheetForm):
    """A chapter: its title, and its text as it is typed."""

    kind = KIND
    owner = CHAPTER

    blocks = TypedField(
        label=_("Testo"),
        required=False,
        strip=False,
        max_length=None,
        help_text=_(
            "Una riga vuota divide i capoversi; «- » comincia una voce di elenco, «1. » una voce "
            "numerata; *corsivo*, **grassetto**, [parole](https://indirizzo). Una tabella è fatta "
            "di righe come «| Ufficio | Compito |», con «| --- | --- |» sotto la prima."
        ),
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true"}),
    )

    class Meta:
        model = Chapter
        fields = ["title", "blocks"]

    def save_row(self, *, by: Any) -> Saved | None:
        """Write the row, as an act on its plan."""
        with act(self.kind, by=by, subject=subject_of(self.instance.plan)):
            return super().save_row(by=by)

    def _text(self, name: str, value: Any) -> str:
        return super()._text(name, typed(value) if isinstance(value, list) else value)

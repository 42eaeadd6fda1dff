"""The judgement of another row: chosen as one types, copied into the one that is open."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from registry.forms.hints import scripted_hint
from registry.forms.rows_called import TypedRow
from registry.models import Annex
from registry.services.rows_called import NotOneError
from risk.services.assessment.copying import RatedAssessment, copy_judgement
from risk.services.assessment.page import AssessmentPage
from risk.services.assessment.sources import JudgedRow, judged_called


class JudgedField(forms.CharField):
    """A process or a behaviour of an annex that has a level, found as one types; the form binds
    `annex` before it is used."""

    annex: Annex | None = None

    def bind(self, annex: Annex, **attrs: str) -> None:
        """Offer what is judged in an annex."""
        self.annex = annex
        self.widget = TypedRow(reverse("risk:judged", args=[annex.uid]), attrs=attrs)

    def clean(self, value: Any) -> JudgedRow | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return judged_called(self.annex, text)
        except NotOneError as error:
            raise ValidationError(str(error), code="no_match") from error


JUDGED_HELP = scripted_hint(
    _l("Si scrivono parole del processo o del comportamento."),
    _l("Mentre si scrive le righe valutate di questo allegato vengono proposte."),
)


class CopyForm(forms.Form):
    """From which row the open judgement is copied; it is sent with the form of the assessment."""

    come = JudgedField(label=_l("copia giudizio da"), required=False, help_text=JUDGED_HELP)
    sostituisci = forms.BooleanField(label=_l("sostituisce la valutazione che c’è"), required=False)

    def __init__(self, data=None, *, page: AssessmentPage):
        super().__init__(data, auto_id="copia-%s")
        self.page = page
        self.fields["come"].bind(page.process.annex, form="assessment-form")
        self.fields["sostituisci"].widget.attrs["form"] = "assessment-form"
        if not RatedAssessment(page.assessment, page.ratings).says_something:
            del self.fields["sostituisci"]

    def save(self, *, version: int, by: Any) -> bool:
        """Copy the judgement; False when that cannot be, said beside the field."""
        is_copied = self.is_valid() and self._copy(version=version, by=by)
        if not is_copied:
            self.fields["come"].widget.attrs["autofocus"] = True
        return is_copied

    def _copy(self, *, version: int, by: Any) -> bool:
        source = self.cleaned_data["come"]
        if source is None:
            self.add_error("come", _("Scrivi di quale processo o comportamento."))
            return False
        try:
            copy_judgement(
                source=source,
                subject=self.page.subject,
                method=self.page.sheet.method,
                moment=self.page.moment,
                version=version,
                replaces=self.cleaned_data.get("sostituisci", False),
                by=by,
            )
        except ValidationError as refused:
            self.add_error("come", refused.messages)
            return False
        return True

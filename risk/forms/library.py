"""What to look for in the library of typical processes, and what to copy from it."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from registry.enums import ProcessKind
from registry.models import RiskArea
from registry.services.rows_called import NotOneError, annex_called
from risk.services.library.copying import search

NATIONAL, OWN = "nazionali", "ente"


class LibraryFilter(forms.Form):
    """Filters of the library; a value that is no choice filters nothing."""

    q = forms.CharField(
        label=_("cerca nel titolo"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    area = forms.ChoiceField(label=_("area di rischio"), required=False)
    tipo = forms.ChoiceField(
        label=_("tipo di processo"),
        required=False,
        choices=[("", _("tutti")), *ProcessKind.choices],
    )
    di = forms.ChoiceField(
        label=_("di chi"),
        required=False,
        choices=[("", _("tutti")), (NATIONAL, _("nazionali")), (OWN, _("dell’amministrazione"))],
    )

    def __init__(self, data, *, rows: QuerySet, **kwargs):
        super().__init__(data, **kwargs)
        areas = RiskArea.objects.filter(library_processes__in=rows.order_by().values("pk"))
        # the same area may be there twice, national and as the body words it: the body's words win
        ordered = areas.order_by(F("administration_id").asc(nulls_first=True), "code")
        named = {area.code: area.printed for area in ordered}
        self.fields["area"].choices = [("", _("tutte")), *sorted(named.items())]

    def apply(self, rows: QuerySet) -> QuerySet:
        """Return the rows that answer to the filters."""
        self.is_valid()
        values = self.cleaned_data
        rows = search(rows, values.get("q", ""))
        if values.get("area"):
            rows = rows.filter(risk_area__code=values["area"])
        if values.get("tipo"):
            rows = rows.filter(kind=values["tipo"])
        if values.get("di"):
            rows = rows.filter(administration__isnull=values["di"] == NATIONAL)
        return rows


class AnnexUidField(forms.UUIDField):
    """The uid of an annex; where there are many, `annexes`, its office and plan may be typed."""

    annexes: QuerySet | None = None

    def to_python(self, value):
        """Return the uid given, or that of the annex a text names."""
        try:
            return super().to_python(value)
        except ValidationError:
            if self.annexes is None:
                raise
        try:
            return annex_called(self.annexes, value).uid
        except NotOneError as error:
            raise ValidationError(str(error), code="invalid_choice") from error


class CopyProcessesForm(forms.Form):
    """Which typical processes go into which annex; rows are named by key, annexes by uid."""

    allegato = AnnexUidField(
        label=_("nell’allegato di"),
        error_messages={
            "required": _("Scegli in quale allegato copiare."),
            "invalid": _("Scegli in quale allegato copiare."),
        },
    )
    processi = forms.MultipleChoiceField(
        label=_("processi tipo"),
        error_messages={"required": _("Spunta almeno un processo tipo.")},
    )
    richiesta = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    """Names the request: a second click with the same one copies nothing."""

    def __init__(self, *args, keys: list[str], annexes: QuerySet | None = None, **kwargs):
        """`annexes` are those that are typed, where there are many."""
        super().__init__(*args, **kwargs)
        self.fields["allegato"].annexes = annexes
        self.fields["processi"].choices = [(key, key) for key in keys]
        self.fields["processi"].error_messages["invalid_choice"] = _(
            "Uno dei processi tipo scelti non c’è più: l’elenco è aggiornato."
        )

"""What to do with the ticked rows of an annex, and to which."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from registry.models import Administration, Annex, Phase, RiskArea
from registry.normalise import uids_in
from registry.validators import validate_printable, validate_prose_length
from risk.content.levels import default_method, overall_levels
from risk.enums import MeasureScope
from risk.models import Measure, RiskBehaviour

ROWS_A_PAGE = 50
AREA, LEVEL, MEASURE = "area", "livello", "misura"

SCOPES = {
    "processi": MeasureScope.PROCESSES,
    "fasi": MeasureScope.PHASES,
    "comportamenti": MeasureScope.BEHAVIOURS,
}
"""The three lists rows are ticked in, and what a measure on them covers."""

ACTS = {
    "processi": [
        (AREA, _("assegna un’area")),
        (LEVEL, _("valuta")),
        (MEASURE, _("prevedi una misura")),
    ],
    "fasi": [(MEASURE, _("prevedi una misura"))],
    "comportamenti": [(LEVEL, _("valuta")), (MEASURE, _("prevedi una misura"))],
}


def _measures_of(body: Administration):
    """Return the measures a body may choose; its own stands for the national one of that code."""
    own = Measure.objects.filter(administration=body)
    return Measure.objects.offered_to(body).exclude(
        administration__isnull=True, code__in=own.values("code")
    )


def rows_of(annex: Annex, kind: str):
    """Return the rows of one of the three lists of an annex, in their order."""
    processes = annex.processes.in_use().select_related("risk_area").order_by("position")
    if kind == "processi":
        return processes
    model = Phase if kind == "fasi" else RiskBehaviour
    rows = model.objects.filter(process__annex=annex, process__retired_on__isnull=True)
    return rows.select_related("process").order_by("process__position", "position")


class BulkForm(forms.Form):
    """The rows, the act and what the act needs; rows are named by uid."""

    righe = forms.MultipleChoiceField(
        label=_("righe"), error_messages={"required": _("Spunta almeno una riga.")}
    )
    atto = forms.ChoiceField(label=_("che cosa fare"), widget=forms.RadioSelect)
    area = forms.ModelChoiceField(
        label=_("area di rischio"), queryset=RiskArea.objects.none(), required=False
    )
    livello = forms.ModelChoiceField(label=_("livello"), queryset=None, required=False)
    motivazione = forms.CharField(
        label=_("motivazione"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[validate_printable, validate_prose_length],
        help_text=_("La stessa per tutte le righe: vale solo se è vera per ciascuna."),
    )
    misura = forms.ModelChoiceField(
        label=_("misura"), queryset=Measure.objects.none(), required=False
    )

    def __init__(self, data=None, *, annex: Annex, kind: str, page: Any = 1, **kwargs):
        """`page` is the number of the page of rows that is shown."""
        super().__init__(data, **kwargs)
        rows = rows_of(annex, kind)
        self.page = Paginator(rows, ROWS_A_PAGE).get_page(page)
        ticked = data.getlist("righe") if data is not None else self.initial.get("righe", ())
        uids = uids_in(ticked)
        self.ticked = list(rows.filter(uid__in=uids)) if uids else []
        self.fields["righe"].choices = [(str(row.uid), str(row)) for row in self.ticked]
        self.fields["atto"].choices = ACTS[kind]
        body = annex.plan.administration
        self.fields["area"].queryset = RiskArea.objects.offered_to(body).filter(administration=body)
        self.fields["misura"].queryset = _measures_of(body)
        method = default_method(annex.plan)
        levels = [level.pk for level in overall_levels(method)]
        field = self.fields["livello"]
        field.queryset = method.levels.filter(pk__in=levels) if method else Measure.objects.none()
        for name in ("area", "livello", "misura"):
            self.fields[name].to_field_name = "code"
            self.fields[name].empty_label = _("scegli")

    def clean(self):
        cleaned = super().clean()
        needed = {AREA: ["area"], LEVEL: ["livello", "motivazione"], MEASURE: ["misura"]}
        for name in needed.get(cleaned.get("atto"), []):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Serve per ciò che hai scelto di fare."))
        return cleaned

    def chosen(self) -> list:
        """Return the ticked rows, in the order of the list."""
        return self.ticked

    @property
    def ticked_elsewhere(self) -> list:
        """The ticked rows that are on other pages."""
        shown = {row.pk for row in self.page}
        return [row for row in self.ticked if row.pk not in shown]

    @property
    def ticked_uids(self) -> set[str]:
        return {str(row.uid) for row in self.ticked}

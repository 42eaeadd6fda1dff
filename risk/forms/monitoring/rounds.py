"""Forms of the rounds of monitoring: a sample, an answer, a measurement, a proof, a check."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from registry.acts import RuleRefused
from registry.forms.days import ComingDayField, DayField, TypedDayField
from registry.forms.files import sized
from registry.forms.people import ActForm
from registry.forms.rows_called import OfficeField
from registry.forms.saving import SavingForm
from registry.models import Administration, Office
from registry.services.editing import Saved
from risk.enums import CheckOutcome, DerivedOutcome, ProgressKind
from risk.forms.process_sheet.sheet import SheetForm
from risk.forms.treatment import ReadOnlyRows, number_field
from risk.models import (
    Evidence,
    ProgressIndicator,
    RoundAnswer,
    RoundItem,
    Sample,
    SampleDraw,
)
from risk.models.monitoring import LONGEST_ANSWER
from risk.scoring.outcomes import REASONED_OUTCOMES
from risk.services.monitoring.answers import missing_of, settle, writing_answer
from risk.services.monitoring.evidence import MOST_FILES
from risk.services.monitoring.evidence_files import KINDS, LARGEST

ANSWERS = "risposte"
"""The id of the one form of the page of an office."""


def _text(label: Any, *, rows: int = 2, required: bool = False, **options: Any) -> forms.CharField:
    attrs = {"rows": rows, "maxlength": LONGEST_ANSWER}
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs=attrs),
        **options,
    )


class SampleForm(ActForm):
    """How much is drawn, and which seed will decide."""

    percent = forms.IntegerField(
        label=_("Parte da estrarre, in percento"), min_value=1, max_value=100
    )
    staff = forms.IntegerField(
        label=_("Dipendenti in servizio"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_(
            "Sotto i 50 c’è un minimo da rispettare: se scrivi il numero, la pagina lo dice."
        ),
    )
    seed_source = Sample._meta.get_field("seed_source").formfield(
        label=_("Da dove viene il seme"),
        help_text=_(
            "Un numero che nessuno può scegliere: per esempio i cinque numeri estratti al lotto "
            "sulla ruota di Roma quel giorno, separati da uno spazio."
        ),
    )
    seed_known_on = DayField(label=_("Il seme si conosce il"))


class DrawForm(ActForm):
    """The seed, as it became known, and before whom the draw is made."""

    seed = SampleDraw._meta.get_field("seed").formfield(label=_("Seme"))
    witnesses = _text(
        _("Chi ha assistito"),
        required=True,
        help_text=SampleDraw._meta.get_field("witnesses").help_text,
    )
    minutes = _text(_("Verbale"), rows=4, required=True)


class AssignForm(ActForm):
    """Which office answers for the measures ticked beside it, of the whole plan."""

    ufficio = OfficeField(label=_("Ufficio che risponde"))

    def __init__(self, *args, body: Administration, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offices = Office.objects.in_use().filter(administration=body).order_by("folded")
        self.fields["ufficio"].offer(offices, body=body)


class RoundAnswerForm(ReadOnlyRows, SavingForm, SheetForm):
    """What an office says of a measure."""

    kind = "round-answer"
    owner = ANSWERS
    done = _text(_("Che cosa è stato fatto"))
    reason = _text(
        _("Motivo"), help_text=_("Con la causa: perché è in ritardo, o non si è attuata.")
    )
    judgement = _text(_("Quanto è stata efficace"))
    difficulty = _text(_("Che cosa è stato difficile"))
    improvement = _text(_("Che cosa la migliorerebbe"))
    proposed_on = TypedDayField(label=_("Nuova data proposta"), required=False)

    class Meta:
        model = RoundAnswer
        fields = [
            *("declared", "done", "cause", "reason", "proposed_on"),
            *("judgement", "difficulty", "improvement"),
        ]

    def __init__(
        self, data=None, *args, instance: RoundAnswer, administration: Administration, **kwargs
    ):
        prefix = f"risposta-{instance.item.uid}"
        super().__init__(
            data, *args, instance=instance, administration=administration, prefix=prefix, **kwargs
        )

    def save_row(self, *, by: Any) -> Saved | None:
        """Write the answer, and the state it brings its measure to."""
        try:
            with writing_answer(self.instance.item, by=by) as item:
                saved = super().save_row(by=by)
                if saved is not None:
                    settle(item, saved.row, by=by)
                    self.instance.item = item
                return saved
        except RuleRefused as refused:
            raise ValidationError({NON_FIELD_ERRORS: refused}) from refused

    @property
    def read_only_rows(self) -> list[tuple[str, str]]:
        """What it says: of what its outcome does not ask for, only what is there."""
        asked = {"declared", "done"}
        if self.instance.declared in REASONED_OUTCOMES:
            asked |= {"cause", "reason"}
        names = [name for name in self.fields if name in self._meta.fields]
        rows = zip(names, super().read_only_rows, strict=True)
        return [row for name, row in rows if name in asked or getattr(self.instance, name)]

    @property
    def missing(self) -> list[str]:
        """What the answer still misses, as it is saved."""
        return missing_of(self.saved.row if self.saved is not None else self.instance)

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """The fields every answer has."""
        return [self[name] for name in self._meta.fields[:2]]

    @property
    def reasoned_fields(self) -> list[forms.BoundField]:
        """Those of the outcomes whose reason is asked (`REASONED_OUTCOMES`)."""
        return [self[name] for name in self._meta.fields[2:5]]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        """The three questions on how the measure worked."""
        return [self[name] for name in self._meta.fields[5:]]


class MeasurementForm(ActForm):
    """A value of one indicator, or numerator and denominator of its percent."""

    value = number_field(_("Valore"))
    numerator = number_field(_("Numeratore"))
    denominator = number_field(_("Denominatore"))
    measured_on = DayField(label=_("Rilevata il"))
    source = forms.CharField(
        label=_("Da dove viene il numero"),
        max_length=250,
        help_text=_("Per esempio: protocollo informatico, registro degli accessi."),
    )
    correction_reason = _text(_("Perché si corregge"))

    def __init__(
        self,
        data=None,
        *,
        indicator: ProgressIndicator,
        is_correction: bool,
        day=None,
        of_row=False,
    ):
        """Make the form of an indicator, alone or, with `of_row`, in its row of the grid."""
        super().__init__(
            data,
            initial={"measured_on": day},
            prefix=f"misura-{indicator.uid}" if of_row else str(indicator.uid),
            auto_id="campo-%s" if of_row else "misurazione-%s",
        )
        self.indicator = indicator
        parts = ("numerator", "denominator")
        for name in ("value",) if indicator.kind == ProgressKind.PERCENTAGE else parts:
            del self.fields[name]
        if not is_correction:
            del self.fields["correction_reason"]
        if indicator.kind == ProgressKind.ON_OFF:
            choices = [("", "—"), ("1", _("sì")), ("0", _("no"))]
            self.fields["value"] = forms.TypedChoiceField(
                label=_("Valore"), choices=choices, coerce=int
            )
            self.order_fields(["value"])


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, none of them needed; cleaned to a list."""

    most = MOST_FILES

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files that were chosen."""
        chosen = [one for one in data or [] if one]
        if len(chosen) > self.most:
            raise ValidationError(_("Al più %(most)s file alla volta.") % {"most": self.most})
        return [super(FilesField, self).clean(one) for one in chosen]


class EvidenceForm(ActForm):
    """Files that prove an answer, or where a proof is found."""

    files = FilesField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        widget=FilesInput(attrs={"multiple": True, **sized(LARGEST)}),
        help_text=_("Al più %(most)s alla volta, di %(size)s MB ciascuno: %(kinds)s.")
        % {
            "most": MOST_FILES,
            "size": LARGEST // 2**20,
            "kinds": ", ".join(kind.upper() for kind in KINDS),
        },
    )
    reference = Evidence._meta.get_field("reference").formfield(
        label=_("Oppure atto, protocollo o indirizzo")
    )
    proves = Evidence._meta.get_field("proves").formfield(label=_("Che cosa prova"))
    has_personal_data = forms.BooleanField(
        label=_("Contiene dati personali: non esce mai dall’amministrazione"), required=False
    )


class CheckForm(ActForm):
    """What the RPCT found, or asks of the office."""

    outcome = forms.ChoiceField(
        label=_("Esito della verifica"),
        choices=[("", "—"), *CheckOutcome.choices],
        required=False,
    )
    looked_at = _text(_("Che cosa è stato guardato"))
    finding = _text(_("Che cosa si è trovato"))
    request = _text(
        _("Che cosa si chiede all’ufficio"),
        help_text=_("Se chiedi altro, la risposta torna all’ufficio."),
    )
    request_by = ComingDayField(label=_("Entro il"), required=False)


class NotDueForm(ActForm):
    """Why a measure was not due in the period."""

    perche = _text(_("Perché non era dovuta"), required=True)


class CorrectionForm(ActForm):
    """What was found to be otherwise in an issued round, and why; everybody reads it."""

    said = _text(
        _("Che cosa risulta"),
        rows=4,
        required=True,
        help_text=_("Si stampa nella relazione e si legge sulla pagina pubblica: senza nomi."),
    )
    reason = _text(
        _("Motivo della rettifica"),
        rows=3,
        required=True,
        help_text=_("Da che cosa si è saputo, per esempio un controllo successivo."),
    )
    outcome = forms.ChoiceField(
        label=_("Esito rettificato (facoltativo)"),
        choices=[("", "—"), *DerivedOutcome.choices],
        required=False,
        help_text=_("Quello emesso resta accanto."),
    )

    def __init__(self, *args, of_measure: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not of_measure:
            del self.fields["outcome"]


def answer_form(item: RoundItem, data: Any = None) -> RoundAnswerForm:
    """Return the form of the answer of a measure, whose round and plan are read."""
    answer = item.answer
    answer.item = item
    return RoundAnswerForm(data, instance=answer, administration=item.round.plan.administration)

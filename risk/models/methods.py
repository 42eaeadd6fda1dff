"""Methods of assessment as data: indicators, answers, levels, bands and matrices."""

from concurrency.fields import AutoIncVersionField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import RetirableModel, history, line, prose
from risk.enums import Dimension, MethodKind, Scale, Tone
from risk.querysets import MethodQuerySet
from risk.scoring.kinds import Scoring, scoring_of


class MethodManager(models.Manager.from_queryset(MethodQuerySet)):
    def get_by_natural_key(self, ipa_code, code, edition):
        if ipa_code is None:
            return self.get(administration__isnull=True, code=code, edition=edition)
        return self.get(administration__ipa_code=ipa_code, code=code, edition=edition)


class Method(RetirableModel):
    """A method and its edition: a changed one is a new row, old assessments keep theirs."""

    ANNEX_PATHS = ()
    FROZEN_USES = ()

    administration = models.ForeignKey(
        "registry.Administration",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="methods",
        verbose_name=_("amministrazione"),
        help_text=_("Vuoto per i metodi nazionali."),
    )
    code = line(_("codice"), 40)
    edition = line(_("versione del metodo"), 20, default="1")
    name = line(_("denominazione"), 250)
    kind = models.CharField(_("tipo"), max_length=20, choices=MethodKind.choices)
    has_residual = models.BooleanField(
        _("valuta anche il rischio residuo"),
        default=False,
        help_text=_("Il livello che resta dopo le misure già in atto."),
    )
    decimals = models.PositiveSmallIntegerField(_("decimali dei punteggi"), default=2)
    description = prose(_("descrizione"))
    source = line(_("fonte"), 300, blank=True, default="")
    version = AutoIncVersionField(_("versione"))
    history = history()

    objects = MethodManager()

    class Meta(RetirableModel.Meta):
        verbose_name = _("metodo di valutazione")
        verbose_name_plural = _("metodi di valutazione")
        ordering = ["administration_id", "code", "edition"]
        constraints = [
            *RetirableModel.Meta.constraints,
            models.UniqueConstraint(
                name="risk_method_national_code",
                fields=["code", "edition"],
                condition=Q(administration__isnull=True),
                violation_error_message=_("Questo metodo nazionale esiste già."),
            ),
            models.UniqueConstraint(
                name="risk_method_code",
                fields=["administration", "code", "edition"],
                condition=Q(administration__isnull=False),
                violation_error_message=_("L’amministrazione ha già questo metodo."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self):
        ipa_code = self.administration.ipa_code if self.administration_id else None
        return (ipa_code, self.code, self.edition)

    natural_key.dependencies = ["registry.administration"]

    @property
    def scoring(self) -> Scoring:
        """What its kind answers."""
        return scoring_of(self.kind)


class LevelManager(models.Manager):
    def get_by_natural_key(self, ipa_code, code, edition, scale, level):
        method = Method.objects.get_by_natural_key(ipa_code, code, edition)
        return self.get(method=method, scale=scale, code=level)


class Level(models.Model):
    """A grade of a method's scale: the ordinal says which is higher, the label is printed."""

    BODY_PATH = "method"

    method = models.ForeignKey(
        Method, on_delete=models.CASCADE, related_name="levels", verbose_name=_("metodo")
    )
    scale = models.CharField(
        _("scala"), max_length=20, choices=Scale.choices, default=Scale.OVERALL
    )
    ordinal = models.PositiveSmallIntegerField(
        _("ordine"), help_text=_("Dal più basso al più alto.")
    )
    code = line(_("codice"), 20)
    label = line(_("livello"), 60)
    guidance = prose(_("quando si sceglie"))
    tone = models.CharField(_("colore"), max_length=10, choices=Tone.choices, default=Tone.NEUTRAL)
    min_score = models.DecimalField(
        _("punteggio da"), max_digits=7, decimal_places=3, null=True, blank=True
    )
    max_score = models.DecimalField(
        _("punteggio fino a"), max_digits=7, decimal_places=3, null=True, blank=True
    )
    needs_specific_measure = models.BooleanField(
        _("richiede una misura specifica"),
        default=False,
        help_text=_("Se il livello manca di misure specifiche, lo si segnala."),
    )

    objects = LevelManager()

    class Meta:
        verbose_name = _("livello")
        verbose_name_plural = _("livelli")
        ordering = ["method_id", "scale", "ordinal"]
        constraints = [
            models.UniqueConstraint(
                name="risk_level_code_unique",
                fields=["method", "scale", "code"],
                violation_error_message=_("Il metodo ha già un livello con questo codice."),
            ),
            models.UniqueConstraint(
                name="risk_level_ordinal_unique",
                fields=["method", "scale", "ordinal"],
                violation_error_message=_("Il metodo ha già un livello a questo posto."),
            ),
            models.CheckConstraint(
                name="risk_level_band_in_order",
                condition=Q(min_score__isnull=True)
                | Q(max_score__isnull=True)
                | Q(max_score__gte=models.F("min_score")),
                violation_error_message=_("La fascia finisce prima di cominciare."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def natural_key(self):
        return (*self.method.natural_key(), self.scale, self.code)

    natural_key.dependencies = ["risk.method"]


class IndicatorManager(models.Manager):
    def get_by_natural_key(self, ipa_code, code, edition, indicator):
        method = Method.objects.get_by_natural_key(ipa_code, code, edition)
        return self.get(method=method, code=indicator)


class Indicator(models.Model):
    """A question a method asks of a process or behaviour, graded by levels or by scored answers."""

    BODY_PATH = "method"

    method = models.ForeignKey(
        Method, on_delete=models.CASCADE, related_name="indicators", verbose_name=_("metodo")
    )
    code = line(_("codice"), 20)
    position = models.PositiveSmallIntegerField(_("ordine"))
    label = line(_("indicatore"), 250)
    dimension = models.CharField(
        _("dimensione"), max_length=20, choices=Dimension.choices, default=Dimension.SINGLE
    )
    scale = models.CharField(
        _("scala dei livelli"),
        max_length=20,
        choices=Scale.choices,
        default=Scale.INDICATOR,
        help_text=_("I livelli con cui si misura, se non ha risposte a punteggio."),
    )
    question = prose(_("domanda"))
    guidance = prose(_("come si legge"))
    source = line(_("fonte"), 300, blank=True, default="")

    objects = IndicatorManager()

    class Meta:
        verbose_name = _("indicatore di rischio")
        verbose_name_plural = _("indicatori di rischio")
        ordering = ["method_id", "position"]
        constraints = [
            models.UniqueConstraint(
                name="risk_indicator_code_unique",
                fields=["method", "code"],
                violation_error_message=_("Il metodo ha già un indicatore con questo codice."),
            ),
            models.UniqueConstraint(
                name="risk_indicator_position_unique",
                fields=["method", "position"],
                violation_error_message=_("Il metodo ha già un indicatore a questo posto."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def natural_key(self):
        return (*self.method.natural_key(), self.code)

    natural_key.dependencies = ["risk.method"]


class AnswerManager(models.Manager):
    def get_by_natural_key(self, ipa_code, code, edition, indicator, position):
        row = Indicator.objects.get_by_natural_key(ipa_code, code, edition, indicator)
        return self.get(indicator=row, position=position)


class Answer(models.Model):
    """A ready answer of an indicator with its score (PNA 2013, All. 5)."""

    BODY_PATH = "indicator__method"

    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="answers", verbose_name=_("indicatore")
    )
    position = models.PositiveSmallIntegerField(_("ordine"))
    label = line(_("risposta"), 500)
    score = models.DecimalField(_("punteggio"), max_digits=6, decimal_places=3)

    objects = AnswerManager()

    class Meta:
        verbose_name = _("risposta")
        verbose_name_plural = _("risposte")
        ordering = ["indicator_id", "position"]
        constraints = [
            models.UniqueConstraint(
                name="risk_answer_position_unique",
                fields=["indicator", "position"],
                violation_error_message=_("L’indicatore ha già una risposta a questo posto."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def natural_key(self):
        return (*self.indicator.natural_key(), self.position)

    natural_key.dependencies = ["risk.indicator"]


class MatrixCell(models.Model):
    """One cell of a method's matrix: this probability and this impact give this level."""

    BODY_PATH = "method"

    method = models.ForeignKey(
        Method, on_delete=models.CASCADE, related_name="matrix_cells", verbose_name=_("metodo")
    )
    probability = models.ForeignKey(
        Level, on_delete=models.CASCADE, related_name="+", verbose_name=_("probabilità")
    )
    impact = models.ForeignKey(
        Level, on_delete=models.CASCADE, related_name="+", verbose_name=_("impatto")
    )
    result = models.ForeignKey(
        Level, on_delete=models.CASCADE, related_name="+", verbose_name=_("risultato")
    )

    class Meta:
        verbose_name = _("cella della matrice")
        verbose_name_plural = _("celle della matrice")
        ordering = ["method_id", "probability__ordinal", "impact__ordinal"]
        constraints = [
            models.UniqueConstraint(
                name="risk_matrixcell_once",
                fields=["method", "probability", "impact"],
                violation_error_message=_("Questa cella della matrice esiste già."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.probability} × {self.impact} = {self.result}"


class PlanMethod(models.Model):
    """A method a plan uses; exactly one is the plan's default."""

    ANNEX_PATHS = ()
    BODY_PATH = "plan"

    plan = models.ForeignKey(
        "registry.Plan", on_delete=models.CASCADE, related_name="methods", verbose_name=_("piano")
    )
    method = models.ForeignKey(
        Method, on_delete=models.PROTECT, related_name="plan_methods", verbose_name=_("metodo")
    )
    is_default = models.BooleanField(_("predefinito"), default=False)
    history = history()

    class Meta:
        verbose_name = _("metodo del piano")
        verbose_name_plural = _("metodi del piano")
        ordering = ["plan_id", "-is_default", "method__code"]
        constraints = [
            models.UniqueConstraint(
                name="risk_planmethod_once",
                fields=["plan", "method"],
                violation_error_message=_("Il piano usa già questo metodo."),
            ),
            models.UniqueConstraint(
                name="risk_planmethod_one_default",
                fields=["plan"],
                condition=Q(is_default=True),
                violation_error_message=_("Il piano ha già un metodo predefinito."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.method)

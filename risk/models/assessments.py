"""Assessments of a process or of one behaviour, with the rating of each indicator."""

import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.base import OriginModel, UidManager, UidModel, history, prose
from risk.enums import Moment
from risk.querysets import AssessmentQuerySet


class CopiedModel(models.Model):
    """A motivation that may have been copied from another judgement (docs/decisions/0064)."""

    copied_digest = models.CharField(
        _("codice della motivazione copiata"),
        max_length=64,
        blank=True,
        default="",
        editable=False,
        help_text=_("È una bozza da rileggere finché il testo resta quello copiato."),
    )

    class Meta:
        abstract = True

    @property
    def is_draft(self) -> bool:
        """Whether the motivation is still, word for word, the one that was copied unread."""
        return bool(self.copied_digest) and self.copied_digest == text_digest(self.motivation)


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text, "" of one that says nothing."""
    return hashlib.sha256(text.encode()).hexdigest() if text.strip() else ""


class Assessment(UidModel, OriginModel, CopiedModel):
    """The judged level of one process or one behaviour, by one method, at one moment.

    The level is a person's decision. What the method would propose is computed, never stored here.
    """

    ANNEX_PATHS = ("process__annex", "behaviour__process__annex")

    process = models.ForeignKey(
        "registry.Process",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="assessments",
        verbose_name=_("processo"),
    )
    behaviour = models.ForeignKey(
        "risk.RiskBehaviour",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="assessments",
        verbose_name=_("comportamento a rischio"),
    )
    method = models.ForeignKey(
        "risk.Method",
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("metodo"),
    )
    moment = models.CharField(
        _("rischio"), max_length=10, choices=Moment.choices, default=Moment.INHERENT
    )
    level = models.ForeignKey(
        "risk.Level",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
        verbose_name=_("livello di rischio"),
    )
    motivation = prose(
        _("motivazione"),
        help_text=_("Un livello senza motivazione impedisce di trasmettere l’allegato."),
    )
    assessed_on = models.DateField(_("data della valutazione"), null=True, blank=True)
    history = history()

    objects = UidManager.from_queryset(AssessmentQuerySet)()

    class Meta:
        verbose_name = _("valutazione")
        verbose_name_plural = _("valutazioni")
        ordering = ["process_id", "behaviour_id", "method_id", "moment"]
        constraints = [
            models.CheckConstraint(
                name="risk_assessment_process_or_behaviour",
                condition=Q(process__isnull=False, behaviour__isnull=True)
                | Q(process__isnull=True, behaviour__isnull=False),
                violation_error_message=_("Si valuta un processo oppure un comportamento."),
            ),
            models.UniqueConstraint(
                name="risk_assessment_process_once",
                fields=["process", "method", "moment"],
                condition=Q(process__isnull=False),
                violation_error_message=_("Il processo è già valutato con questo metodo."),
            ),
            models.UniqueConstraint(
                name="risk_assessment_behaviour_once",
                fields=["behaviour", "method", "moment"],
                condition=Q(behaviour__isnull=False),
                violation_error_message=_("Il comportamento è già valutato con questo metodo."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process or self.behaviour}: {self.level or '—'}"


class Rating(UidModel, CopiedModel):
    """The grade of one indicator: a level, a scored answer, or a plain score, with its evidence."""

    ANNEX_PATHS = ("assessment__process__annex", "assessment__behaviour__process__annex")

    assessment = models.ForeignKey(
        Assessment,
        on_delete=models.CASCADE,
        related_name="ratings",
        verbose_name=_("valutazione"),
    )
    indicator = models.ForeignKey(
        "risk.Indicator",
        on_delete=models.PROTECT,
        related_name="ratings",
        verbose_name=_("indicatore"),
    )
    level = models.ForeignKey(
        "risk.Level",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ratings",
        verbose_name=_("livello"),
    )
    answer = models.ForeignKey(
        "risk.Answer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ratings",
        verbose_name=_("risposta"),
    )
    score = models.DecimalField(
        _("punteggio"), max_digits=7, decimal_places=3, null=True, blank=True
    )
    motivation = prose(_("motivazione"))
    evidence = prose(
        _("dati ed evidenze"),
        help_text=_("Precedenti giudiziari e disciplinari, segnalazioni, controlli, rassegna."),
    )
    history = history()

    class Meta:
        verbose_name = _("misura di un indicatore")
        verbose_name_plural = _("misure degli indicatori")
        ordering = ["assessment_id", "indicator__position"]
        constraints = [
            models.UniqueConstraint(
                name="risk_rating_indicator_once",
                fields=["assessment", "indicator"],
                violation_error_message=_("L’indicatore è già misurato."),
            ),
            models.CheckConstraint(
                name="risk_rating_one_grade",
                condition=(
                    Q(level__isnull=True, answer__isnull=True)
                    | Q(level__isnull=True, score__isnull=True)
                    | Q(answer__isnull=True, score__isnull=True)
                ),
                violation_error_message=_(
                    "Un indicatore ha un livello, o una risposta, o un punteggio."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.level or self.answer or self.score or '—'}"

"""Editions of the plan and the annex of each office in them."""

from concurrency.fields import AutoIncVersionField
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from registry.enums import (
    ADOPTED_PLAN_STATES,
    OPEN_ANNEX_STATES,
    PUBLIC_PLAN_STATES,
    AnnexState,
    DeadlineKind,
    PlanFormat,
    PlanKind,
    PlanState,
)
from registry.models.base import FoldedField, OriginModel, UidManager, UidModel, history, line
from registry.querysets import AnnexQuerySet, PlanDeadlineQuerySet, PlanQuerySet


def slug_of(title: str) -> str:
    """Return the title of a plan as a part of an address: "ptpct-2021-2023"."""
    return slugify(title.replace("/", "-"))


class PlanManager(models.Manager.from_queryset(PlanQuerySet)):
    def get_by_natural_key(self, ipa_code, title):
        return self.get(administration__ipa_code=ipa_code, title=title)


class Plan(OriginModel):
    """One edition of the plan, e.g. PTPCT 2021/2023."""

    ANNEX_PATHS = ()

    administration = models.ForeignKey(
        "registry.Administration",
        on_delete=models.PROTECT,
        related_name="plans",
        verbose_name=_("amministrazione"),
    )
    title = line(_("titolo"), 120)
    folded = FoldedField(source="title")
    document = models.CharField(
        _("documento"),
        max_length=10,
        choices=PlanFormat.choices,
        default=PlanFormat.PTPCT,
    )
    kind = models.CharField(
        _("tipo"), max_length=10, choices=PlanKind.choices, default=PlanKind.ORDINARY
    )
    first_year = models.PositiveSmallIntegerField(_("primo anno"))
    last_year = models.PositiveSmallIntegerField(_("ultimo anno"))
    state = models.CharField(
        _("stato"), max_length=20, choices=PlanState.choices, default=PlanState.PREPARATION
    )
    adopting_organ = line(_("organo che adotta"), 150, blank=True, default="")
    act_kind = line(_("tipo di atto"), 100, blank=True, default="")
    act_number = line(_("numero dell’atto"), 40, blank=True, default="")
    act_date = models.DateField(_("data dell’atto"), null=True, blank=True)
    act_effective_on = models.DateField(_("esecutivo dal"), null=True, blank=True)
    act_link = models.URLField(_("collegamento all’atto"), blank=True, default="")
    published_on = models.DateField(_("pubblicato il"), null=True, blank=True)
    publication_link = models.URLField(
        _("collegamento alla pubblicazione"),
        blank=True,
        default="",
        help_text=_("La pagina di Amministrazione trasparente dove il piano è pubblicato."),
    )
    version = AutoIncVersionField(_("versione"))
    history = history(excluded_fields=["folded"])

    objects = PlanManager()

    class Meta:
        verbose_name = _("piano")
        verbose_name_plural = _("piani")
        ordering = ["administration_id", "-first_year", "title"]
        constraints = [
            models.UniqueConstraint(
                name="registry_plan_title_unique",
                fields=["administration", "title"],
                violation_error_message=_("Un altro piano ha già questo titolo."),
            ),
            models.CheckConstraint(
                name="registry_plan_years_in_order",
                condition=models.Q(last_year__gte=models.F("first_year")),
                violation_error_message=_("L’ultimo anno non può precedere il primo."),
            ),
            models.CheckConstraint(
                name="registry_plan_adopted_with_act",
                condition=~models.Q(state__in=["adopted", "published", "confirmed", "closed"])
                | (
                    ~models.Q(adopting_organ="")
                    & ~models.Q(act_kind="")
                    & ~models.Q(act_number="")
                    & models.Q(act_date__isnull=False)
                ),
                violation_error_message=_(
                    "Un piano adottato ha organo, tipo, numero e data dell’atto."
                ),
            ),
            models.CheckConstraint(
                name="registry_plan_state_known",
                condition=models.Q(state__in=PlanState.values),
                violation_error_message=_("Stato del piano sconosciuto."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self):
        return (self.administration.ipa_code, self.title)

    natural_key.dependencies = ["registry.administration"]

    @property
    def slug(self) -> str:
        """The title as a part of an address: "ptpct-2021-2023"."""
        return slug_of(self.title)

    @property
    def is_adopted(self) -> bool:
        return self.state in ADOPTED_PLAN_STATES

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_PLAN_STATES


class PlanDeadline(models.Model):
    """A date of a plan's calendar; the law's dates move every year, so they are data."""

    ANNEX_PATHS = ()
    BODY_PATH = "plan"

    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, related_name="deadlines", verbose_name=_("piano")
    )
    kind = models.CharField(
        _("tipo"),
        max_length=12,
        choices=DeadlineKind.choices,
        help_text=_("Si ricorda soltanto finché riguarda lo stato del piano."),
    )
    due_on = models.DateField(_("entro il"))
    label = line(_("scadenza"), 250)
    source = line(_("fonte"), 300, blank=True, default="")
    history = history()

    objects = PlanDeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("scadenza del piano")
        verbose_name_plural = _("scadenze del piano")
        ordering = ["plan_id", "due_on", "label"]
        constraints = [
            models.UniqueConstraint(
                name="registry_plandeadline_once",
                fields=["plan", "due_on", "label"],
                violation_error_message=_("Questa scadenza esiste già."),
            ),
            models.CheckConstraint(
                name="registry_plandeadline_kind_known",
                condition=models.Q(kind__in=DeadlineKind.values),
                violation_error_message=_("Tipo di scadenza sconosciuto."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Annex(UidModel, OriginModel):
    """The annex of one office in one plan: the thing that moves through the workflow."""

    ANNEX_PATHS = ("",)

    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="annexes", verbose_name=_("piano")
    )
    office = models.ForeignKey(
        "registry.Office",
        on_delete=models.PROTECT,
        related_name="annexes",
        verbose_name=_("ufficio"),
    )
    state = models.CharField(
        _("stato"), max_length=20, choices=AnnexState.choices, default=AnnexState.DRAFT
    )
    office_name = line(
        _("nome dell’ufficio come stampato"),
        250,
        blank=True,
        default="",
        help_text=_("Vuoto: si stampa la denominazione dell’ufficio."),
    )
    head_title = line(_("titolo del responsabile"), 60, blank=True, default="")
    head_surname = line(_("cognome del responsabile"), 100, blank=True, default="")
    head_name = line(_("nome del responsabile"), 100, blank=True, default="")
    history = history()

    objects = UidManager.from_queryset(AnnexQuerySet)()

    class Meta:
        verbose_name = _("allegato dell’ufficio")
        verbose_name_plural = _("allegati degli uffici")
        ordering = ["plan_id", "office__folded"]
        constraints = [
            models.UniqueConstraint(
                name="registry_annex_one_per_office_and_plan",
                fields=["plan", "office"],
                violation_error_message=_("L’ufficio ha già un allegato in questo piano."),
            ),
            models.CheckConstraint(
                name="registry_annex_state_known",
                condition=models.Q(state__in=AnnexState.values),
                violation_error_message=_("Stato dell’allegato sconosciuto."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed_office_name} – {self.plan}"

    @property
    def is_open(self) -> bool:
        """Whether it may be edited at all (docs/decisions/0020); adoption closes drafts too."""
        return self.state in OPEN_ANNEX_STATES and not self.plan.is_adopted

    @property
    def printed_office_name(self) -> str:
        return self.office_name or self.office.name

    @property
    def printed_head(self) -> str:
        """Title, name and surname, as on the cover of an annex."""
        return " ".join(filter(None, (self.head_title, self.head_name, self.head_surname)))

"""Administrations, their offices, and the other spellings under which files know them."""

from collections.abc import Mapping

from concurrency.fields import AutoIncVersionField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.enums import AliasKind
from registry.guards import OFFICE_CIRCLE
from registry.models.base import (
    AddressField,
    FoldedField,
    RetirableModel,
    history,
    line,
    prose,
)
from registry.querysets import AdministrationQuerySet, AliasQuerySet, OfficeQuerySet
from registry.validators import validate_ipa_code


class AdministrationManager(models.Manager.from_queryset(AdministrationQuerySet)):
    def get_by_natural_key(self, ipa_code):
        return self.get(ipa_code=ipa_code)


class Administration(models.Model):
    """A public body; several may live in one installation."""

    ANNEX_PATHS = ()

    ipa_code = models.CharField(
        _("codice IPA"),
        max_length=20,
        unique=True,
        validators=[
            RegexValidator(r"^[a-z0-9_]+$", _("Solo minuscole, cifre e trattino basso.")),
            validate_ipa_code,
        ],
        help_text=_("Codice nell’Indice dei domicili digitali (IPA), per esempio c_x000."),
    )
    name = line(_("denominazione"), 250)
    folded = FoldedField(source="name")
    tax_code = line(_("codice fiscale"), 16, blank=True, default="")
    adopting_organ = line(
        _("organo che adotta il piano"),
        150,
        blank=True,
        default="",
        help_text=_("Per esempio Giunta comunale, Consiglio di amministrazione."),
    )
    is_one_person = models.BooleanField(
        _("una sola persona"),
        default=False,
        help_text=_(
            "Chi ha modificato per ultimo può anche approvare: l’allegato lo dice in stampa."
        ),
    )
    heads_have_second_factor = models.BooleanField(
        _("secondo fattore per i responsabili"),
        default=False,
        help_text=_(
            "Chi approva un allegato entra con la password e con il codice dell’app sul telefono."
        ),
    )
    keeps_people_years = models.PositiveSmallIntegerField(
        _("anni di conservazione dei nomi"),
        null=True,
        blank=True,
        help_text=_(
            "Passati questi anni dalla fine dell’ultimo incarico, il nome della persona è "
            "sostituito da una sigla. Vuoto: mai."
        ),
    )
    measures_limit = models.PositiveSmallIntegerField(
        _("misure per ufficio, al più"),
        null=True,
        blank=True,
        help_text=_(
            "Il piano avvisa di ogni ufficio che risponde di più misure di così. Vuoto: nessun "
            "limite."
        ),
    )
    measures_limit_person = models.PositiveSmallIntegerField(
        _("misure per persona, al più"),
        null=True,
        blank=True,
        help_text=_(
            "Il piano avvisa di chi, con tutti gli uffici che dirige, risponde di più misure di "
            "così. Vuoto: nessun limite."
        ),
    )
    open_data_contact = AddressField(
        _("posta per i dati aperti"),
        blank=True,
        default="",
        help_text=_(
            "Di un ufficio, non di una persona: è pubblicata con i dati aperti, per chi ha domande."
        ),
    )
    version = AutoIncVersionField(_("versione"))
    history = history(excluded_fields=["folded"])

    objects = AdministrationManager()

    class Meta:
        verbose_name = _("amministrazione")
        verbose_name_plural = _("amministrazioni")
        ordering = ["folded"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self):
        return (self.ipa_code,)


def climb(office_id: int | None, parents: Mapping[int, int | None]) -> set[int]:
    """Return the key of an office and of all it stands under, by the parent of each."""
    met: set[int] = set()
    while office_id is not None and office_id not in met:
        met.add(office_id)
        office_id = parents.get(office_id)
    return met


class OfficeManager(models.Manager.from_queryset(OfficeQuerySet)):
    def get_by_natural_key(self, ipa_code, code):
        return self.get(administration__ipa_code=ipa_code, code=code)


class Office(RetirableModel):
    """An office of an administration, in a tree."""

    ANNEX_PATHS = ()
    """The body keeps its offices, whatever plans it has."""

    administration = models.ForeignKey(
        Administration,
        on_delete=models.PROTECT,
        related_name="offices",
        verbose_name=_("amministrazione"),
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("ufficio superiore"),
    )
    code = line(_("codice"), 40)
    name = line(_("denominazione"), 250)
    folded = FoldedField(source="name")
    version = AutoIncVersionField(_("versione"))
    history = history(excluded_fields=["folded"])

    objects = OfficeManager()

    def clean(self) -> None:
        """Refuse an office that would stand under itself, however far."""
        super().clean()
        if self.pk is not None and self.pk in self.above(self.parent_id):
            raise ValidationError({"parent": OFFICE_CIRCLE[0].upper() + OFFICE_CIRCLE[1:]})

    def above(self, parent_id: int | None) -> set[int]:
        """Return the keys of the offices it would stand under, below this one; one statement.

        Its own key is among them where that would be a circle.
        """
        if parent_id is None:
            return set()
        rows = Office.objects.filter(administration=self.administration_id).order_by()
        return climb(parent_id, dict(rows.values_list("pk", "parent_id")))

    class Meta(RetirableModel.Meta):
        verbose_name = _("ufficio")
        verbose_name_plural = _("uffici")
        ordering = ["administration_id", "folded"]
        constraints = [
            *RetirableModel.Meta.constraints,
            models.UniqueConstraint(
                name="registry_office_code_unique",
                fields=["administration", "code"],
                violation_error_message=_("Un altro ufficio ha già questo codice."),
            ),
            models.UniqueConstraint(
                name="registry_office_name_unique",
                fields=["administration", "folded"],
                condition=models.Q(retired_on__isnull=True),
                violation_error_message=_("Un altro ufficio ha già questa denominazione."),
            ),
            models.CheckConstraint(
                name="registry_office_not_its_own_parent",
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                violation_error_message=_("Un ufficio non può dipendere da sé stesso."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self):
        return (self.administration.ipa_code, self.code)

    natural_key.dependencies = ["registry.administration"]


class Alias(models.Model):
    """Another spelling met in files: it finds a row, is never printed (docs/decisions/0024)."""

    ANNEX_PATHS = ()
    """Read by imports, printed nowhere."""

    TARGETS = {
        AliasKind.OFFICE: "office",
        AliasKind.RISK_AREA: "risk_area",
        AliasKind.FUNCTION: "function",
        AliasKind.MACROPROCESS: "macroprocess",
        AliasKind.EXECUTOR_ROLE: "executor_role",
    }

    administration = models.ForeignKey(
        Administration,
        on_delete=models.CASCADE,
        related_name="aliases",
        verbose_name=_("amministrazione"),
    )
    kind = models.CharField(_("tipo"), max_length=20, choices=AliasKind.choices)
    text = line(_("altro modo di scriverlo"), 500)
    folded = FoldedField(source="text")
    office = models.ForeignKey(
        Office,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="aliases",
        verbose_name=_("ufficio"),
    )
    risk_area = models.ForeignKey(
        "registry.RiskArea",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="aliases",
        verbose_name=_("area di rischio"),
    )
    function = models.ForeignKey(
        "registry.InstitutionalFunction",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="aliases",
        verbose_name=_("funzione istituzionale"),
    )
    macroprocess = models.ForeignKey(
        "registry.Macroprocess",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="aliases",
        verbose_name=_("macroprocesso"),
    )
    executor_role = models.ForeignKey(
        "registry.ExecutorRole",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="aliases",
        verbose_name=_("esecutore"),
    )
    note = prose(_("nota"), help_text=_("Dove è stato incontrato."))
    history = history(excluded_fields=["folded"])

    objects = AliasQuerySet.as_manager()

    class Meta:
        verbose_name = _("altro modo di scriverlo")
        verbose_name_plural = _("altri modi di scriverlo")
        ordering = ["administration_id", "kind", "folded"]
        constraints = [
            models.UniqueConstraint(
                name="registry_alias_text_unique",
                fields=["administration", "kind", "folded"],
                violation_error_message=_("Questo modo di scriverlo è già associato a una voce."),
            ),
            models.CheckConstraint(
                name="registry_alias_one_target_of_its_kind",
                condition=(
                    models.Q(kind="office", office__isnull=False, risk_area__isnull=True)
                    & models.Q(function__isnull=True, macroprocess__isnull=True)
                    & models.Q(executor_role__isnull=True)
                )
                | (
                    models.Q(kind="risk_area", risk_area__isnull=False, office__isnull=True)
                    & models.Q(function__isnull=True, macroprocess__isnull=True)
                    & models.Q(executor_role__isnull=True)
                )
                | (
                    models.Q(kind="function", function__isnull=False, office__isnull=True)
                    & models.Q(risk_area__isnull=True, macroprocess__isnull=True)
                    & models.Q(executor_role__isnull=True)
                )
                | (
                    models.Q(kind="macroprocess", macroprocess__isnull=False, office__isnull=True)
                    & models.Q(risk_area__isnull=True, function__isnull=True)
                    & models.Q(executor_role__isnull=True)
                )
                | (
                    models.Q(kind="executor_role", executor_role__isnull=False)
                    & models.Q(office__isnull=True, risk_area__isnull=True)
                    & models.Q(function__isnull=True, macroprocess__isnull=True)
                ),
                violation_error_message=_(
                    "Un altro modo di scriverlo indica una sola voce, del suo tipo."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def target(self):
        """The row this spelling stands for."""
        return getattr(self, self.TARGETS[AliasKind(self.kind)])

"""The library: typical processes to copy into an annex with all that is theirs."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.enums import ProcessKind
from registry.models.base import (
    CatalogueManager,
    CatalogueModel,
    MomentField,
    history,
    line,
    prose,
)
from registry.models.processes import CODE_LENGTH
from registry.querysets import CatalogueQuerySet

TITLE_LENGTH = 1000

NATIONAL = "nazionali"
"""How an address names the national rows; no IPA code has a hyphen."""


class LibraryPartManager(models.Manager):
    """Natural key of a part: that of its typical process, then its place."""

    def get_by_natural_key(self, ipa_code, code, position):
        process = LibraryProcess.objects.get_by_natural_key(ipa_code, code)
        return self.get(process=process, position=position)


class LibraryActionManager(models.Manager):
    def get_by_natural_key(self, ipa_code, code, phase, position):
        parent = LibraryPhase.objects.get_by_natural_key(ipa_code, code, phase)
        return self.get(phase=parent, position=position)


class LibraryProcess(CatalogueModel):
    """A typical process, national (the starter set) or of one body; `label` is its title."""

    kind = models.CharField(
        _("tipo di processo"),
        max_length=10,
        choices=ProcessKind.choices,
        blank=True,
        default="",
    )
    risk_area = models.ForeignKey(
        "registry.RiskArea",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="library_processes",
        verbose_name=_("area di rischio"),
    )
    macroprocess = models.ForeignKey(
        "registry.Macroprocess",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="library_processes",
        verbose_name=_("macroprocesso"),
    )
    objective = prose(_("obiettivo"))
    description = prose(_("informazioni principali sul processo"))
    input = prose(_("input"))
    output = prose(_("output"))
    process_code = line(
        _("codice del processo"),
        CODE_LENGTH,
        blank=True,
        default="",
        help_text=_("Quello che i processi copiati da qui hanno accanto al numero."),
    )
    history = history(excluded_fields=["folded"])

    objects = CatalogueManager.from_queryset(CatalogueQuerySet)()

    class Meta(CatalogueModel.Meta):
        verbose_name = _("processo tipo")
        verbose_name_plural = _("processi tipo")

    @property
    def owner_slug(self) -> str:
        """Whose it is, as an address names it."""
        return self.administration.ipa_code if self.administration_id else NATIONAL

    @property
    def key(self) -> str:
        """Its name in pages: owner and code, no number of the database (docs/decisions/0025)."""
        return f"{self.owner_slug}/{self.code}"


class LibraryPhase(models.Model):
    """A phase of a typical process."""

    ANNEX_PATHS = ()
    BODY_PATH = "process"

    process = models.ForeignKey(
        LibraryProcess,
        on_delete=models.CASCADE,
        related_name="phases",
        verbose_name=_("processo tipo"),
    )
    position = models.PositiveIntegerField(_("numero"))
    title = line(_("fase"), TITLE_LENGTH)
    executor_role = models.ForeignKey(
        "registry.ExecutorRole",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="library_phases",
        verbose_name=_("esecutore"),
    )
    history = history()

    objects = LibraryPartManager()

    class Meta:
        verbose_name = _("fase del processo tipo")
        verbose_name_plural = _("fasi del processo tipo")
        ordering = ["process_id", "position"]
        constraints = [
            models.UniqueConstraint(
                name="risk_libraryphase_position_unique",
                fields=["process", "position"],
                violation_error_message=_("Un’altra fase ha già questo numero."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self):
        return (*self.process.natural_key(), self.position)

    natural_key.dependencies = ["risk.libraryprocess"]


class LibraryAction(models.Model):
    """An action of a phase of a typical process."""

    ANNEX_PATHS = ()
    BODY_PATH = "phase__process"

    phase = models.ForeignKey(
        LibraryPhase,
        on_delete=models.CASCADE,
        related_name="actions",
        verbose_name=_("fase del processo tipo"),
    )
    position = models.PositiveIntegerField(_("numero"))
    title = line(_("azione"), TITLE_LENGTH)
    executor_role = models.ForeignKey(
        "registry.ExecutorRole",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="library_actions",
        verbose_name=_("esecutore"),
    )
    history = history()

    objects = LibraryActionManager()

    class Meta:
        verbose_name = _("azione del processo tipo")
        verbose_name_plural = _("azioni del processo tipo")
        ordering = ["phase_id", "position"]
        constraints = [
            models.UniqueConstraint(
                name="risk_libraryaction_position_unique",
                fields=["phase", "position"],
                violation_error_message=_("Un’altra azione ha già questo numero."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def natural_key(self):
        return (*self.phase.natural_key(), self.position)

    natural_key.dependencies = ["risk.libraryphase"]


class LibraryBehaviour(models.Model):
    """A typical risk behaviour, the phases and actions it covers and the measures that treat it."""

    ANNEX_PATHS = ()
    BODY_PATH = "process"

    process = models.ForeignKey(
        LibraryProcess,
        on_delete=models.CASCADE,
        related_name="behaviours",
        verbose_name=_("processo tipo"),
    )
    position = models.PositiveIntegerField(_("ordine"))
    text = prose(_("comportamento a rischio"), blank=False)
    categories = models.ManyToManyField(
        "risk.EventCategory",
        blank=True,
        related_name="library_behaviours",
        verbose_name=_("categorie di evento"),
    )
    factors = models.ManyToManyField(
        "risk.EnablingFactor",
        blank=True,
        related_name="library_behaviours",
        verbose_name=_("fattori abilitanti"),
    )
    phases = models.ManyToManyField(
        LibraryPhase, blank=True, related_name="behaviours", verbose_name=_("fasi che riguarda")
    )
    actions = models.ManyToManyField(
        LibraryAction, blank=True, related_name="behaviours", verbose_name=_("azioni che riguarda")
    )
    measures = models.ManyToManyField(
        "risk.Measure", blank=True, related_name="library_behaviours", verbose_name=_("misure")
    )
    history = history(m2m_fields=[categories, factors, phases, actions, measures])

    objects = LibraryPartManager()

    class Meta:
        verbose_name = _("comportamento del processo tipo")
        verbose_name_plural = _("comportamenti del processo tipo")
        ordering = ["process_id", "position"]
        constraints = [
            models.UniqueConstraint(
                name="risk_librarybehaviour_position_unique",
                fields=["process", "position"],
                violation_error_message=_("Un altro comportamento ha già questo posto."),
            ),
            models.CheckConstraint(
                name="risk_librarybehaviour_text_not_blank",
                condition=~Q(text=""),
                violation_error_message=_("Un comportamento a rischio va descritto."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def natural_key(self):
        return (*self.process.natural_key(), self.position)

    natural_key.dependencies = ["risk.libraryprocess"]


class LibraryCopy(models.Model):
    """Where a process of an annex was copied from, for as long as both exist."""

    ANNEX_PATHS = ("process__annex",)
    EDITS_ANNEX = False
    """It says where the content came from; nothing prints it."""

    process = models.OneToOneField(
        "registry.Process",
        on_delete=models.CASCADE,
        related_name="library_copy",
        verbose_name=_("processo"),
    )
    library_process = models.ForeignKey(
        LibraryProcess,
        on_delete=models.SET_NULL,
        null=True,
        related_name="copies",
        verbose_name=_("processo tipo"),
    )
    label = line(_("processo tipo"), 500)
    copied_at = MomentField(_("copiato il"), auto_now_add=True)

    class Meta:
        verbose_name = _("copia da un processo tipo")
        verbose_name_plural = _("copie da processi tipo")

    def __str__(self) -> str:
        return self.label

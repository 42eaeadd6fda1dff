"""The lists an RPCT keeps, and what each shows.

An entry is the body's own; national ones are read, and belong to the installation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.enums import ADOPTED_PLAN_STATES, MembershipRole
from registry.models import (
    Administration,
    Alias,
    DirectoryRule,
    ExecutorRole,
    InstitutionalFunction,
    Macroprocess,
    PlanDeadline,
    RiskArea,
)
from registry.normalise import fold
from registry.services.sorting import in_order_of, text_of
from risk.models import (
    ChapterTitle,
    EnablingFactor,
    EventCategory,
    LegalReference,
    LibraryProcess,
    Measure,
    MeasureTypology,
    TextBlock,
)


@dataclass(frozen=True)
class Facet:
    """A column of a list: its word in the address, and how it is read of an entry."""

    word: str
    label: str | Promise
    read: Callable[[Any], Any]
    terms: tuple[Any, ...]


def _entries(model: Any) -> Callable[[Administration], QuerySet]:
    """Return what reads a catalogue of a body: its own entries and the national ones."""

    def rows(body: Administration) -> QuerySet:
        own = model.objects.filter(administration=body)
        # what a body has under a code of its own hides what all have under it
        of_all = Q(administration=None) & ~Q(code__in=own.order_by().values("code"))
        rows = model.objects.filter(Q(administration=body) | of_all)
        return rows.order_by("position", "code", "pk")

    return rows


def _texts(body: Administration) -> QuerySet:
    rows = TextBlock.objects.filter(administration=body).select_related("plan")
    rows = rows.exclude(plan__state__in=ADOPTED_PLAN_STATES)
    return rows.order_by("plan_id", "layout", "slot", "pk")


def _aliases(body: Administration) -> QuerySet:
    rows = Alias.objects.filter(administration=body).select_related(*Alias.TARGETS.values())
    return rows.order_by("kind", "folded", "pk")


def _deadlines(body: Administration) -> QuerySet:
    rows = PlanDeadline.objects.filter(plan__administration=body).select_related("plan")
    rows = rows.exclude(plan__state__in=ADOPTED_PLAN_STATES)
    return rows.order_by("-plan__first_year", "due_on", "label", "pk")


def _groups(body: Administration) -> QuerySet:
    rows = DirectoryRule.objects.filter(administration=body).select_related("office")
    return rows.order_by("folded", "role", "pk")


def _whose(row: Any) -> str:
    return _("di tutti") if row.administration_id is None else _("dell’amministrazione")


_OF_ENTRY = (
    Facet("codice", gettext_lazy("Codice"), lambda row: row.code, (text_of("code"),)),
    Facet("voce", gettext_lazy("Denominazione"), lambda row: row.label, ("folded",)),
    Facet("di", gettext_lazy("Di chi è"), _whose, ("administration_id",)),
    Facet(
        "uso",
        gettext_lazy("Non più in uso dal"),
        lambda row: row.retired_on,
        ("retired_on",),
    ),
)


@dataclass(frozen=True)
class CatalogueList:
    """One list: the word of its address, what it holds, what a person types of an entry."""

    word: str
    model: Any
    about: str | Promise
    rows: Callable[[Administration], QuerySet]
    fields: tuple[str, ...] = ()
    """Fields of the entry that are typed, beside code and label of a catalogue."""
    columns: tuple[Facet, ...] = _OF_ENTRY
    searched: str = "folded"
    """The column that is searched; folded, where it is so named."""
    is_catalogue: bool = True
    """Whether its entries have codes, are national or of a body, and are taken out of use."""
    is_changed: bool = True
    """Whether an entry is changed in place; else it is removed, and another one added."""

    @property
    def label(self) -> str:
        """How the list is called."""
        return str(self.model._meta.verbose_name_plural)

    def found(self, body: Administration, words: str) -> QuerySet:
        """Return the entries of a body that have all the words."""
        rows = self.rows(body)
        for word in fold(words).split() if self.searched == "folded" else words.split():
            rows = rows.filter(**{f"{self.searched}__icontains": word})
        return rows

    def heads(self) -> Mapping[str, tuple[Any, ...]]:
        """Return by what the heads of the list sort."""
        return {column.word: column.terms for column in self.columns}


def _catalogue(word: str, model: Any, about: Any, *fields: str) -> CatalogueList:
    return CatalogueList(
        word, model, about, _entries(model), ("code", "label", *fields, "position", "source")
    )


_ALL = (
    _catalogue(
        "aree",
        RiskArea,
        gettext_lazy("Le aree in cui si mettono i processi."),
        *("kind", "anac_area", "is_mandatory"),
    ),
    _catalogue(
        "funzioni", InstitutionalFunction, gettext_lazy("Le funzioni dell’amministrazione.")
    ),
    _catalogue("macroprocessi", Macroprocess, gettext_lazy("I gruppi di processi."), "function"),
    _catalogue("esecutori", ExecutorRole, gettext_lazy("Chi svolge fasi e azioni.")),
    _catalogue(
        "misure",
        Measure,
        gettext_lazy("Le misure che si mettono sui processi."),
        *("character", "description", "typologies"),
        *("event_categories", "enabling_factors", "anac_areas"),
    ),
    _catalogue(
        "tipologie",
        MeasureTypology,
        gettext_lazy("Di che tipo sono le misure."),
        "indicator_examples",
    ),
    _catalogue("categorie", EventCategory, gettext_lazy("Le categorie di eventi rischiosi.")),
    _catalogue("fattori", EnablingFactor, gettext_lazy("Che cosa rende possibile un rischio.")),
    _catalogue(
        "riferimenti",
        LegalReference,
        gettext_lazy("Le norme citate nei testi, e quali sono abrogate."),
        *("spellings", "in_force_from", "repealed_on", "advice"),
    ),
    _catalogue(
        "capitoli",
        ChapterTitle,
        gettext_lazy("I capitoli che un piano ha di solito, secondo la sua forma."),
        "document",
    ),
    _catalogue(
        "processi-tipo",
        LibraryProcess,
        gettext_lazy("I processi da copiare: come si chiamano, di quale area sono."),
        *("kind", "risk_area", "macroprocess"),
        *("objective", "description", "input", "output"),
    ),
    CatalogueList(
        "testi",
        TextBlock,
        gettext_lazy("Titoli, testi finali e note dei modelli di stampa."),
        _texts,
        ("layout", "slot", "text", "source"),
        (
            Facet(
                "modello",
                gettext_lazy("Modello"),
                lambda row: row.get_layout_display(),
                ("layout",),
            ),
            Facet("posto", gettext_lazy("Posto"), lambda row: row.get_slot_display(), ("slot",)),
            Facet(
                "piano",
                gettext_lazy("Piano"),
                lambda row: row.plan.title if row.plan_id else _("i prossimi piani"),
                ("plan__folded",),
            ),
            Facet("testo", gettext_lazy("Testo"), lambda row: row.text, (text_of("text"),)),
        ),
        searched="text",
        is_catalogue=False,
    ),
    CatalogueList(
        "modi-di-scriverlo",
        Alias,
        gettext_lazy("Come i file chiamano uffici, aree, macroprocessi ed esecutori."),
        _aliases,
        (),
        (
            Facet("testo", gettext_lazy("Nei file"), lambda row: row.text, ("folded",)),
            Facet("tipo", gettext_lazy("Tipo"), lambda row: row.get_kind_display(), ("kind",)),
            Facet(
                "voce",
                gettext_lazy("Voce"),
                lambda row: str(row.target),
                tuple(f"{name}__folded" for name in ("office", "risk_area", "function"))
                + ("macroprocess__folded", "executor_role__folded"),
            ),
        ),
        is_catalogue=False,
        is_changed=False,
    ),
    CatalogueList(
        "scadenze",
        PlanDeadline,
        gettext_lazy("I giorni dei piani in preparazione. Si spostano dalla pagina del piano."),
        _deadlines,
        (),
        (
            Facet("piano", gettext_lazy("Piano"), lambda row: row.plan.title, ("plan__folded",)),
            Facet("giorno", gettext_lazy("Entro il"), lambda row: row.due_on, ("due_on",)),
            Facet("tipo", gettext_lazy("Tipo"), lambda row: row.get_kind_display(), ("kind",)),
            Facet("voce", gettext_lazy("Scadenza"), lambda row: row.label, (text_of("label"),)),
        ),
        searched="label",
        is_catalogue=False,
        is_changed=False,
    ),
    CatalogueList(
        "gruppi",
        DirectoryRule,
        gettext_lazy(
            "Chi entra con la rubrica dell’amministrazione: quale gruppo dà quale ruolo, e in "
            "quale ufficio."
        ),
        _groups,
        (),
        (
            Facet("gruppo", gettext_lazy("Gruppo"), lambda row: row.group, ("folded",)),
            Facet(
                "ruolo",
                gettext_lazy("Ruolo"),
                lambda row: row.get_role_display(),
                (in_order_of("role", MembershipRole.values),),
            ),
            Facet(
                "ufficio",
                gettext_lazy("Ufficio"),
                lambda row: row.office.name if row.office_id else _("tutta l’amministrazione"),
                ("office__folded",),
            ),
        ),
        is_catalogue=False,
        is_changed=False,
    ),
)
LISTS = {one.word: one for one in _ALL}
"""The lists, by the word of their address, in the order of the page."""

"""Parts every model of the register is made of."""

import functools
import uuid
from collections.abc import Collection

from concurrency.fields import AutoIncVersionField
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from registry import clock
from registry.acts import current_act
from registry.normalise import fold
from registry.validators import (
    validate_printable,
    validate_prose_length,
    validate_visible,
    validate_visible_but_turns,
)


class MomentField(models.DateTimeField):
    """When a row was made, by the clock of the database; to migrations a `DateTimeField`.

    Who was first must not depend on which of two servers made the row.
    """

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs

    def pre_save(self, model_instance, add):
        """Return the moment to be kept: of a new row this one."""
        if not (self.auto_now_add and add):
            return super().pre_save(model_instance, add)
        moment = clock.now()
        setattr(model_instance, self.attname, moment)
        return moment


class LineField(models.CharField):
    """A text of one line, in which every sign is seen; to migrations a `CharField`.

    Made by `line`, which refuses the signs that turn a text.
    """

    default_validators = [validate_visible_but_turns]

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class AddressField(models.EmailField):
    """An address of mail, in which every sign is seen; to migrations an `EmailField`.

    Part of what is unseen vanishes when a name of the net is encoded, and so passes for valid.
    """

    default_validators = [*models.EmailField.default_validators, validate_visible]

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs


def prose(verbose_name: str, **options) -> models.TextField:
    """Return a free text of any length a page can carry; empty when not yet written."""
    options.setdefault("blank", True)
    options.setdefault("default", "")
    return models.TextField(
        verbose_name, validators=[validate_printable, validate_prose_length], **options
    )


def author(related_name: str) -> models.ForeignKey:
    """Return who did what a row tells; they cannot be deleted while it stands."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name=related_name,
        verbose_name=_("chi"),
    )


def replaced_row() -> models.OneToOneField:
    """Return the row of the same kind that a later one replaces: what was written once stays."""
    return models.OneToOneField(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("sostituisce"),
    )


def line(verbose_name: str, max_length: int, **options) -> models.CharField:
    """Return a text of one line."""
    return LineField(
        verbose_name, max_length=max_length, validators=[validate_printable], **options
    )


class RegisterHistoryManager(HistoryManager):
    """History of a model that knows the open act also when rows are written in bulk.

    The library's bulk functions send no signal: without this the act would not know its rows.
    """

    @classmethod
    @functools.cache
    def from_queryset(cls, queryset_class, class_name=None):
        # the library asks for it whenever a history is named, so for each row that is saved
        return super().from_queryset(queryset_class, class_name)

    def bulk_history_create(self, objs, *args, **kwargs):
        opened = current_act()
        if opened is not None:
            kwargs["default_user"] = opened.by or kwargs.get("default_user")
            kwargs["default_change_reason"] = opened.mark
        created = super().bulk_history_create(objs, *args, **kwargs)
        if opened is not None:
            opened.touched.extend(created)
        return created


UNASKED = (
    *("uid", "origin", "executor_role", "executor_office"),
    *("macroprocess", "risk_area", "level", "method"),
)
"""Columns of a history that nobody looks a row up by, so that they need no index there."""


def history(*, unasked: Collection[str] = (), **options) -> HistoricalRecords:
    """Field by field history of a model, one row a change (docs/decisions/0007).

    A history row is looked up by the key of its row, by its date, and by what its row hangs on;
    `unasked` are further columns that would have an index for nothing, written for each change.
    """
    excluded = options.pop("excluded_fields", [])
    return HistoricalRecords(
        excluded_fields=excluded,
        no_db_index=[*UNASKED, *unasked],
        # a guard keeps the people there are: one look at each who goes, not at each row written
        user_db_constraint=False,
        history_manager=RegisterHistoryManager,
        **options,
    )


class FoldedField(models.TextField):
    """Folded copy of another column, written by the application: see `registry.normalise`."""

    def __init__(self, *args, source: str, **kwargs):
        self.source = source
        kwargs.setdefault("editable", False)
        kwargs.setdefault("default", "")
        kwargs.setdefault("db_index", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        # the models of past migrations come by the thousand and are never loaded from a file
        if not cls._meta.abstract and cls._meta.apps is apps:
            pre_save.connect(self._on_raw_save, sender=cls, weak=False)

    def pre_save(self, model_instance, add):
        value = fold(str(getattr(model_instance, self.source)))
        setattr(model_instance, self.attname, value)
        return value

    def _on_raw_save(self, instance, raw=False, **kwargs):
        # loaddata saves raw, which skips pre_save of the fields
        if raw:
            self.pre_save(instance, add=False)


class UidManager(models.Manager):
    """Natural key of every row from Annex down (docs/decisions/0025)."""

    def get_by_natural_key(self, uid):
        return self.get(uid=uid)


class UidModel(models.Model):
    """A row of the register proper: the uid is its name for ever, in files, pages and papers."""

    uid = models.UUIDField(_("identificativo"), default=uuid.uuid4, unique=True, editable=False)
    version = AutoIncVersionField(_("versione"))

    objects = UidManager()

    class Meta:
        abstract = True

    def natural_key(self):
        return (str(self.uid),)


class RetirableModel(models.Model):
    """A row that is retired with a reason rather than deleted (docs/decisions/0029)."""

    retired_on = models.DateField(_("non più in uso dal"), null=True, blank=True)
    retired_reason = prose(_("motivo"))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_retired_with_reason",
                condition=models.Q(retired_on__isnull=True) | ~models.Q(retired_reason=""),
                violation_error_message=_("Chi toglie una voce dall’uso ne indica il motivo."),
            )
        ]

    @property
    def is_retired(self) -> bool:
        return self.retired_on is not None


class OriginModel(models.Model):
    """A row copied from the previous edition keeps the link, and the name when the link is gone."""

    origin = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name=_("nella precedente edizione"),
    )
    origin_uid = models.UUIDField(
        _("identificativo nella precedente edizione"), null=True, blank=True
    )

    class Meta:
        abstract = True


class CatalogueManager(models.Manager):
    """Natural key of a catalogue row: IPA code of the administration (or None) and code."""

    def get_by_natural_key(self, ipa_code, code):
        if ipa_code is None:
            return self.get(administration__isnull=True, code=code)
        return self.get(administration__ipa_code=ipa_code, code=code)


class CatalogueModel(RetirableModel):
    """A list the law, ANAC or the body keeps: national when it has no administration.

    Whose a row is and when it may change: docs/decisions/0024.
    """

    ANNEX_PATHS = ()
    """Annexes use a list, whose rows hang on none."""
    FROZEN_USES: tuple[str, ...] = ()
    """Ways to annexes that use a row over another list, beside those that name it themselves."""

    administration = models.ForeignKey(
        "registry.Administration",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("amministrazione"),
        help_text=_("Vuoto per le voci nazionali, uguali per tutti e in sola lettura."),
    )
    code = line(_("codice"), 40)
    label = line(_("denominazione"), 500)
    folded = FoldedField(source="label")
    position = models.PositiveIntegerField(_("ordine"), default=0)
    source = line(
        _("fonte"), 300, blank=True, default="", help_text=_("Legge, atto ANAC o documento.")
    )
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("sostituisce"),
    )
    version = AutoIncVersionField(_("versione"))

    class Meta(RetirableModel.Meta):
        abstract = True
        ordering = ["administration_id", "position", "code"]
        constraints = [
            *RetirableModel.Meta.constraints,
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_national_code",
                fields=["code"],
                condition=models.Q(administration__isnull=True),
                violation_error_message=_("Questo codice esiste già fra le voci nazionali."),
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_code",
                fields=["administration", "code"],
                condition=models.Q(administration__isnull=False),
                violation_error_message=_("Questo codice esiste già per l’amministrazione."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_national(self) -> bool:
        return self.administration_id is None

    def natural_key(self):
        return (self.administration.ipa_code if self.administration_id else None, self.code)

    natural_key.dependencies = ["registry.administration"]

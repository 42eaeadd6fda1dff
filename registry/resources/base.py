"""Base of all imports and exports: named columns, natural keys, all or nothing, rights respected.

Nothing an import could do is allowed to who could not do it by hand: rows out of reach, rows of an
annex that is not open and frozen catalogue rows are refused, and with them the whole file.
"""

from contextlib import suppress
from datetime import date
from itertools import zip_longest

import rules
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from import_export.resources import Diff, ModelResource
from import_export.widgets import ManyToManyWidget

from registry.querysets import is_frozen
from registry.resources.columns import column, empty, one_by_uid
from registry.services.jobs import check_wanted
from registry.services.ordering import note_body_of

RETIRING = ("retired_on", "retired_reason")
"""Fields of a frozen row that may still be written."""


class UnknownColumns(ValueError):
    """The file has columns that the list does not know, or lacks one it needs."""


class PlainDiff(Diff):
    """What a row says, cell by cell: `(before, after, is_changed)`, without styles of the library.

    Both are text as the pages of the site write it, empty for an empty cell; `before` only where
    the cell changes.
    """

    def as_html(self):
        return [
            (_shown(before) if before != after else "", _shown(after), before != after)
            for before, after in zip_longest(self.left, self.right, fillvalue="")
        ]


class RegisterResource(ModelResource):
    """One list as a file. `user` is the person, None for whoever acts on the machine itself."""

    change_right = "registry.change_catalogue"
    related = ()
    """Relations the columns read."""
    prefetched = ()

    def __init__(self, user=None, **kwargs):
        super().__init__(**kwargs)
        self.user = user
        self._original = None
        self._met: dict[int, int] = {}
        for field in self.fields.values():
            if hasattr(field.widget, "user"):
                field.widget.user = user

    # --- export --------------------------------------------------------------------------------

    def filter_export(self, queryset, **kwargs):
        rows = queryset.select_related(*self.related) if self.related else queryset
        return rows.prefetch_related(*self.prefetched)

    @classmethod
    def get_diff_class(cls):
        return PlainDiff

    # --- import --------------------------------------------------------------------------------

    def before_import(self, dataset, **kwargs):
        """Refuse a file with a column nobody knows: it would be lost without a word."""
        self._met = {}
        self._take_former_titles(dataset)
        titles = {field.column_name for field in self.fields.values()}
        heads = [head for head in dataset.headers if head]
        unknown = [head for head in heads if head not in titles]
        if unknown:
            raise UnknownColumns(
                _("Colonne sconosciute: %(unknown)s. Colonne previste: %(known)s.")
                % {"unknown": _quoted(unknown), "known": _quoted(self.get_diff_headers())}
            )
        twice = sorted({head for head in heads if heads.count(head) > 1})
        if twice:
            raise UnknownColumns(_("Colonne ripetute: %s.") % _quoted(twice))
        keys = [self.fields[name].column_name for name in self._meta.import_id_fields]
        missing = [title for title in keys if title not in heads]
        if missing:
            raise UnknownColumns(_("Colonne mancanti: %s.") % _quoted(missing))

    def _take_former_titles(self, dataset):
        """Give the columns of a file of a version before the titles they have now."""
        now = {
            former: field.column_name
            for field in self.fields.values()
            for former in getattr(field, "former_titles", ())
        }
        if dataset.headers:
            dataset.headers = [now.get(head, head) for head in dataset.headers]

    def _check_import_id_fields(self, headers):
        """Already done, in Italian, by `before_import`."""

    def import_row(self, row, instance_loader, **kwargs):
        """Import one row; an empty one between the others stands for nothing."""
        check_wanted()
        if not all(empty(value) for value in row.values()):
            return super().import_row(row, instance_loader, **kwargs)
        result = self.get_row_result_class()()
        result.import_type = result.IMPORT_TYPE_SKIP
        return result

    def after_init_instance(self, instance, new, row, row_number=0, **kwargs):
        """Refuse a row that is about the same as one above: only one of the two could be meant."""
        if not new and instance.pk in self._met:
            raise ValidationError(_("La riga ripete la riga %d.") % self._met[instance.pk])
        if not new:
            self._met[instance.pk] = row_number + 1

    def after_save_instance(self, instance, row, row_number=0, **kwargs):
        self._met[instance.pk] = row_number + 1
        # what names its body was read for the right to write it
        note_body_of(instance)

    def after_import(self, dataset, result, **kwargs):
        """Leave with the result what else the file would do, for the page that shows it first."""
        result.notes = self.notes()

    def notes(self) -> list[str]:
        """Return in Italian what the rows that were read do beyond what they say, row by row."""
        return []

    def get_instance(self, instance_loader, row):
        """Return the row of the database that a row of the file is about, None for a new one."""
        lookup = {}
        for name in self._meta.import_id_fields:
            field = self.fields[name]
            try:
                lookup[name] = field.clean(row)
            except ValueError as error:
                raise ValidationError({name: str(error)}) from error
        return self.scope().filter(**lookup).first()

    def scope(self):
        """Return rows the person may see."""
        rows = self._meta.model._default_manager.all()
        return rows if self.user is None else rows.visible_to(self.user)

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        """Read one cell; a line break written in another way is no change of the text."""
        if field.readonly or field.column_name not in row:
            return
        before = None if is_m2m else field.get_value(instance)
        super().import_field(field, instance, row, is_m2m, about=instance, **kwargs)
        if isinstance(before, str):
            after = field.get_value(instance)
            if isinstance(after, str) and _joined(after) == _joined(before):
                setattr(instance, field.attribute, before)

    def import_instance(self, instance, row, **kwargs):
        """Read the cells of a row, those of the lists of codes too: a wrong one names its column.

        The administration comes first, because the codes of the others are looked up within it.
        """
        errors = {}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        for field in self._lists(row):
            try:
                field.widget.clean(row[field.column_name], row=row, about=instance)
            except ValueError as error:
                errors.setdefault(field.attribute, []).append(ValidationError(str(error)))
        if errors:
            raise ValidationError(errors)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        """Skip what does not change; remember the rest as it was, for the check of the rights."""
        self._original = original
        if import_validation_errors:
            return False
        if self._changed(instance, original):
            return False
        for field in self._lists(row):
            items = field.widget.clean(row[field.column_name], row=row, about=instance)
            kept = field.get_value(original).all() if original.pk else []
            if {item.pk for item in items} != {item.pk for item in kept}:
                return False
        return instance.pk is not None

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Check the fields, then the right to write them; raises `ValidationError`."""
        super().validate_instance(instance, import_validation_errors, validate_unique)
        known = self._original if self._original and self._original.pk else None
        if self.user is not None:
            rows = [instance] if known is None else [known, instance]
            if not all(rules.has_perm(self.change_right, self.user, row) for row in rows):
                raise self.refusal(instance, known, _why_not(known or instance))
        if known is not None and is_frozen(known):
            moved = [name for name in self._changed(instance, known) if name not in RETIRING]
            if moved:
                reason = _(
                    "Questa voce è usata da un allegato non più aperto: si può solo ritirare."
                )
                raise ValidationError({name: [reason] for name in moved})

    def refusal(self, instance, known, reason: str) -> ValidationError:
        """Return the refusal of a row, said of the cells it would change, or of its key."""
        changed = self._changed(instance, known) if known is not None else []
        return ValidationError({name: [reason] for name in changed or [self.key_field]})

    def _changed(self, instance, known) -> list[str]:
        """Return the fields whose cells say something else than the register."""
        plain = [f for f in self.get_import_fields() if not _is_list(f)]
        return [f.attribute for f in plain if f.get_value(instance) != f.get_value(known)]

    @property
    def key_field(self) -> str:
        """Field whose column names the row for people."""
        return self._meta.import_id_fields[-1]

    def _lists(self, row):
        return [f for f in self.get_import_fields() if _is_list(f) and f.column_name in row]

    def title_of(self, attribute: str) -> str:
        """Return the title of the column that fills a field."""
        for field in self.fields.values():
            if field.attribute == attribute:
                return field.column_name
        return ""


class UidResource(RegisterResource):
    """A list of rows of the register, known by their identifier; without one a row is new."""

    change_right = "registry.change_annex"
    number_field = "position"
    """Field that is filled with the next free number when its cell is empty."""
    parent_field = ""

    @property
    def key_field(self) -> str:
        return self.parent_field

    def get_instance(self, instance_loader, row):
        value = row.get(self.fields["uid"].column_name)
        if empty(value):
            return self.get_by_number(row)
        instance = one_by_uid(self.scope(), value)
        if instance is None:
            message = _("l’identificativo «%s» non esiste o non è fra i propri.")
            raise ValidationError({"uid": message % value})
        return instance

    def get_by_number(self, row):
        """Return the row with the same parent and number, None for a new one."""
        values = {}
        for name in (self.parent_field, self.number_field):
            title = self.fields[name].column_name
            if empty(row.get(title)):
                return None
            try:
                values[name] = self.fields[name].clean(row)
            except ValueError:
                # said again, with its column, when the row itself is read
                return None
        return self.scope().filter(**values).first()

    def import_instance(self, instance, row, **kwargs):
        parent, number = self.fields[self.parent_field], self.fields[self.number_field]
        if instance.pk is None and empty(row.get(number.column_name)):
            with suppress(ValueError):
                setattr(instance, self.number_field, self._next_number(parent.clean(row)))
            row = {key: value for key, value in row.items() if key != number.column_name}
        super().import_instance(instance, row, **kwargs)
        if instance.pk is None and getattr(instance, "position", None) is None:
            instance.position = self._next_number(getattr(instance, self.parent_field), "position")

    def _next_number(self, parent, name=None) -> int:
        name = name or self.number_field
        rows = self._meta.model._base_manager.filter(**{self.parent_field: parent})
        return (rows.aggregate(last=models.Max(name))["last"] or 0) + 1


def uid_column():
    """Return the column by which a row is known for ever."""
    return column("uid", "Identificativo", shown_only=True)


def _why_not(row) -> str:
    if getattr(row, "administration_id", row) is None:
        return _(
            "È una voce nazionale: non si può scrivere, la cura il gestore dell’installazione."
        )
    return _("Questa riga non si può scrivere: non è fra le proprie, o non è aperta.")


def _is_list(field) -> bool:
    return isinstance(field.widget, ManyToManyWidget)


def _joined(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _shown(value) -> str:
    if isinstance(value, date):
        return date_format(value, "d/m/Y")
    return "" if value is None else str(value)


def _quoted(titles) -> str:
    return ", ".join(f"«{title}»" for title in titles)

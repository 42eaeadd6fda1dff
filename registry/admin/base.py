"""What every page of the back office has in common: rows in reach, rights, locks, refusals.

The rows a person sees come from `visible_to`, the rights from the table in
`registry.permissions`, never from Django's model permissions. Someone else's row is not found.
"""

from contextlib import nullcontext

import rules
from concurrency.exceptions import RecordModifiedError
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models
from django.db.models import Q
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpResponseNotAllowed
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from registry.acts import RuleRefused, act, note_body
from registry.admin.change_list import RegisterChangeList
from registry.admin.history import history_page
from registry.admin.lists import ListFiles
from registry.admin.typed_offices import TypedOffices
from registry.enums import ADOPTED_PLAN_STATES, OPEN_ANNEX_STATES
from registry.forms.backoffice import STALE, BackOfficeForm, long_words_in
from registry.guards import refusal_of
from registry.hanging import bodies_of, on_annexes, sure_path
from registry.normalise import fold
from registry.permissions import administration_of
from registry.querysets import is_frozen
from registry.services.ordering import note_body_of

RETIREMENT = ("retired_on", "retired_reason")
SAFE = ("GET", "HEAD", "OPTIONS")


class SaveRefused(RuleRefused):
    """A save is undone after it began, for a reason to be read on the form."""


def has_field(model, name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


class Limits(TypedOffices):
    """What pages and their inlines share: choices within reach and within one administration."""

    def limited(self, db_field, request, parent):
        """Return rows a foreign key or a list of choices may name, for a row under `parent`."""
        related = db_field.related_model
        rows = self._reachable_rows(related, request)
        if parent is None or parent.pk is None:
            return rows
        body = administration_of(parent)
        if body is not None and has_field(related, "administration"):
            rows = rows.filter(Q(administration=body) | Q(administration__isnull=True))
        if has_field(related, "retired_on"):
            chosen = self.chosen(db_field, parent)
            rows = rows.filter(Q(retired_on__isnull=True) | Q(pk__in=chosen))
        return rows

    def _reachable_rows(self, related, request):
        pages = self.admin_site._registry.get(related)
        return pages.reachable(request) if pages else related._default_manager.all()

    def chosen(self, db_field, parent):
        """Return rows already chosen, offered again even when retired."""
        if db_field.many_to_many:
            return getattr(parent, db_field.name).values("pk")
        return type(parent)._base_manager.filter(pk=parent.pk).values(db_field.attname)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", self.choices_of(db_field, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", self.choices_of(db_field, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def choices_of(self, db_field, request):
        """Return limited rows with what their names need, in one query."""
        rows = self.limited(db_field, request, getattr(request, "edited_row", None))
        pages = self.admin_site._registry.get(db_field.related_model)
        related = pages.names_need if pages else ()
        return rows.select_related(*related) if related else rows


class RegisterAdmin(ListFiles, Limits, admin.ModelAdmin):
    """Base of every page of the back office; subclasses name their lines of the table of rights."""

    form = BackOfficeForm
    view_right = "registry.view_catalogue"
    change_right = "registry.change_catalogue"
    add_right = delete_right = None
    """Lines of the table of rights; where not given, those who change may also add and delete."""

    parent_field = None
    """Foreign key to the row whose reach is that of this row, where it has none of its own."""
    rights_of = ""
    """Way to the row the rights are about, where that is not the row itself."""
    fixed_fields = ()
    """Fields that are chosen once, when the row is added."""
    names_need = ()
    """Relations that the name of a row reads."""
    goes_with_annex = False
    """Whether rows nobody deletes go with the draft of an annex that is deleted."""
    added_by_service = False
    """Whether a row is added by a service, in an act of its own."""

    empty_value_display = "—"
    list_per_page = 50
    list_max_show_all = 200
    save_on_top = False
    object_history_template = "admin/storia.html"
    formfield_overrides = {
        models.URLField: {"assume_scheme": "https"},
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})},
    }
    actions_on_bottom = False

    class Media:
        js = ("registry/suggestions.js",)

    # --- reach and rights --------------------------------------------------------------------

    def reachable(self, request):
        """Return rows of the model the person may see, in the order of the model."""
        rows = self.model._default_manager.all()
        if hasattr(rows, "visible_to"):
            return rows.visible_to(request.user)
        if self.parent_field:
            parent = self.model._meta.get_field(self.parent_field).related_model
            parents = self.admin_site._registry[parent].reachable(request)
            return rows.filter(**{f"{self.parent_field}__in": parents.order_by().values("pk")})
        return rows

    def get_queryset(self, request):
        rows = self.reachable(request).order_by(*self.get_ordering(request))
        return rows if self.get_ordering(request) else rows.order_by(*self.opts.ordering)

    def may(self, right, request, obj):
        """Answer one line of the table of rights about a row, or about rows at large.

        Of rows at large each line is asked once a request: forty lists stand beside every page.
        """
        if obj is None:
            answers = request.__dict__.setdefault("rights_at_large", {})
            if (asked := (request.user.pk, right)) not in answers:
                answers[asked] = rules.has_perm(right, request.user)
            return answers[asked]
        if self.rights_of:
            for step in self.rights_of.split("__"):
                obj = getattr(obj, step)
        return rules.has_perm(right, request.user, obj)

    def has_view_permission(self, request, obj=None):
        return self.may(self.view_right, request, obj)

    def has_change_permission(self, request, obj=None):
        return self.may(self.change_right, request, obj)

    def has_add_permission(self, request):
        return self.may(self.add_right or self.change_right, request, None)

    def has_delete_permission(self, request, obj=None):
        return self.may(self.delete_right or self.change_right, request, obj)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def get_urls(self):
        """Return the addresses of the page; the last leads from old ones to the form."""
        urls = super().get_urls()
        urls[-1].callback = require_safe(urls[-1].callback)
        return urls

    # --- form ----------------------------------------------------------------------------------

    def get_fieldsets(self, request, obj=None):
        """Return the fieldsets of the page, with the version that a form carries unseen."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not has_field(self.model, "version"):
            return fieldsets
        if not self.has_change_permission(request, obj):
            return fieldsets
        shown = [*fieldsets]
        title, options = shown[-1]
        if "version" not in options["fields"]:
            shown[-1] = (title, {**options, "fields": [*options["fields"], "version"]})
        return shown

    def get_readonly_fields(self, request, obj=None):
        """State and fixed fields are never typed; a frozen catalogue row can only be retired."""
        fields = [*super().get_readonly_fields(request, obj)]
        if obj is not None:
            fields += [name for name in self.fixed_fields if name not in fields]
            if is_frozen(obj):
                shown = admin.utils.flatten_fieldsets(self.get_fieldsets(request, obj))
                fields = [name for name in shown if name not in (*RETIREMENT, "version")]
        return fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        request.edited_row = obj
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def choices_of(self, db_field, request):
        """Return choices within reach; a new row hangs only from an annex that is open."""
        rows, related = super().choices_of(db_field, request), db_field.related_model
        if sure_path(related) is None or db_field.name == "origin":
            return rows
        rows = rows.filter(on_annexes(related, state__in=OPEN_ANNEX_STATES))
        return rows.exclude(on_annexes(related, plan__state__in=ADOPTED_PLAN_STATES))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the form; what the database refuses comes back as an error of the same form."""
        is_no_act = request.method in SAFE or (object_id is None and self.added_by_service)
        try:
            with nullcontext() if is_no_act else self.one_act(request):
                return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            request.refusal = refusal_of(error)
        except RecordModifiedError:
            request.refusal = STALE
        except ValidationError as error:
            request.refusal = error.messages[0]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def one_act(self, request):
        """Open what makes one act, with one record, of all that a form or ticked rows do."""
        return act("backoffice", by=request.user, subject=f"list {self.opts.label_lower}")

    def delete_model(self, request, obj):
        with self.one_act(request):
            note_body_of(obj)
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        with self.one_act(request):
            for body_id in bodies_of(queryset):
                note_body(body_id)
            super().delete_queryset(request, queryset)

    def save_related(self, request, form, formsets, change):
        """Save what hangs from the row, then look again: it must still be within reach."""
        super().save_related(request, form, formsets, change)
        row = self.reachable(request).filter(pk=form.instance.pk).first()
        if row is None or not self.has_change_permission(request, row):
            raise SaveRefused(
                _("La scheda uscirebbe da ciò che si può modificare: non è stata salvata.")
            )
        note_body_of(row)
        saved = [form, *(one for formset in formsets for one in formset.forms)]
        for sentence in long_words_in(saved):
            messages.warning(request, sentence)

    def get_deleted_objects(self, objs, request):
        """What would go too; where that is protected, the page says what to do instead."""
        gone, counts, rights, protected = super().get_deleted_objects(objs, request)
        rights -= {
            model._meta.verbose_name
            for model, page in self.admin_site._registry.items()
            if page.goes_with_annex
        }
        if protected and has_field(self.model, "retired_on"):
            protected = [
                *protected,
                _("Una riga protetta non si elimina: si archivia con il motivo."),
            ]
        return gone, counts, rights, protected

    # --- list and history ----------------------------------------------------------------------

    def get_changelist(self, request, **kwargs):
        """Return what reads the list by page."""
        return RegisterChangeList

    def changelist_view(self, request, extra_context=None):
        """Show the list; sent to it are only its actions, what else is sent changes nothing.

        The admin would show the list as if nothing had been asked, and nothing would tell of it.
        """
        if request.method not in SAFE:
            asked, known = {*request.POST.getlist("action")}, {"", *self.get_actions(request)}
            if "_save" in request.POST or not asked or not asked <= known:
                raise PermissionDenied
        # Django's own title bends every noun as a masculine one
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {**(extra_context or {}), "title": title})

    def get_search_results(self, request, queryset, search_term):
        """Search the words as typed and folded: folded columns know neither case nor accents."""
        rows, duplicates = super().get_search_results(request, queryset, search_term)
        folded = fold(search_term)
        if folded and folded != search_term:
            more, more_duplicates = super().get_search_results(request, queryset, folded)
            return rows | more, duplicates or more_duplicates
        return rows, duplicates

    def history_view(self, request, object_id, extra_context=None):
        """Who changed what, and when: one page for every kind of row."""
        if request.method not in SAFE:
            # nothing is taken back here; what tries to leaves a record
            return HttpResponseNotAllowed(SAFE)
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, admin.utils.unquote(object_id))
        if row is None:
            raise Http404
        return history_page(self, request, row)


class NamedFormSet(BaseInlineFormSet):
    """An inline whose boxes to delete a row have a name."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = _("Elimina la riga")


class RegisterInline(Limits):
    """Base of the inlines: rights of the page they stand on, choices read once per request."""

    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 2})}}
    extra = 0
    show_change_link = True
    formset = NamedFormSet
    names_need = ()
    """Relations that the names shown in a row read, beyond its own foreign keys."""

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        shown = {name for name in self.fields if has_field(self.model, name)}
        keys = [name for name in shown if self.model._meta.get_field(name).many_to_one]
        return rows.select_related(*keys, *self.names_need) if keys else rows

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Name every box: in a table of boxes the head alone does not."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            widget = field.widget
            if isinstance(widget, RelatedFieldWidgetWrapper):
                # A table of boxes has no room for the links to each choice.
                widget.can_add_related = widget.can_view_related = False
                widget.can_change_related = widget.can_delete_related = False
                widget = widget.widget
            widget.attrs["aria-label"] = str(db_field.verbose_name).capitalize()
        return field

    def _page_allows(self, request, obj):
        page = self.admin_site._registry[self.parent_model]
        return page.has_change_permission(request, obj)

    def has_view_permission(self, request, obj=None):
        return self.admin_site._registry[self.parent_model].has_view_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self._page_allows(request, obj) and not (obj is not None and is_frozen(obj))

    def has_add_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def get_formset(self, request, obj=None, **kwargs):
        request.edited_row = obj
        return super().get_formset(request, obj, **kwargs)

    def chosen(self, db_field, parent):
        key = self.key_to_parent(parent)
        rows = self.model._base_manager.filter(**{key: parent})
        return rows.exclude(**{db_field.attname: None}).values(db_field.attname)

    def key_to_parent(self, parent):
        keys = self.model._meta.fields
        return self.fk_name or next(
            key.name for key in keys if key.related_model is self.parent_model
        )

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Read the choices once: otherwise every row of the inline would ask for its own."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and not getattr(field, "is_typed", False):
            field.choices = list(field.choices)
        return field

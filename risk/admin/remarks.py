"""Remarks and their answers, to be read: they are made, answered and closed on their own page."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registry.admin.annexes import AnnexRowAdmin
from registry.admin.base import RegisterInline
from registry.admin.office_filter import OfficeFilter
from registry.models import Annex
from risk.models import Remark, RemarkAnswer


class ReadOnly:
    """A page of rows that nobody writes here; a draft that is deleted takes them with it."""

    goes_with_annex = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class RemarkAnswerInline(ReadOnly, RegisterInline, admin.TabularInline):
    """The answers to the remark, in the order they were given."""

    model = RemarkAnswer
    fields = ("at", "by", "text")
    readonly_fields = ("at", "by", "text")
    show_change_link = False


class StateFilter(admin.SimpleListFilter):
    """Open or closed: what the pages of remarks say too."""

    title = _("stato")
    parameter_name = "stato"

    def lookups(self, request, model_admin):
        return [("aperte", _("aperte")), ("chiuse", _("chiuse"))]

    def queryset(self, request, queryset):
        if self.value() in {"aperte", "chiuse"}:
            return queryset.filter(closed_at__isnull=self.value() == "aperte")
        return queryset


@admin.register(Remark)
class RemarkAdmin(ReadOnly, AnnexRowAdmin):
    rights_of = "annex"
    list_display = ("text", "row_kind", "row_label", "annex", "blocks", "by", "at", "closed_at")
    list_filter = (
        "blocks",
        StateFilter,
        ("annex__office", OfficeFilter),
    )
    list_select_related = ("annex__office", "annex__plan", "by")
    search_fields = ("text", "row_label", "by__last_name")
    search_help_text = _("Testo, riga o cognome di chi l’ha fatta.")
    fieldsets = (
        (None, {"fields": ("annex", "process", "row_kind", "row_label", "text", "blocks")}),
        (_("Chi e quando"), {"fields": ("by", "at", "closed_by", "closed_at")}),
    )
    readonly_fields = ("at",)
    inlines = (RemarkAnswerInline,)

    def reachable(self, request):
        """Return remarks of the annexes the person reads whole."""
        annexes = Annex.objects.visible_to(request.user).order_by()
        return Remark.objects.filter(annex__in=annexes.values("pk"))


@admin.register(RemarkAnswer)
class RemarkAnswerAdmin(ReadOnly, AnnexRowAdmin):
    parent_field = "remark"
    rights_of = "remark__annex"
    list_display = ("text", "remark", "by", "at")
    list_filter = (("remark__annex__office", OfficeFilter),)
    list_select_related = ("remark", "by")
    search_fields = ("text", "remark__text", "by__last_name")
    search_help_text = _("Testo della risposta o dell’osservazione, cognome di chi ha risposto.")
    fieldsets = ((None, {"fields": ("remark", "text", "by", "at")}),)
    readonly_fields = ("at",)

"""Texts of the layouts (docs/decisions/0028)."""

from django.contrib import admin

from registry.admin.base import RegisterAdmin
from risk.models import TextBlock


@admin.register(TextBlock)
class TextBlockAdmin(RegisterAdmin):
    change_right = "risk.change_text"
    list_display = ("__str__", "administration", "plan", "source")
    list_filter = (
        "layout",
        "slot",
        ("administration", admin.RelatedOnlyFieldListFilter),
        ("plan", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("administration", "plan")
    search_fields = ("text", "source")
    fixed_fields = ("administration", "plan", "layout", "slot")
    fieldsets = (
        (None, {"fields": ("administration", "plan", "layout", "slot", "text", "source")}),
    )

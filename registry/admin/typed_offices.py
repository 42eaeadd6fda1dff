"""Offices in the forms of the back office: typed, where there are many."""

from registry.forms.rows_called import OfficeField
from registry.models import Office


class TypedOffices:
    """Gives foreign keys to offices their field; before the admin's own pages and inlines."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Return the field of an office, among those of `queryset` (docs/decisions/0054)."""
        if db_field.related_model is not Office:
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        offices = kwargs["queryset"].select_related("administration")
        kwargs |= {"queryset": offices, "form_class": OfficeField}
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        parent = getattr(request, "edited_row", None)
        field.tells_body = parent is None
        field.offer(offices)
        if parent is not None and parent.pk:
            field.remember(offices.filter(pk__in=self.chosen(db_field, parent)))
        return field

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Return a field; beside one that is typed stand no links to what is chosen."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if getattr(field, "is_typed", False):
            field.widget = getattr(field.widget, "widget", field.widget)
        return field

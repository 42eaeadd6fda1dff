"""The filter by office of the lists of the back office: typed, as there may be hundreds."""

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from registry.normalise import fold
from registry.services.rows_called import LONGEST, plain

TYPED = "ufficio"
"""What an address says to narrow a list to some offices."""


class OfficeFilter(admin.FieldListFilter):
    """Rows of the offices that have this code, or all the words in their names."""

    template = "admin/office_filter.html"

    def __init__(self, field, request, params, model, model_admin, field_path):
        super().__init__(field, request, params, model, model_admin, field_path)
        self.title = _("ufficio")
        self.typed = plain(request.GET.get(TYPED, ""))[:LONGEST]
        self.source = reverse("registry:offices_anywhere")
        self.kept = []

    def expected_parameters(self):
        """Return what the filter reads of an address."""
        return [TYPED]

    def queryset(self, request, queryset):
        """Return the rows of the offices meant."""
        if not self.typed:
            return queryset
        # what is offered as one types has the code of the body behind the name
        name, _blank, body = self.typed.rpartition(" (")
        words = Q()
        for word in fold(name if body.endswith(")") else self.typed).split():
            words &= Q(**{f"{self.field_path}__folded__contains": word})
        return queryset.filter(words | Q(**{f"{self.field_path}__code__iexact": self.typed}))

    def choices(self, changelist):
        """Keep what else the address asks for, which the form sends along; there are no links."""
        self.kept = [
            (name, value)
            for name, values in changelist.filter_params.items()
            if name != TYPED
            for value in values
        ]
        return []

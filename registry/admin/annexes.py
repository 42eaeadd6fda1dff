"""The rights of every row that hangs from an annex are those of the annex."""

from registry.acts import act
from registry.admin.base import RegisterAdmin


class AnnexRowAdmin(RegisterAdmin):
    """A row of an annex: read-only while the annex is not open.

    What is done to it here is one act with one record on the trail, as on the pages.
    """

    view_right = "registry.view_annex"
    change_right = "registry.change_annex"
    delete_right = "registry.delete_row"

    def one_act(self, request):
        return act("backoffice", by=request.user, subject=f"list {self.opts.label_lower}")

    def delete_model(self, request, obj):
        with self.one_act(request):
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        with self.one_act(request):
            super().delete_queryset(request, queryset)

"""The rights of every row that hangs from an annex are those of the annex."""

from registry.admin.base import RegisterAdmin


class AnnexRowAdmin(RegisterAdmin):
    """A row of an annex: read-only while the annex is not open."""

    view_right = "registry.view_annex"
    change_right = "registry.change_annex"
    delete_right = "registry.delete_row"

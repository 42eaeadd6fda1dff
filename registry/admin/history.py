"""The history page of one row in the back office."""

from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from registry.admin.lists import downloads_of
from registry.hanging import annex_of
from registry.responses.list_files import asked_format, list_file
from registry.services.history_pages import history_of
from registry.services.listings import history_table
from registry.services.row_pages import NUMBER
from registry.trail.subjects import annex_subject


def history_page(page, request, row):
    """Answer the history page of a row, or its file; 403 to whoever may not see it."""
    if not page.has_view_or_change_permission(request, row):
        raise PermissionDenied
    history = history_of(row)
    if suffix := asked_format(request):
        table = history_table(_("Storia: %(row)s") % {"row": row}, history)
        annex = annex_of(row)
        subject = annex_subject(annex) if annex else f"list {page.opts.label_lower}"
        return list_file(request, table, suffix, name="history", subject=subject)
    # the list that this page is left for names its pages by another letter
    asked = {**request.GET.dict(), NUMBER: request.GET.get(NUMBER, request.GET.get("p", "1"))}
    shown = history.page(asked)
    context = {
        **page.admin_site.each_context(request),
        "title": _("Storia: %(row)s") % {"row": row},
        "subtitle": None,
        "entries": shown,
        "downloads": downloads_of(request),
        "object": row,
        "object_key": quote(str(row.pk)),
        "opts": page.opts,
        "module_name": str(page.opts.verbose_name_plural).capitalize(),
    }
    return TemplateResponse(request, page.object_history_template, context)

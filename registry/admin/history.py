"""The history page of one row in the back office."""

from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from registry.admin.lists import downloads_of
from registry.hanging import annex_of
from registry.responses.list_files import asked_format, list_file
from registry.services.history import entries_of
from registry.services.listings import history_table
from registry.trail.subjects import annex_subject

PER_PAGE = 50


def history_page(page, request, row):
    """Answer the history page of a row, or its file; 403 to whoever may not see it."""
    if not page.has_view_or_change_permission(request, row):
        raise PermissionDenied
    entries = entries_of(row)
    if suffix := asked_format(request):
        table = history_table(_("Storia: %(row)s") % {"row": row}, entries)
        annex = annex_of(row)
        subject = annex_subject(annex) if annex else f"list {page.opts.label_lower}"
        return list_file(request, table, suffix, name="history", subject=subject)
    shown = Paginator(entries, PER_PAGE).get_page(request.GET.get("p"))
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

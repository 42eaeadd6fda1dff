"""The lists of the back office by page: from a row onwards, as all lists of the register."""

from django.contrib.admin.views.main import PAGE_VAR, ChangeList

from registry.services.row_pages import NUMBER, PLACES, page_of_rows


class RegisterChangeList(ChangeList):
    """A list whose far pages cost what its second does (docs/decisions/0054).

    An address that names a page as Django does (`p`) is answered too.
    """

    def __init__(self, request, *args, **kwargs):
        asked, rest = request.GET, request.GET.copy()
        number = asked.get(NUMBER, asked.get(PAGE_VAR, "1"))
        self.place = {**{name: asked.get(name, "") for name in PLACES}, NUMBER: number}
        for name in (*PLACES, PAGE_VAR):
            rest.pop(name, None)
        # to Django whatever an address says more is a filter
        request.GET = rest
        try:
            super().__init__(request, *args, **kwargs)
        finally:
            request.GET = asked

    def get_results(self, request):
        """Read one page of the rows, or all where they are few and asked for."""
        self.page = page_of_rows(self.queryset, self.place, size=self.list_per_page)
        self.page.query = self.get_query_string()[1:]
        self.paginator, self.page_num = self.page.paginator, self.page.number
        self.result_count, self.full_result_count = self.paginator.count, None
        self.show_full_result_count, self.show_admin_actions = False, True
        self.multi_page = self.page.has_other_pages()
        self.can_show_all = self.result_count <= self.list_max_show_all
        show_all = self.show_all and self.can_show_all
        self.result_list = self.queryset._clone() if show_all else self.page.object_list

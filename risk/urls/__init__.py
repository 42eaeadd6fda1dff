"""Pages of the risk room: one module of addresses for each subject."""

import risk.urls.converters  # noqa: F401 (registers the words of the addresses below)
from risk.urls import (
    annexes,
    answer_books,
    assessment,
    catalogues,
    completeness,
    desk,
    entry_requests,
    imports,
    library,
    mapping,
    monitoring,
    plans,
    process_sheet,
    reporting,
    treatment,
    verification,
    workbooks,
)

app_name = "risk"

urlpatterns = [
    *desk.urlpatterns,
    *workbooks.urlpatterns,
    *annexes.urlpatterns,
    *answer_books.urlpatterns,
    *assessment.urlpatterns,
    *catalogues.urlpatterns,
    *completeness.urlpatterns,
    *entry_requests.urlpatterns,
    *imports.urlpatterns,
    *library.urlpatterns,
    *mapping.urlpatterns,
    *monitoring.urlpatterns,
    *plans.urlpatterns,
    *process_sheet.urlpatterns,
    *reporting.urlpatterns,
    *treatment.urlpatterns,
    *verification.urlpatterns,
]

"""Pages of the risk room: one module of addresses for each part of it."""

from risk.urls import (
    annexes,
    approvals,
    assessment,
    bulk,
    history,
    imports,
    library,
    map,
    open_data,
    plans,
    remarks,
    sheet,
    treatment,
    workflow,
)

app_name = "risk"

urlpatterns = [
    *annexes.urlpatterns,
    *approvals.urlpatterns,
    *assessment.urlpatterns,
    *bulk.urlpatterns,
    *history.urlpatterns,
    *imports.urlpatterns,
    *library.urlpatterns,
    *map.urlpatterns,
    *open_data.urlpatterns,
    *plans.urlpatterns,
    *remarks.urlpatterns,
    *sheet.urlpatterns,
    *treatment.urlpatterns,
    *workflow.urlpatterns,
]

"""Pages of the risk room: one module of addresses for each part of it."""

from risk.urls import annexes, assessment, bulk, map, plans, sheet, treatment

app_name = "risk"

urlpatterns = [
    *annexes.urlpatterns,
    *assessment.urlpatterns,
    *bulk.urlpatterns,
    *map.urlpatterns,
    *plans.urlpatterns,
    *sheet.urlpatterns,
    *treatment.urlpatterns,
]

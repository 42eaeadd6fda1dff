"""Pages of the risk room: one module of addresses for each part of it."""

from risk.urls import annexes, assessment, map, sheet, treatment

app_name = "risk"

urlpatterns = [
    *annexes.urlpatterns,
    *assessment.urlpatterns,
    *sheet.urlpatterns,
    *treatment.urlpatterns,
    *map.urlpatterns,
]

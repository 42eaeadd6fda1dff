"""Pages of the risk room."""

app_name = "risk"

urlpatterns = []

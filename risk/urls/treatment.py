"""Addresses of the treatment of a process and of the programming of a measure."""

from django.urls import path, register_converter

from risk.views import programme, treatment


class ProgrammeWordConverter:
    """The two kinds of rows a programming has."""

    regex = "fasi|indicatori"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ProgrammeWordConverter, "programme_rows")

_TREATMENT = "processi/<uuid:uid>/trattamento"
_MEASURE = "misure/<uuid:uid>"
_ROWS = f"{_MEASURE}/<programme_rows:word>"

urlpatterns = [
    path(f"{_TREATMENT}/", treatment.treatment, name="treatment"),
    path(f"{_TREATMENT}/generale/", treatment.add_general, name="measure_general"),
    path(f"{_TREATMENT}/aggiungi/", treatment.add_on_rows, name="measure_add"),
    path(f"{_TREATMENT}/<uuid:measure>/togli/", treatment.remove, name="measure_remove"),
    path(f"{_MEASURE}/", programme.programme, name="programme"),
    path(f"{_MEASURE}/oggetti/", programme.reach, name="programme_reach"),
    path(f"{_ROWS}/", programme.add, name="programme_add"),
    path(f"{_ROWS}/<uuid:row>/", programme.save, name="programme_row"),
    path(f"{_ROWS}/<uuid:row>/togli/", programme.remove, name="programme_remove"),
]

"""Addresses of the remarks on an annex and its rows, and of the parts one's office executes."""

from django.urls import path, register_converter

from risk.enums import RowKind
from risk.views import remarks

WORDS = {
    RowKind.PROCESS: "processo",
    RowKind.PHASE: "fase",
    RowKind.ACTION: "azione",
    RowKind.BEHAVIOUR: "comportamento",
    RowKind.ASSESSMENT: "valutazione",
    RowKind.MEASURE: "misura",
}
"""The kinds of rows a process has, as an address names them."""


class RowKindConverter:
    """A kind of row in an address; anything else is no address at all."""

    regex = "|".join(WORDS.values())

    def to_python(self, value: str) -> RowKind:
        return next(kind for kind, word in WORDS.items() if word == value)

    def to_url(self, value: str) -> str:
        return WORDS.get(value, value)


register_converter(RowKindConverter, "row_kind")

urlpatterns = [
    path("allegati/<uuid:uid>/osservazioni/", remarks.of_annex, name="remarks"),
    path(
        "processi/<uuid:uid>/osservazioni/<row_kind:kind>/<uuid:row>/",
        remarks.of_row,
        name="row_remarks",
    ),
    path("osservazioni/<uuid:uid>/", remarks.remark, name="remark"),
    path("osservazioni/<uuid:uid>/chiudi/", remarks.close, name="remark_close"),
    path("processi-di-altri-uffici/", remarks.executed, name="executed"),
]

"""The parts of a method that a closed annex was assessed by, kept as a digest on the trail.

Levels, indicators, answers and cells of the matrix have no history: tables of their own for rows
that change once in years would cost more than they tell (docs/decisions/0024). What they were as
the annex was submitted, or its plan adopted, stands in the record of that act.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from registry.enums import TrailOutcome
from registry.models import TrailRecord
from registry.querysets import is_frozen
from registry.trail.records import history_line, rows_digest
from risk.models import Answer, Assessment, Indicator, Level, MatrixCell, Method

PARTS = (Level, Indicator, Answer, MatrixCell)
METHODS = "methods"
"""Where the digests stand in the detail of a record, by the name of each method."""


def bind_methods(detail: dict[str, Any], assessments: QuerySet[Assessment]) -> None:
    """Put into the detail of a record what the methods of assessments are made of.

    At most six statements; one where nothing was assessed.
    """
    used = Method.objects.filter(pk__in=assessments.order_by().values("method"))
    if digests := _digests(used):
        detail[METHODS] = digests


def method_findings() -> Iterator[str]:
    """Yield in Italian which methods in use are not made of what they were when they froze."""
    recorded = _recorded()
    if not recorded:
        return
    methods = {name_of(row): row for row in Method.objects.select_related("administration")}
    now = _digests(Method.objects.all())
    for name, (number, digest) in recorded.items():
        row = methods.get(name)
        # what nothing closed uses any more may change, and is told anew when it freezes again
        if row is not None and now[name] != digest and is_frozen(row):
            yield _(
                "Livelli, indicatori, risposte o matrice del metodo «%(method)s» non sono quelli "
                "della registrazione n. %(n)d."
            ) % {"method": row, "n": number}


def name_of(method: Method) -> str:
    """Return how a record names a method: body, code and edition."""
    return "/".join(part or "" for part in method.natural_key())


def _digests(methods: QuerySet[Method]) -> dict[str, str]:
    names = {row.pk: name_of(row) for row in methods.select_related("administration")}
    lines: dict[int, list[str]] = defaultdict(list)
    for model in PARTS if names else ():
        rows = model._base_manager.filter(**{f"{model.BODY_PATH}__in": list(names)})
        for row in rows.annotate(of_method=F(model.BODY_PATH)):
            lines[row.of_method].append(history_line(row))
    return {name: rows_digest(lines[key]) for key, name in names.items()}


def _recorded() -> dict[str, tuple[int, str]]:
    """Return the last digest of each method, by its name, with the number of its record."""
    last: dict[str, tuple[int, str]] = {}
    records = TrailRecord.objects.filter(detail__has_key=METHODS, outcome=TrailOutcome.DONE)
    for number, detail in records.order_by("pk").values_list("number", "detail").iterator():
        last |= {name: (number, digest) for name, digest in detail[METHODS].items()}
    return last

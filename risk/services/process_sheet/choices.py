"""The lists a sheet chooses from: every entry that is offered, and those a behaviour has."""

from dataclasses import dataclass

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Coalesce

from registry.enums import AreaKind
from registry.kept_statements import KeptStatement
from registry.models import Administration, ExecutorRole, Process, RiskArea
from risk.models import EnablingFactor, EventCategory, RiskBehaviour


@dataclass(frozen=True)
class ListChoice:
    """One entry of a list: `text` is what a person reads and types."""

    code: str
    text: str
    chosen: bool = False


def choice_lists(administration: Administration) -> dict[str, list[ListChoice]]:
    """Return the short lists of the sheet, in one query; the body's own entries hide national ones.

    Offices and macroprocesses are asked for as one types (docs/decisions/0046).
    """
    rows = _OFFERED(administration.pk)
    rows.sort(key=lambda row: (row[4], row[2]))
    own = {(row[0], row[1]) for row in rows if row[5] is not None}
    lists: dict[str, list[ListChoice]] = {}
    for name, code, label, extra, _position, body in rows:
        if body is not None or (name, code) not in own:
            lists.setdefault(name, []).append(ListChoice(code, _printed(name, code, label, extra)))
    return lists


def _offered(body: int) -> QuerySet:
    areas, roles, categories, factors = (
        _entries(RiskArea.objects.offered_to(body), "area", extra="kind"),
        _entries(ExecutorRole.objects.offered_to(body), "role"),
        _entries(EventCategory.objects.offered_to(body), "category"),
        _entries(EnablingFactor.objects.offered_to(body), "factor"),
    )
    return areas.union(roles, categories, factors, all=True)


def _entries(rows, name: str, *, extra: str = ""):
    text = CharField()
    return rows.order_by().values_list(
        Value(name, output_field=text),
        "code",
        "label",
        Coalesce(F(extra), Value(""), output_field=text) if extra else Value("", output_field=text),
        "position",
        "administration_id",
    )


def _printed(name: str, code: str, label: str, extra: str) -> str:
    return f"{code}) {label} ({AreaKind(extra).label})" if name == "area" else label


def words_of(process: Process) -> dict[tuple[int, str], list[ListChoice]]:
    """Return the categories and factors chosen, by behaviour and list, in one query."""
    chosen: dict[tuple[int, str], list[ListChoice]] = {}
    for name, behaviour, code, label in _CHOSEN(process.pk):
        chosen.setdefault((behaviour, name), []).append(ListChoice(code, label, chosen=True))
    return chosen


def _chosen(process: int) -> QuerySet:
    text = CharField()
    queries = [
        through.objects.filter(riskbehaviour__process=process)
        .order_by()
        .values_list(
            Value(name, output_field=text),
            "riskbehaviour_id",
            f"{column}__code",
            f"{column}__label",
        )
        for name, through, column in (
            ("category", RiskBehaviour.categories.through, "eventcategory"),
            ("factor", RiskBehaviour.factors.through, "enablingfactor"),
        )
    ]
    return queries[0].union(queries[1], all=True)


_OFFERED, _CHOSEN = KeptStatement(_offered), KeptStatement(_chosen)


def ticked(offered: list[ListChoice], chosen: list[ListChoice] | None) -> list[ListChoice]:
    """Return the choices with those made ticked, also those the list no longer offers."""
    codes = {choice.code: choice for choice in chosen or ()}
    kept = [codes.pop(choice.code, choice) for choice in offered]
    return [*kept, *codes.values()]

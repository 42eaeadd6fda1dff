"""What must be there before the rows: entries called new, methods, annexes; spellings learnt."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from registry.acts import Act
from registry.enums import AreaKind
from registry.models import (
    Alias,
    ExecutorRole,
    InstitutionalFunction,
    Macroprocess,
    RiskArea,
)
from registry.normalise import fold
from registry.services.bulk import create_in_bulk
from registry.services.codes import free_code
from registry.services.plans import open_annexes
from registry.services.rows import store
from risk.enums import MeasureCharacter, RiskAliasKind
from risk.models import Measure, RegisterImport, RiskAlias
from risk.services.imports.compare.changes import ChangeSet, made_or_none
from risk.services.imports.ledger import QuestionKind
from risk.services.imports.resolve.lists import ListLookup, NewRow
from risk.services.plans.making import use_method

NEW_MODELS: dict[QuestionKind, Any] = {
    QuestionKind.RISK_AREA: RiskArea,
    QuestionKind.FUNCTION: InstitutionalFunction,
    QuestionKind.MACROPROCESS: Macroprocess,
    QuestionKind.MEASURE: Measure,
    QuestionKind.EXECUTOR: ExecutorRole,
}


def make_lists(lists: ListLookup, changes: ChangeSet, taken: RegisterImport, opened: Act) -> bool:
    """Make what must be there first; whether all has to be compared again."""
    answers = {kind: dict(said) for kind, said in taken.answers.items()}
    made: dict[tuple[QuestionKind, str], Any] = {}
    # functions before the macroprocesses that stand under them
    for (kind, text), new in sorted(lists.new.items(), key=lambda one: one[0][0] != "function"):
        row = made[kind, text] = _make(new, lists, made)
        answers[kind] = {**answers.get(kind, {}), text: {"is": row.code}}
    _remember(lists, opened)
    for method, is_default in lists.new_methods.items():
        use_method(plan=lists.plan, method=method, is_default=is_default, by=opened.by)
    if changes.annexes:
        offices = [annex.office for annex in changes.annexes]
        open_annexes(plan=changes.annexes[0].plan, offices=offices, by=opened.by)
    taken.answers = answers
    return bool(lists.new or lists.new_methods or changes.annexes)


def _make(new: NewRow, lists: ListLookup, made: Mapping[tuple[QuestionKind, str], Any]) -> Any:
    model = NEW_MODELS[new.kind]
    more: dict[str, Any] = {}
    label = new.text
    if model is Macroprocess and new.more:
        function = (QuestionKind.FUNCTION, new.more)
        more["function"] = made.get(function) or made_or_none(lists.known(*function))
        # it prints the function before its own label
        label = label.removeprefix(f"{new.more}:").strip() or label
    if model is Measure:
        more["character"] = new.more or MeasureCharacter.SPECIFIC
    if model is RiskArea:
        more["kind"] = AreaKind.SPECIFIC
    body = lists.plan.administration
    taken = set(model.objects.offered_to(body).values_list("code", flat=True))
    code = free_code(new.text, taken=taken, otherwise="VOCE")
    row = store(
        model(administration=body, code=code, label=label, source=_("Importazione"), **more)
    )
    if typologies := lists.typologies.get(new.text) if model is Measure else None:
        row.typologies.set(typologies)
    return row


def _remember(lists: ListLookup, opened: Act) -> None:
    """Keep spellings as aliases, unless the body knows them already; the same for any number."""
    columns = {str(kind): column for kind, column in Alias.TARGETS.items()}
    _keep_aliases(Alias, columns, lists, opened, lambda row: (row.kind, row.folded))
    # a level may be written alike in several methods; its column has the name of its kind
    columns = {kind: kind for kind in RiskAliasKind.values}
    _keep_aliases(RiskAlias, columns, lists, opened, _place_of_risk_alias)


def _place_of_risk_alias(row: RiskAlias) -> tuple:
    return row.kind, row.folded, row.level_id, row.measure_id


def _keep_aliases(
    model: type[Alias] | type[RiskAlias],
    columns: Mapping[str, str],
    lists: ListLookup,
    opened: Act,
    place: Callable[[Any], tuple],
) -> None:
    body = lists.plan.administration
    rows = []
    for (kind, text), row in lists.learnt.items():
        if kind.value in columns:
            said = {"kind": kind.value, "text": text, "folded": fold(text)}
            rows.append(model(administration=body, **said, **{columns[kind.value]: row}))
    if not rows:
        return
    known = model.objects.filter(administration=body, folded__in={row.folded for row in rows})
    taken, fresh = set(map(place, known)), []
    for row in rows:
        if place(row) not in taken:
            # of spellings that fold alike the one that was answered first is kept
            taken.add(place(row))
            fresh.append(row)
    references = {field.name for field in model._meta.concrete_fields if field.is_relation}
    for row in fresh:
        row.clean_fields(exclude=references)
    create_in_bulk(fresh, kind="import", by=opened.by)

"""Writing a previewed import, whole, as one act; and taking it back."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from registry import clock
from registry.acts import Act, Refused, act
from registry.enums import AreaKind
from registry.gc_paused import without_collecting
from registry.hanging import content_models
from registry.models import (
    Alias,
    Annex,
    ExecutorRole,
    InstitutionalFunction,
    Macroprocess,
    Plan,
    RiskArea,
)
from registry.normalise import fold
from registry.permissions import is_rpct_of_plan
from registry.services.bulk import create_in_bulk, link_in_bulk, relink_in_bulk, update_in_bulk
from registry.services.codes import free_code
from registry.services.ordering import put
from registry.services.plans import open_annexes
from registry.services.rows import store
from registry.services.undo import NotUndoable, undo
from risk.enums import ImportState, MeasureCharacter, RiskAliasKind
from risk.models import (
    Measure,
    RegisterImport,
    RiskAlias,
    RiskBehaviour,
)
from risk.services.imports.noting import plain
from risk.services.imports.previewing import preview_of
from risk.services.imports.shapes import Preview, QuestionKind
from risk.services.imports.subjects import import_subject
from risk.services.imports.values import NewRow, Values
from risk.services.plans.making import use_method

_SAID = ("answers", "report", "state", "tables", "act_uid", "taken_at")
"""What the taking says of a file; the rest stays as it came."""
_NEW_MODELS: dict[QuestionKind, Any] = {
    QuestionKind.RISK_AREA: RiskArea,
    QuestionKind.FUNCTION: InstitutionalFunction,
    QuestionKind.MACROPROCESS: Macroprocess,
    QuestionKind.MEASURE: Measure,
    QuestionKind.EXECUTOR: ExecutorRole,
}


class ImportRefusedError(Refused):
    """An import cannot be taken; the text is an Italian sentence. Nothing has changed."""


@without_collecting()
def take_import(*, register_import: RegisterImport, digest: str, by: Any) -> Preview:
    """Write what the preview with this `digest` said, and return the preview, without its file.

    In one transaction: the plan and its annexes are locked, the file is compared again; rows of
    lists a person called new are made, spellings remembered; all rows are written with their
    history, and one record on the trail. Nothing is ever deleted.

    Raises `ImportRefusedError` when the import was taken already, is not ready, or would do
    something else than was shown.
    """
    subject = import_subject(register_import)
    detail = {"file": register_import.filename, "file_digest": register_import.digest}
    try:
        with act("import", by=by, subject=subject, detail=detail) as opened:
            taken = RegisterImport.objects.select_for_update().get(pk=register_import.pk)
            if taken.state != ImportState.UPLOADED:
                raise ImportRefusedError(_("Il file è già stato importato o scartato."))
            # annexes before their plan, as everybody: two who wait for each other never end
            list(Annex.objects.select_for_update().filter(plan=taken.plan_id).order_by("pk"))
            Plan.objects.select_for_update().get(pk=taken.plan_id)
            preview = _preview(taken, by)
            if not preview.is_ready:
                raise ImportRefusedError(_("Restano domande aperte o righe da correggere."))
            if preview.digest != digest:
                raise ImportRefusedError(
                    _("Il registro è cambiato dopo l’anteprima: guardala di nuovo.")
                )
            has_made = _make_lists(preview.writes, taken, opened)
            if has_made:
                preview = _preview(taken, by, read=preview)
            preview.recognised = None
            _write(preview, opened)
            opened.detail.update(_counts(preview))
            taken.report |= {"annexes": _touched(taken, preview), "has_made_lists": has_made}
            taken.state, taken.tables = ImportState.TAKEN, b""
            taken.act_uid, taken.taken_at = opened.uid, clock.now()
            # not the bytes of the file again
            taken.save(update_fields=_SAID)
            return preview
    except ValidationError as refused:
        raise ImportRefusedError(refused.messages[0]) from refused
    except IntegrityError as error:
        raise ImportRefusedError(
            _("Qualcun altro ha scritto le stesse righe nello stesso momento: riprova.")
        ) from error


@without_collecting()
def undo_import(*, register_import: RegisterImport, by: Any) -> None:
    """Take an import back as one act, while nothing newer touched its rows.

    Raises `registry.services.undo.NotUndoable`, and `ImportRefusedError` when it is not taken, or
    `by` may no longer change one of its annexes.
    """
    try:
        with act("import-undo", by=by, subject=import_subject(register_import)):
            rows = RegisterImport.objects.select_for_update().defer("content", "tables")
            taken = rows.get(pk=register_import.pk)
            if taken.state != ImportState.TAKEN:
                raise ImportRefusedError(_("Solo un’importazione eseguita si annulla."))
            if not may_undo(taken, by):
                raise ImportRefusedError(
                    _("Gli allegati toccati dall’importazione non si possono più modificare.")
                )
            undo(uid=taken.act_uid, at=taken.taken_at, by=by)
            taken.state = ImportState.UNDONE
            taken.save(update_fields=["state"])
    except ValidationError as refused:
        # an office does not take back what has become the RPCT's
        raise NotUndoable(refused.messages[0]) from refused


def may_undo(register_import: RegisterImport, by: Any) -> bool:
    """Return whether every annex an import has touched may still be changed by a person.

    Rows of lists, methods and annexes it has made are the RPCT's, to make and to take away.
    """
    if register_import.report.get("has_made_lists") and not is_rpct_of_plan(
        by, register_import.plan
    ):
        return False
    return all(by.has_perm("registry.change_annex", one) for one in annexes_of(register_import))


def annexes_of(register_import: RegisterImport) -> list[Annex]:
    """Return the annexes an import has touched, whatever their offices are called by now."""
    uids = register_import.report.get("annexes", [])
    rows = Annex.objects.with_names().filter(plan=register_import.plan_id, uid__in=uids)
    return list(rows.order_by("office__folded"))


def _touched(taken: RegisterImport, preview: Preview) -> list[str]:
    """Return the uids of the annexes whose rows are written, which outlast the offices’ names."""
    offices = {row.office for row in [*preview.added, *preview.changed]}
    rows = Annex.objects.filter(plan=taken.plan_id, office__name__in=offices).order_by("pk")
    return [str(uid) for uid in rows.values_list("uid", flat=True)]


def _preview(taken: RegisterImport, by: Any, *, read: Preview | None = None) -> Preview:
    workbook = read.recognised.workbook if read and read.recognised else None
    return preview_of(register_import=taken, by=by, workbook=workbook)


def _counts(preview: Preview) -> dict[str, int]:
    return {
        "rows": preview.rows,
        "added": len(preview.added),
        "changed": len(preview.changed),
        "unchanged": preview.unchanged,
    }


def _make_lists(writes: Any, taken: RegisterImport, opened: Act) -> bool:
    """Make what must be there first; whether all has to be compared again."""
    values: Values = writes.values
    answers = {kind: dict(said) for kind, said in taken.answers.items()}
    made: dict[tuple[QuestionKind, str], Any] = {}
    # functions before the macroprocesses that stand under them
    for (kind, text), new in sorted(values.new.items(), key=lambda one: one[0][0] != "function"):
        row = made[kind, text] = _make(new, values, made)
        answers[kind] = {**answers.get(kind, {}), text: {"is": row.code}}
    _remember(values, opened)
    for method, is_default in values.new_methods.items():
        use_method(plan=values.plan, method=method, is_default=is_default, by=opened.by)
    if writes.annexes:
        offices = [annex.office for annex in writes.annexes]
        open_annexes(plan=writes.annexes[0].plan, offices=offices, by=opened.by)
    taken.answers = answers
    return bool(values.new or values.new_methods or writes.annexes)


def _make(new: NewRow, values: Values, made: Mapping[tuple[QuestionKind, str], Any]) -> Any:
    model = _NEW_MODELS[new.kind]
    more: dict[str, Any] = {}
    label = new.text
    if model is Macroprocess and new.more:
        function = (QuestionKind.FUNCTION, new.more)
        more["function"] = made.get(function) or plain(values.known(*function))
        # it prints the function before its own label
        label = label.removeprefix(f"{new.more}:").strip() or label
    if model is Measure:
        more["character"] = new.more or MeasureCharacter.SPECIFIC
    if model is RiskArea:
        more["kind"] = AreaKind.SPECIFIC
    body = values.plan.administration
    taken = set(model.objects.offered_to(body).values_list("code", flat=True))
    code = free_code(new.text, taken=taken, otherwise="VOCE")
    return store(
        model(administration=body, code=code, label=label, source=_("Importazione"), **more)
    )


def _remember(values: Values, opened: Act) -> None:
    """Keep spellings as aliases, unless the body knows them already; the same for any number."""
    columns = {str(kind): column for kind, column in Alias.TARGETS.items()}
    _keep_aliases(Alias, columns, values, opened, lambda row: (row.kind, row.folded))
    # a level may be written alike in several methods; its column has the name of its kind
    columns = {kind: kind for kind in RiskAliasKind.values}
    _keep_aliases(RiskAlias, columns, values, opened, _place_of_risk_alias)


def _place_of_risk_alias(row: RiskAlias) -> tuple:
    return row.kind, row.folded, row.level_id, row.measure_id


def _keep_aliases(
    model: type[Alias] | type[RiskAlias],
    columns: Mapping[str, str],
    values: Values,
    opened: Act,
    place: Callable[[Any], tuple],
) -> None:
    body = values.plan.administration
    rows = []
    for (kind, text), row in values.learnt.items():
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


def _write(preview: Preview, opened: Act) -> None:
    writes = preview.writes
    for moved in writes.moved.values():
        put(moved, column="position", kind="import", by=opened.by)
    for model in content_models():
        # once in the database they need not stay in memory
        if rows := writes.created.pop(model, None):
            create_in_bulk(rows, kind="import", by=opened.by)
    links: dict[str, dict[Any, list[int]]] = {"categories": {}, "factors": {}}
    for behaviour, categories, factors in writes.lists:
        links["categories"][behaviour] = [row.pk for row in categories]
        links["factors"][behaviour] = [row.pk for row in factors]
    link_in_bulk(links, kind="import", by=opened.by)
    for model, rows in writes.changed.items():
        update_in_bulk(list(rows.values()), fields=sorted(writes.fields[model]), opened=opened)
    relink_in_bulk(writes.changed.get(RiskBehaviour, {}).values(), writes.words, opened=opened)

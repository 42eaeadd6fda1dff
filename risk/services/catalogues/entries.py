"""Acts on the entries of the lists an RPCT keeps.

What a closed annex uses changes no more (docs/decisions/0024): it is taken out of use, and another
one replaces it. The database says so again, whichever door it was.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from registry import clock
from registry.acts import RuleRefused, act
from registry.models import Administration, Alias, DirectoryRule, PlanDeadline
from registry.services.editing import save_fields
from registry.services.lookup import match
from registry.services.rows import store
from registry.trail.subjects import Subject
from risk.services.catalogues.lists import LISTS, CatalogueList

LIST_ENTRY = "list-entry"


def subject_of_list(listed: CatalogueList, body: Administration) -> Subject:
    """Return how the trail names a list of a body."""
    return Subject(f"list {listed.model._meta.label_lower}", body.pk)


def add_entry(
    *,
    listed: CatalogueList,
    body: Administration,
    row: Model,
    chosen: Mapping[str, Collection[Model]],
    by: Any,
) -> Any:
    """Add an entry to a list of a body, with the lists it has itself; return it. One act.

    Raises `ValidationError` for what the model refuses: a code used twice.
    """
    row.administration = body
    with act(LIST_ENTRY, by=by, subject=subject_of_list(listed, body)):
        made = store(row)
        for name, others in chosen.items():
            getattr(made, name).add(*others)
        return made


def add_alias(
    *, body: Administration, kind: str, text: str, target: str, note: str, by: Any
) -> Alias:
    """Say for which entry another spelling stands; return its row. One act.

    Raises `registry.services.lookup.NoMatch` where `target` is no entry, `ValidationError` for a
    spelling that stands for one already.
    """
    entry = match(kind, target, administration=body)
    with act(LIST_ENTRY, by=by, subject=subject_of_list(LISTS["modi-di-scriverlo"], body)):
        row = Alias(administration=body, kind=kind, text=text, note=note)
        setattr(row, Alias.TARGETS[kind], entry)
        return store(row)


def add_deadline(*, body: Administration, row: PlanDeadline, by: Any) -> PlanDeadline:
    """Add a day to the calendar of a plan of a body that is prepared; return it. One act.

    Raises `RuleRefused` once the plan is adopted, `ValidationError` for a day that is there.
    """
    if row.plan.is_adopted:
        raise RuleRefused(_("Il piano è adottato: le sue scadenze non cambiano più."))
    with act(LIST_ENTRY, by=by, subject=subject_of_list(LISTS["scadenze"], body)):
        return store(row)


def add_group(*, body: Administration, row: DirectoryRule, by: Any) -> DirectoryRule:
    """Say which role a group of the directory of a body gives; return its row. One act.

    Raises `ValidationError` for a role that wants an office, or none, and for a line that is there.
    """
    row.administration = body
    with act(LIST_ENTRY, by=by, subject=subject_of_list(LISTS["gruppi"], body)):
        return store(row)


def retire_entry(
    *, listed: CatalogueList, body: Administration, row: Any, reason: str, version: int, by: Any
) -> None:
    """Take an entry out of use, or without a reason back into use. One act.

    Raises `StaleRow` where somebody did so meanwhile.
    """
    day = clock.today() if reason.strip() else None
    values = {"retired_on": day, "retired_reason": reason.strip()}
    with act(LIST_ENTRY, by=by, subject=subject_of_list(listed, body)):
        save_fields(row=row, values=values, version=version, kind=LIST_ENTRY, by=by)


def remove_entry(*, listed: CatalogueList, body: Administration, row: Any, by: Any) -> None:
    """Remove an entry that nothing uses. One act.

    Raises `RuleRefused` for one that something uses: it is taken out of use instead.
    """
    with act(LIST_ENTRY, by=by, subject=subject_of_list(listed, body)):
        try:
            row.delete()
        except ProtectedError as error:
            sentence = _("«%(row)s» è in uso: si toglie dall’uso con il motivo, e resta dov’è.")
            raise RuleRefused(sentence % {"row": row}) from error

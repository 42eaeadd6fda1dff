"""Public bodies with all they need to write a plan."""

from typing import Any

from registry.acts import act
from registry.models import Administration
from registry.services import administrations as registry_administrations
from registry.services.bulk import create_in_bulk
from registry.services.rows import copy_of, store
from risk.enums import MeasureCharacter
from risk.models import Measure, TextBlock

KIND = registry_administrations.KIND


def create_administration(
    *, ipa_code: str, name: str, tax_code: str = "", adopting_organ: str = "", by: Any = None
) -> Administration:
    """Create an administration ready to write its first plan (docs/decisions/0024); return it.

    Consequences, beside those of `registry.services.administrations.create_administration`: the
    general measures in use among the national ones, with their typologies and suggestions, and
    the texts of the layouts become rows of the body. Methods, event categories, enabling factors
    and typologies stay national. One act in the history.

    Raises `ValidationError` when the IPA code is taken or wrongly written, or the name is empty.
    `by` is the acting person, None for a command.
    """
    with act(KIND, by=by, subject=f"administration {ipa_code}"):
        body = registry_administrations.create_administration(
            ipa_code=ipa_code, name=name, tax_code=tax_code, adopting_organ=adopting_organ, by=by
        )
        for measure in _national_general_measures():
            _copy_measure(measure, body)
        blocks = TextBlock.objects.filter(administration=None)
        create_in_bulk([copy_of(row, administration=body) for row in blocks], kind=KIND, by=by)
        return body


def _national_general_measures():
    return Measure.objects.filter(
        administration=None, retired_on=None, character=MeasureCharacter.GENERAL
    ).prefetch_related(*(field.name for field in Measure._meta.many_to_many))


def _copy_measure(measure: Measure, body: Administration) -> None:
    copy = store(copy_of(measure, administration=body))
    for field in Measure._meta.many_to_many:
        # an empty list would still cost a query, and most are empty
        if linked := list(getattr(measure, field.name).all()):
            getattr(copy, field.name).set(linked)

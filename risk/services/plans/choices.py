"""The choices a body keeps of what a document of its plan is made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.acts import act
from registry.models import Administration
from registry.normalise import fold
from registry.services.rows import store
from registry.trail.subjects import Subject
from risk.content.plan_parts import ANNEXES, PART_NAMES
from risk.models import DocumentChoice
from risk.services.printing.exports import NotFoundError, check_choice

CHOICE = "document-choice"
NO_PART = gettext_lazy("Un documento ha almeno una parte: scegline una.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a document is made of: its parts in their order, the columns it goes without.

    Without parts it has all that say something, and the annexes.
    """

    parts: tuple[str, ...] | None = None
    left_out: frozenset[str] = field(default_factory=frozenset)

    @property
    def has_annexes(self) -> bool:
        return self.parts is None or ANNEXES in self.parts


WHOLE = Chosen()


def chosen_of(choice: DocumentChoice) -> Chosen:
    """Return what a choice says."""
    return Chosen(tuple(words_of(choice.parts)), frozenset(words_of(choice.left_out)))


def words_of(text: str) -> list[str]:
    """Return the words of a list with commas, each once."""
    return list(dict.fromkeys(word for part in text.split(",") if (word := part.strip())))


def check_parts(names: Sequence[str]) -> None:
    """Raise `ValidationError` where there are none, or one is no part of a plan."""
    if not names:
        raise ValidationError({"parts": NO_PART})
    for name in names:
        if name not in PART_NAMES:
            told = {"name": name, "names": ", ".join(PART_NAMES)}
            sentence = _("Parte «%(name)s» sconosciuta. Ci sono: %(names)s.") % told
            raise ValidationError({"parts": sentence})


def chosen_called(body: Administration, text: str) -> Chosen:
    """Return the choice of a body with a name, else the parts `text` names, with commas between.

    Raises `risk.services.printing.exports.NotFoundError` for an empty text and an unknown part.
    """
    for choice in choices_of(body):
        if fold(choice.name) == fold(text):
            return chosen_of(choice)
    unknown = _("Parte «%(text)s» sconosciuta.")
    words = words_of(text)
    if not words:
        raise NotFoundError(str(NO_PART))
    return Chosen(tuple(check_choice(word, choices=PART_NAMES, unknown=unknown) for word in words))


def choices_of(body: Administration) -> QuerySet[DocumentChoice]:
    """Return the choices a body keeps, by their names."""
    return DocumentChoice.objects.filter(administration=body).order_by("name")


def subject_of_choices(body: Administration) -> Subject:
    """Return how the trail names the choices of a body."""
    return Subject("list risk.documentchoice", body.pk)


def add_choice(
    *,
    body: Administration,
    name: str,
    parts: Sequence[str],
    left_out: Sequence[str] = (),
    by: Any,
) -> DocumentChoice:
    """Keep a choice under a name; return its row. One act.

    Raises `ValidationError` without parts, for a part there is not, for a name there is already.
    """
    check_parts(parts)
    with act(CHOICE, by=by, subject=subject_of_choices(body)):
        row = DocumentChoice(
            administration=body,
            name=name.strip(),
            parts=",".join(parts),
            left_out=",".join(left_out),
        )
        return store(row)


def remove_choice(*, choice: DocumentChoice, by: Any) -> None:
    """Remove a choice. One act."""
    with act(CHOICE, by=by, subject=subject_of_choices(choice.administration)):
        choice.delete()

"""Acts on the offices of a body: added, closed with a reason, back in use, removed.

An office that is closed stays where it was: in the annexes it has, with the people it had.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from registry import clock
from registry.acts import RuleRefused, act
from registry.models import Administration, Office
from registry.normalise import fold
from registry.readable import grouped
from registry.services.editing import save_fields
from registry.services.rows import store
from registry.trail.subjects import Subject

OFFICE = "office"
MOST_AT_ONCE = 300
"""Offices added by one list."""
_PARTS = 3
"""Code, name, code of the office above."""


@dataclass(frozen=True)
class OfficeLine:
    """One office of a typed list, with the number of its line."""

    number: int
    code: str
    name: str
    above: str


def subject_of_offices(body: Administration) -> Subject:
    """Return how the trail names the offices of a body."""
    return Subject("list registry.office", body.pk)


def add_office(*, body: Administration, row: Office, by: Any) -> Office:
    """Add an office to a body; return it. One act.

    Raises `ValidationError` for a code or a name another one has.
    """
    row.administration = body
    with act(OFFICE, by=by, subject=subject_of_offices(body)):
        return store(row)


def read_lines(text: str) -> list[OfficeLine]:
    """Return the offices of a typed list; parts are apart by tabs, or else by semicolons.

    A first line with the heads of a spreadsheet is none. Raises `ValidationError` with a sentence
    for each line that cannot be one.
    """
    lines, wrong = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        parts = [" ".join(part.split()) for part in line.split("\t" if "\t" in line else ";")]
        code, name, above, *more = [*parts, "", ""][: max(len(parts), _PARTS)]
        if number == 1 and fold(code) == "codice":
            continue
        if any(more):
            wrong.append(_("Riga %(n)d: ha più di tre parti.") % {"n": number})
        elif not (code and name):
            wrong.append(_("Riga %(n)d: servono il codice e la denominazione.") % {"n": number})
        else:
            lines.append(OfficeLine(number, code, name, above))
    if len(lines) > MOST_AT_ONCE:
        wrong.append(
            _("Sono più di %(n)s: si aggiungono in più volte.") % {"n": grouped(MOST_AT_ONCE)}
        )
    if wrong:
        raise ValidationError(wrong)
    return lines


def add_offices(*, body: Administration, lines: Sequence[OfficeLine], by: Any) -> list[Office]:
    """Add the offices of a typed list, all or none; return them. One act.

    One may stand under another of the same list, before or after it. Raises `ValidationError`
    with a sentence for each line that is refused, by its number.
    """
    with act(OFFICE, by=by, subject=subject_of_offices(body)):
        made, wrong = _added_alone(body, lines)
        above = dict(body.offices.values_list("code", "pk"))
        for line in lines:
            if line.above and line.number in made:
                wrong += _put_under(line, made[line.number], above)
        if wrong:
            raise ValidationError(wrong)
    return list(made.values())


def _added_alone(
    body: Administration, lines: Sequence[OfficeLine]
) -> tuple[dict[int, Office], list[str]]:
    """Return the offices by their lines, under none yet, and what is wrong with the others."""
    # the database alone would refuse a name, and would not say of which line
    names = set(body.offices.in_use().values_list("folded", flat=True))
    made, wrong = {}, []
    for line in lines:
        if fold(line.name) in names:
            wrong.append(_said(line, _("Un altro ufficio ha già questa denominazione.")))
            continue
        names.add(fold(line.name))
        try:
            made[line.number] = store(Office(administration=body, code=line.code, name=line.name))
        except ValidationError as refused:
            wrong.append(_said(line, " ".join(refused.messages)))
    return made, wrong


def _put_under(line: OfficeLine, office: Office, above: Mapping[str, int]) -> list[str]:
    """Put an office under the one its line names; return what is wrong with that."""
    if line.above not in above:
        return [_said(line, _("«%s» non è il codice di un ufficio.") % line.above)]
    office.parent_id = above[line.above]
    try:
        store(office)
    except ValidationError as refused:
        return [_said(line, " ".join(refused.messages))]
    return []


def _said(line: OfficeLine, why: str) -> str:
    return _("Riga %(n)d, «%(name)s»: %(why)s") % {"n": line.number, "name": line.name, "why": why}


def close_office(*, office: Office, reason: str, version: int, by: Any) -> None:
    """Take an office out of use, with a reason. One act.

    Raises `StaleRow` where somebody did so meanwhile, `ValidationError` without a reason.
    """
    if not reason.strip():
        raise ValidationError(_("Scrivi il motivo."))
    _put(office, {"retired_on": clock.today(), "retired_reason": reason.strip()}, version, by)


def reopen_office(*, office: Office, version: int, by: Any) -> None:
    """Take an office back into use. One act; raises as `close_office`.

    Raises `ValidationError` too where another office has its name meanwhile.
    """
    _put(office, {"retired_on": None, "retired_reason": ""}, version, by)


def _put(office: Office, values: dict[str, Any], version: int, by: Any) -> None:
    with act(OFFICE, by=by, subject=subject_of_offices(office.administration)):
        save_fields(row=office, values=values, version=version, kind=OFFICE, by=by)


def remove_office(*, office: Office, by: Any) -> None:
    """Remove an office that nothing names, with its other spellings. One act.

    Raises `RuleRefused` for one that has annexes, people or offices under it: it is closed instead.
    """
    with act(OFFICE, by=by, subject=subject_of_offices(office.administration)):
        try:
            office.delete()
        except ProtectedError as error:
            sentence = _("«%(office)s» è in uso: si chiude con il motivo, e resta dov’è.")
            raise RuleRefused(sentence % {"office": office}) from error

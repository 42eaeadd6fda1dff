"""The lines by which offices change from one edition to the next, as they are typed and said.

    ufficio; cambio; ufficio nuovo; denominazione; processi; motivo

An office that is split has a line for each office its processes go to (docs/decisions/0077).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.models import Office
from registry.normalise import fold

RENAMED, MERGED, SPLIT = "rinominato", "unito", "diviso"
CLOSED, MOVED, SAME = "chiuso", "spostato", "uguale"
WORDS = (RENAMED, MERGED, SPLIT, CLOSED, MOVED, SAME)
BY_NUMBER = "n."
"""What stands before processes that are named by their number, and by no code."""
_PARTS = 6


@dataclass(frozen=True)
class ChangeLine:
    """One line of a list of changes, as typed, with its number."""

    number: int
    office: str
    change: str
    target: str = ""
    name: str = ""
    processes: str = ""
    reason: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """Its six parts, as they stand in a line."""
        return (self.office, self.change, self.target, self.name, self.processes, self.reason)


class OfficesRefusedError(ValidationError):
    """A list of changes cannot be; `by_line` says of which line, and why, in Italian."""

    def __init__(self, by_line: Sequence[tuple[ChangeLine, str]]) -> None:
        super().__init__({"offices": [_said(line, why) for line, why in by_line]})
        self.by_line = tuple(by_line)


def read_changes(text: str) -> list[ChangeLine]:
    """Return the lines of a list, parts apart by tabs or else by semicolons; heads are none.

    Raises `ValidationError` with a sentence for each line that cannot be one.
    """
    lines, wrong = [], []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        if not line.strip(" ;\t"):
            continue
        parts = [" ".join(part.split()) for part in line.split("\t" if "\t" in line else ";")]
        if number == 1 and fold(parts[0]) == "ufficio":
            continue
        if any(parts[_PARTS:]):
            wrong.append(_("Riga %(n)d: ha più di sei parti.") % {"n": number})
            continue
        office, change, *rest = [*parts, *[""] * _PARTS][:_PARTS]
        found = ChangeLine(number, office, fold(change), *rest)
        if found.change in WORDS:
            lines.append(found)
        else:
            sentence = _("il cambio è uno di questi: %(words)s.") % {"words": ", ".join(WORDS)}
            wrong.append(_said(found, sentence))
    if wrong:
        raise ValidationError({"offices": wrong})
    return lines


def written(lines: Iterable[ChangeLine]) -> str:
    """Return lines as `read_changes` reads them, parts apart by tabs."""
    return "\n".join("\t".join(line.parts) for line in lines)


def line_told(line: ChangeLine, office: Office, target: Office | None) -> str:
    """Return what a line does, as it goes on the trail: the names are those of before."""
    values = {
        "office": office.name,
        "target": target.name if target else "",
        "name": line.name,
        "processes": line.processes.replace(BY_NUMBER, "").strip(),
    }
    sentences = {
        RENAMED: _("«%(office)s» si chiama ora «%(name)s»"),
        MERGED: _("«%(office)s» è confluito in «%(target)s»"),
        SPLIT: _("«%(office)s» è diviso: vanno a «%(target)s» i processi %(processes)s"),
        CLOSED: _("«%(office)s» è chiuso"),
        MOVED: _("«%(office)s» dipende ora da «%(target)s»"),
        SAME: _("«%(office)s» resta com’è"),
    }
    sentence = sentences[line.change]
    if line.change == SPLIT and values["processes"].isdecimal():
        sentence = _("«%(office)s» è diviso: va a «%(target)s» il processo %(processes)s")
    if line.change == SPLIT and office == target:
        sentence = _("«%(office)s» è diviso: gli restano i processi %(processes)s")
        if values["processes"].isdecimal():
            sentence = _("«%(office)s» è diviso: gli resta il processo %(processes)s")
    if line.change == MOVED and target is None:
        sentence = _("«%(office)s» non dipende più da un altro ufficio")
    if line.change == MOVED and line.name:
        sentence += _(" e si chiama ora «%(name)s»")
    told = sentence % values
    return f"{told} ({line.reason})" if line.reason else told


def _said(line: ChangeLine, why: str) -> str:
    told = {"n": line.number, "office": line.office, "why": why}
    return _("Riga %(n)d, «%(office)s»: %(why)s") % told

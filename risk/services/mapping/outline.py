"""A list typed as one writes by hand: processes line by line, their phases below with a dash.

Acquisto di beni e servizi
- Rilevazione del fabbisogno
- Scelta del contraente
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.acts import act
from registry.models import Annex, Phase, Process
from registry.models.processes import TITLE_LENGTH
from registry.readable import grouped
from registry.services.bulk import create_in_bulk
from registry.services.ordering import lock_open_annex, next_value
from registry.validators import validate_printable

MOST_LINES = 2_000
"""Lines that are taken at a time, as of a pasted block."""
MOST_PROBLEMS = 20
"""Wrong lines that are told at a time."""
CHANGED_MEANWHILE = gettext_lazy(
    "Da quando la pagina è aperta la mappa ha altri processi: guarda se sono già questi, e premi "
    "di nuovo per aggiungerli."
)
# as people begin the lines of a list, by hand and in the programs they copy from
_MARK = re.compile(r"\s*(?:[-–—•·*▪◦]|\t)\s*")


class OutlineRefused(Exception):
    """A list is not taken; `problems` are Italian sentences, each with its line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


@dataclass
class OutlinedProcess:
    """One process of the list, with the titles of its phases."""

    title: str
    phases: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outlined:
    """What a list has become in the map."""

    processes: list[Process]
    phases: list[Phase]

    @property
    def told(self) -> str:
        """Say it in a sentence."""
        processes, phases = len(self.processes), len(self.phases)
        told = ngettext("Aggiunto un processo", "Aggiunti %(n)s processi", processes)
        with_phases = ngettext(", con una fase.", ", con %(n)s fasi.", phases) if phases else "."
        return told % {"n": grouped(processes)} + with_phases % {"n": grouped(phases)}


def read_outline(text: str) -> list[OutlinedProcess]:
    """Return the processes of a list, in its order; empty lines part nothing and are left out.

    A line that begins with a dash, a bullet or a tab is a phase of the process above. Raises
    `OutlineRefused` with every wrong line, for a list of nothing, and beyond `MOST_LINES`.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise OutlineRefused(
            [_("L’elenco è vuoto: scrivi almeno la denominazione di un processo.")]
        )
    if len(lines) > MOST_LINES:
        problem = _("Le righe sono %(lines)s: il massimo è %(limit)s alla volta.")
        raise OutlineRefused(
            [problem % {"lines": grouped(len(lines)), "limit": grouped(MOST_LINES)}]
        )
    found: list[OutlinedProcess] = []
    problems = []
    for number, line in lines:
        if problem := _taken(line, found):
            problems.append(
                _("Riga %(number)d: %(problem)s") % {"number": number, "problem": problem}
            )
    if problems:
        raise OutlineRefused(problems[:MOST_PROBLEMS])
    return found


def add_outline(*, annex: Annex, text: str, after: int, by: Any) -> Outlined:
    """Add a list at the end of the map, whole, in one act.

    `after` is the place of the next process as it was when the page was opened (`next_place`), so
    that what is sent twice is not added twice. Raises `OutlineRefused`; then nothing is written.
    """
    with transaction.atomic(), act("paste", by=by):
        lock_open_annex(annex)
        outlined = read_outline(text)
        if next_place(annex) != after:
            raise OutlineRefused([str(CHANGED_MEANWHILE)])
        processes = _processes(annex, outlined)
        phases = [
            Phase(process=process, position=position, title=title)
            for process, one in zip(processes, outlined, strict=True)
            for position, title in enumerate(one.phases, start=1)
        ]
        create_in_bulk(processes, kind="paste", by=by)
        return Outlined(processes, create_in_bulk(phases, kind="paste", by=by))


def _processes(annex: Annex, outlined: Sequence[OutlinedProcess]) -> list[Process]:
    number, place = next_value(annex.processes.all(), "number"), next_place(annex)
    return [
        Process(annex=annex, position=place + n, number=number + n, title=one.title)
        for n, one in enumerate(outlined)
    ]


def next_place(annex: Annex) -> int:
    """Return the place in the map that the next process gets."""
    return next_value(annex.processes.all())


def _taken(line: str, found: list[OutlinedProcess]) -> str:
    """Add a line to what was found; return what is wrong with it, "" for nothing."""
    mark = _MARK.match(line)
    title = " ".join((line[mark.end() :] if mark else line).split())
    if mark and not title:
        return _("dopo il trattino manca il nome della fase.")
    if len(title) > TITLE_LENGTH:
        problem = _("il testo ha %(length)s caratteri, il massimo è %(limit)s.")
        return problem % {"length": grouped(len(title)), "limit": grouped(TITLE_LENGTH)}
    try:
        validate_printable(title)
    except ValidationError as error:
        return " ".join(error.messages)
    if not mark:
        found.append(OutlinedProcess(title))
    elif found:
        found[-1].phases.append(title)
    else:
        return _("«%(title)s» è una fase senza un processo sopra.") % {"title": title[:80]}
    return ""

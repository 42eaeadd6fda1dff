"""The sheets of the screen, each drawn once for as long as nothing printed in it is written.

Reading, building and drawing a sheet costs a hundred times what it costs to see by the marks that
it is still true (docs/decisions/0047). What was drawn is in the memory of this process alone.
"""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.translation import get_language

from registry.models import Annex
from risk.content.build_sheets import sheet_of
from risk.content.reading import read_annex
from risk.content.values import DrawnSheet
from risk.services.annexes.marks import stamps_of
from risk.services.annexes.memory import Memory
from risk.services.printing.sizes import size_of_row

KEPT_CHARACTERS = 20_000_000
"""How much is remembered: some two thousand sheets of ordinary processes."""


_memory: Memory[DrawnSheet] = Memory(KEPT_CHARACTERS, lambda sheet: len(sheet.html))


def drawn_sheets(annex: Annex, named: Sequence[tuple[int, object]]) -> tuple[DrawnSheet, ...]:
    """Return the sheets of processes of an annex, given as key and number, in that order.

    Two queries where all are known; those that are not are read, built and drawn. `annex` is one
    of a plan that is not adopted.
    """
    # before the rows: what is written in between is drawn under a mark nobody will ask for again
    stamps = stamps_of(annex, [pk for pk, _number in named])
    language = get_language()
    keys = {pk: f"{pk} {n} {language} {stamps[pk]}" for pk, n in named if pk in stamps}
    known = _memory.known(keys.values())
    sheets = {pk: known[key] for pk, key in keys.items() if key in known}
    if missing := [pk for pk, _number in named if pk not in sheets]:
        drawn = _drawn(annex, missing)
        _memory.keep({keys[pk]: sheet for pk, sheet in drawn.items() if pk in keys})
        sheets |= drawn
    # what went to the archive in between is not there
    return tuple(sheets[pk] for pk, _number in named if pk in sheets)


def _drawn(annex: Annex, keys: list[int]) -> dict[int, DrawnSheet]:
    content = read_annex(annex, only=keys)
    drawn = {}
    for process in content.processes:
        sheet = sheet_of(process, content)
        html = render_to_string("risk/paper/_sheet.html", {"sheet": sheet})
        drawn[process.pk] = DrawnSheet(
            uid=sheet.uid,
            number=sheet.number,
            title=sheet.title,
            html=html,
            size=size_of_row(sheet),
            code=sheet.code,
        )
    return drawn

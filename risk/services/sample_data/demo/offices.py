"""How the offices of the demo changed as its own edition was opened: one renamed, one merged.

The edition before is made afterwards, so offices are called as they were until it is there; then
they change by the service that changes those of a real body.
"""

from registry.acts import act
from registry.models import Administration, Office, Plan
from registry.services.rows import store
from risk.services.plans.office_changes import change_offices, changes_of
from risk.services.plans.office_lines import line_told, read_changes

RENAMED, CALLED_BEFORE = "SI", "CENTRO ELABORAZIONE DATI"
MERGED, MERGED_NAME, INTO = "ARC", "ARCHIVIO DEI CONTRATTI", "GARE"
CHANGES = f"""\
{RENAMED};rinominato;;SERVIZI INFORMATIVI
{MERGED};unito;{INTO};;;Chi fa la gara segue anche il contratto
"""


def call_as_before(body: Administration) -> list[str]:
    """Give the offices of a body back their names, and the one that is gone; inside an open act.

    Returns what the next edition is going to change, as its record tells it.
    """
    offices = {row.code: row for row in Office.objects.filter(administration=body)}
    offices[RENAMED].name = CALLED_BEFORE
    store(offices[RENAMED])
    merged = Office(administration=body, code=MERGED, name=MERGED_NAME, parent=offices[INTO])
    offices[MERGED] = store(merged)
    return [
        line_told(line, offices[line.office], offices.get(line.target))
        for line in read_changes(CHANGES)
    ]


def change_as_now(past: Plan) -> None:
    """Let the offices change as the edition after `past` says they did. One act."""
    with act("demo", by=None):
        change_offices(body=past.administration, changes=changes_of(past, CHANGES))

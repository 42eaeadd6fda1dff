"""manage.py show_upgrade: what would an upgrade of the database do, and how long would it take?"""

import math
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.management.register_command import RegisterCommand
from registry.readable import grouped
from registry.services.installation import UpgradeRefusedError
from registry.services.upgrades import (
    MEGABYTES,
    Forecast,
    UpgradeStep,
    forecast,
    refuse_later_database,
)

KINDS = {
    "read": gettext_lazy("si leggono"),
    "written": gettext_lazy("si riscrivono"),
    "worked": gettext_lazy("si rielaborano"),
}


class Command(RegisterCommand):
    """Tells of the migrations that are to come; changes nothing."""

    help = "Dice che cosa farebbe «migrate» con i dati che ci sono, in quanto tempo e memoria."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write a line for each migration with rows to go through, then time and memory. Raises
        `CommandError` where the database is of a later version.
        """
        try:
            refuse_later_database()
        except UpgradeRefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(lines_of(forecast())))


def lines_of(found: Forecast) -> list[str]:
    """Return what is told of an upgrade, in Italian."""
    if not found.steps and found.is_untold:
        return [
            _(
                "Il database è aggiornato: «migrate» non ha righe da toccare, ma va eseguito lo "
                "stesso, perché le macchine sappiano della versione."
            )
        ]
    if not found.steps:
        return [_("Il database è aggiornato: «migrate» non ha niente da fare.")]
    count = len(found.steps)
    words = ngettext(
        "«migrate» applica %(n)s migrazione.", "«migrate» applica %(n)s migrazioni.", count
    )
    whole = _(
        "In tutto da %(least)s, se non c’è altro da fare sulla macchina, a %(most)s, se è lenta e "
        "ogni riga va cambiata, con circa %(mb)s MB di memoria. Intanto le pagine rispondono che "
        "il registro si sta aggiornando, e tengono ciò che si è scritto."
    )
    times = {"least": _time(found.seconds), "most": _time(found.most_seconds)}
    return [
        words % {"n": grouped(count)},
        *(_line(step) for step in found.steps if step.works),
        whole % {**times, "mb": grouped(MEGABYTES)},
    ]


def _line(step: UpgradeStep) -> str:
    works = [
        _("%(rows)s righe di %(table)s %(kind)s")
        % {"rows": grouped(work.rows), "table": work.table, "kind": KINDS[work.kind]}
        for work in step.works
    ]
    told = {"name": step.name, "works": "; ".join(works), "time": _time(step.most_seconds)}
    return _("- %(name)s: %(works)s (al più %(time)s)") % told


def _time(seconds: float) -> str:
    """Return a time in words, rounded up."""
    if seconds < 60:
        count = math.ceil(seconds)
        return ngettext("%(n)s secondo", "%(n)s secondi", count) % {"n": count}
    count = math.ceil(seconds / 60)
    return ngettext("%(n)s minuto", "%(n)s minuti", count) % {"n": grouped(count)}

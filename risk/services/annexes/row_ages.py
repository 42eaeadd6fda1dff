"""In which edition the rows of a process were written last, where it is another than its own.

Read is what is kept of contents (`risk.content.row_ages`), brought up to date by whoever asked how
a copy stands to the edition before.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from registry.models import Annex, Process
from risk.content.row_ages import UNKNOWN
from risk.models import ProcessContent

NOBODY_KNOWS = _l("di un’edizione che non si sa")
"""What is said of an edition nobody knows."""


@dataclass(frozen=True)
class AgedRow:
    """A row of a process: what it is called beside the others, and its edition.

    "" where that is the one of its process. `anchor` is where it stands on the sheet; `beside` is
    what is said there: its edition, "" where that is what most of them are of.
    """

    uid: str
    name: str
    anchor: str
    edition: str
    beside: str = ""

    @property
    def is_listed(self) -> bool:
        """Whether it has a line of its own among phases and behaviours, which says it beside it."""
        return self.anchor.endswith(self.uid)


def rows_by_age(process: Process, since: int | None, editions: Mapping[int, str]) -> list[AgedRow]:
    """Return the rows of a process in their order, with the edition of those of another age.

    `since` is the plan the process is of, `editions` are titles by the key of a plan. One query;
    none of a process nobody has looked at, or whose content is damaged.
    """
    kept = ProcessContent.objects.filter(process=process).values_list("ages", "data").first()
    if kept is None:
        return []
    ages, data = kept
    said = {uid: _title(plan, editions) for plan, uids in ages.items() for uid in uids}
    try:
        sheet = json.loads(data)["process"]
    except ValueError:
        return []
    rows = [AgedRow(uid, name, anchor, said.get(uid, "")) for uid, name, anchor in _rows(sheet)]
    counts = Counter(row.edition for row in rows if row.is_listed).most_common(1)
    usual = counts[0][0] if counts else ""
    own = _title(UNKNOWN if since is None else str(since), editions)
    return [
        row if row.edition == usual else replace(row, beside=row.edition or own) for row in rows
    ]


def other_editions(annex: Annex, *, only: int | None = None) -> dict[int, set[int | None]]:
    """Return by the key of a process the plans some of its rows are of, and it is not.

    None stands for one nobody knows; processes whose rows are all of one age are left out. With
    `only` of one process. One query.
    """
    rows = ProcessContent.objects.filter(process__annex=annex).exclude(ages={})
    if only is not None:
        rows = rows.filter(process=only)
    return {
        key: {int(plan) if plan else None for plan in ages}
        for key, ages in rows.values_list("process", "ages")
    }


def _title(plan: str, editions: Mapping[int, str]) -> str:
    told = editions.get(int(plan)) if plan != UNKNOWN else None
    return str(NOBODY_KNOWS) if told is None else told


def _rows(sheet: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    yield sheet["uid"], _("descrizione"), "descrizione"
    for phase in sheet["phases"]:
        yield phase["uid"], _("fase %(n)s") % {"n": phase["number"]}, f"fase-{phase['uid']}"
        for action in phase["actions"]:
            name = _("azione %(n)s") % {"n": action["number"]}
            yield action["uid"], name, f"azione-{action['uid']}"
    for one in sheet["assessments"]:
        yield one["uid"], one["moment"], "valutazione"
    for behaviour in sheet["behaviours"]:
        values = {"n": behaviour["number"].rstrip(".")}
        name = _("comportamento %(n)s") % values
        yield behaviour["uid"], name, f"comportamento-{behaviour['uid']}"
        for one in behaviour["assessments"]:
            told = {"moment": one["moment"], **values}
            name = _("%(moment)s del comportamento %(n)s") % told
            yield one["uid"], name, "valutazione"
    for measure in sheet["measures"]:
        name = _("misura «%(title)s»") % {"title": measure["title"]}
        yield measure["uid"], name, "trattamento"

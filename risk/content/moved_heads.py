"""Who answers for a copied process, where opening an edition has put the head of today there.

That is among the words of a process (`risk.content.own_words`), and nobody has read the process
when they move: the words before are read as if they had named that head. Whoever writes somebody
else there has read it.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from registry.models import Process
from risk.content.own_words import own_words
from risk.content.row_ages import EarlierWords
from risk.models import PlannedMeasure


def with_another_head(
    processes: Sequence[Process], before: Collection[int | None]
) -> Collection[int]:
    """Return the keys of copies for which another answers than before, as they were copied.

    `before` are the keys of ancestors that are known. One query, none without copies.
    """
    keys = [row.pk for row in processes if row.origin_id in before]
    if not keys:
        return ()
    born = Process.history.filter(id=OuterRef("pk"), history_type="+").order_by("history_id")
    rows = Process.objects.filter(pk__in=keys).exclude(responsible=F("origin__responsible"))
    rows = rows.annotate(as_copied=Subquery(born.values("responsible")[:1]))
    return set(rows.filter(responsible=F("as_copied")).values_list("pk", flat=True))


def read_with_head(
    before: EarlierWords,
    data: str,
    words: str,
    process: Process,
    measures: Iterable[PlannedMeasure],
) -> EarlierWords:
    """Return what is known of the words before as if they had named who answers now.

    `data` and `words` are those of the copy; where nothing else differs, they are the same.
    """
    as_before = own_words(_answered_as_in(before.data, data), process, measures)
    said = words if as_before == before.words else before.words
    return before._replace(words=said, data=_answered_as_in(data, before.data))


def _answered_as_in(other: str, data: str) -> str:
    """Return the canonical data of a process with who answers for it as other data of it say.

    As they are where either is damaged.
    """
    try:
        content = json.loads(data)
        (said,) = filter(_is_responsible, json.loads(other)["process"]["entries"])
        entries = content["process"]["entries"]
    except ValueError:
        return data
    content["process"]["entries"] = [said if _is_responsible(one) else one for one in entries]
    return json.dumps(content, ensure_ascii=False)


def _is_responsible(entry: dict[str, Any]) -> bool:
    return entry["label"] == _("Responsabilità del processo")

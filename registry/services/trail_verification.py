"""Reading the trail back: is every record, and every row it speaks of, as it was written?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from registry.enums import AnnexState
from registry.models import Annex
from registry.services.live_rows import live_row_findings
from registry.services.person_acts import name_findings
from registry.services.refused_sign_ins import address_findings
from registry.services.trail_chains import anchor_findings, chain_findings, seal_findings
from registry.services.trail_rows import row_findings, written_findings
from registry.trail.anchors import Anchor
from registry.triggers import missing_guards


@dataclass(frozen=True)
class TrailFinding:
    """One thing that is not as it was written; `number` is the record it concerns, if any."""

    number: int | None
    sentence: str


def verify_trail(*, at_least: Iterable[Anchor] = ()) -> list[TrailFinding]:
    """Read all chains and all histories; return what is changed, missing or inserted.

    So are all rows that are written once, as transitions, approvals and issues, and the states they
    have led to; rows that are not as their history says; closed annexes that are not what they
    were; guards that are missing. Empty when all is as it was written. Whoever may rewrite the
    database whole can rewrite the chain too, and a tail cut off leaves a chain that is whole:
    `at_least` are anchors that were kept elsewhere, which must be in it. Where the chain of one
    body ends is told by the seals in that of the installation, too.
    """
    return [
        *(TrailFinding(number, sentence) for number, sentence in chain_findings()),
        *(TrailFinding(number, sentence) for number, sentence in anchor_findings(at_least)),
        *(TrailFinding(number, sentence) for number, sentence in seal_findings()),
        *(TrailFinding(number, sentence) for number, sentence in row_findings()),
        *(TrailFinding(number, sentence) for number, sentence in written_findings()),
        *_state_findings(),
        *(TrailFinding(number, sentence) for number, sentence in name_findings()),
        *(TrailFinding(number, sentence) for number, sentence in address_findings()),
        *(TrailFinding(None, sentence) for sentence in live_row_findings()),
        *_findings_of_apps(),
        *_guard_findings(),
    ]


def _findings_of_apps() -> Iterator[TrailFinding]:
    """Ask the rooms above, each of which names its checks in the configuration of its app."""
    for config in apps.get_app_configs():
        for name in getattr(config, "trail_checks", ()):
            yield from (TrailFinding(None, sentence) for sentence in import_string(name)())


def _guard_findings() -> Iterator[TrailFinding]:
    for name in missing_guards():
        sentence = _("Manca una difesa della base di dati, o è cambiata: %(name)s.")
        yield TrailFinding(None, sentence % {"name": name})


def _state_findings() -> Iterator[TrailFinding]:
    """Find what stands elsewhere than its last transition has led to: annexes and plans."""
    for model in models_that_move():
        way = model._meta.get_field("transitions")
        moves = way.related_model.objects.filter(**{way.field.name: OuterRef("pk")})
        last = Subquery(moves.order_by("-id").values("to_state")[:1])
        begins = Value(model._meta.get_field("state").default)
        rows = model._base_manager.annotate(led=Coalesce(last, begins, output_field=CharField()))
        for row in rows.exclude(state=F("led")):
            yield TrailFinding(
                None,
                _("«%(row)s» è %(state)s, ma nessun passo lo ha portato lì.")
                % {"row": row, "state": _said(row)},
            )


def _said(row: Any) -> str:
    """Return the state of a row as a sentence says it after “è”."""
    return AnnexState(row.state).said if isinstance(row, Annex) else row.get_state_display()


def models_that_move() -> list[Any]:
    """Return the models whose rows go from state to state by transitions."""
    with_transitions = [model for model in apps.get_models() if hasattr(model, "transitions")]
    moving = [m for m in with_transitions if any(field.name == "state" for field in m._meta.fields)]
    return sorted(moving, key=lambda model: model._meta.label)

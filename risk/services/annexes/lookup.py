"""An annex by its address, among those somebody may see, with what the head of its pages names."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from registry.kept_statements import KeptStatement
from registry.models import Annex
from registry.permissions import reach_of


def visible_annex(user: Any, uid: UUID) -> Annex:
    """Return an annex of the person's with its names and what exempts it; else Http404."""
    reach = reach_of(user)
    for annex in _CALLED(uid, reach.own_offices, reach.whole_bodies):
        return annex
    raise Http404


def _called(uid: UUID, offices: Any, bodies: Any) -> QuerySet[Annex]:
    rows = Annex.objects.visible_within(offices, bodies).with_names()
    return rows.select_related("exemption").filter(uid=uid)


_CALLED = KeptStatement(_called)

"""A seal: a record of the installation’s chain that says where all other chains have come to.

So that the tail of one body is missed where nobody keeps anchors of it (docs/decisions/0053).
"""

from typing import Any

from django.apps import apps
from django.db.models import Max

from registry.trail.anchors import last_of
from registry.trail.chain import HOUSE, write

SEAL, HEADS = "seal", "heads"


def heads_of_chains() -> dict[str, list[Any]]:
    """Return number and digest of the last record of the chain of each body, by the chain.

    Each was there when it was read, if not all at once: nothing is held while this is done.
    """
    records = apps.get_model("registry", "TrailRecord").objects.exclude(chain=HOUSE)
    chains = records.order_by().values("chain").annotate(last=Max("number"))
    heads = {}
    for row in chains.order_by("chain"):
        digests = last_of(row["chain"]).filter(number=row["last"])
        heads[row["chain"]] = [row["last"], digests.values_list("digest", flat=True).get()]
    return heads


def seal() -> Any:
    """Write a seal and return it; None where no body has done anything since the last one."""
    heads = heads_of_chains()
    seals = last_of(HOUSE).filter(kind=SEAL)
    last = seals.values_list("detail", flat=True).first() or {}
    if heads == last.get(HEADS, {}):
        return None
    return write(kind=SEAL, by=None, detail={HEADS: heads})

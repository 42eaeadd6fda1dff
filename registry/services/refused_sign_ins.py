"""Where refused sign-ins came from: kept beside the trail for a term, then forgotten.

The record of the trail has a digest of address and salt, both of which stand here alone.
"""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from registry import trail
from registry.models import RefusedSignIn


def forget_addresses(*, before: datetime.datetime) -> int:
    """Forget where sign-ins refused before a moment came from; return how many there were."""
    forgotten, _by_model = RefusedSignIn.objects.filter(at__lt=before).delete()
    return forgotten


def address_findings() -> Iterator[tuple[int, str]]:
    """Yield (number of the record, sentence in Italian) for addresses that are not the recorded."""
    for row in RefusedSignIn.objects.select_related("record").order_by("record__number").iterator():
        if trail.place_digest(row.address, row.salt) != row.record.detail.get(trail.PLACE):
            sentence = _("L’indirizzo accanto alla registrazione n. %(n)d non è quello di allora.")
            yield row.record.number, sentence % {"n": row.record.number}

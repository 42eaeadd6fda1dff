"""How much room the files that prove something take of a body, and how much they may."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from registry.models import Administration
from registry.readable import grouped
from risk.models import Evidence
from risk.services.monitoring.evidence_files import CheckedFile

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class EvidenceRoom:
    """Bytes that the files of a body take, and that they may take."""

    used: int
    most: int

    @property
    def used_megabytes(self) -> str:
        """In whole megabytes, as it is read; what is begun counts."""
        return grouped(-(-self.used // MEGABYTE))

    @property
    def most_megabytes(self) -> str:
        return grouped(self.most // MEGABYTE)

    @property
    def is_nearly_full(self) -> bool:
        """Whether less than a tenth is left."""
        return self.used * 10 >= self.most * 9


def evidence_room(body: Administration) -> EvidenceRoom:
    """Return how much the files of a body take, each counted once; one statement."""
    rows = Evidence.objects.filter(item__round__plan__administration=body).exclude(file_digest="")
    once = rows.order_by().values("file_digest").annotate(size=Max("file_size"))
    used = once.aggregate(total=Sum("size"))["total"] or 0
    return EvidenceRoom(used, settings.BODY_EVIDENCE_MB * MEGABYTE)


def check_room(body: Administration, files: Iterable[CheckedFile]) -> None:
    """Raise `ValidationError`, on `files`, where they would take more than a body may.

    What the body has already takes no more room. Two who bring files at the same moment may go
    beyond by what one of them brings.
    """
    new = {one.digest: one.size for one in files}
    if not new:
        return
    kept = Evidence.objects.filter(
        item__round__plan__administration=body, file_digest__in=list(new)
    )
    for digest in kept.values_list("file_digest", flat=True):
        new.pop(digest, None)
    room = evidence_room(body)
    if new and room.used + sum(new.values()) > room.most:
        told = {"most": room.most_megabytes, "used": room.used_megabytes}
        sentence = _(
            "Non c’è più spazio per file di prova: l’amministrazione ne ha %(used)s MB, al più "
            "%(most)s. Niente è perso: scrivi dove si trova la prova, e chiedi spazio a chi "
            "gestisce l’installazione."
        )
        raise ValidationError({"files": sentence % told})

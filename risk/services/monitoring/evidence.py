"""What proves an answer: files and references, written while the answer may be."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.models import User
from registry.services.rows import store
from risk.models import Evidence, RoundItem
from risk.services.monitoring.answers import KIND, writing_answer
from risk.services.monitoring.evidence_files import BroughtFile, check_file, keep_file
from risk.services.monitoring.evidence_room import check_room
from risk.services.monitoring.rounds import record_rows

MOST_FILES = 5
"""Files of one act."""


def add_evidence(
    *,
    item: RoundItem,
    proves: str,
    has_personal_data: bool,
    by: User,
    reference: str = "",
    files: Sequence[BroughtFile] = (),
) -> list[Evidence]:
    """Write what proves an answer: each file, or the reference alone. One act, whole or not at all.

    Raises `RuleRefused` where nothing is written any more, `ValidationError` for a file that is
    not what it says, too large, there already, or beyond what its body may keep: then nothing is
    written.
    """
    checked = [check_file(one) for one in files]
    with writing_answer(item, by=by) as locked:
        check_room(locked.round.plan.administration, checked)
        known = set(Evidence.objects.filter(item=locked).values_list("file_digest", flat=True))
        rows = []
        for file in checked:
            if file.digest in known:
                sentence = _("«%(name)s» è già fra le prove di questa misura.")
                raise ValidationError({"files": sentence % {"name": file.name}})
            known.add(file.digest)
            keep_file(file)
            rows.append(
                Evidence(
                    file_digest=file.digest,
                    file_name=file.name,
                    file_kind=file.kind,
                    file_size=file.size,
                )
            )
        rows = rows or [Evidence()]
        for row in rows:
            row.item, row.by = locked, by
            row.reference, row.proves = reference.strip(), proves
            row.has_personal_data = has_personal_data
            store(row, sure={"item", "by"})
        record_rows(*rows, of=locked.round, kind=KIND, by=by)
        return rows

"""The protocol of an issue: number and day the body registered the issued document under."""

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from registry import trail
from registry.acts import RuleRefused, act
from registry.models import User
from registry.permissions import is_rpct_of_annex
from registry.trail.subjects import Subject
from risk.models import AnnexIssue


def set_protocol(
    *, issue: AnnexIssue, number: str, day: datetime.date | None, by: User
) -> AnnexIssue:
    """Write the protocol of an issue, or take it away with an empty number and no day.

    Nothing else of an issue ever changes. The trail keeps what stood before.

    Raises `ValidationError` for a person who is not RPCT of the body, a number without day or a
    day without number, a day to come or before the issue: then nothing has changed.
    """
    number = " ".join(number.split())
    subject = Subject(f"issue {issue.uid}", issue.plan.administration_id)
    with act("protocol", by=by, subject=subject):
        if not is_rpct_of_annex(by, issue.annex):
            raise RuleRefused(_("Il protocollo lo scrive il RPCT dell’amministrazione."))
        _check_day(issue, number, day)
        rows = AnnexIssue.objects.defer("data", "html", "pdf")
        stored = rows.select_for_update(of=("self",)).get(pk=issue.pk)
        before = _protocol_of(stored)
        stored.protocol_number, stored.protocol_date = number, day
        stored.clean_fields(exclude=_OTHERS)
        stored.save(update_fields=_PROTOCOL)
        # an issue has no history rows for an act to find: its record is written here
        detail = {**_protocol_of(stored), "before": before}
        trail.write(kind="protocol", by=by, subject=subject, detail=detail)
    return stored


_PROTOCOL = ("protocol_number", "protocol_date")
_OTHERS = {field.name for field in AnnexIssue._meta.fields} - set(_PROTOCOL)


def _protocol_of(issue: AnnexIssue) -> dict[str, str]:
    day = issue.protocol_date
    return {"number": issue.protocol_number, "date": day.isoformat() if day else ""}


def _check_day(issue: AnnexIssue, number: str, day: datetime.date | None) -> None:
    if number and day is None:
        raise ValidationError({"protocol_date": _("Scrivi anche la data del protocollo.")})
    if day is None:
        return
    if not number:
        raise ValidationError({"protocol_number": _("Scrivi anche il numero di protocollo.")})
    # the issue is a real moment, so its protocol lives in real days too
    if day > timezone.localdate():
        raise ValidationError({"protocol_date": _("Il protocollo non può avere una data futura.")})
    if day < timezone.localdate(issue.issued_at):
        raise ValidationError({"protocol_date": _("Il protocollo non può precedere l’emissione.")})

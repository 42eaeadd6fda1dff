"""The search in the trail."""

import datetime

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.enums import TrailOutcome
from registry.forms.days import DayField
from registry.models import TrailRecord
from registry.services.trail_page import people_called
from registry.trail import INVITATION
from registry.trail.words import kinds_by_word

ANY = [("", _("tutti"))]


class TrailFilter(forms.Form):
    """What the trail is narrowed by: what, by whom, how it ended, between which days."""

    cosa = forms.ChoiceField(label=_("che cosa"), required=False)
    chi = forms.CharField(label=_("chi"), required=False, max_length=200)
    esito = forms.ChoiceField(
        label=_("esito"), required=False, choices=[*ANY, *TrailOutcome.choices]
    )
    dal = DayField(label=_("dal"), required=False)
    al = DayField(label=_("al"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cosa"].choices = [*ANY, *kinds_by_word()]

    @property
    def narrows(self) -> bool:
        """Whether anything is asked for."""
        return any(self.data.get(name) for name in self.fields)

    def apply(self, records: QuerySet[TrailRecord]) -> QuerySet[TrailRecord]:
        """Return the records that answer to all that was asked; none where a day is wrong."""
        if not self.is_valid():
            return records.none()
        asked = self.cleaned_data
        if asked["cosa"]:
            records = records.filter(kind=asked["cosa"])
        if asked["esito"]:
            records = records.filter(outcome=asked["esito"])
        if asked["chi"].strip():
            records = records.filter(person__in=people_called(asked["chi"]))
            # whoever said no to a body is not to be found there by name
            said_no = Q(detail__has_key=INVITATION, detail__invitation__endswith=" refused")
            records = records.filter(~Q(detail__has_key=INVITATION) | ~said_no)
        if asked["dal"]:
            records = records.filter(at__gte=_midnight(asked["dal"]))
        if asked["al"]:
            records = records.filter(at__lt=_midnight(asked["al"] + datetime.timedelta(days=1)))
        return records


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))

"""The field of a day, in all forms where one is asked."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from registry.clock import today

EARLIEST, LATEST = datetime.date(1900, 1, 1), datetime.date(2999, 12, 31)
"""What a day may be: the day before and the day after one have to be days too."""
_OUTSIDE = _("Serve un giorno fra il 1900 e il 2999.")


_VALIDATORS = [
    MinValueValidator(EARLIEST, message=_OUTSIDE),
    MaxValueValidator(LATEST, message=_OUTSIDE),
]


class DayField(forms.DateField):
    """A day, by the calendar of the browser or typed as 31/01/2027."""

    def __init__(self, **kwargs) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            validators=_VALIDATORS,
            **kwargs,
        )


class ComingDayField(DayField):
    """A day by which something is asked for: today at the earliest."""

    def clean(self, value: Any) -> datetime.date | None:
        """Return the day. Raises `ValidationError` for one that has passed."""
        day: datetime.date | None = super().clean(value)
        if day is not None and day < today():
            raise ValidationError(_("Scegli un giorno che non sia già passato."))
        return day


class TypedDayField(forms.DateField):
    """A day of a row that saves itself, typed or pasted as 31/01/2027.

    The calendar of a browser would send each half of a day that is being typed, and takes no
    paste.
    """

    def __init__(self, **kwargs) -> None:
        attributes = {"inputmode": "numeric", "placeholder": "31/01/2027"}
        super().__init__(
            localize=True,
            widget=forms.DateInput(attrs=attributes),
            validators=_VALIDATORS,
            **kwargs,
        )

"""The form of the review of a year."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.forms.people import ActForm
from risk.models import YearlyReview


class ReviewForm(ActForm):
    """What a year comes to, and what is to change in the next edition."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    conclusions = YearlyReview._meta.get_field("conclusions").formfield(
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": 8000}),
        max_length=8000,
        help_text=_(
            "Se il sistema ha funzionato nell’anno: misure, monitoraggi, persone. Del piano "
            "pubblicato lo legge chiunque: niente nomi, e niente da cui si riconosca qualcuno."
        ),
    )
    changes = YearlyReview._meta.get_field("changes").formfield(
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 4000}), max_length=4000
    )

"""The form of the review of a year."""

from django import forms

from registry.forms.people import ActForm
from risk.models import YearlyReview


class ReviewForm(ActForm):
    """What a year comes to, and what is to change in the next edition."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    conclusions = YearlyReview._meta.get_field("conclusions").formfield(
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": 8000}), max_length=8000
    )
    changes = YearlyReview._meta.get_field("changes").formfield(
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 4000}), max_length=4000
    )

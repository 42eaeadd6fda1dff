"""What is looked for in a list."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """The search in a list."""

    q = forms.CharField(
        label=_("cerca"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    @property
    def words(self) -> str:
        """Return what is looked for."""
        return self.cleaned_data.get("q", "") if self.is_valid() else ""

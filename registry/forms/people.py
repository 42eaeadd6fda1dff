"""Forms about who belongs to an administration; the acts themselves are in `services.people`."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from registry.enums import MembershipRole
from registry.forms.days import DayField
from registry.forms.rows import show_refusal
from registry.forms.rows_called import OfficeField, PersonField
from registry.models import Administration, Membership, Office, User
from registry.normalise import fold
from registry.roles import OF_OFFICE
from registry.services.people import NAME_MISSING, is_of_body


class ActForm(forms.Form):
    """A form whose act may refuse: the reasons go beside the fields they are about."""

    def refuse(self, error: ValidationError | IntegrityError) -> None:
        """Show why the service refused."""
        show_refusal(self, error)

    def take_whole(self, *names: str) -> None:
        """Let browsers cut nothing of what is typed or pasted in some fields.

        What is too long comes in whole, is refused with a sentence and shown again.
        """
        for name in names:
            self.fields[name].widget.attrs.pop("maxlength", None)


class PeopleFilter(forms.Form):
    """The search in the people of an administration."""

    COLUMNS = (
        *("user__first_name", "user__last_name", "user__username", "user__email"),
        *("title", "office__folded"),
    )

    q = forms.CharField(
        label=_("cerca per nome, posta o ufficio"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def apply(self, rows: QuerySet[Membership]) -> QuerySet[Membership]:
        """Return the memberships that hold all the words, folded."""
        self.is_valid()
        words = fold(self.cleaned_data.get("q", "")).split()
        if not words:
            return rows
        # names have no folded column: a body’s people are few, and both engines find the same
        columns = rows.order_by().values_list("pk", *self.COLUMNS)
        texts = {pk: fold(" ".join(text or "" for text in row)) for pk, *row in columns}
        matching = [pk for pk, text in texts.items() if all(word in text for word in words)]
        return rows.filter(pk__in=matching)


class InviteForm(ActForm):
    """Who is invited, and to what."""

    email = forms.EmailField(
        label=_("Posta elettronica"),
        help_text=_(
            "Quella con cui la persona lavora. Se è già dell’amministrazione, basta questa."
        ),
    )
    first_name = forms.CharField(label=_("Nome"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Cognome"), max_length=150, required=False)
    title = forms.CharField(
        label=_("Titolo"),
        max_length=60,
        required=False,
        help_text=_("Come va stampato prima del nome, per esempio Dott.ssa."),
    )
    role = forms.ChoiceField(label=_("Ruolo"))
    office = OfficeField(
        label=_("Ufficio"),
        required=False,
        empty_label=_("Tutta l’amministrazione"),
        help_text=_(
            "Per referenti e responsabili; vale anche per gli uffici che ne dipendono. "
            "RPCT e organismo di valutazione non hanno ufficio."
        ),
    )
    starts_on = DayField(label=_("Dal"))

    def __init__(self, *args, administration: Administration, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            (value, capfirst(label)) for value, label in MembershipRole.choices
        ]
        offices = Office.objects.in_use().filter(administration=administration)
        self.fields["office"].offer(offices, body=administration)
        self.fields["starts_on"].initial = timezone.localdate()
        self.administration = administration

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("email") and not is_of_body(cleaned["email"], self.administration):
            # asked of whoever is not: what only some are asked would tell who is registered
            for name in ("first_name", "last_name"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, NAME_MISSING)
        of_office = cleaned.get("role") in OF_OFFICE
        if of_office and cleaned.get("office") is None and "office" not in self.errors:
            self.add_error("office", _("Referenti e responsabili hanno un ufficio."))
        if cleaned.get("role") and not of_office and cleaned.get("office") is not None:
            self.add_error("office", _("Questo ruolo vale per tutta l’amministrazione."))
        return cleaned


class EndForm(ActForm):
    """The last day of a membership."""

    on = DayField(label=_("Ultimo giorno"))

    def __init__(self, *args, membership: Membership, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = membership.ends_on or timezone.localdate()


def people_of(membership: Membership):
    """Return the people of the body who could take the place of the one who holds it."""
    return (
        User.objects.filter(memberships__administration=membership.administration, is_active=True)
        .exclude(pk=membership.user_id)
        .distinct()
    )


class HandOverForm(ActForm):
    """Who takes over, and the last day of who leaves."""

    to = PersonField(
        label=_("Chi subentra"),
        help_text=_("Una persona dell’amministrazione; se non c’è ancora, invitala prima."),
    )
    on = DayField(
        label=_("Ultimo giorno di chi lascia"), help_text=_("Chi subentra comincia il giorno dopo.")
    )

    def __init__(self, *args, membership: Membership, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].offer(people_of(membership), body=membership.administration)
        self.fields["on"].initial = membership.ends_on or timezone.localdate()


class DeputyForm(ActForm):
    """Who stands in for a head, and between which days."""

    deputy = PersonField(
        label=_("Chi sostituisce"),
        help_text=_("Una persona dell’amministrazione; se non c’è ancora, invitala prima."),
    )
    starts_on = DayField(label=_("Dal"))
    ends_on = DayField(
        label=_("Al"), help_text=_("Compreso. In quei giorni può ciò che può il responsabile.")
    )

    def __init__(self, *args, membership: Membership, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].offer(people_of(membership), body=membership.administration)
        self.fields["starts_on"].initial = timezone.localdate()

    def clean(self):
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("La fine non può precedere l’inizio."))
        return cleaned


class NoticesForm(forms.ModelForm):
    """Whether a person wants to be written to about what waits for them."""

    class Meta:
        model = User
        fields = ("wants_notices",)
        labels = {"wants_notices": _("Scrivimi quando qualcosa mi aspetta")}

"""By what the heads of the lists of the registry sort (`registry.services.sorting`)."""

from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, Value, When

from registry import clock
from registry.enums import JobState, MembershipRole
from registry.models import User
from registry.services.jobs import kind_labels
from registry.services.sorting import Heads, in_order_of, in_order_of_words, text_of
from registry.trail.words import kinds_by_word

PEOPLE: Heads = {
    "persona": ("user__last_name", "user__first_name"),
    "ruolo": (in_order_of("role", MembershipRole.values),),
    "ufficio": ("office__folded",),
    "dal": ("starts_on",),
    "al": ("ends_on",),
}
OFFICES: Heads = {
    "codice": (text_of("code"),),
    "ufficio": ("folded",),
    "sopra": ("parent__folded",),
    "chiuso": ("retired_on",),
}
HISTORY: Heads = {"quando": ("history_date",)}
"""Saves are told from a dozen histories, those of the page alone: only their moment is known."""


def people_heads() -> Heads:
    """Return the heads of people; of how their role stands, as of today."""
    today = clock.today()
    standing = Case(
        When(ends_on__lt=today, then=Value(4)),
        When(starts_on__gt=today, then=Value(3)),
        When(user__is_active=False, then=Value(2)),
        When(user__last_login__isnull=True, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return {**PEOPLE, "ora": (standing,)}


def job_heads() -> Heads:
    """Return the heads of jobs, whose kinds are known when the site has begun."""
    cancelled = When(Q(state=JobState.FAILED, result__cancelled=True), then=Value(99))
    states = [When(state=state, then=Value(n)) for n, state in enumerate(JobState.values)]
    return {
        "operazione": (in_order_of_words("kind", kind_labels()),),
        "per": (text_of("title"),),
        "chiesto": ("created_at",),
        "stato": (Case(cancelled, *states, output_field=IntegerField()),),
    }


def trail_heads() -> Heads:
    """Return the heads of the trail; who it was by the name, where that is still known."""
    people = User.objects.filter(trail_token=OuterRef("person"))
    names = [Subquery(people.values(name)[:1]) for name in ("last_name", "first_name")]
    return {
        "quando": ("at",),
        "chi": (*names, F("person")),
        "cosa": (in_order_of_words("kind", kinds_by_word()),),
        "oggetto": (text_of("subject"),),
    }

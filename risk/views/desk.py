"""The start page."""

from django.db.models import Prefetch
from django.shortcuts import render
from django.views.decorators.http import require_safe

from registry.models import Annex, Plan


@require_safe
def desk(request):
    """Show the plans the person belongs to, with the annexes they may read."""
    annexes = Annex.objects.visible_to(request.user).with_names().with_counts()
    plans = (
        Plan.objects.visible_to(request.user)
        .select_related("administration")
        .prefetch_related(Prefetch("annexes", queryset=annexes, to_attr="listed_annexes"))
    )
    return render(request, "risk/desk.html", {"plans": plans})

"""Writing processes and their phases as a list, to be added to the map at once."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from registry.guards import refusal_of
from risk.services.annexes.lookup import visible_annex
from risk.services.mapping.outline import OutlineRefused, add_outline, next_place
from risk.views.annexes.undo import say_done


@require_http_methods(["GET", "HEAD", "POST"])
def outline(request, uid):
    """Show the field for a list; add what was written, or say line by line what is wrong."""
    annex = visible_annex(request.user, uid)
    if not request.user.has_perm("registry.change_annex", annex):
        raise PermissionDenied
    text, problems = request.POST.get("elenco", ""), []
    if request.method == "POST":
        try:
            added = add_outline(
                annex=annex, text=text, after=_number(request.POST.get("dopo")), by=request.user
            )
            say_done(request, annex, added.told)
            return redirect("risk:mapping", annex.uid)
        except OutlineRefused as refused:
            problems = refused.problems
        except ValidationError as error:
            problems = error.messages
        except IntegrityError as error:
            problems = [refusal_of(error)]
    context = {"annex": annex, "text": text, "problems": problems, "after": next_place(annex)}
    return render(request, "risk/mapping/outline.html", context)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else 0

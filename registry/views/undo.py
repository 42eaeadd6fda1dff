"""Taking back what was just done to offices, lists and people: the button of its message."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from registry.guards import refusal_of
from registry.models import Administration, Office
from registry.readable import grouped
from registry.responses.own_address import own_address
from registry.services.kept_undo import undo_kept_act
from registry.services.last_act import OF_KEPT, act_just_done
from registry.services.undo import NotUndoable


def say_kept(request: HttpRequest, body: Administration, text: str) -> None:
    """Say what was done to what is kept of a body, with the button that takes it back.

    `templates/registry/_undo_this.html` makes it.
    """
    uid = act_just_done(OF_KEPT)
    way = f"{reverse('registry:undo', args=[body.ipa_code])} {uid}" if uid else ""
    messages.success(request, text, extra_tags=way)


@require_POST
def undo_kept(request: HttpRequest, ipa_code: str) -> HttpResponse:
    """Take back an act of the person on what is kept of a body; only its author may.

    Leads back to the page of this site it was asked from, or to the offices.
    """
    body = get_object_or_404(Administration.objects.kept_by(request.user), ipa_code=ipa_code)
    try:
        uid = UUID(request.POST.get("act", ""))
        count, told = undo_kept_act(body=body, uid=uid, by=request.user)
    except IntegrityError as refused:
        messages.error(request, refusal_of(refused))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    except NotUndoable as refused:
        messages.error(request, str(refused))
    except ValueError:
        messages.error(request, _("Questa operazione non si annulla da qui."))
    else:
        text = ngettext(
            "Operazione annullata: %(n)s riga è tornata com’era.",
            "Operazione annullata: %(n)s righe sono tornate com’erano.",
            count,
        )
        was = _("Era: %(what)s.") % {"what": told}
        messages.success(request, f"{text % {'n': grouped(count)}} {was}")
    return redirect(_way_back(request.POST.get("torna", ""), body))


def _way_back(told: str, body: Administration) -> str:
    """Return the page an undoing was asked from; the list where it was of an office now gone."""
    back = own_address(told)
    match = resolve(back.partition("?")[0]) if back else None
    key = match.kwargs.get("office") if match and match.view_name == "registry:office" else None
    if not back or (key is not None and not Office.objects.filter(pk=key).exists()):
        return reverse("registry:offices", args=[body.ipa_code])
    return back

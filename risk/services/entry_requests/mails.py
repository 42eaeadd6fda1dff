"""The mail that tells whoever asked for an entry what was decided."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from risk.models import ListEntryRequest
from risk.services.notices.post import post


def tell_outcome(request: ListEntryRequest) -> bool:
    """Write to whoever asked, and return whether a mail has left; who decided it needs none.

    The page of the requests says the same: a mail that does not leave changes nothing.
    """
    person = request.asked_by
    if not person.email or not person.is_active or person == request.decided_by:
        return False
    context = {
        "person": person,
        "request": request,
        "address": f"{settings.SITE_URL}{reverse('risk:entry_request', args=[request.uid])}",
    }
    heading = _("Voce richiesta: «%(text)s», %(state)s")
    heading %= {"text": request.text, "state": request.get_state_display()}
    text = render_to_string("risk/notices/entry_request.txt", context).strip() + "\n"
    message = EmailMessage(" ".join(heading.split()), text, to=[person.email])
    with post() as opened:
        return not opened.send(message, name=str(person.trail_token))

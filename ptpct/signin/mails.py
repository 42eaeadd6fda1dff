"""Mails of signing in. They leave by the queue: the page answers alike and as fast for anybody.

Whom an address belongs to is looked up by the worker; nothing that opens a door waits in the queue.
"""

import datetime
import logging
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django_tasks import task

from ptpct.signin.lookup import person_called
from registry import clock
from registry.fleeting import CacheAwayError
from registry.models import User
from registry.services.mails import send_mail_of
from registry.services.people import password_link
from registry.tracing import current_trace, under_request

logger = logging.getLogger(__name__)

LINKS_AN_HOUR = 5
"""Links mailed to one person: those sent before open as well, so asking keeps nobody out."""


def send(mail: Any, **arguments: Any) -> None:
    """Put a mail into the queue; without a worker the page that asks sends it."""
    backend = "default" if settings.TASK_ENGINE == "database" else "immediate"
    mail.using(backend=backend).enqueue(**arguments, request_id=current_trace().request_id)


@task()
@under_request
def send_reset_link(address: str) -> None:
    """Mail a link to a new password to whoever has the address; to nobody else."""
    person = User.objects.filter(email__iexact=address, is_active=True).first()
    if person is None or not _may_have_another(person):
        return
    context = {"username": person.username, "password_reset_url": password_link(person)}
    _mail("account/email/password_reset_key", person.email, context)


@task()
@under_request
def warn_of_attempts(login: str, place: str, moment: str) -> None:
    """Tell a person that somebody tried to come in with their name or address."""
    person = person_called(login)
    if person is not None and person.is_active and person.email:
        context = {"ip": place, "timestamp": datetime.datetime.fromisoformat(moment)}
        _mail("account/email/attempts", person.email, context)


@task()
@under_request
def tell_person(person: int, template: str, place: str, moment: str) -> None:
    """Tell a person what happened to their access: `template` is the mail without its endings."""
    told = User.objects.filter(pk=person).exclude(email="").first()
    if told is not None:
        context = {"ip": place, "timestamp": datetime.datetime.fromisoformat(moment)}
        _mail(template, told.email, context)


def _may_have_another(person: User) -> bool:
    key = f"ptpct.signin.links:{person.pk}:{clock.now():%Y%m%d%H}"
    try:
        cache.add(key, 0, 3_600)
        return cache.incr(key) <= LINKS_AN_HOUR
    except CacheAwayError:
        # the page that was asked has counted: what it has let through is not lost
        return True


def _mail(template: str, address: str, context: dict[str, Any]) -> None:
    try:
        send_mail_of(template, address, context)
    except OSError:
        logger.exception("mail %s not sent", template)

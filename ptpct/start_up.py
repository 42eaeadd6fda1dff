"""What is looked at in the database before the site answers anybody."""

import logging

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, Error, connection

from registry.models import User
from registry.services.installation import OtherHostError, refuse_differences
from risk.services.sample_data.demo.names import MAIL_DOMAIN, PUBLIC_PASSWORD

logger = logging.getLogger(__name__)


def refuse_the_public_password() -> None:
    """Raise `ImproperlyConfigured` where others reach the demo people by their public password.

    Nothing where only this machine arrives, nor before there are tables. One hash for each password
    the demo people have: it is one for all unless somebody changed theirs.
    """
    if not settings.NAMED_HOSTS:
        return
    people = User.objects.filter(email__endswith=MAIL_DOMAIN, is_active=True)
    try:
        hashes = set(people.order_by().values_list("password", flat=True))
    except DatabaseError:
        return
    finally:
        # what opens it now may be copied into many processes
        connection.close()
    if any(check_password(PUBLIC_PASSWORD, stored) for stored in hashes):
        raise ImproperlyConfigured(
            "PTPCT_ALLOWED_HOSTS: su un’installazione in rete le persone dimostrative hanno ancora "
            "la password pubblica. Caricare i dati dimostrativi con una PTPCT_DEMO_PASSWORD "
            "propria (load_demo --reset), o tornare alla sola macchina locale."
        )


def refuse_another_host() -> None:
    """Raise `ImproperlyConfigured` where this host is not like those of its installation.

    One that is before its database waits for it, and one that does not reach it asks as soon as it
    does (`ptpct.busy.UpgradingMiddleware`).
    """
    try:
        refuse_differences(may_wait=True)
    except OtherHostError as error:
        raise ImproperlyConfigured(str(error)) from error
    except Error as error:
        logger.error("whether this host is like the others is asked later: %s", error)

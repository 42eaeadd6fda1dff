"""How large a chosen file may be, said before it is sent."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _


def sized(most: int) -> dict[str, Any]:
    """Return attributes of a field of files of at most so many bytes each.

    The page says by its name which is larger, where the site could only say that it was too much:
    it reads nothing of a request above `UPLOAD_MAX_BYTES` (see `failures.js`).
    """
    return {
        "data-largest": most,
        "data-largest-said": _("«{name}» pesa {size} MB: al più se ne tengono {most}."),
        "data-together": settings.UPLOAD_MAX_BYTES,
        "data-together-said": _("Insieme pesano {size} MB: al più {most} alla volta."),
    }

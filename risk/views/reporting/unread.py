"""What is made for strangers and cannot be read or written now is told them, and why."""

import functools
import logging
from collections.abc import Callable

from django.http import HttpResponse

from registry.packing import DamagedContentError
from registry.services.stored_files import BusyError
from risk.content.canonical import UnknownFormatError

logger = logging.getLogger(__name__)
RETRY_SECONDS = 10


def telling_unread(view, *, not_now: Callable[..., HttpResponse], busy: str, unwritable: str):
    """Return a view that answers by `not_now(request, sentence)` where it cannot answer.

    `busy` is what is said while another process writes, `unwritable` where the disk refuses.
    """

    @functools.wraps(view)
    def answer(request, **parts):
        try:
            return view(request, **parts)
        except (UnknownFormatError, DamagedContentError) as unread:
            # issued by a newer version of the programme than the one that runs, or damaged
            return not_now(request, str(unread))
        except BusyError:
            response = not_now(request, busy)
            response.headers["Retry-After"] = str(RETRY_SECONDS)
            return response
        except OSError:
            logger.exception("public files cannot be stored or read")
            return not_now(request, unwritable)

    return answer

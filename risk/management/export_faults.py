"""What keeps a command from writing a file, told in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from registry.system_faults import told_of
from risk.services.printing.exports import NotFoundError

UNKNOWN_NAME = 2
"""Exit code when a plan, an office, a layout or a format is not known."""


@contextmanager
def faults_told(
    path: Path, *, unprintable: str, reasons: tuple[type[Exception], ...]
) -> Iterator[None]:
    """Raise a `CommandError` where the file is not written.

    `unprintable` is the sentence, with `%(reason)s`, for the errors `reasons`. A name that is not
    known ends with `UNKNOWN_NAME`.
    """
    try:
        yield
    except NotFoundError as error:
        raise CommandError(str(error), returncode=UNKNOWN_NAME) from error
    except reasons as error:
        raise CommandError(unprintable % {"reason": error}) from error
    except OSError as error:
        raise CommandError(
            _("Non si può scrivere «%(path)s»: %(reason)s.")
            % {"path": path, "reason": told_of(error)}
        ) from error

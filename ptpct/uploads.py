"""What one request may upload, whoever sends it, and that no file is left half on a full disk.

The page of verification is open to all.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import get_template
from django.urls import Resolver404, resolve
from django.utils.translation import gettext, gettext_lazy

from registry.readable import grouped

FILES_OF_ANY_PAGE = 5
TOO_LARGE = gettext_lazy("I file mandati sono troppo grandi: niente è stato letto.")


class FilesTooLargeError(RequestDataTooBig):
    """What a request declares, with its files, is more than its page takes."""


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that could not be read, whatever its page: why, and what to do."""
    reason = _reason(exception, _view_of(request))
    page = get_template("400.html").render({"reason": reason}, request)
    return HttpResponseBadRequest(page)


def _reason(exception: Exception, view: Any) -> str:
    if isinstance(exception, FilesTooLargeError):
        megabytes = _largest(view) // (1024 * 1024)
        most = gettext(" Al più se ne mandano %(most)s MB alla volta.") % {"most": megabytes}
        return f"{TOO_LARGE}{most if megabytes else ''}"
    if isinstance(exception, RequestDataTooBig):
        told = gettext(
            "Il testo mandato è troppo lungo: al più %(most)s MB alla volta. "
            "Accorcialo, o salvane una parte per volta."
        )
        return told % {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000}
    if isinstance(exception, TooManyFieldsSent):
        told = gettext("Il modulo ha più di %(most)s campi: salva meno righe per volta.")
        return told % {"most": grouped(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)}
    if isinstance(exception, TooManyFilesSent):
        told = gettext("I file sono troppi: al più %(most)s alla volta. Mandane meno.")
        return told % {"most": _most_files(view)}
    return gettext("La richiesta è arrivata a metà, o guasta. Riprova.")


def _most_files(view: Any) -> int:
    """Return how many files a request to a view may have."""
    return min(
        getattr(view, "most_files", FILES_OF_ANY_PAGE), settings.DATA_UPLOAD_MAX_NUMBER_FILES
    )


def _largest(view: Any) -> int:
    """Return how many bytes a request to a view may have."""
    most: int = settings.UPLOAD_MAX_BYTES
    return min(most, getattr(view, "largest_request", most))


def _view_of(request: HttpRequest | None) -> Any:
    """Return the view that is asked for, which may say what it takes; None where there is none."""
    if request is None:
        return None
    try:
        return resolve(request.path_info).func
    except Resolver404:
        return None


class LimitedUpload(FileUploadHandler):
    """Refuses a request over `UPLOAD_MAX_BYTES` before anything of it is read or written.

    A view that wants less says so itself, by `largest_request`; one that takes more files than the
    few of any page, by `most_files`.

    Django's own limits leave files out. Stands first in the list and passes everything on.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 (Django's name)
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> None:
        """Look at the length the request declares: the server reads no more than that."""
        view = _view_of(self.request)
        if content_length > _largest(view):
            raise FilesTooLargeError(TOO_LARGE)
        self.left = _most_files(view)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Count the files: a page that is open to all takes no hundreds of them."""
        super().new_file(*args, **kwargs)
        self.left -= 1
        if self.left < 0:
            raise TooManyFilesSent

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the bytes on to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


class WholeUpload(TemporaryFileUploadHandler):
    """Keeps a long file beside the database while it is read; gone at once where it has no room."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write the bytes. Raises `OSError`."""
        try:
            super().receive_data_chunk(raw_data, start)
            self.file.flush()
        except OSError:
            # who is refused for want of room must not keep what there was of it
            with suppress(OSError):
                self.file.close()
            raise


class WholeFileStorage(FileSystemStorage):
    """Files that are stored whole or not at all."""

    def _save(self, name: str, content: Any) -> str:
        # two who save at the same moment may have been given one name: what fails under a name of
        # nobody else can be taken away
        part = f"{Path(name).parent}/{uuid4().hex}.part"
        try:
            super()._save(part, content)
            name = self._taken(name)
            os.replace(self.path(part), self.path(name))
        except OSError:
            Path(self.path(part)).unlink(missing_ok=True)
            raise
        return name

    def _taken(self, name: str) -> str:
        """Return the name, or one like it that was free, of a file that is there and ours now."""
        while True:
            try:
                Path(self.path(name)).touch(exist_ok=False)
            except FileExistsError:
                name = self.get_available_name(name)
            else:
                return name

"""PDFs printed once for all the tests that read them, in whichever worker."""

import fcntl
from collections.abc import Callable
from functools import cached_property
from io import BytesIO

import pikepdf
import pytest
from django.conf import settings
from pypdf import PdfReader

from risk.paper.html import render_pdf
from tests.risk.paper import published, samples
from tests.risk.paper.reading import text_of


class Printed:
    """A printed document, read by two libraries."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._pdf: pikepdf.Pdf | None = None
        self.reader = PdfReader(BytesIO(data))

    @cached_property
    def pages(self) -> list[str]:
        """The words of each page, read when they are first asked for."""
        return [page.extract_text() for page in self.reader.pages]

    @cached_property
    def text(self) -> str:
        return text_of("\n".join(self.pages))

    def opened(self) -> pikepdf.Pdf:
        """Return the file opened by pikepdf, kept open as long as its objects may be read."""
        if self._pdf is None:
            self._pdf = pikepdf.open(BytesIO(self.data))
        return self._pdf


def printed_once(name: str, draw: Callable[[], bytes]) -> Printed:
    """Return what `draw` prints, or what another worker of this run has printed by that name."""
    file = settings.VAR_DIR / f"printed-{name}.pdf"
    with file.with_suffix(".turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not file.exists():
            unfinished = file.with_suffix(".part")
            unfinished.write_bytes(draw())
            unfinished.replace(file)
    return Printed(file.read_bytes())


@pytest.fixture(scope="session")
def catalogo() -> Printed:
    """The published office catalogue in its layout."""
    document = published.published_catalogue()
    return printed_once("catalogo", lambda: render_pdf(document, layout="catalogo"))


@pytest.fixture(scope="session")
def tabella() -> Printed:
    """The published process-risk table in its layout."""
    document = published.published_table()
    return printed_once("tabella", lambda: render_pdf(document, layout="tabella"))


@pytest.fixture(scope="session")
def schede() -> Printed:
    """Two worked sheets."""
    return printed_once("schede", lambda: render_pdf(samples.worked(2), layout="schede"))


@pytest.fixture(scope="session")
def completo() -> Printed:
    """All the layouts in one document."""
    return printed_once("completo", lambda: render_pdf(samples.worked(2), layout="completo"))


@pytest.fixture(scope="session")
def nasty() -> Printed:
    """The texts that try to break the paper, in every layout."""
    return printed_once("nasty", lambda: render_pdf(samples.nasty(), layout="completo"))

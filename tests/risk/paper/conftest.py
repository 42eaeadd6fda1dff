"""PDFs printed once for all the tests that read them."""

from io import BytesIO

import pikepdf
import pytest
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
        self.pages = [page.extract_text() for page in self.reader.pages]
        self.text = text_of("\n".join(self.pages))

    def opened(self) -> pikepdf.Pdf:
        """Return the file opened by pikepdf, kept open as long as its objects may be read."""
        if self._pdf is None:
            self._pdf = pikepdf.open(BytesIO(self.data))
        return self._pdf


@pytest.fixture(scope="session")
def catalogo() -> Printed:
    """The published office catalogue in its layout."""
    return Printed(render_pdf(published.published_catalogue(), layout="catalogo"))


@pytest.fixture(scope="session")
def tabella() -> Printed:
    """The published process-risk table in its layout."""
    return Printed(render_pdf(published.published_table(), layout="tabella"))


@pytest.fixture(scope="session")
def schede() -> Printed:
    """Two worked sheets."""
    return Printed(render_pdf(samples.worked(2), layout="schede"))


@pytest.fixture(scope="session")
def completo() -> Printed:
    """All the layouts in one document."""
    return Printed(render_pdf(samples.worked(2), layout="completo"))


@pytest.fixture(scope="session")
def nasty() -> Printed:
    """The texts that try to break the paper, in every layout."""
    return Printed(render_pdf(samples.nasty(), layout="completo"))

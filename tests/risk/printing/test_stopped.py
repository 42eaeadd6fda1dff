"""A drawing that takes too long is stopped, and says which annex it was and at which field."""

import signal
from dataclasses import replace

import pytest

from risk.content.values import Entry
from risk.paper.html import render_pdf
from risk.paper.pdf import PaperError
from risk.paper.whereabouts import place_of
from risk.services.printing.pieces import render_pdf_apart
from risk.services.printing.rendering import render_pdf_soon
from tests.risk.paper import samples
from tests.risk.paper.filled import PLAIN, repeated

MOST_LOOKS = 100
ENDLESS = repeated(PLAIN, 400_000)


@pytest.fixture
def endless():
    """An annex one field of which is much longer than any that can be saved."""
    document = samples.worked(1)
    sheet = replace(document.sheets[0], entries=(Entry("Vincoli del processo", (ENDLESS,)),))
    return replace(document, sheets=(sheet,))


def test_it_says_where_it_was_and_the_next_is_drawn(endless, settings):
    short = samples.worked(1)
    render_pdf_apart(short, layout="schede")
    settings.DRAWING_SECONDS = 2
    with pytest.raises(PaperError) as stopped:
        render_pdf_apart(endless, layout="schede")
    said = str(stopped.value)
    assert f"{endless.office}, {endless.plan}" in said
    assert "dopo 2 secondi" in said
    assert "Era arrivato a:" in said or "dopo 2 secondi." in said
    settings.DRAWING_SECONDS = 300
    assert render_pdf_apart(short, layout="schede").startswith(b"%PDF")


def test_the_field_in_hand_is_named(endless):
    """Half a second of the engine is taken by the styles; from then on it is in the long field."""
    field = f"{endless.sheets[0].title} › Vincoli del processo › «Verifica della"
    places = []

    def look(_signal, frame) -> None:
        frames = []
        while frame is not None:
            frames.append(frame)
            frame = frame.f_back
        places.append(place_of(frames))
        if len(places) == MOST_LOOKS or field in places[-1]:
            raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, look)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.2, 0.2)
    try:
        with pytest.raises(TimeoutError):
            render_pdf(endless, layout="schede")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    assert field in places[-1]


def test_a_page_waits_no_longer(endless, settings):
    settings.PAGE_SECONDS = 1
    assert render_pdf_soon(endless, layout="schede") is None

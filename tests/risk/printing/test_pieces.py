"""Pieces of a long annex are kept and drawn by others: nothing is trusted blindly, nothing half."""

import multiprocessing
import os
import signal
import threading
from dataclasses import replace

import pytest

from risk.enums import Layout
from risk.paper import html
from risk.paper.annex_pdf import render_annex
from risk.paper.pdf import PACKED_FONT, PaperError, static_file
from risk.services.printing import kept_drawings
from risk.services.printing.pieces import pdf_of_draft, render_pdf_apart
from risk.services.printing.rendering import DrawingStoppedError
from tests.risk.paper.pieces import long_annex

LAYOUT = Layout.SHEETS


@pytest.fixture
def store(settings, tmp_path):
    jobs = settings.STORAGES["jobs"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"jobs": jobs}
    return tmp_path


def edited():
    document = long_annex()
    last = replace(document.sheets[-1], presence_reason="Un’altra ragione.")
    return replace(document, sheets=(*document.sheets[:-1], last))


def times(store) -> dict[str, int]:
    return {one.name: one.stat().st_mtime_ns for one in store.iterdir()}


def test_what_has_not_changed_is_not_drawn_again(store):
    told = []
    first = pdf_of_draft(long_annex(), layout=LAYOUT)
    before = times(store)
    assert pdf_of_draft(long_annex(), layout=LAYOUT) == first
    assert times(store) == before
    second = pdf_of_draft(edited(), layout=LAYOUT, progress=lambda *one: told.append(one))
    assert second == render_annex(edited(), layout=LAYOUT) != first
    after = times(store)
    assert {name: after[name] for name in before} == before
    # the piece of the sheet, and the whole
    assert len(after) == len(before) + 2
    pieces = len(before) - 1
    assert [one[:2] for one in told] == [(pieces - 1, pieces + 1), (pieces, pieces + 1)]


def test_a_damaged_piece_is_drawn_again_and_an_empty_store_changes_nothing(store):
    first = pdf_of_draft(long_annex(), layout=LAYOUT)
    pieces = sorted(store.iterdir())
    for number, piece in enumerate(pieces):
        content = piece.read_bytes()
        spoilt = (content[:-1], b"", content[:-9] + b"x" * 9, content[40:])[number % 4]
        piece.write_bytes(spoilt)
    assert pdf_of_draft(long_annex(), layout=LAYOUT) == first
    for piece in store.iterdir():
        piece.unlink()
    assert pdf_of_draft(long_annex(), layout=LAYOUT) == first
    assert sorted(store.iterdir()) == pieces


def another_version(monkeypatch) -> None:
    monkeypatch.setattr(kept_drawings, "version", lambda name: f"{name} 99")


def another_font(monkeypatch) -> None:
    def other(name: str) -> bytes:
        content = static_file(name)
        return content + b"x" if name.endswith(PACKED_FONT) else content

    monkeypatch.setattr(html, "static_file", other)


def another_template(monkeypatch) -> None:
    monkeypatch.setattr(kept_drawings, "digest_of_sources", lambda **_named: b"another")


@pytest.mark.parametrize("changed", [another_version, another_font, another_template])
def test_what_draws_otherwise_draws_all_of_it_again(store, monkeypatch, changed):
    """Two versions, that before an upgrade and that after it, have one store."""
    pdf_of_draft(long_annex(), layout=LAYOUT)
    before = len(times(store))
    kept_drawings._drawer.cache_clear()
    changed(monkeypatch)
    try:
        pdf_of_draft(long_annex(), layout=LAYOUT)
    finally:
        kept_drawings._drawer.cache_clear()
    assert len(times(store)) == 2 * before


def test_processes_that_are_killed_leave_nothing_half(store):
    """Each is killed as soon as it begins; whoever asked is told, and asks again."""
    killing = threading.Event()
    killer = threading.Thread(target=kill_drawing, args=(killing,))
    killer.start()
    try:
        with pytest.raises(DrawingStoppedError) as stopped:
            pdf_of_draft(long_annex(), layout=LAYOUT)
    finally:
        killing.set()
        killer.join()
    assert long_annex().office in str(stopped.value)
    assert pdf_of_draft(long_annex(), layout=LAYOUT) == render_annex(long_annex(), layout=LAYOUT)


def kill_drawing(until: threading.Event) -> None:
    while not until.is_set():
        for child in multiprocessing.active_children():
            os.kill(child.pid, signal.SIGKILL)
        until.wait(0.2)


def test_who_gives_up_between_pieces_ends_the_drawing(store):
    def given_up(done: int, _total: int, _message: str) -> None:
        if done:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        render_pdf_apart(long_annex(), layout=LAYOUT, progress=given_up, is_kept=True)
    # what was drawn is kept, whole, and of the rest nothing is waited for
    assert len(times(store)) == 1
    assert pdf_of_draft(long_annex(), layout=LAYOUT) == render_annex(long_annex(), layout=LAYOUT)


def test_a_piece_that_cannot_be_printed_fails_the_whole(monkeypatch):
    monkeypatch.setattr(
        "risk.paper.fragment_drawing.PIECE_STYLESHEETS", ("risk/paper/missing.css",)
    )
    with pytest.raises(PaperError):
        render_annex(long_annex(), layout=LAYOUT)

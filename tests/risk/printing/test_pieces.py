"""Pieces of a long annex are kept and drawn by others: nothing is trusted blindly, nothing half."""

import multiprocessing
import os
import shutil
import signal
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as own
from django.test import override_settings

from risk.enums import Layout
from risk.paper import html
from risk.paper.annex_pdf import render_annex
from risk.paper.pdf import PACKED_FONT, PaperError, static_file
from risk.services.printing import kept_drawings
from risk.services.printing.pieces import pdf_of_draft, render_pdf_apart
from risk.services.printing.rendering import DrawingStoppedError
from tests.risk.paper.pieces import long_annex

LAYOUT = Layout.SHEETS


def storages_in(folder: Path) -> dict:
    """Return the stores of which that of the jobs is a folder."""
    return own.STORAGES | {"jobs": own.STORAGES["jobs"] | {"OPTIONS": {"location": folder}}}


@pytest.fixture
def store(settings, tmp_path):
    settings.STORAGES = storages_in(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> tuple[Path, bytes]:
    """What is kept once the annex was drawn, and its paper."""
    folder = tmp_path_factory.mktemp("drawn")
    with override_settings(STORAGES=storages_in(folder)):
        return folder, pdf_of_draft(long_annex(), layout=LAYOUT)


@pytest.fixture
def paper(drawn) -> bytes:
    """The paper of the annex, drawn undisturbed."""
    return drawn[1]


@pytest.fixture
def filled(store, drawn) -> Path:
    """A store of the test's own, in which the annex was drawn."""
    return shutil.copytree(drawn[0], store, dirs_exist_ok=True)


def edited():
    document = long_annex()
    last = replace(document.sheets[-1], presence_reason="Un’altra ragione.")
    return replace(document, sheets=(*document.sheets[:-1], last))


def times(store) -> dict[str, int]:
    return {one.name: one.stat().st_mtime_ns for one in store.iterdir()}


def test_what_has_not_changed_is_not_drawn_again(filled, paper):
    told = []
    before = times(filled)
    assert pdf_of_draft(long_annex(), layout=LAYOUT) == paper
    assert times(filled) == before
    second = pdf_of_draft(edited(), layout=LAYOUT, progress=lambda *one: told.append(one))
    assert second == render_annex(edited(), layout=LAYOUT) != paper
    after = times(filled)
    assert {name: after[name] for name in before} == before
    # the piece of the sheet, and the whole
    assert len(after) == len(before) + 2
    pieces = len(before) - 1
    assert [one[:2] for one in told] == [(pieces - 1, pieces + 1), (pieces, pieces + 1)]


def test_a_damaged_piece_is_drawn_again_and_an_empty_store_changes_nothing(filled, paper):
    pieces = sorted(filled.iterdir())
    for number, piece in enumerate(pieces):
        content = piece.read_bytes()
        spoilt = (content[:-1], b"", content[:-9] + b"x" * 9, content[40:])[number % 4]
        piece.write_bytes(spoilt)
    assert pdf_of_draft(long_annex(), layout=LAYOUT) == paper
    for piece in filled.iterdir():
        piece.unlink()
    assert pdf_of_draft(long_annex(), layout=LAYOUT) == paper
    assert sorted(filled.iterdir()) == pieces


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
def test_what_draws_otherwise_draws_all_of_it_again(filled, monkeypatch, changed):
    """Two versions, that before an upgrade and that after it, have one store."""
    before = len(times(filled))
    kept_drawings._drawer.cache_clear()
    changed(monkeypatch)
    try:
        pdf_of_draft(long_annex(), layout=LAYOUT)
    finally:
        kept_drawings._drawer.cache_clear()
    assert len(times(filled)) == 2 * before


def test_processes_that_are_killed_leave_nothing_half(store, paper):
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
    assert pdf_of_draft(long_annex(), layout=LAYOUT) == paper


def kill_drawing(until: threading.Event) -> None:
    while not until.is_set():
        for child in multiprocessing.active_children():
            os.kill(child.pid, signal.SIGKILL)
        until.wait(0.2)


def test_who_gives_up_between_pieces_ends_the_drawing(store, paper):
    def given_up(done: int, _total: int, _message: str) -> None:
        if done:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        render_pdf_apart(long_annex(), layout=LAYOUT, progress=given_up, is_kept=True)
    # what was drawn is kept, whole, and of the rest nothing is waited for
    assert len(times(store)) == 1
    assert pdf_of_draft(long_annex(), layout=LAYOUT) == paper


def test_a_piece_that_cannot_be_printed_fails_the_whole(monkeypatch):
    monkeypatch.setattr(
        "risk.paper.fragment_drawing.PIECE_STYLESHEETS", ("risk/paper/missing.css",)
    )
    with pytest.raises(PaperError):
        render_annex(long_annex(), layout=LAYOUT)

"""Nothing but the application's own static files is opened."""

import pytest

from risk.paper.pdf import PaperError, static_file, write_pdf

PAGE = '<!DOCTYPE html><html lang="it"><head><title>Prova</title>{head}</head><body>{body}</body>'


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x.png",
        "https://example.org/x.png",
        "ftp://example.org/x.png",
        "data:image/png;base64,AAAA",
        "static:../../../../etc/passwd",
        "static:/etc/passwd",
        "static:risk/paper/missing.css",
        "STATIC:risk/paper/paper.css",
    ],
)
def test_any_other_address_stops_the_document(address):
    page = PAGE.format(head="", body=f'<img alt="x" src="{address}">')
    with pytest.raises(PaperError, match="non è dell’applicazione"):
        write_pdf(page)


def test_a_style_sheet_of_our_own_is_read():
    head = '<link rel="stylesheet" href="static:risk/paper/paper.css">'
    assert write_pdf(PAGE.format(head=head, body="<p>testo</p>")).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["../manage.py", "/etc/passwd", "risk/paper", "missing.css", ""])
def test_a_name_that_is_not_a_static_file_is_refused(name):
    with pytest.raises(PaperError):
        static_file(name)

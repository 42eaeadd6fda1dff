"""The first annex of an invented body as the page its paper is laid out from, in either version.

``bench_paper_page.py before|now PROFILE FILE`` makes the body in an empty database and writes the
page, with styles and fonts inside, so that a browser prints what the engine lays out; run in the
folder of the version, with its libraries. Beside it, of this version, what is drawn (`document`),
and the page that people export (`EXPORTED`), which says in full what paper says once.
"""

import os
import pickle
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

WHOLE = "completo"
EXPORTED = "pagina.html"


def main() -> int:
    """Make the body and write its first annex."""
    version, profile, file = sys.argv[1:]
    # the code of the version, then the modules beside this file
    sys.path.insert(0, os.getcwd())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")
    import django  # noqa: PLC0415

    django.setup()
    from bench_before_names import names  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    plan = names(version).body(profile, "sintetico")
    write(document_of_first(plan, version), Path(file), is_kept=version == "now")
    return 0


def document_of_first(plan: Any, version: str) -> Any:
    """Return what is printed of the first annex of a plan, as a version reads it."""
    if version == "before":
        from risk.paper.build import build_document  # noqa: PLC0415
    else:
        from risk.services.annexes.documents import (  # noqa: PLC0415
            document_of as build_document,
        )
    return build_document(plan.annexes.select_related("office", "plan").order_by("pk")[0])


def write(document: Any, file: Path, *, is_kept: bool = True) -> None:
    """Write what is printed as a page; where it `is_kept` beside it as data and as exported."""
    from risk.paper.html import render_html  # noqa: PLC0415

    file.write_text(paper_page(document), encoding="utf-8")
    if is_kept:
        (file.parent / "document").write_bytes(pickle.dumps(document))
        exported = render_html(document, layout=WHOLE)
        (file.parent / EXPORTED).write_text(exported, encoding="utf-8")


def paper_page(document: Any) -> str:
    """Return the page that is laid out for paper, with what it needs inside."""
    from risk.enums import Layout  # noqa: PLC0415
    from risk.paper import html  # noqa: PLC0415

    style = html.style_of(html.PAPER_STYLESHEETS, embed=True)
    with patch.object(html, "style_of", lambda *_names, **_how: style):
        # The version measured against had it under a name of its own.
        drawn = getattr(html, "paper_html", None) or html._paper
        return drawn(document, layout=Layout(WHOLE))


if __name__ == "__main__":
    sys.exit(main())

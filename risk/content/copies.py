"""A document as another copy of it says it: one that is no issue, one that names nobody."""

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from risk.content.values import DASH, AnnexDocument, Entry, OfficeHead, ProcessSheet, Texts


def of_no_issue(document: AnnexDocument) -> AnnexDocument:
    """Return a document as a draft: without what an issue prints of itself (docs/decisions/0030).

    Its pages are not those of the issue it may be made from, and nobody finds them by its digest.
    """
    none = {"number": "", "issued_at": "", "digest": "", "anchor": "", "verify_at": ""}
    return replace(document, is_draft=True, **none)


def nameless(document: AnnexDocument) -> AnnexDocument:
    """Return a document without the name of the head of its office, as a draft for everybody.

    It goes from where it is printed by itself: the cover, texts of the layouts with a field for it,
    who answers for a process. Names typed into other texts stay (docs/decisions/0084).
    """
    draft = replace(of_no_issue(document), head=OfficeHead())
    name = _printings(document.head)
    if name is None:
        return draft
    return replace(
        draft,
        texts={layout: _without(texts, name) for layout, texts in document.texts.items()},
        sheets=tuple(_unanswered(sheet, name) for sheet in document.sheets),
    )


def _printings(head: OfficeHead) -> re.Pattern[str] | None:
    """Return what finds the name of a head in whichever order it is printed; None for no name."""
    title, surname, name = head.title, head.surname, head.name
    if not (surname or name):
        return None
    orders = [(title, surname, name), (title, name, surname), (surname, name), (name, surname)]
    if title:
        orders.append((title, surname or name))
    told = {" ".join(filter(None, order)) for order in orders}
    # the longest first, or a part of it would be all that goes
    words = (r"\s+".join(map(re.escape, one.split())) for one in sorted(told, key=len)[::-1])
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


def _without(texts: Texts, name: re.Pattern[str]) -> Texts:
    return Texts(
        title=name.sub(DASH, texts.title),
        introduction=name.sub(DASH, texts.introduction),
        closing=name.sub(DASH, texts.closing),
        note=name.sub(DASH, texts.note),
    )


def _unanswered(sheet: ProcessSheet, name: re.Pattern[str]) -> ProcessSheet:
    answers = _("Responsabilità del processo")
    return replace(
        sheet,
        entries=tuple(
            Entry(one.label, tuple(name.sub(DASH, line) for line in one.lines))
            if one.label == answers
            else one
            for one in sheet.entries
        ),
    )

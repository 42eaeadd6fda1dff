"""The annex as a file: found by the names people give it, rendered, written whole or not at all."""

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from registry.models import Administration, Annex, Office, Plan
from registry.normalise import fold
from risk.content.values import AnnexDocument
from risk.enums import Layout
from risk.paper.annex_blocks import annex_book
from risk.paper.annex_pdf import render_annex
from risk.paper.blocks import TEXT_FORMATS
from risk.paper.html import render_html
from risk.services.printing.rendering import text_of

PAPER_FORMATS = ("html", "pdf")
FORMATS = (*PAPER_FORMATS, *TEXT_FORMATS)
_MOST_NEAR = 5


class NotFoundError(LookupError):
    """No row, or no single row, answers to a text; the Italian message says what comes near."""


def export_annex(*, document: AnnexDocument, layout: str, format: str) -> bytes:
    """Return an annex in one layout as a standalone HTML page, as a PDF, as a text to go on with.

    Raises `risk.content.texts.UnresolvedField` for a text block that asks for what is not there,
    `risk.paper.pdf.PaperError` when the PDF cannot be made, `ValueError` for an unknown layout or
    format.
    """
    if format not in FORMATS:
        raise ValueError(format)
    if format in TEXT_FORMATS:
        return text_of(annex_book(document, Layout(layout)), format)
    if format == "html":
        return render_html(document, layout=layout).encode()
    return render_annex(document, layout=layout)


def write_whole(*, path: Path, data: bytes) -> None:
    """Write a file under another name and rename it: a reader sees the old one or the new one.

    Raises `OSError` when the folder does not exist or cannot be written.
    """
    with whole_file(path) as file:
        file.write(data)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write, which has its name only once all of it is written; as `write_whole`."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def find_annex(*, plan: str, office: str, administration: str = "") -> Annex:
    """Return the annex of an office, named by name, code or alias, in the plan with this title.

    Upper case and accents do not matter. `administration` is an IPA code and may be empty when
    there is one only. Raises `NotFoundError`.
    """
    body = _find_administration(administration)
    edition = _find_plan(plan, body)
    office_row = _find_office(office, body)
    annex = Annex.objects.with_names().filter(plan=edition, office=office_row).first()
    if annex is None:
        message = _("L’ufficio «%(office)s» non ha un allegato nel piano «%(plan)s».")
        raise NotFoundError(message % {"office": office_row, "plan": edition})
    return annex


def find_plan(*, title: str, administration: str = "") -> Plan:
    """Return the plan with a title, as `find_annex` finds that of an annex.

    Raises `NotFoundError`.
    """
    return _find_plan(title, _find_administration(administration))


def check_choice(text: str, *, choices: Iterable[str], unknown: str) -> str:
    """Return the one of `choices` that `text` folds to; `unknown` is the message with `%(text)s`.

    Raises `NotFoundError`.
    """
    by_folded = {fold(choice): choice for choice in choices}
    try:
        return by_folded[fold(text)]
    except KeyError:
        raise _not_found(unknown, text, by_folded) from None


def check_layout(text: str) -> str:
    """Return a layout by its name; raises `NotFoundError`."""
    return check_choice(text, choices=Layout.values, unknown=_("Modello «%(text)s» sconosciuto."))


def check_format(text: str, choices: Iterable[str] = FORMATS) -> str:
    """Return a file format by its name; raises `NotFoundError`."""
    return check_choice(text, choices=choices, unknown=_("Formato «%(text)s» sconosciuto."))


def _find_administration(ipa_code: str) -> Administration:
    bodies = list(Administration.objects.all())
    if not bodies:
        raise NotFoundError(_("Non c’è ancora alcuna amministrazione."))
    if not ipa_code and len(bodies) == 1:
        return bodies[0]
    names = {fold(body.ipa_code): f"{body.ipa_code} ({body.name})" for body in bodies}
    for body in bodies:
        if ipa_code and fold(body.ipa_code) == fold(ipa_code):
            return body
    if ipa_code:
        raise _not_found(_("Nessuna amministrazione ha il codice IPA «%(text)s»."), ipa_code, names)
    raise NotFoundError(
        _("Ci sono più amministrazioni: indicarne una con --administration. %(names)s")
        % {"names": _listed(names.values())}
    )


def _find_plan(text: str, body: Administration) -> Plan:
    plans = {plan.folded: plan for plan in Plan.objects.filter(administration=body)}
    if fold(text) in plans:
        return plans[fold(text)]
    names = {folded: plan.title for folded, plan in plans.items()}
    raise _not_found(_("Nessun piano si intitola «%(text)s»."), text, names)


def _find_office(text: str, body: Administration) -> Office:
    offices = Office.objects.filter(administration=body)
    answering = list(offices.answering_to(text)[:_MOST_NEAR])
    if len(answering) == 1:
        return answering[0]
    if answering:
        raise NotFoundError(
            _("A «%(text)s» rispondono più uffici: usare il codice. %(names)s")
            % {"text": text, "names": _listed(map(_office_name, answering))}
        )
    names = {}
    for office in offices.prefetch_related("aliases"):
        spellings = [office.name, office.code, *(alias.text for alias in office.aliases.all())]
        names |= {fold(spelling): _office_name(office) for spelling in spellings}
    raise _not_found(_("Nessun ufficio risponde a «%(text)s»."), text, names)


def _office_name(office: Office) -> str:
    return f"{office.name} ({office.code})"


def _not_found(message: str, text: str, names: Mapping[str, str]) -> NotFoundError:
    """Return the error for `text` with the names spelled nearly alike, failing these with all."""
    near = difflib.get_close_matches(fold(text), names, n=_MOST_NEAR, cutoff=0.5)
    sentence = message % {"text": text}
    if near:
        shown = dict.fromkeys(names[folded] for folded in near)
        return NotFoundError(
            _("%(sentence)s Forse: %(names)s") % {"sentence": sentence, "names": _listed(shown)}
        )
    shown = dict.fromkeys(names.values())
    if not shown:
        return NotFoundError(sentence)
    return NotFoundError(
        _("%(sentence)s Ci sono: %(names)s") % {"sentence": sentence, "names": _listed(shown)}
    )


def _listed(names: Iterable[str]) -> str:
    return "; ".join(names) + "."

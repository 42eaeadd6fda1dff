"""From the register to the paper's context."""

import dataclasses
from collections.abc import Callable, Collection, Mapping
from typing import Any

from registry.models import Annex, Process
from risk.content.approvals import annex_is_one_person
from risk.content.build_figures import figures_of
from risk.content.build_sheets import sheet_of
from risk.content.build_table import table_row_of
from risk.content.reading import AnnexContent
from risk.content.reconfirmed import reconfirmed_of
from risk.content.texts import UnresolvedField, resolve
from risk.content.typography import or_dash, printable
from risk.content.values import AnnexDocument, CatalogueRow, OfficeHead, Texts
from risk.enums import Layout, TextSlot
from risk.models import TextBlock

Blocks = Mapping[tuple[str, str], TextBlock]
"""The text blocks an annex prints, by layout and slot."""


OF_PROCESSES = ("catalogue", "table", "sheets", "figures")
"""The fields of a document that are made of processes."""


def build_document(
    content: AnnexContent, *, is_part: bool = False, holds: Collection[str] = OF_PROCESSES
) -> AnnexDocument:
    """Return the values of every layout of an annex, as a draft, or only of those in `holds`.

    One read in part has no figures: they count all its processes.
    One query where the annex is approved, to say by whom, two where processes of it were confirmed
    (`risk.content.reconfirmed`); else none. Raises
    `risk.content.texts.UnresolvedField` when a text block of the plan asks for what is not there.
    """
    cover = cover_of(content.annex, content.blocks)
    rows: dict[str, Callable[[Process], Any]] = {
        "catalogue": lambda process: _catalogue_row(process, cover.office),
        "table": lambda process: table_row_of(process, content),
        "sheets": lambda process: sheet_of(process, content),
    }
    built: dict[str, Any] = {
        name: tuple(map(rows[name], content.processes)) for name in rows if name in holds
    }
    if "figures" in holds and not is_part:
        built["figures"] = figures_of(content)
    return dataclasses.replace(
        cover,
        **built,
        is_one_person=annex_is_one_person(content.annex),
        reconfirmed=reconfirmed_of(content.annex),
    )


def cover_of(annex: Annex, blocks: Blocks, *, strict: bool = True) -> AnnexDocument:
    """Return what an annex prints of its own, around its processes: the names and the texts.

    Raises `risk.content.texts.UnresolvedField` as `build_document` does; where it is not to be
    `strict` such a text stays as it is written.
    """
    return AnnexDocument(
        uid=str(annex.uid),
        administration=printable(annex.plan.administration.name),
        plan=printable(annex.plan.title),
        office=printable(annex.printed_office_name),
        head=OfficeHead(
            title=printable(annex.head_title),
            surname=printable(annex.head_surname),
            name=printable(annex.head_name),
        ),
        texts=_texts(annex, blocks, strict=strict),
    )


def _catalogue_row(process: Process, office: str) -> CatalogueRow:
    macroprocess = process.macroprocess
    function = macroprocess.function if macroprocess else None
    return CatalogueRow(
        uid=str(process.uid),
        kind=or_dash(process.get_kind_display()),
        function=or_dash(function.label if function else ""),
        macroprocess=or_dash(macroprocess.printed if macroprocess else ""),
        number=str(process.number),
        title=or_dash(process.title),
        area=or_dash(process.risk_area.printed if process.risk_area else ""),
        office=or_dash(office),
        code=printable(process.code),
    )


def _texts(annex: Annex, blocks: Blocks, *, strict: bool) -> dict[str, Texts]:
    fields = _fields(annex)

    def text(layout: Layout, slot: TextSlot) -> str:
        block = blocks.get((layout.value, slot.value))
        if block is None:
            return ""
        name = f"{layout.label}, {slot.label}"
        try:
            return printable(resolve(block.text, fields=fields, block=name))
        except UnresolvedField:
            if strict:
                raise
            return printable(block.text)

    return {
        layout.value: Texts(
            title=text(layout, TextSlot.TITLE),
            introduction=text(layout, TextSlot.INTRODUCTION),
            closing=text(layout, TextSlot.CLOSING),
            note=text(layout, TextSlot.NOTE),
        )
        for layout in Layout
    }


def _fields(annex: Annex) -> dict[str, str]:
    """Return the fields a text block may ask for, by the name written between the braces."""
    plan = annex.plan
    # in the order texts have had it in from the first: digests of what is approved are made of it
    head = filter(None, (annex.head_title, annex.head_surname, annex.head_name))
    return {
        "amministrazione": plan.administration.name,
        "codice_ipa": plan.administration.ipa_code,
        "organo": plan.adopting_organ or plan.administration.adopting_organ,
        "piano": plan.title,
        "triennio": f"{plan.first_year}/{plan.last_year}",
        "primo_anno": str(plan.first_year),
        "ultimo_anno": str(plan.last_year),
        "ufficio": annex.printed_office_name,
        "responsabile": " ".join(head),
    }

"""A published plan as open data: what its issues print, as JSON and as tables, and nothing more.

Everything is read from the canonical data of the plan's issue and of the issues it wraps, never
from rows of the register, and written once (`files.py`); only which plan took its place is what it
is today, and stands apart at the end. The names of the heads, which the documents print, are left
out: who signs an annex is no datum about risk. The form is `schema.json`, beside this file.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from registry.models.plans import slug_of
from risk.content.canonical import restore
from risk.content.plan_values import (
    PlanAct,
    PlanChapter,
    PlanContribution,
    PlanDocument,
    PlanObjective,
)
from risk.content.values import (
    DASH,
    AnnexDocument,
    CatalogueRow,
    Entry,
    LevelLabel,
    ProcessRow,
    ProcessSheet,
    SheetAssessment,
    SheetBehaviour,
    SheetMeasure,
    SheetPhase,
)
from risk.models import AnnexIssue, PlanIssue

VERSION = 1
"""Of the form of the data: another form is another schema, at another address."""

SCHEMA = Path(__file__).with_name("schema.json")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def address(name: str, *parts: str) -> str:
    """Return the whole address of a public page or file, which does not change."""
    return f"{settings.SITE_URL}{reverse(f'risk:{name}', args=parts)}"


def write_unended(
    document: PlanDocument, issue: PlanIssue, lines: IO[bytes], into: IO[bytes]
) -> None:
    """Write an adopted plan as JSON, but for `end_of_data`; `lines` has one annex a line.

    The same plan gives the same bytes.
    """
    _write_framed(_frame(issue, document), lines, into)


def write_draft(document: PlanDocument, state: str, lines: IO[bytes], into: IO[bytes]) -> None:
    """Write a plan that is not adopted as JSON: the same form, but what only an adoption has."""
    first, _dash, last = document.years.partition("–")
    named = {"titolo": document.title, "tipo": document.kind}
    frame = {
        "bozza": True,
        "stato": state,
        **_body(document),
        "piano": {**named, "primo_anno": int(first), "ultimo_anno": int(last)},
        **_without_annexes(document),
    }
    _write_framed(frame, lines, into)
    into.write(b"\n}\n")


def _write_framed(frame: dict[str, Any], lines: IO[bytes], into: IO[bytes]) -> None:
    before = json.dumps(frame, ensure_ascii=False, indent=1)
    into.write(before.removesuffix("\n}").encode())
    into.write(b',\n "allegati": [')
    for index, line in enumerate(lines):
        into.write(b",\n" if index else b"\n")
        into.write(line.removesuffix(b"\n"))
    into.write(b"\n ]")


def write_annexes(issue: PlanIssue, into: IO[bytes]) -> None:
    """Write the annexes a plan wraps as JSON, one a line and one at a time in memory.

    Raises `UnknownFormatError` for data of another format.
    """
    rows = issue.annex_issues.defer("html", "pdf").order_by("number")
    for row in rows.iterator(chunk_size=20):
        into.write(annex_line(restore(row.data), row))


def end_of_data(ipa_code: str, *, older: str | None, newer: str | None) -> bytes:
    """Return how the JSON of a published plan ends today: with the plans before and after it.

    These are given by their titles, None where there is none.
    """
    places = {"sostituisce": _named(ipa_code, older), "superato_da": _named(ipa_code, newer)}
    text = json.dumps(places, ensure_ascii=False, indent=1)
    return f",{text.removeprefix('{')}\n".encode()


def _frame(issue: PlanIssue, document: PlanDocument) -> dict[str, Any]:
    return {
        "schema": address("open_data_schema"),
        "versione": VERSION,
        "licenza": LICENCE,
        **_body(document),
        "piano": plan_data(issue, document),
        "atto": _act(document.act),
        **_without_annexes(document),
    }


def _body(document: PlanDocument) -> dict[str, Any]:
    named = {"codice_ipa": document.ipa_code, "denominazione": document.administration}
    return {"amministrazione": named}


def _without_annexes(document: PlanDocument) -> dict[str, Any]:
    """Return what a plan says itself, beside its annexes."""
    exempt = [{"ufficio": row.office, "motivo": row.reason} for row in document.exempt]
    wanted = {"obiettivi": [_objective(row) for row in document.objectives]}
    heard = {"consultazione": [_contribution(row) for row in document.contributions]}
    return {
        "uffici_esonerati": exempt,
        # a plan without any is told as it was before plans had them
        **(wanted if document.objectives else {}),
        **({"capitoli": list(map(_chapter, document.chapters))} if document.chapters else {}),
        **(heard if document.contributions else {}),
        "misure": plan_measures(document),
    }


def _contribution(row: PlanContribution) -> dict[str, Any]:
    return {
        "identificativo": row.uid,
        "numero": int(row.number),
        "da": row.sender,
        "arrivato_per": row.way,
        "ricevuto_il": _day(row.received_on),
        "su": row.subject,
        "testo": list(row.text),
        "esito": row.outcome or None,
        "motivo": list(row.reason),
        "cambiato": [{"identificativo": uid, "nome": name} for _kind, uid, name in row.changed],
    }


def _chapter(row: PlanChapter) -> dict[str, Any]:
    return {"identificativo": row.uid, "titolo": row.title, "blocchi": list(row.blocks)}


def _objective(row: PlanObjective) -> dict[str, Any]:
    return {
        "identificativo": row.uid,
        "titolo": row.title,
        "descrizione": list(row.description),
        "obiettivo_di_performance": text_or_none(row.performance),
        "indicatori": [
            {
                "indicatore": one.label,
                "formula": text_or_none(one.formula),
                "fonte": text_or_none(one.source),
                "partenza": text_or_none(one.baseline),
                "attesi": [
                    {"anno": int(year), "valore": text_or_none(value)}
                    for year, value in one.targets
                ],
            }
            for one in row.indicators
        ],
    }


def plan_measures(document: PlanDocument) -> list[dict[str, Any]]:
    """Return the measures of the whole plan."""
    return [_measure(row) for row in document.measures]


def plan_data(issue: PlanIssue, document: PlanDocument) -> dict[str, Any]:
    """Return what tells this edition from any other."""
    first, _dash, last = document.years.partition("–")
    return {
        "titolo": document.title,
        "tipo": document.kind,
        "primo_anno": int(first),
        "ultimo_anno": int(last),
        "emesso_il": _moment(issue.issued_at),
        "impronta_dati": issue.data_digest,
        "impronta_pdf": issue.pdf_digest,
        **_anchored(issue),
    }


def _anchored(issue: AnnexIssue | PlanIssue) -> dict[str, str]:
    """Return the anchor of the trail that is printed on an issue; issues made before have none."""
    return {"ancora": issue.anchor} if issue.anchor else {}


def _named(ipa_code: str, title: str | None) -> dict[str, Any] | None:
    """Return another published plan of the body, with its page and its data."""
    if title is None:
        return None
    parts = (ipa_code, slug_of(title))
    return {
        "titolo": title,
        "pagina": address("published_plan", *parts),
        "dati": address("open_data", *parts),
    }


def _act(act: PlanAct) -> dict[str, Any]:
    return {
        "organo": act.organ,
        "tipo": act.kind,
        "numero": act.number,
        "data": _day(act.date),
        "esecutivo_dal": _day(act.effective_on),
        "collegamento": act.link or None,
    }


def annex_line(document: AnnexDocument, issue: AnnexIssue | None) -> bytes:
    """Return what an annex says as data, in one line; of a draft what only an issue has is null."""
    data = {
        "identificativo": document.uid,
        "ufficio": document.office,
        "emissione": issue and issue.number,
        "emesso_il": issue and _moment(issue.issued_at),
        "impronta_dati": issue and issue.data_digest,
        "impronta_pdf": issue and issue.pdf_digest,
        **(_anchored(issue) if issue else {}),
        # only where there is any: what was published before stays as it is
        **({"riconferma": list(document.reconfirmed)} if document.reconfirmed else {}),
        "processi": list(_processes(document)),
    }
    return json.dumps(data, ensure_ascii=False).encode() + b"\n"


def _processes(document: AnnexDocument) -> Iterator[dict[str, Any]]:
    table = {row.uid: row for row in document.table}
    sheets = {row.uid: row for row in document.sheets}
    for row in document.catalogue:
        yield _process(row, table[row.uid], sheets[row.uid])


def _process(row: CatalogueRow, table: ProcessRow, sheet: ProcessSheet) -> dict[str, Any]:
    covering = {phase.uid: [part.uid for part in phase.behaviours] for phase in table.phases}
    return {
        "identificativo": row.uid,
        "numero": int(row.number),
        # only where there is one: what was published before stays as it is
        **({"codice": row.code} if row.code else {}),
        "titolo": text_or_none(row.title),
        "tipo": text_or_none(row.kind),
        "funzione": text_or_none(row.function),
        "macroprocesso": text_or_none(row.macroprocess),
        "area_di_rischio": text_or_none(row.area),
        "descrizione": _entries(sheet.entries),
        "presenza_del_rischio": text_or_none(sheet.presence),
        "motivo_della_presenza": text_or_none(sheet.presence_reason),
        "livello": _level(sheet.level),
        "fasi": [_phase(phase, covering.get(phase.uid, [])) for phase in sheet.phases],
        "comportamenti": [_behaviour(part) for part in sheet.behaviours],
        "valutazioni": [_assessment(part) for part in sheet.assessments],
        "misure": [_measure(part) for part in sheet.measures],
    }


def _phase(phase: SheetPhase, behaviours: list[str]) -> dict[str, Any]:
    return {
        "identificativo": phase.uid,
        "numero": phase.number,
        "titolo": text_or_none(phase.title),
        "esecutore": text_or_none(phase.executor),
        "comportamenti": behaviours,
        "azioni": [
            {
                "identificativo": action.uid,
                "numero": action.number,
                "titolo": text_or_none(action.title),
                "esecutore": text_or_none(action.executor),
            }
            for action in phase.actions
        ],
    }


def _behaviour(row: SheetBehaviour) -> dict[str, Any]:
    return {
        "identificativo": row.uid,
        "numero": row.number.rstrip("."),
        "testo": text_or_none(row.text),
        "voci": _entries(row.entries),
        "valutazioni": [_assessment(assessment) for assessment in row.assessments],
    }


def _assessment(row: SheetAssessment) -> dict[str, Any]:
    return {
        "identificativo": row.uid,
        "metodo": text_or_none(row.method),
        "momento": text_or_none(row.moment),
        "livello": _level(row.level),
        "voci": _entries(row.entries),
        "indicatori": [
            {
                "indicatore": text_or_none(rating.indicator),
                "valore": text_or_none(rating.value),
                "elementi": text_or_none(rating.evidence),
            }
            for rating in row.ratings
        ],
    }


def _measure(row: SheetMeasure) -> dict[str, Any]:
    return {
        "identificativo": row.uid,
        "titolo": text_or_none(row.title),
        "tipo": text_or_none(row.kind),
        "voci": _entries(row.entries),
    }


def _entries(entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    """Return the labels that have something beside them."""
    return [{"etichetta": row.label, "testo": list(row.lines)} for row in entries if row.lines]


def _level(level: LevelLabel | None) -> dict[str, Any] | None:
    return None if level is None else {"etichetta": level.label, "derivato": level.derived}


def text_or_none(text: str) -> str | None:
    """Return a text, None for the dash that prints an empty cell."""
    return None if text in ("", DASH) else text


def _day(text: str) -> str | None:
    """Return a day as data (2027-01-31) from how it is printed (31/01/2027)."""
    if not text:
        return None
    day, month, year = map(int, text.split("/"))
    return date(year, month, day).isoformat()


def _moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat()

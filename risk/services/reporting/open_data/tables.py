"""Open data as tables: one CSV file for each kind of row, tied together by their identifiers."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.spreadsheets.tables import Table
from risk.content.plan_values import PlanDocument
from risk.services.reporting.open_data.plans import plan_measures

Rows = Iterator[list[Any]]


@dataclass(frozen=True)
class OpenData:
    """An adopted plan, and its annexes as data, which are read as often as one asks."""

    document: PlanDocument
    annexes: Iterable[dict[str, Any]]


def open_data_table(data: OpenData, name: str) -> Table:
    """Return one of `TABLES` of an adopted plan. Raises `KeyError` for another name."""
    _label, heads, rows = TABLES[name]
    first = ("codice_ipa", "piano")
    if name == "processi" and _has_codes(data):
        heads, rows = (*heads, "codice"), _coded_processes
    return Table(name, (*first, *heads), _within(data.document, rows(data)))


def _has_codes(data: OpenData) -> bool:
    """Return whether a process has a code; a plan without keeps the table it had before."""
    return any("codice" in process for _annex, process in _processes_of(data))


def _coded_processes(data: OpenData) -> Rows:
    for cells, (_annex, process) in zip(_processes(data), _processes_of(data), strict=True):
        yield [*cells, process.get("codice", "")]


def _within(document: PlanDocument, rows: Rows) -> Rows:
    for row in rows:
        yield [document.ipa_code, document.title, *row]


def _processes_of(data: OpenData) -> Iterator[tuple[dict, dict]]:
    for annex in data.annexes:
        for process in annex["processi"]:
            yield annex, process


def _annexes(data: OpenData) -> Rows:
    names = ("identificativo", "ufficio", "emissione", "emesso_il", "impronta_dati", "impronta_pdf")
    for annex in data.annexes:
        yield [*(annex[name] for name in names), annex.get("ancora", "")]


def _processes(data: OpenData) -> Rows:
    names = (
        *("identificativo", "numero", "titolo", "tipo", "funzione", "macroprocesso"),
        *("area_di_rischio", "presenza_del_rischio", "motivo_della_presenza"),
    )
    for annex, process in _processes_of(data):
        cells = [process[name] for name in names]
        yield [annex["identificativo"], annex["ufficio"], *cells, *_level(process)]


def _level(row: dict) -> list[Any]:
    level = row["livello"]
    return ["", ""] if level is None else [level["etichetta"], "sì" if level["derivato"] else "no"]


def _phases(data: OpenData) -> Rows:
    for _annex, process in _processes_of(data):
        for phase in process["fasi"]:
            for step in (phase, *phase["azioni"]):
                kind = "fase" if step is phase else "azione"
                cells = [step[name] for name in ("identificativo", "numero", "titolo", "esecutore")]
                yield [process["identificativo"], kind, *cells]


def _behaviours(data: OpenData) -> Rows:
    for _annex, process in _processes_of(data):
        for row in process["comportamenti"]:
            cells = [row[name] for name in ("identificativo", "numero", "testo")]
            yield [process["identificativo"], *cells, _entries(row)]


def _assessments(data: OpenData) -> Rows:
    for _annex, process in _processes_of(data):
        for behaviour in (None, *process["comportamenti"]):
            of = behaviour["identificativo"] if behaviour else ""
            for row in (behaviour or process)["valutazioni"]:
                cells = [row[name] for name in ("identificativo", "metodo", "momento")]
                yield [process["identificativo"], of, *cells, _level(row)[0], _entries(row)]


def _measures(data: OpenData) -> Rows:
    """Measures of the whole plan stand first, with no process beside them."""
    yield from _programmed("", plan_measures(data.document))
    for _annex, process in _processes_of(data):
        yield from _programmed(process["identificativo"], process["misure"])


def _programmed(of: str, rows: list[dict]) -> Rows:
    for row in rows:
        cells = [row[name] for name in ("identificativo", "titolo", "tipo")]
        yield [of, *cells, _entries(row)]


def _entries(row: dict) -> str:
    """Return what is said of a row, "Etichetta: testo" on each line."""
    return "\n".join(
        f"{entry['etichetta']}: {line}" for entry in row["voci"] for line in entry["testo"]
    )


TABLES: dict[str, tuple[Any, tuple[str, ...], Callable[[OpenData], Rows]]] = {
    "allegati": (
        _("Allegati degli uffici"),
        (
            *("identificativo", "ufficio", "emissione", "emesso_il"),
            *("impronta_dati", "impronta_pdf", "ancora"),
        ),
        _annexes,
    ),
    "processi": (
        _("Processi"),
        (
            *("allegato", "ufficio", "identificativo", "numero", "titolo", "tipo", "funzione"),
            *("macroprocesso", "area_di_rischio", "presenza_del_rischio"),
            *("motivo_della_presenza", "livello", "livello_derivato"),
        ),
        _processes,
    ),
    "fasi": (
        _("Fasi e azioni"),
        ("processo", "genere", "identificativo", "numero", "titolo", "esecutore"),
        _phases,
    ),
    "comportamenti": (
        _("Comportamenti a rischio"),
        ("processo", "identificativo", "numero", "testo", "voci"),
        _behaviours,
    ),
    "valutazioni": (
        _("Valutazioni del rischio"),
        (
            *("processo", "comportamento", "identificativo", "metodo"),
            *("momento", "livello", "voci"),
        ),
        _assessments,
    ),
    "misure": (
        _("Misure"),
        ("processo", "identificativo", "titolo", "tipo", "voci"),
        _measures,
    ),
}
"""Each table by its name in the address: what people call it, its columns, its rows."""

"""The lists of the risk room as tables: what the page of each shows, row by row, and its key."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.models import Annex, Plan, Process
from registry.services.listings import moment, streamed
from registry.spreadsheets.tables import Streamed, Table, table_of
from risk.content.adopted_names import adopted_office_names, name_offices
from risk.content.figures import Figures
from risk.content.objective_values import expected_of
from risk.formatted.typed import typed
from risk.models import (
    Chapter,
    Contribution,
    ImplementationStep,
    Level,
    LibraryProcess,
    Objective,
    PlannedMeasure,
    RegisterImport,
    RiskBehaviour,
)
from risk.services.completeness.missing import MissingPoint
from risk.services.notices.holders import HOLDING
from risk.services.plans.deadlines import days_left
from risk.services.plans.weight import OfficeWeight
from risk.services.treatment.terms import shown_values


def annexes_table(rows: Iterable[Annex]) -> Table:
    """Return annexes with how far they are; the rows come from `with_progress`."""
    columns = {
        _("Amministrazione"): lambda row: row.plan.administration.name,
        _("Piano"): lambda row: row.plan.title,
        _("Ufficio"): lambda row: row.printed_office_name,
        _("Responsabile"): lambda row: row.printed_head,
        _("Stato"): _state,
        _("Processi"): lambda row: row.process_count,
        _("Mappati"): lambda row: row.mapped_count,
        _("Presenza del rischio accertata"): lambda row: row.settled_count,
        _("Rischio presente"): lambda row: row.risky_count,
        _("Valutati"): lambda row: row.assessed_count,
        _("Trattati"): lambda row: row.treated_count,
        _("Identificativo"): _uid,
    }
    return table_of(_("Allegati degli uffici"), columns, rows)


def _state(annex: Annex) -> str:
    """Return where an annex is, as the pages say it: one that is exempted is waited for by none."""
    return _("esonerato") if hasattr(annex, "exemption") else annex.get_state_display()


def map_table(annex: Annex, rows: Iterable[Process], levels: Iterable[Level]) -> Table:
    """Return the process map of an annex; the rows come from `with_level`."""
    columns = _process_columns(levels) | {
        _("In archivio dal"): lambda row: row.retired_on,
        _("Motivo"): lambda row: row.retired_reason,
        _("Identificativo"): _uid,
    }
    title = _("Mappa dei processi, %(office)s") % {"office": annex.printed_office_name}
    return table_of(title, columns, rows)


def processes_table(plan: Plan, rows: Iterable[Process], levels: Iterable[Level]) -> Table:
    """Return the processes of a plan; the rows come from `with_level`."""
    columns = {
        _("Ufficio"): lambda row: row.annex.printed_office_name,
        **_process_columns(levels),
        _("Identificativo"): _uid,
    }
    return table_of(_("Processi, %s") % plan.title, columns, rows)


def _process_columns(levels: Iterable[Level]) -> dict:
    labels = {level.pk: level.label for level in levels}
    return {
        _("Numero"): lambda row: row.number,
        _("Codice"): lambda row: row.code,
        _("Processo"): lambda row: row.title,
        _("Tipo di processo"): lambda row: row.get_kind_display(),
        _("Macroprocesso"): lambda row: _name(row.macroprocess),
        _("Area di rischio"): lambda row: _name(row.risk_area),
        _("Presenza del rischio"): lambda row: row.get_risk_presence_display(),
        _("Livello"): lambda row: labels.get(row.level_id, ""),
        _("Livello derivato"): lambda row: _("sì") if row.level_is_derived else "",
    }


def behaviours_table(plan: Plan, rows: Iterable[RiskBehaviour]) -> Table:
    """Return the risk behaviours of a plan."""
    columns = {
        _("Ufficio"): lambda row: row.process.annex.printed_office_name,
        _("Numero del processo"): lambda row: row.process.number,
        _("Processo"): lambda row: row.process.title,
        _("Comportamento a rischio"): lambda row: row.text,
        _("Categorie di evento"): lambda row: _lines(one.label for one in row.categories.all()),
        _("Identificativo"): _uid,
    }
    return table_of(_("Comportamenti a rischio, %s") % plan.title, columns, rows)


def measures_table(plan: Plan, rows: Iterable[PlannedMeasure]) -> Table:
    """Return the programme of measures of a plan; the rows come from `with_programme`."""
    names = adopted_office_names(plan)
    columns = {
        _("Misura"): lambda row: row.measure.label,
        _("Carattere"): lambda row: row.measure.get_character_display(),
        _("Ufficio"): lambda row: row.annex.printed_office_name if row.annex else "",
        _("Ambito"): lambda row: row.get_scope_display(),
        _("Responsabile"): lambda row: _responsible(row, names),
        _("Stato al 1° gennaio"): lambda row: row.get_start_state_display(),
        _("Prossima scadenza"): lambda row: row.next_on,
        _("Modalità di attuazione"): lambda row: row.notes,
        **_programme(),
        _("Obiettivo del piano"): lambda row: _name(row.objective),
        _("Frequenza del monitoraggio"): lambda row: row.get_monitoring_frequency_display(),
        _("Modalità di monitoraggio"): lambda row: row.monitoring_mode,
        _("Identificativo"): _uid,
    }
    return table_of(_("Misure, %s") % plan.title, columns, rows)


def chapters_table(plan: Plan, rows: Sequence[Chapter]) -> Table:
    """Return the chapters of a plan; the rows come from `chapters_of`."""
    columns = {
        _("Capitolo"): lambda row: row.title,
        _("Testo"): lambda row: typed(row.blocks),
        _("Da rileggere"): lambda row: row.is_to_reread,
        _("Riletto il"): lambda row: row.reread_on,
        _("Approvato"): lambda row: row.is_approved,
        _("Osservazioni aperte"): lambda row: row.has_open_remarks,
        _("Identificativo"): _uid,
    }
    return table_of(_("Capitoli, %s") % plan.title, columns, rows)


def contributions_table(plan: Plan, rows: Sequence[Contribution]) -> Table:
    """Return the contributions to a plan, without who sent them."""
    columns = {
        _("Numero"): lambda row: row.number,
        _("Da chi"): lambda row: row.get_sender_display(),
        _("Come è arrivato"): lambda row: row.get_way_display(),
        _("Ricevuto il"): lambda row: row.received_on,
        _("Su che cosa"): lambda row: row.subject,
        _("Testo"): lambda row: row.published or row.text,
        _("Esito"): lambda row: row.get_outcome_display(),
        _("Motivo"): lambda row: row.reason,
        _("Che cosa è cambiato"): lambda row: "; ".join(one.label for one in row.changed_rows),
        _("Identificativo"): _uid,
    }
    return table_of(_("Contributi, %s") % plan.title, columns, rows)


def objectives_table(plan: Plan, rows: Sequence[Objective], years: Sequence[int]) -> Table:
    """Return the objectives of a plan; the rows come from `objectives_of`."""
    columns = {
        _("Codice"): lambda row: row.code,
        _("Obiettivo"): lambda row: row.name,
        _("Descrizione"): lambda row: row.description,
        _("Obiettivo di performance"): lambda row: row.performance,
        _("Indicatori"): lambda row: _lines(
            f"{one.label}: {expected_of(one, years)}" for one in row.indicators.all()
        ),
        _("Misure che lo servono"): lambda row: row.measure_count,
        _("Non più in uso dal"): lambda row: row.retired_on,
        _("Motivo"): lambda row: row.retired_reason,
        _("Identificativo"): _uid,
    }
    return table_of(_("Obiettivi, %s") % plan.title, columns, rows)


def weight_table(plan: Plan, rows: Sequence[OfficeWeight], years: Sequence[int]) -> Table:
    """Return what a plan weighs, office by office; the rows come from `weight_of`."""
    columns = {
        _("Ufficio"): lambda row: _name(row.office),
        _("Chi lo dirige"): lambda row: ", ".join(row.people),
        _("Misure"): lambda row: row.measures,
        _("Limite dell’amministrazione"): lambda row: row.limit,
        _("Risposte l’anno"): lambda row: row.answers,
        _("Rilevazioni l’anno"): lambda row: row.measurements,
        **{
            _("Scadenze %(year)s") % {"year": year}: lambda row, year=year: row.due[year]
            for year in years
        },
        _("Fasi senza data"): lambda row: row.steps,
    }
    return table_of(_("Peso del piano, %s") % plan.title, columns, rows)


def answered_table(rows: Iterable[PlannedMeasure]) -> Table:
    """Return the measures offices answer for; the rows come from `with_programme`."""
    columns = {
        _("Misura"): lambda row: row.measure.label,
        _("Carattere"): lambda row: row.measure.get_character_display(),
        _("Piano"): lambda row: row.plan.title,
        _("Ufficio"): lambda row: row.annex.printed_office_name if row.annex else "",
        _("Ambito"): lambda row: row.get_scope_display(),
        _("Responsabile"): lambda row: row.printed_responsible,
        _("Stato al 1° gennaio"): lambda row: row.get_start_state_display(),
        _("Prossima scadenza"): lambda row: row.next_on,
        **_programme(),
        _("Identificativo"): _uid,
    }
    return table_of(_("Misure di cui risponde l’ufficio"), columns, rows)


def board_table(rows: Iterable[Any]) -> Table:
    """Return how far the offices of a round are; the rows come from `board_of`."""
    columns = {
        _("Ufficio"): lambda row: row.name,
        _("Misure"): lambda row: row.measures,
        _("Da compilare"): lambda row: row.to_answer,
        _("Restituite"): lambda row: row.returned,
        _("Compilate"): lambda row: row.answered,
        _("Confermate"): lambda row: row.confirmed,
        _("Verificate"): lambda row: row.verified,
    }
    return table_of(_("Monitoraggio per ufficio"), columns, rows)


def _programme() -> dict[str, Any]:
    return {
        _("Fasi e tempi"): lambda row: _lines(map(_step, row.steps.all())),
        _("Indicatori di attuazione"): lambda row: _lines(
            one.label for one in row.progress_indicators.all()
        ),
        _("Valori di partenza e attesi"): lambda row: _lines(
            map(shown_values, row.progress_indicators.all())
        ),
    }


def _responsible(row: PlannedMeasure, names: dict[int, str]) -> str:
    name_offices(names, [row.responsible_office])
    return row.printed_responsible


def _step(step: ImplementationStep) -> str:
    return f"{step.description} ({step.timing})" if step.timing else step.description


def missing_table(annex: Annex, points: Sequence[MissingPoint]) -> Table:
    """Return what an annex misses."""
    columns = {
        _("Numero del processo"): lambda point: point.process.number if point.process else None,
        _("Processo"): lambda point: point.process.title if point.process else "",
        _("Impedisce di trasmettere"): lambda point: _("sì") if point.blocks else _("no"),
        _("Che cosa manca"): lambda point: point.sentence,
        _("Fonte"): lambda point: str(point.rule.source),
    }
    title = _("Che cosa manca, %(office)s") % {"office": annex.printed_office_name}
    return table_of(title, columns, Streamed(points, partial(len, points)))


def library_table(rows: Iterable[LibraryProcess]) -> Table:
    """Return typical processes, counted as on their page."""
    columns = {
        _("Codice"): lambda row: row.code,
        _("Processo tipo"): lambda row: row.label,
        _("Area di rischio"): lambda row: _name(row.risk_area),
        _("Tipo di processo"): lambda row: row.get_kind_display(),
        _("Fasi"): lambda row: row.phase_count,
        _("Comportamenti"): lambda row: row.behaviour_count,
        _("Di chi"): lambda row: _("nazionale") if row.is_national else row.administration.name,
    }
    return table_of(_("Processi tipo"), columns, rows)


def transitions_table(title: str, rows: Iterable) -> Table:
    """Return the moves of an annex or of a plan."""
    columns = {
        _("Quando"): lambda row: moment(row.at),
        _("Passo"): lambda row: row.get_verb_display(),
        _("Da"): lambda row: row.get_from_state_display(),
        _("A"): lambda row: row.get_to_state_display(),
        _("Chi"): lambda row: str(row.by),
        _("Motivo"): lambda row: row.reason,
    }
    return table_of(_("Iter, %s") % title, columns, rows)


def remarks_table(annex: Annex, rows: QuerySet) -> Table:
    """Return remarks on an annex with their answers."""
    columns = {
        _("Quando"): lambda row: moment(row.at),
        _("Chi"): lambda row: str(row.by),
        _("Su che cosa"): lambda row: row.get_row_kind_display(),
        _("Riga"): lambda row: row.row_label,
        _("Osservazione"): lambda row: row.text,
        _("Blocca"): lambda row: row.get_blocks_display() if row.blocks else "",
        _("Risposte"): lambda row: _lines(f"{one.by}: {one.text}" for one in row.answers.all()),
        _("Chiusa il"): lambda row: moment(row.closed_at) if row.closed_at else None,
        _("Chiusa da"): lambda row: _name(row.closed_by),
    }
    title = _("Osservazioni, %(office)s") % {"office": annex.printed_office_name}
    return table_of(title, columns, streamed(rows.prefetch_related("answers__by")))


def executed_table(rows: Iterable[Process]) -> Table:
    """Return processes of other offices of which one's own execute a part."""
    columns = {
        _("Numero"): lambda row: row.number,
        _("Processo"): lambda row: row.title,
        _("Ufficio"): lambda row: row.annex.printed_office_name,
        _("Piano"): lambda row: row.annex.plan.title,
        _("Identificativo"): _uid,
    }
    return table_of(_("Processi di altri uffici"), columns, rows)


def imports_table(plan: Plan, rows: Iterable[RegisterImport]) -> Table:
    """Return the files that were brought into a plan."""
    columns = {
        _("File"): lambda row: row.filename,
        _("Quando"): lambda row: moment(row.at),
        _("Chi"): lambda row: str(row.by),
        _("Ufficio"): lambda row: _name(row.office),
        _("Stato"): lambda row: row.get_state_display(),
        _("Codice di controllo (SHA-256)"): lambda row: row.digest,
    }
    return table_of(_("File portati, %s") % plan.title, columns, rows)


def problems_table(register_import: RegisterImport) -> Table:
    """Return the rows of a file that cannot be taken, each with its reason."""
    columns = {
        _("Foglio"): lambda one: one["sheet"],
        _("Riga"): lambda one: one["row"] or None,
        _("Colonna"): lambda one: one["column"],
        _("Valore"): lambda one: one["value"],
        _("Perché"): lambda one: one["reason"],
    }
    title = f"{register_import.filename.rpartition('.')[0] or 'file'}-problemi"
    return table_of(title, columns, register_import.report["problems"])


def plan_annexes_table(plan: Plan, rows: Iterable[Annex]) -> Table:
    """Return the annexes of a plan, exempted offices included, as its control room has them."""
    columns = {
        _("Ufficio"): lambda row: row.printed_office_name,
        _("A chi tocca"): _holder_word,
        _("Stato"): lambda row: row.get_state_display(),
        _("Dal"): lambda row: moment(row.since) if row.since else None,
        _("Scadenza"): lambda row: row.due_on,
        _("Giorni alla scadenza"): lambda row: days_left(row.due_on),
        _("Motivo della proroga"): lambda row: row.extension_reason or "",
        _("Osservazioni aperte"): lambda row: row.open_remarks,
        _("Ultimo sollecito"): lambda row: row.reminded_on,
        _("Esonerato"): lambda row: _("sì") if hasattr(row, "exemption") else _("no"),
        _("Motivo dell’esonero"): lambda row: (
            row.exemption.reason if hasattr(row, "exemption") else ""
        ),
        _("Identificativo"): _uid,
    }
    return table_of(_("Allegati, %s") % plan.title, columns, rows)


def _holder_word(annex: Annex) -> str:
    """Return who holds an annex, in a word; nobody where it is issued or the office exempted."""
    if hasattr(annex, "exemption") or annex.state not in HOLDING:
        return ""
    return str(HOLDING[annex.state][1])


def figures_table(title: str, figures: Figures) -> Table:
    """Return the tables of figures as one, a row for each number."""
    tables = (
        (_("Processi per area di rischio e livello"), figures.levels),
        (_("Processi per probabilità e impatto"), figures.matrix),
        (_("Comportamenti a rischio per categoria di evento"), figures.categories),
        (_("Misure per carattere e stato di attuazione"), figures.measures),
    )
    rows = [
        [name, str(line.label), str(column), cell.count]
        for name, table in tables
        if table is not None
        for line in table.lines
        # a table with totals has one cell more than columns
        for column, cell in zip((*table.columns, _("totale")), line.cells, strict=False)
    ]
    heads = (_("Tabella"), _("Riga"), _("Colonna"), _("Numero"))
    return Table(_("Quadro, %s") % title, heads, rows, partial(len, rows))


def _uid(row: Any) -> str:
    return str(row.uid)


def _name(row: Any) -> str:
    return "" if row is None else str(row)


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)

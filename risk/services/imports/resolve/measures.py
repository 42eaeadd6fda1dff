"""The measures of a file: rows of the list, the persons who answer for them, their state."""

from typing import Any

from django.utils.translation import gettext as _

from registry.normalise import fold
from risk.enums import MonitoringFrequency, StartState
from risk.models import PlannedMeasure
from risk.services.imports.file_cells import FileCell
from risk.services.imports.ledger import QuestionKind
from risk.services.imports.parse.parsed import ParsedMeasure
from risk.services.imports.resolve.lists import ListLookup, NewRow
from risk.services.imports.resolve.resolved import ResolvedMeasure

MODE_LENGTH = PlannedMeasure._meta.get_field("monitoring_mode").max_length
_STATES = {
    StartState.TO_START: (
        *("da avviare", "da attuare", "da realizzare", "non avviata", "non attuata", "programmata"),
        *("non ancora avviata", "non ancora attuata", "da programmare", "nuova", "da iniziare"),
    ),
    StartState.IN_PROGRESS: (
        *("in corso", "in corso di attuazione", "avviata", "parzialmente attuata", "in fase di"),
        *("in corso di realizzazione", "attuata parzialmente", "attuata in parte", "iniziata"),
    ),
    StartState.CONTINUOUS: (
        *("in attuazione continua", "continua", "in atto", "in essere", "a regime", "permanente"),
        *("in attuazione", "attuazione continua", "continuativa", "già in atto", "vigente"),
    ),
    StartState.DONE: ("attuata", "realizzata", "conclusa", "completata", "eseguita", "adottata"),
}
_STATE_OF = {fold(word): state for state, words in _STATES.items() for word in words}
_FREQUENCIES = {
    MonitoringFrequency.MONTHLY: ("mensile", "ogni mese", "mensilmente"),
    MonitoringFrequency.QUARTERLY: ("trimestrale", "ogni trimestre", "ogni tre mesi"),
    MonitoringFrequency.HALF_YEARLY: ("semestrale", "ogni semestre", "ogni sei mesi"),
    MonitoringFrequency.YEARLY: ("annuale", "ogni anno", "annualmente", "una volta l'anno"),
    MonitoringFrequency.ONCE: ("una tantum", "una volta"),
}
_FREQUENCY_OF = {fold(word): one for one, words in _FREQUENCIES.items() for word in words}


class MeasureResolver:
    """Looks one measure after the other up; what stands for nothing known is asked."""

    def __init__(self, lists: ListLookup) -> None:
        self._lists = lists
        self._is_told = False
        self._known: dict[int, ResolvedMeasure] = {}
        """By the identity of what is said: one cell may be beside many processes."""

    def resolve(self, said: ParsedMeasure) -> ResolvedMeasure | None:
        """Return a measure with its programme; None where it is left out, or still unknown."""
        if known := self._known.get(id(said)):
            return known
        resolved = self._resolve(said)
        is_asked = (QuestionKind.MEASURE, said.text) in self._lists.ledger.questions
        if resolved and not (said.cells or is_asked):
            # what is asked is counted wherever it stands
            self._known[id(said)] = resolved
        return resolved

    def _resolve(self, said: ParsedMeasure) -> ResolvedMeasure | None:
        found = self._lists.row(QuestionKind.MEASURE, said.text, said.cell, said.character)
        responsible = self._person(said.responsible)
        steps = tuple(self._person(step.responsible) for step in said.steps)
        self._tell_years(said)
        if found is None:
            if self._lists.ledger.answer(QuestionKind.MEASURE, said.text).get("skip"):
                for cell in said.cells:
                    self._leave_out(cell, _("la sua misura resta fuori"))
            return None
        self._typology(said, found)
        return ResolvedMeasure(
            *(said, found, responsible, steps, self._state(said.state)),
            *self._monitoring(said),
        )

    def _person(self, cell: FileCell | None) -> tuple[Any, Any]:
        return self._lists.executor(cell.text, cell) if cell else (None, None)

    def _typology(self, said: ParsedMeasure, found: Any) -> None:
        """Give a measure that is new its typology; one of the list keeps its own."""
        if said.typology is None:
            return
        typology = self._lists.typology(said.typology.text)
        if typology is None:
            self._leave_out(said.typology, _("non è una tipologia dell’elenco"))
        elif isinstance(found, NewRow):
            typologies = self._lists.typologies.setdefault(found.text, [])
            if typology not in typologies:
                typologies.append(typology)
        elif typology not in found.typologies.all():
            self._leave_out(said.typology, _("la misura è già in elenco e tiene la sua tipologia"))

    def _state(self, cell: FileCell | None) -> str:
        if cell is None:
            return ""
        words = fold(cell.text).strip(" .")
        for way in (words, f"{words[:-1]}a"):
            if way in _STATE_OF:
                return _STATE_OF[way]
        self._leave_out(cell, _("non è uno stato del registro"))
        return ""

    def _monitoring(self, said: ParsedMeasure) -> tuple[str, str]:
        """Return how a measure is monitored and how often; of what is no frequency, as words."""
        mode = said.monitoring.text if said.monitoring else ""
        often = said.frequency.text if said.frequency else ""
        frequency = _FREQUENCY_OF.get(fold(often).strip(" ."), "")
        if often and not frequency:
            mode = ", ".join(filter(None, (mode, often)))
        if len(mode) > MODE_LENGTH and (cell := said.monitoring or said.frequency):
            self._leave_out(cell, _("è più lungo di quanto tiene il registro"))
            mode = ""
        return mode, frequency

    def _leave_out(self, cell: FileCell, reason: str) -> None:
        self._lists.ledger.leave_out(cell, _("Programma della misura"), reason)

    def _tell_years(self, said: ParsedMeasure) -> None:
        """Note once that targets of the file are of years the plan does not reach."""
        plan = self._lists.plan
        years = {one.year for one in said.indicators if one.year}
        beyond = sorted(year for year in years if not plan.first_year <= year <= plan.last_year)
        if beyond and not self._is_told:
            self._is_told = True
            reason = _(
                "Valori attesi di anni fuori dal piano (%(first)d–%(last)d): %(years)s. Restano "
                "scritti come nel file."
            ) % {
                "first": plan.first_year,
                "last": plan.last_year,
                "years": ", ".join(map(str, beyond)),
            }
            self._lists.ledger.note(said.cell, reason)

"""The judgements of a file: by which method, to which level, with which indicators."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from risk.models import Indicator, Level, Method
from risk.scoring.kinds import SCORINGS
from risk.services.imports.ledger import Ledger
from risk.services.imports.parse.cells import decimal_of
from risk.services.imports.parse.parsed import ParsedAssessment, ParsedProcess
from risk.services.imports.resolve.indices import Graded, IndexLookup
from risk.services.imports.resolve.known_rows import Judged
from risk.services.imports.resolve.lists import ListLookup
from risk.services.imports.resolve.resolved import ResolvedAssessment
from risk.services.imports.resolve.scores import Scored, ScoreLookup, methods_offered_to


class AssessmentResolver:
    """Finds method, level and grades of one judgement after the other.

    `judged` says of the judgements there are by which method they are: a file of ours keeps it.
    """

    def __init__(self, lists: ListLookup, ledger: Ledger, judged: Mapping[UUID, Judged]) -> None:
        self._lists = lists
        self._ledger = ledger
        self._judged = judged
        self._scores = ScoreLookup(lists, ledger)
        self._indices = IndexLookup(self._scores, ledger)
        self._noted: set[tuple[str, int]] = set()
        self._offers: list[Method] | None = None
        self._best: dict[frozenset[str], Method] = {}

    def resolve(
        self, said: ParsedAssessment | None, process: ParsedProcess
    ) -> ResolvedAssessment | None:
        """Return a judgement by its method; None where there is none, or a person has to say."""
        if said is None:
            return None
        method = self._method(said, process)
        if method is None:
            return None
        scored = self._scores.read(method, said) if said.is_scored else Scored()
        if said.result and (method.scoring.in_words or not said.is_scored):
            reason = _("il risultato lo dà il metodo")
            self._ledger.leave_out(said.result, _("celle senza effetto"), reason)
        level = self._level(method, said, scored)
        grades = {**self._grades(method, said), **scored.grades}
        if level is not None and said.level and not (said.is_scored or method.scoring.in_words):
            self._indices.compare(method, level, grades, said.level)
        return ResolvedAssessment(said, method, level, grades)

    def residual(
        self,
        said: ParsedAssessment | None,
        process: ParsedProcess,
        inherent: ResolvedAssessment | None,
    ) -> ResolvedAssessment | None:
        """Return a residual judgement, by the method of the inherent one beside it.

        It is left out, and said so, where the method has none.
        """
        if said is None:
            return None
        method = inherent.method if inherent else self._method(said, process)
        if method is None:
            return None
        if method.has_residual:
            return ResolvedAssessment(said, method, self._level(method, said, Scored()), {})
        reason = _("Il metodo «%(method)s» non ha il rischio residuo.") % {"method": method}
        self._ledger.note(said.place, reason)
        self._ledger.leave_out(said.place, _("Livello di rischio residuo"), reason)
        return None

    def _method(self, said: ParsedAssessment, process: ParsedProcess) -> Method | None:
        own = self._judged.get(said.uid) if said.uid else None
        if own and process.uid in (None, own.process):
            return next((row for row in self._lists.methods if row.pk == own.method_id), None)
        if said.is_scored:
            return self._scores.method(said)
        methods = self._lists.methods
        if not methods:
            line = process.line(_("Il piano non ha un metodo di valutazione."))
            self._ledger.refusals.append(line)
            return None
        return self._by_indicators(said, methods) if said.indicators else methods[0]

    def _by_indicators(self, said: ParsedAssessment, methods: list[Method]) -> Method | None:
        """Return the plan's method with most of the indicators of the file; ask when none has any.

        Whoever may not choose methods keeps that of the plan, and reads what it does not have.
        """
        codes = frozenset(said.indicators)
        if codes not in self._best:
            self._best[codes] = max(methods, key=lambda method: self._shared(method, codes))
        best = self._best[codes]
        if self._shared(best, codes) or not self._lists.may_create:
            return best
        if self._offers is None:
            offered = methods_offered_to(self._lists.plan.administration)
            kinds = [kind for kind, scoring in SCORINGS.items() if not scoring.has_axes]
            fit = offered.filter(kind__in=kinds, indicators__code__in=codes)
            self._offers = list(fit.distinct())
        if not self._offers:
            return best
        chosen = self._scores.ask(
            _("Indicatori della valutazione"),
            _("Il file ha indicatori che nessun metodo del piano ha: con quale metodo si leggono?"),
            self._offers,
            said.place,
        )
        if chosen is not None:
            self._best[codes] = chosen
        return chosen

    def _shared(self, method: Method, codes: frozenset[str]) -> int:
        return len(codes & {row.code for row in self._lists.indicators_of(method)})

    def _level(self, method: Method, said: ParsedAssessment, scored: Scored) -> Level | None:
        cell = said.level
        if cell is None or (said.is_scored and decimal_of(cell.value) is not None):
            return scored.level
        printed = self._lists.level(method, cell.text, cell)
        self._scores.compare(printed, scored, cell)
        return printed or scored.level

    def _grades(self, method: Method, said: ParsedAssessment) -> dict[Indicator, Graded]:
        found: dict[Indicator, Graded] = {}
        by_code = {row.code: row for row in self._lists.indicators_of(method)}
        for code, cell in said.indicators.items():
            indicator = by_code.get(code)
            if indicator is None:
                reason = _("Il metodo «%(method)s» non ha questo indicatore.") % {"method": method}
                self._note_row(said, reason)
                self._ledger.leave_out(cell, _("celle senza effetto"), reason)
                continue
            if method.scoring.in_words or decimal_of(cell.value) is None:
                grade = self._lists.level(method, cell.text, cell, indicator.scale)
            else:
                grade = self._indices.grade(method, indicator, cell)
            if grade is not None:
                found[indicator] = grade
        return found

    def _note_row(self, said: ParsedAssessment, reason: str) -> None:
        """Note something of a judgement once for its row, however many cells it is of."""
        if (reason, said.place.row) not in self._noted:
            self._noted.add((reason, said.place.row))
            self._ledger.note(said.place, reason)

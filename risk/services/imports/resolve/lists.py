"""From the texts of a file to the rows of the lists they stand for; what stands for none is asked.

A text is matched once however often it stands in the file. Answers come from the person, earlier
ones from the aliases of the body.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from registry.enums import AliasKind, ProcessKind
from registry.models import Office, Plan
from registry.normalise import fold
from registry.services.lookup import Index, NoMatch, bare
from risk.enums import RiskAliasKind, Scale
from risk.models import (
    EnablingFactor,
    EventCategory,
    Indicator,
    Level,
    Measure,
    MeasureTypology,
    Method,
    PlanMethod,
    RiskAlias,
)
from risk.services.imports.file_cells import FileCell
from risk.services.imports.ledger import (
    Choice,
    Ledger,
    Question,
    QuestionKind,
    place_of,
)
from risk.services.imports.parse.nothing import says_nothing
from risk.services.imports.recognise.legends import Legend, code_of
from risk.services.imports.resolve.known_rows import InUse
from risk.services.imports.resolve.suggestions import suggested, why_asked

Kind = QuestionKind
_LIST_OF: dict[Kind, Any] = {
    Kind.OFFICE: AliasKind.OFFICE,
    Kind.RISK_AREA: AliasKind.RISK_AREA,
    Kind.FUNCTION: AliasKind.FUNCTION,
    Kind.MACROPROCESS: AliasKind.MACROPROCESS,
    Kind.MEASURE: Measure,
    Kind.CATEGORY: EventCategory,
    Kind.FACTOR: EnablingFactor,
    Kind.EXECUTOR: AliasKind.EXECUTOR_ROLE,
}
_FIELD_OF = {
    Kind.OFFICE: "office",
    Kind.RISK_AREA: "risk_area",
    Kind.MEASURE: "measures",
    Kind.FACTOR: "factors",
}
"""Of which field a legend says that its codes are."""
MAY_BE_NEW = frozenset(
    {Kind.RISK_AREA, Kind.FUNCTION, Kind.MACROPROCESS, Kind.MEASURE, Kind.EXECUTOR}
)
"""Lists of the body that an import may add a row to, when the person keeps them."""
MAY_BE_SKIPPED = frozenset(Kind) - {
    *(Kind.OFFICE, Kind.METHOD, Kind.RESULT, Kind.LIST, Kind.DITTO),
    *(Kind.ORDER, Kind.PROCESS, Kind.CONFLICT, Kind.ROW, Kind.EMPTIED),
    *(Kind.CANCELLED, Kind.HIDDEN),
    *(Kind.PROGRAMME, Kind.LEGEND),
}
_LEVEL_WORDS = re.compile(r"\b(?:rischio|livello)\b|\(.*?\)|[.:;]")
_JUDGEMENTS = frozenset({Kind.LEVEL, Kind.INDICATOR_LEVEL})
_BETWEEN_OFFICES = re.compile(r"\s*[/;,+&\n]\s*|\s+[-–]\s+")
_SHORTEST_LEVEL = 3
"""Letters of what may be a level in words, and no sign of one."""
_SIGNS = re.compile(r"[+-]+$")
_DERIVED = fold("(derivato)")


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row of a list that the import will create, because the person said so."""

    kind: Kind
    text: str
    more: str = ""
    """For a measure its character, for a macroprocess the function it belongs to."""


class ListLookup:
    """The lists of one plan's body; what is asked and answered about them is in the ledger."""

    def __init__(
        self,
        *,
        plan: Plan,
        ledger: Ledger,
        may_create: bool,
        in_use: InUse | None = None,
        legends: Sequence[Legend] = (),
    ) -> None:
        self.plan = plan
        self.office: Office | None = None
        """The one chosen for the file, which is among the answers for any other."""
        self.ledger = ledger
        self.index = Index(administration=plan.administration)
        self.new: dict[tuple[Kind, str], NewRow] = {}
        self.typologies: dict[str, list[MeasureTypology]] = {}
        """Typologies of measures that are new, by their text."""
        self.learnt: dict[tuple[Kind, str], Any] = {}
        """Texts a person said are an existing row: remembered as aliases."""
        self.new_methods: dict[Method, bool] = {}
        """Methods a person said the plan uses from now on, and whether as the default one."""
        self.may_create = may_create
        self._in_use = in_use or {}
        self._legends = legends
        self._known: dict[tuple[Kind, str, str], Any] = {}
        self._names: dict[Kind, dict[str, Any]] = {}
        self._indicators: dict[int, list[Indicator]] = {}

    def row(self, kind: Kind, text: str, cell: FileCell, more: str = "") -> Any:
        """Return the row a text stands for, a `NewRow`, or None where it is skipped or unknown."""
        key = (kind, text, more)
        if key not in self._known:
            self._known[key] = self._look(kind, text, cell, more)
        else:
            self.ledger.ask_again(kind, text, cell)
        found = self._known[key]
        if found is None:
            self._leave_out(kind, text, cell)
        return found

    def _leave_out(self, kind: Kind, text: str, cell: FileCell) -> None:
        """Say of a cell why it stands for nothing, unless that is asked."""
        what = _("celle senza effetto")
        if says_nothing(text) or (kind in _JUDGEMENTS and _DERIVED in fold(text)):
            if len(cell.parts) < 2:
                self.ledger.leave_out(cell, what, _("non dice nulla"))
        elif self.ledger.answer(kind, text).get("skip"):
            self.ledger.leave_out(cell, what, _("lasciata vuota"), by_person=True)

    def known(self, kind: Kind, text: str) -> Any:
        """Return what `row` gave for a text of this kind; None for a text not met."""
        return self._known.get((kind, text, ""))

    def process_kind(self, text: str, cell: FileCell) -> str:
        """Return the kind of a process from words such as "Processo di supporto"."""
        said = fold(text)
        if says_nothing(text):
            self._leave_out(Kind.PROCESS_KIND, text, cell)
            return ""
        if said.startswith(("primari", "processo primari", "processi primari")) or said == "p":
            return ProcessKind.PRIMARY
        if "support" in said or said == "s":
            return ProcessKind.SUPPORT
        suggestions = tuple(Choice(value, str(label)) for value, label in ProcessKind.choices)
        return self._answered(Kind.PROCESS_KIND, text, cell, suggestions, lambda key: key) or ""

    def executor(self, text: str, cell: FileCell) -> tuple[Any, Any]:
        """Return role and office of "Dirigente", "Servizi informativi" or "Dirigente, Ufficio"."""
        if says_nothing(text):
            self._leave_out(Kind.EXECUTOR, text, cell)
            return None, None
        if pair := self._in_use.get(Kind.EXECUTOR, {}).get(fold(text)):
            return pair
        for role, office in ((text, ""), ("", text), text.rpartition(",")[::2]):
            try:
                return (
                    self.index.match(AliasKind.EXECUTOR_ROLE, role) if role else None,
                    self.index.match(AliasKind.OFFICE, office) if office else None,
                )
            except NoMatch:
                continue
        return self.row(Kind.EXECUTOR, text, cell), None

    def level(self, method: Method, text: str, cell: FileCell, scale: str = Scale.OVERALL) -> Any:
        """Return the level of a scale a text stands for; a derived level is none of its own."""
        folded = fold(text)
        if says_nothing(text) or _DERIVED in folded:
            self._leave_out(Kind.LEVEL, text, cell)
            return None
        names = self._levels[method.pk, scale]
        for name in (folded, _bare_level(folded), _masculine(folded)):
            if name in names:
                return names[name]
        kind = Kind.LEVEL if scale == Scale.OVERALL else Kind.INDICATOR_LEVEL
        offered = {level.code: level for level in dict.fromkeys(names.values())}
        choices = tuple(Choice(code, level.label) for code, level in offered.items())
        explained = self._explained(kind, text)
        return self._answered(kind, text, cell, choices, offered.get, explained=explained)

    def is_measure(self, text: str) -> bool:
        """Return whether a text is a measure of the list."""
        try:
            return bool(self.index.match(Measure, text))
        except NoMatch:
            return False

    def typology(self, text: str) -> MeasureTypology | None:
        """Return the typology a text stands for: "Controllo" is the measures of it."""
        for way in (text, f"Misure di {text}", f"Misura di {text}"):
            try:
                return self.index.match(MeasureTypology, way)
            except NoMatch:
                continue
        return None

    def use_method(self, method: Method, *, is_default: bool) -> None:
        """Add a method to those of the plan, as the import will do when it is taken."""
        self.new_methods[method] = is_default
        self.methods.append(method)
        self.__dict__.pop("_levels", None)
        self.__dict__.pop("_level_rows", None)

    def levels_of(self, method: Method) -> list[Level]:
        """Return the levels of a method of the plan, of all its scales, lowest first."""
        return [level for level in self._level_rows if level.method_id == method.pk]

    def indicators_of(self, method: Method) -> list[Indicator]:
        """Return the indicators of a method, in their order."""
        if method.pk not in self._indicators:
            rows = Indicator.objects.filter(method=method).order_by("position")
            self._indicators[method.pk] = list(rows)
        return self._indicators[method.pk]

    @cached_property
    def methods(self) -> list[Method]:
        """The methods of the plan, the default one first."""
        rows = PlanMethod.objects.filter(plan=self.plan).order_by("-is_default", "method__code")
        return [row.method for row in rows.select_related("method")]

    @cached_property
    def _level_rows(self) -> list[Level]:
        return list(Level.objects.filter(method__in=self.methods).order_by("ordinal"))

    @cached_property
    def _levels(self) -> dict[tuple[int, str], dict[str, Level]]:
        found: dict[tuple[int, str], dict[str, Level]] = defaultdict(dict)
        for level in self._level_rows:
            names = found[level.method_id, level.scale]
            for name in (level.label, level.code):
                names.setdefault(fold(name), level)
                names.setdefault(_bare_level(fold(name)), level)
        aliases = RiskAlias.objects.filter(
            administration=self.plan.administration, kind=RiskAliasKind.LEVEL
        )
        for alias in aliases.select_related("level"):
            found[alias.level.method_id, alias.level.scale].setdefault(alias.folded, alias.level)
        return found

    @cached_property
    def _measure_aliases(self) -> dict[str, Measure]:
        rows = RiskAlias.objects.filter(
            administration=self.plan.administration, kind=RiskAliasKind.MEASURE
        )
        return {alias.folded: alias.measure for alias in rows.select_related("measure")}

    def _look(self, kind: Kind, text: str, cell: FileCell, more: str) -> Any:
        if says_nothing(text):
            return None
        if row := self._in_use.get(kind, {}).get(fold(text)):
            return row
        if explained := self._explained(kind, text):
            return self._answered(kind, text, cell, (), self._by_code(kind).get, more, explained)
        if kind == Kind.MEASURE and fold(text) in self._measure_aliases:
            return self._measure_aliases[fold(text)]
        suggestions: Iterable[Any] = ()
        try:
            return self.index.match(_LIST_OF[kind], text)
        except NoMatch as unknown:
            suggestions = unknown.suggestions
        if kind == Kind.MACROPROCESS and more:
            try:
                return self.index.match(_LIST_OF[kind], f"{more}: {text}")
            except NoMatch:
                pass
        choices = tuple(Choice(row.code, str(row)) for row in suggestions)
        return self._answered(kind, text, cell, choices, self._by_code(kind).get, more)

    def _explained(self, kind: Kind, text: str) -> tuple[str, str] | None:
        """Return what a legend of the file says of a code, and its sheet: it is the file’s own."""
        for legend in self._legends:
            words = legend.entries.get(code_of(text))
            if words and legend.field in ("", _FIELD_OF.get(kind)):
                return words, legend.sheet
        return None

    def entries(self, kind: Kind) -> list[Choice]:
        """Return all a text of this kind may stand for; none where the suggestions are all."""
        if kind not in _LIST_OF:
            return []
        return [Choice(code, str(row)) for code, row in self._by_code(kind).items()]

    def _by_code(self, kind: Kind) -> dict[str, Any]:
        if kind not in self._names:
            self._names[kind] = {row.code: row for row in self.index.rows(_LIST_OF[kind])}
        return self._names[kind]

    def _answered(
        self,
        kind: Kind,
        text: str,
        cell: FileCell,
        choices: tuple[Choice, ...],
        by_key: Callable[[str], Any],
        more: str = "",
        explained: tuple[str, str] | None = None,
    ) -> Any:
        """Return what the person answered about a text; ask when there is no good answer yet.

        `explained` are the words a legend of the file has for it: they are remembered for no other.
        """
        answer = self.ledger.answer(kind, text)
        if answer.get("skip") and kind in MAY_BE_SKIPPED:
            self._leave_out(kind, text, cell)
            return None
        if answer.get("new") and self._may_be_new(kind):
            words = explained[0] if explained else text
            return self.new.setdefault((kind, text), NewRow(kind, words, more))
        chosen = by_key(answer["is"]) if isinstance(answer.get("is"), str) else None
        if chosen is not None:
            if not explained:
                self.learnt[kind, text] = chosen
            return chosen
        words = explained[0] if explained else text
        likely = suggested(kind, words, self.entries(kind) or choices)
        if likely is None:
            likely = self._in_either_language(kind, text, choices)
        if kind == Kind.OFFICE:
            likely, choices = self._of_several(text, likely, choices)
        if likely is not None and likely not in choices:
            choices = (likely, *choices)
        self.ledger.ask(
            Question(
                kind=kind,
                value=text,
                reason=why_asked(text, cell, explained),
                suggestions=choices,
                place=place_of(cell),
                may_be_new=self._may_be_new(kind),
                may_skip=kind in MAY_BE_SKIPPED,
                proposed=likely.key if likely else "",
            ),
            cell,
        )
        return None

    def _in_either_language(
        self, kind: Kind, text: str, choices: tuple[Choice, ...]
    ) -> Choice | None:
        """Return the entry one half of "HOCH / ALTO" stands for, the other for none."""
        if " / " not in text:
            return None
        entries = {fold(one.label): one for one in self.entries(kind) or choices}
        halves = [entries.get(fold(half)) for half in text.split(" / ")]
        found = list(filter(None, halves))
        return found[0] if len(found) == 1 else None

    def _of_several(
        self, text: str, likely: Choice | None, choices: tuple[Choice, ...]
    ) -> tuple[Choice | None, tuple[Choice, ...]]:
        """Return what an office most likely is, and the answers, the file’s own office with them.

        Where a text names several, each is an answer and none is likely: one field takes one.
        """
        if each := self._offices_in(text):
            likely, choices = None, each
        if self.office is not None:
            chosen = Choice(self.office.code, str(self.office))
            choices = tuple(dict.fromkeys([*choices, chosen]))
        return likely, choices

    def _offices_in(self, text: str) -> tuple[Choice, ...]:
        """Return the offices the parts of a text stand for, where they are several."""
        parts = _BETWEEN_OFFICES.split(text)
        found = [suggested(Kind.OFFICE, part, self.entries(Kind.OFFICE)) for part in parts]
        several = tuple(dict.fromkeys(filter(None, found)))
        return several if len(several) > 1 else ()

    def _may_be_new(self, kind: Kind) -> bool:
        return self.may_create and kind in MAY_BE_NEW


def _masculine(folded: str) -> str:
    """Return a level as of a "livello": of a "probabilità" it is "alta", "media" or "bassa"."""
    words = _bare_level(folded)
    return f"{words[:-1]}o" if len(words) > _SHORTEST_LEVEL and words.endswith("a") else words


def _bare_level(folded: str) -> str:
    """Return a level without "rischio" and brackets; "A+" and "B-" are not "A" and "B"."""
    words = _LEVEL_WORDS.sub(" ", folded).strip()
    signs = _SIGNS.search(words)
    return bare(words) + (signs[0] if signs else "")

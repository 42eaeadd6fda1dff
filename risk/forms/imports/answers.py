"""The questions a file leaves open, each with the answers it may have."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Plan
from registry.readable import grouped
from risk.services.imports.ledger import KIND_LABELS, Ledger, QuestionKind
from risk.services.imports.resolve.lists import ListLookup
from risk.workbooks.fields import FIELDS, field_of

QUESTIONS_A_PAGE = 30
"""Each list of entries is in the page once for each question that may mean one of them."""
IS, OTHER, NEW, SKIP, EACH = "is:", "other", "new", "skip", "each"
_SAME_FOR_MANY = 2
"""Questions of one kind without a proposal from which one answer for all of them is offered."""

_SAID = {
    "above": gettext_lazy("alla riga sopra"),
    "here": gettext_lazy("a questa riga"),
    "file": gettext_lazy("quello del file"),
    "register": gettext_lazy("quello del registro"),
    "product": gettext_lazy("il prodotto"),
    "measures": gettext_lazy("delle misure"),
    "process": gettext_lazy("del processo"),
    "order": gettext_lazy("una per misura, in ordine"),
    "all": gettext_lazy("tutte di ogni misura"),
    "list": gettext_lazy("elenchi: ogni parte è una voce"),
    "single": gettext_lazy("testi interi"),
    "in": gettext_lazy("entra"),
    "out": gettext_lazy("resta fuori"),
    "repeat": gettext_lazy("vale la cella sopra"),
    "blank": gettext_lazy("non c’è niente"),
    "table": gettext_lazy("una tabella del registro"),
    "text": gettext_lazy("vale ciò che si legge"),
    "key": gettext_lazy("vale la chiave"),
    "codes": gettext_lazy("le voci della legenda"),
    "whole": gettext_lazy("il testo com’è"),
    "keep": gettext_lazy("resta ciò che c’è nel registro"),
    "clear": gettext_lazy("si svuotano anche nel registro"),
}
"""Answers that are no entry of a list, as they are read."""
_CHOSEN = (
    *(QuestionKind.METHOD, QuestionKind.RESULT, QuestionKind.LIST),
    *(QuestionKind.CANCELLED, QuestionKind.HIDDEN, QuestionKind.DITTO),
    *(QuestionKind.LEGEND, QuestionKind.PROGRAMME),
    *(QuestionKind.ORDER, QuestionKind.ROW, QuestionKind.EMPTIED, QuestionKind.CONFLICT),
)
"""Kinds whose answers are no entry of a list, so they are read as they are."""
_SAME_ANSWERS = frozenset({*_CHOSEN, QuestionKind.OFFICE}) - {QuestionKind.METHOD}
"""Kinds of which an answer that each question has may be given to all of them at once."""
_BY_LIKENESS = frozenset(
    {QuestionKind.OFFICE, QuestionKind.RISK_AREA, QuestionKind.FUNCTION, QuestionKind.MACROPROCESS}
    | {QuestionKind.MEASURE, QuestionKind.EXECUTOR, QuestionKind.FACTOR, QuestionKind.CATEGORY}
)
"""Kinds whose first answer is the entry that looks most like the text."""
_ONE_FOR_MANY = frozenset({QuestionKind.OFFICE, QuestionKind.EXECUTOR})
"""Kinds of which many texts of a file may well be one entry."""
_OF_FIELDS = (QuestionKind.COLUMN, QuestionKind.PLACE)
"""Kinds whose answers are fields of ours."""
_MANY = {
    EACH: gettext_lazy("a ciascuna la prima voce che ha sotto, la più simile"),
    NEW: gettext_lazy("sono tutte voci nuove"),
    SKIP: gettext_lazy("lasciale tutte vuote"),
    OTHER: gettext_lazy("sono tutte questa voce:"),
}


class AnswersForm(forms.Form):
    """One answer for each question of one page; those left open are asked again.

    Likely answers are marked. Many questions of a kind that have none may be answered at once,
    also those of the pages that follow.
    """

    def __init__(self, *args, questions: list[dict[str, Any]], plan: Plan, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._all = questions
        self.questions = _in_order(questions)[:QUESTIONS_A_PAGE]
        lists = ListLookup(plan=plan, ledger=Ledger(), may_create=False)
        entries = {
            kind: [(one.key, one.label) for one in lists.entries(QuestionKind(kind))]
            for kind in {question["kind"] for question in self.questions}
        }
        for index, question in enumerate(self.questions):
            others = entries[question["kind"]]
            self.fields[f"risposta-{index}"] = forms.ChoiceField(
                label=_place_of(question["value"]),
                choices=list(_answers(question, bool(others))),
                initial=_marked(question),
                required=False,
                widget=forms.RadioSelect,
            )
            if others:
                self.fields[f"voce-{index}"] = forms.ChoiceField(
                    label=_("Quale voce è «%(value)s»") % {"value": question["value"][:120]},
                    choices=[("", _("scegli la voce")), *others],
                    required=False,
                )
        for kind, others in entries.items():
            self._add_many(kind, others if kind in _ONE_FOR_MANY else [])

    def _add_many(self, kind: str, others: list[tuple[str, str]]) -> None:
        """Add the field that answers at once all questions of a kind for which nothing is marked.

        `others` are entries that may be meant by all of them: the list is beside it.
        """
        open_ones = [one for one in self._all if one["kind"] == kind and not _marked(one)]
        common = _common(open_ones)
        if len(open_ones) < _SAME_FOR_MANY or not (common or others):
            return
        if others:
            # the last, because the list stands below
            common.append((OTHER, str(_MANY[OTHER])))
            self.fields[f"voce-{kind}"] = forms.ChoiceField(
                label=_("Quale voce sono tutte"),
                choices=[("", _("scegli la voce")), *others],
                required=False,
            )
        self.fields[f"tutte-{kind}"] = forms.ChoiceField(
            label=_("Le %(n)s qui sotto senza risposta, tutte insieme")
            % {"n": grouped(len(open_ones))},
            choices=[("", _("rispondo una per una")), *common],
            required=False,
            widget=forms.RadioSelect,
        )

    def rows(self) -> list[dict[str, Any]]:
        """Return the questions of the page with their bound fields, and the heading of each."""
        return [
            {
                **question,
                "value": _place_of(question["value"]),
                "place": _place_of(question["place"]),
                "heading": KIND_LABELS[QuestionKind(question["kind"])],
                "answer": self[f"risposta-{index}"],
                "entry": self[f"voce-{index}"] if f"voce-{index}" in self.fields else None,
            }
            for index, question in enumerate(self.questions)
        ]

    def groups(self) -> list[dict[str, Any]]:
        """Return the rows kind by kind, with the field that answers many at once, if any."""
        groups: dict[str, dict[str, Any]] = {}
        for row in self.rows():
            name = f"tutte-{row['kind']}"
            entry = f"voce-{row['kind']}"
            group = {
                "heading": row["heading"],
                "many": self[name] if name in self.fields else None,
                "entry": self[entry] if entry in self.fields else None,
                "rows": [],
            }
            groups.setdefault(row["kind"], group)["rows"].append(row)
        return list(groups.values())

    @property
    def has_proposals(self) -> bool:
        """Whether an answer of the page is marked beforehand."""
        return any(map(_marked, self.questions))

    def clean(self):
        cleaned = super().clean()
        without_entry = set()
        for kind in {question["kind"] for question in self.questions}:
            name, entry = f"tutte-{kind}", cleaned.get(f"voce-{kind}", "")
            if entry and not cleaned.get(name) and name not in self.errors:
                cleaned[name] = OTHER
            elif cleaned.get(name) == OTHER and not entry:
                self.add_error(name, _("Scegli la voce dall’elenco."))
                without_entry.add(kind)
        for index, question in enumerate(self.questions):
            name, entry = f"risposta-{index}", cleaned.get(f"voce-{index}", "")
            if name in self.errors:
                continue
            if entry and cleaned.get(name) in ("", _marked(question)):
                # whoever has chosen the entry has answered, and does not mean what was marked
                cleaned[name] = OTHER
            if not cleaned.get(name):
                if not (self._is_of_many(question) or question["kind"] in without_entry):
                    self.add_error(name, _("Scegli una risposta."))
            elif cleaned[name] == OTHER and not entry:
                self.add_error(name, _("Scegli la voce dall’elenco."))
        return cleaned

    def _is_of_many(self, question: dict[str, Any]) -> bool:
        """Return whether what is answered to all of a kind at once answers a question."""
        return bool(self.cleaned_data.get(f"tutte-{question['kind']}")) and not _marked(question)

    def answers(self) -> dict[str, dict[str, Any]]:
        """Return the answers that were given, also when others are missing."""
        answers: dict[str, dict[str, Any]] = {}
        for question in filter(self._is_of_many, self._all):
            kind = question["kind"]
            choice = self.cleaned_data[f"tutte-{kind}"]
            if choice == EACH:
                choice = f"{IS}{question['suggestions'][0]['key']}"
            answer = _answer(choice, self.cleaned_data.get(f"voce-{kind}", ""))
            answers.setdefault(kind, {})[question["value"]] = answer
        for index, question in enumerate(self.questions):
            choice = self.cleaned_data.get(f"risposta-{index}", "")
            if choice:
                answer = _answer(choice, self.cleaned_data.get(f"voce-{index}", ""))
                answers.setdefault(question["kind"], {})[question["value"]] = answer
        return answers


def _in_order(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return questions kind by kind, in each first those nothing is marked for."""
    kinds = [str(kind) for kind in KIND_LABELS]
    return sorted(questions, key=lambda one: (kinds.index(one["kind"]), bool(_marked(one))))


def _marked(question: dict[str, Any]) -> str:
    """Return the answer marked beforehand, "" for none."""
    likely = question.get("proposed", "")
    return likely if likely in ("", NEW) else f"{IS}{likely}"


def _common(questions: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the answers that may be given to all of some questions of one kind at once."""
    if not questions:
        return []
    kind = questions[0]["kind"]
    offered = [dict(_answers(question, has_others=False)) for question in questions]
    if kind not in _SAME_ANSWERS:
        offered = [{k: label for k, label in one.items() if k in _MANY} for one in offered]
    common = set(offered[0]).intersection(*offered[1:])
    same = [
        # the labels of one question may speak of its row only
        (key, str(_MANY.get(key) or _SAID.get(key.removeprefix(IS), label)))
        for key, label in offered[0].items()
        if key in common
    ]
    firsts = [one["suggestions"][:1] for one in questions]
    if kind in _BY_LIKENESS and all(firsts) and any(one != firsts[0] for one in firsts):
        same.insert(0, (EACH, str(_MANY[EACH])))
    return same


def _answer(choice: str, entry: str = "") -> dict[str, Any]:
    """Return what is kept of an answer of the form."""
    if choice == OTHER:
        return {"is": entry}
    return {choice: True} if choice in (NEW, SKIP) else {"is": choice.removeprefix(IS)}


def given(answers: dict[str, dict[str, Any]], plan: Plan) -> list[dict[str, str]]:
    """Return the answers given so far as people read them, in the order of the questions."""
    lists = ListLookup(plan=plan, ledger=Ledger(), may_create=False)
    rows = []
    for kind in (kind for kind in KIND_LABELS if answers.get(kind)):
        entries = {choice.key: choice.label for choice in lists.entries(kind)}
        for value, answer in answers[kind].items():
            if answer.get("skip"):
                shown = _("lascia vuoto")
            elif answer.get("new"):
                shown = _("è una voce nuova")
            else:
                key = answer.get("is", "")
                shown = entries.get(key, _SAID.get(key, ""))
                if kind in _OF_FIELDS and key in FIELDS:
                    shown = capfirst(str(field_of(key).label))
            rows.append(
                {
                    "kind": str(kind),
                    "value": value,
                    # a conflict is told by a key of its own, not by words of the file
                    "place": "" if kind == QuestionKind.CONFLICT else _place_of(value),
                    "heading": KIND_LABELS[kind],
                    "answer": shown,
                }
            )
    return rows


def _answers(question: dict[str, Any], has_others: bool) -> Iterator[tuple[str, str]]:
    kind, suggestions = question["kind"], question["suggestions"]
    is_said = kind not in _CHOSEN
    for choice in suggestions:
        label = _("è «%(label)s»") % choice if is_said else choice["label"]
        yield f"{IS}{choice['key']}", label
    if question["may_be_new"]:
        yield NEW, _("è nuovo") if kind == QuestionKind.PROCESS else _("è una voce nuova")
    if question["may_skip"]:
        is_place = kind == QuestionKind.PLACE
        yield SKIP, _("non dice nulla delle righe") if is_place else _("lascia vuoto")
    if has_others:
        # the last, because the list stands below
        yield OTHER, _("è un’altra voce:") if suggestions else _("è una voce dell’elenco:")


def _place_of(text: str) -> str:
    """Return a row of the file as people say it: "Foglio1!7" is row 7 of a sheet."""
    sheet, mark, row = text.rpartition("!")
    if not (mark and row.isdigit()):
        return text
    return _("%(sheet)s, riga %(row)s") % {"sheet": sheet, "row": row}

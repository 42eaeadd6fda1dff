"""The questions a file leaves open, each with the answers it may have."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Plan
from risk.services.imports.shapes import QuestionKind
from risk.services.imports.values import Values

QUESTIONS_A_PAGE = 30
"""Each list of entries is in the page once for each question that may mean one of them."""
IS, OTHER, NEW, SKIP = "is:", "other", "new", "skip"

KIND_LABELS = {
    QuestionKind.OFFICE: gettext_lazy("Uffici"),
    QuestionKind.RISK_AREA: gettext_lazy("Aree di rischio"),
    QuestionKind.FUNCTION: gettext_lazy("Funzioni istituzionali"),
    QuestionKind.MACROPROCESS: gettext_lazy("Macroprocessi"),
    QuestionKind.PROCESS_KIND: gettext_lazy("Tipi di processo"),
    QuestionKind.EXECUTOR: gettext_lazy("Esecutori"),
    QuestionKind.LEVEL: gettext_lazy("Livelli di rischio"),
    QuestionKind.INDICATOR_LEVEL: gettext_lazy("Giudizi degli indicatori"),
    QuestionKind.METHOD: gettext_lazy("Metodo di valutazione"),
    QuestionKind.RESULT: gettext_lazy("Risultati che non sono il prodotto"),
    QuestionKind.MEASURE: gettext_lazy("Misure"),
    QuestionKind.CATEGORY: gettext_lazy("Categorie di eventi rischiosi"),
    QuestionKind.FACTOR: gettext_lazy("Fattori abilitanti"),
    QuestionKind.ORDER: gettext_lazy("Righe di cui è dubbio il posto"),
    QuestionKind.PROCESS: gettext_lazy("Processi con lo stesso numero"),
    QuestionKind.CONFLICT: gettext_lazy("Cambiati da entrambe le parti"),
}


_SAID = {
    "above": gettext_lazy("alla riga sopra"),
    "here": gettext_lazy("a questa riga"),
    "file": gettext_lazy("quello del file"),
    "register": gettext_lazy("quello del registro"),
    "product": gettext_lazy("il prodotto"),
}
"""Answers that are no entry of a list, as they are read."""
_CHOSEN = (
    *(QuestionKind.METHOD, QuestionKind.RESULT),
    *(QuestionKind.ORDER, QuestionKind.CONFLICT),
)
"""Kinds whose answers are no entry of a list, so they are read as they are."""


class AnswersForm(forms.Form):
    """One answer for each question of one page; those left open are asked again."""

    def __init__(self, *args, questions: list[dict[str, Any]], plan: Plan, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions[:QUESTIONS_A_PAGE]
        values = Values(plan=plan, answers={}, may_create=False)
        entries = {
            kind: [(one.key, one.label) for one in values.entries(QuestionKind(kind))]
            for kind in {question["kind"] for question in self.questions}
        }
        for index, question in enumerate(self.questions):
            others = entries[question["kind"]]
            self.fields[f"risposta-{index}"] = forms.ChoiceField(
                label=_place_of(question["value"]),
                choices=list(_answers(question, bool(others))),
                required=False,
                widget=forms.RadioSelect,
            )
            if others:
                self.fields[f"voce-{index}"] = forms.ChoiceField(
                    label=_("Quale voce è «%(value)s»") % {"value": question["value"][:120]},
                    choices=[("", _("scegli la voce")), *others],
                    required=False,
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

    def clean(self):
        cleaned = super().clean()
        for index in range(len(self.questions)):
            name, entry = f"risposta-{index}", cleaned.get(f"voce-{index}", "")
            if name in self.errors:
                continue
            if entry and not cleaned.get(name):
                # whoever has chosen the entry has answered
                cleaned[name] = OTHER
            if not cleaned.get(name):
                self.add_error(name, _("Scegli una risposta."))
            elif cleaned[name] == OTHER and not entry:
                self.add_error(name, _("Scegli la voce dall’elenco."))
        return cleaned

    def answers(self) -> dict[str, dict[str, Any]]:
        """Return the answers that were given, also when others are missing."""
        found: dict[str, dict[str, Any]] = {}
        for index, question in enumerate(self.questions):
            said = self.cleaned_data.get(f"risposta-{index}", "")
            if said == OTHER:
                answer: dict[str, Any] = {"is": self.cleaned_data[f"voce-{index}"]}
            elif said in (NEW, SKIP):
                answer = {said: True}
            elif said:
                answer = {"is": said.removeprefix(IS)}
            else:
                continue
            found.setdefault(question["kind"], {})[question["value"]] = answer
        return found


def given(answers: dict[str, dict[str, Any]], plan: Plan) -> list[dict[str, str]]:
    """Return the answers given so far as people read them, in the order of the questions."""
    values = Values(plan=plan, answers={}, may_create=False)
    found = []
    for kind in (kind for kind in KIND_LABELS if answers.get(kind)):
        entries = {choice.key: choice.label for choice in values.entries(kind)}
        for value, answer in answers[kind].items():
            if answer.get("skip"):
                said = _("lascia vuoto")
            elif answer.get("new"):
                said = _("è una voce nuova")
            else:
                key = answer.get("is", "")
                said = entries.get(key, _SAID.get(key, ""))
            found.append(
                {
                    "kind": str(kind),
                    "value": value,
                    # a conflict is told by a key of its own, not by words of the file
                    "place": "" if kind == QuestionKind.CONFLICT else _place_of(value),
                    "heading": KIND_LABELS[kind],
                    "said": said,
                }
            )
    return found


def _answers(question: dict[str, Any], has_others: bool) -> Iterator[tuple[str, str]]:
    kind, suggestions = question["kind"], question["suggestions"]
    is_said = kind not in _CHOSEN
    for choice in suggestions:
        label = _("è «%(label)s»") % choice if is_said else choice["label"]
        yield f"{IS}{choice['key']}", label
    if question["may_be_new"]:
        yield NEW, _("è nuovo") if kind == QuestionKind.PROCESS else _("è una voce nuova")
    if question["may_skip"]:
        yield SKIP, _("lascia vuoto")
    if has_others:
        # the last, because the list stands below
        yield OTHER, _("è un’altra voce:") if suggestions else _("è una voce dell’elenco:")


def _place_of(text: str) -> str:
    """Return a row of the file as people say it: "Foglio1!7" is row 7 of a sheet."""
    sheet, mark, row = text.rpartition("!")
    if not (mark and row.isdigit()):
        return text
    return _("%(sheet)s, riga %(row)s") % {"sheet": sheet, "row": row}

"""The two doors of an import, each gone through as a person does who takes what is marked."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from registry.models import Plan
from risk.models import RegisterImport
from tests.risk.imports.cases.outcomes import ANY, NEW, SKIP, Case, Outcome

FILES = Path(__file__).parent / "files"
MOST_ROUNDS = 4
"""How often answers may lead to further questions."""
_NEW_AS_EVER = frozenset({"measure", "macroprocess", "function", "executor_role"})
"""Kinds of which an unmarked value is a new entry, where the case does not say otherwise."""


@dataclass
class Told:
    """What a door has said of a file, and whether it went in; `acts` are clicks of a page."""

    questions: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    notes: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    counts: tuple[int, int, int] = (0, 0, 0)
    is_taken: bool = False
    acts: int = 0
    stuck: str = ""
    """Why it could go no further, where neither a refusal nor an outcome is the end."""

    def hear(self, report: Mapping[str, Any]) -> None:
        """Keep what one report says beside what was asked before."""
        for one in report["questions"]:
            self.questions.setdefault(one["kind"], {}).setdefault(one["value"], one)
        self.notes = report.get("notes", [])
        self.problems = report["problems"]
        self.counts = (report["added"], report["changed"], report["unchanged"])


def by_command(plan: Plan, case: Case, outcome: Outcome, folder: Path) -> Told:
    """Take a file by the command, answering what it asks from round to round."""
    told, answers = Told(), dict[str, dict[str, Any]]()
    file = FILES / case.file
    given, report = folder / "answers.json", folder / "report.json"
    options = [f"--plan={plan.title}", "--by=rpct", f"--report={report}", f"--answers={given}"]
    if case.office:
        options.append(f"--office={case.office}")
    for _round in range(MOST_ROUNDS):
        given.write_text(json.dumps(answers))
        try:
            call_command("import_register", str(file), *options, stdout=io.StringIO())
        except SystemExit as ended:
            code = ended.code
        except CommandError as refused:
            told.stuck = str(refused)
            return told
        said = json.loads(report.read_text())
        told.hear(said)
        if code != 3:
            told.is_taken = code == 0
            return told
        for question in said["questions"]:
            answer = answer_of(question, outcome)
            if answer is None:
                told.stuck = f"nobody answers {question['kind']} «{question['value']}»"
                return told
            answers.setdefault(question["kind"], {})[question["value"]] = answer
    told.stuck = "it asks without end"
    return told


def by_page(client: Client, plan: Plan, case: Case, outcome: Outcome) -> Told:
    """Take a file by the pages; `acts` counts choices, presses, and keys that are no text."""
    told = Told(acts=2 + bool(case.office))
    content = SimpleUploadedFile(Path(case.file).name, (FILES / case.file).read_bytes())
    start = reverse("risk:import_start", args=[plan.administration.ipa_code, plan.slug])
    data = {"file": content, "office": case.office}
    answer = client.post(start, data, follow=True)
    if not RegisterImport.objects.filter(state="uploaded").exists():
        told.problems = [{"reason": error} for error in answer.context["form"].errors["file"]]
        return told
    for _round in range(MOST_ROUNDS):
        upload = RegisterImport.objects.get(state="uploaded")
        if answer.resolver_match.url_name == "job":
            told.acts += 1
            answer = client.get(reverse("risk:import", args=[upload.uid]), follow=True)
        told.hear(upload.report)
        step = answer.resolver_match.url_name
        if step == "import_columns":
            form = answer.context["form"]
            if not form.fields.keys() - {"layout"} or not upload.report["tables"]:
                return told
            data = _as_shown(form)
        elif step == "import_values":
            data = _answered(answer.context["form"], outcome, told)
        else:
            return _confirmed(client, upload, answer, told)
        if told.stuck:
            return told
        told.acts += 1
        answer = client.post(answer.request["PATH_INFO"], data, follow=True)
    told.stuck = f"the pages ask without end, the last is {step}"
    return told


def answer_of(question: Mapping[str, Any], outcome: Outcome) -> dict[str, Any] | None:
    """Return what is answered to a question: what the case says, else what is marked."""
    kind, value = question["kind"], question["value"]
    for asked in outcome.asks:
        if asked.kind == kind:
            for name in (value, ANY):
                if name in asked.answers:
                    return _given(asked.answers[name])
    likely = question.get("proposed", "")
    if not likely and kind in _NEW_AS_EVER:
        likely = NEW
    return _given(likely) if likely else None


def _given(key: str) -> dict[str, Any]:
    return {key: True} if key in (NEW, SKIP) else {"is": key}


def _as_shown(form: Any) -> dict[str, Any]:
    """Return what a form sends when it is confirmed as it stands."""
    values = {name: form.get_initial_for_field(one, name) for name, one in form.fields.items()}
    return {form.add_prefix(name): value or "" for name, value in values.items()}


def _answered(form: Any, outcome: Outcome, told: Told) -> dict[str, Any]:
    """Return what a page of questions sends, one act for each answer that is not the marked one.

    Where all of a kind get the same answer and one field gives it to all, that is one act.
    """
    data = _as_shown(form)
    for group in form.groups():
        open_ones = [row for row in group["rows"] if not row["answer"].initial]
        said = [answer_of({**row, "value": row["answer"].label}, outcome) for row in open_ones]
        if None in said:
            told.stuck = f"nobody answers «{open_ones[said.index(None)]['value']}»"
            return data
        many = group["many"]
        same = _key(said[0]) if said and all(one == said[0] for one in said) else None
        if many and same in dict(many.field.choices):
            data[many.html_name] = same
            told.acts += 1
            continue
        for row, one in zip(open_ones, said, strict=True):
            told.acts += _choose(data, row, one)
        for row in group["rows"]:
            one = answer_of({**row, "value": row["answer"].label}, outcome)
            if row not in open_ones and one != answer_of(row, Outcome()):
                told.acts += _choose(data, row, one)
    return data


def _key(answer: dict[str, Any]) -> str:
    """Return an answer as the choice of a form that gives it."""
    return f"is:{answer['is']}" if "is" in answer else next(iter(answer))


def _choose(data: dict[str, Any], row: Mapping[str, Any], answer: dict[str, Any]) -> int:
    """Choose an answer among those of a question, or the entry behind them; return the acts."""
    key = _key(answer)
    offered = [choice for choice, _label in row["answer"].field.choices]
    if key in offered:
        data[row["answer"].html_name] = key
        return 1
    data[row["answer"].html_name] = "other"
    data[row["entry"].html_name] = answer["is"]
    return 2


def _confirmed(client: Client, upload: RegisterImport, answer: Any, told: Told) -> Told:
    """Press the button under the preview, where there is one, and look what the page has said."""
    text = unescape(answer.content.decode())
    unsaid = [one["reason"] for one in [*told.notes, *told.problems] if one["reason"] not in text]
    if unsaid:
        told.stuck = f"the page does not say «{unsaid[0]}»"
    elif upload.report["is_ready"]:
        told.acts += 1
        digest = upload.report["digest"]
        address = reverse("risk:import_preview", args=[upload.uid])
        if upload.report["added"] or upload.report["changed"]:
            client.post(address, {"digest": digest}, follow=True)
            upload.refresh_from_db()
            told.is_taken = upload.state == "taken"
        else:
            told.is_taken = True
    return told

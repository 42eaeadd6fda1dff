"""Every way by which a person writes the rows of an annex: posted forms, files, the command.

Each is a function of the desk of a person, and does what one click or one file does.
"""

import io
import tempfile
import uuid
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from registry.models import Action, Annex, Office, Phase, Process, TrailRecord
from risk.models import (
    LibraryAction,
    LibraryBehaviour,
    LibraryPhase,
    LibraryProcess,
    PlannedMeasure,
    RegisterImport,
    RiskBehaviour,
)
from risk.services.assessment.page import page_of
from tests.risk.admin.test_files import confirmed, imported, sheet
from tests.risk.admin.test_forms import typed, url
from tests.risk.imports.pages import take, upload

WORDS = "Parole di chi poi approverebbe."


class Desk:
    """The browser of a person before the rows of an annex (`tests.risk.annexes.every_row`)."""

    def __init__(self, one, person, *, htmx: bool = False) -> None:
        self.one, self.person, self.htmx = one, person, htmx
        self.client = Client(headers={"HX-Request": "true"} if htmx else None)
        self.client.force_login(person)

    def post(self, name: str, *args, **data):
        answer = self.client.post(reverse(f"risk:{name}", args=args), data)
        assert answer.status_code in (200, 302), (name, answer.status_code)
        return answer


# --- pages: a row is saved ------------------------------------------------------------------------


def page_process(desk):
    row = desk.one.process
    said = {"risk_presence": "present", "risk_presence_reason": WORDS, "version": row.version}
    desk.post("process_sheet_part", row.uid, "presenza", **said)


def page_phase(desk):
    row = desk.one.phase
    desk.post("phase", desk.one.process.uid, row.uid, **_step(row))


def page_action(desk):
    row = desk.one.action
    desk.post("action", desk.one.process.uid, row.uid, **_step(row))


def _step(row) -> dict:
    executor = {"executor_role": "RUP", "executor_office": ""}
    return {"title": row.title, "description": WORDS, "version": row.version, **executor}


def page_behaviour(desk):
    row = desk.one.behaviour
    desk.post("behaviour", desk.one.process.uid, row.uid, text=WORDS, version=row.version)


def page_list_of_behaviour(desk):
    """Only a list of the behaviour is written: it is told by the history of its owner."""
    row = desk.one.behaviour
    words = {"text": row.text, "version": row.version, "categories": desk.one.category.code}
    desk.post("behaviour", desk.one.process.uid, row.uid, **words)


def page_coverage(desk):
    box = f"{desk.one.behaviour.uid}/{desk.one.spare_phase.uid}"
    desk.post("matrix", desk.one.process.uid, copre=[box])


def page_assessment(desk):
    desk.post("assessment", desk.one.process.uid, **_judged(desk) | {"motivation": WORDS})


def page_rating(desk):
    desk.post("assessment", desk.one.process.uid, **_judged(desk) | {"i1-evidence": WORDS})


def _judged(desk) -> dict:
    page = page_of(process=desk.one.process, method="", subject="", moment="")
    values = {name: "" if value is None else value for name, value in page.values.items()}
    return values | {"version": page.assessment.version}


def page_measure(desk):
    row = desk.one.measure
    own = {"start_state": row.start_state, "notes": WORDS, "version": row.version}
    desk.post("programme", row.uid, responsible_role="RUP", responsible_office="", **own)


def page_target(desk):
    both = [desk.one.behaviour.uid, desk.one.spare_behaviour.uid]
    desk.post("programme_reach", desk.one.spare_measure.uid, oggetti=both)


def fragment_target(desk):
    one = desk.one
    boxes = [f"comportamenti:{one.spare_behaviour.uid}"]
    desk.post("measure_add", one.process.uid, misura=one.spare_measure.measure.code, oggetti=boxes)


def page_step(desk):
    row = desk.one.step
    said = {"version": row.version, "description": row.description, "timing": WORDS}
    who = {"due_on": "", "responsible_role": "", "responsible_office": ""}
    desk.post("programme_row", desk.one.measure.uid, "fasi", row.uid, **said, **who)


def page_indicator(desk):
    row = desk.one.indicator
    said = {"version": row.version, "label": row.label, "kind": row.kind, "unit": "numero"}
    desk.post("programme_row", desk.one.measure.uid, "indicatori", row.uid, **said)


# --- pages: a row goes ----------------------------------------------------------------------------


def gone_process(desk):
    _deleted_in_the_back_office(desk, desk.one.spare_process)


def gone_phase(desk):
    desk.post("phase_remove", desk.one.process.uid, desk.one.spare_phase.uid)


def gone_action(desk):
    desk.post("action_remove", desk.one.process.uid, desk.one.spare_action.uid)


def gone_behaviour(desk):
    desk.post("behaviour_remove", desk.one.process.uid, desk.one.spare_behaviour.uid)


def gone_coverage(desk):
    box = f"{desk.one.spare_behaviour.uid}/{desk.one.spare_phase.uid}"
    desk.post("matrix", desk.one.process.uid, era=box)


def gone_assessment(desk):
    _deleted_in_the_back_office(desk, desk.one.spare_assessment)


def gone_rating(desk):
    _deleted_in_the_back_office(desk, desk.one.rating)


def _deleted_in_the_back_office(desk, row):
    assert desk.client.post(url(row, "delete"), {"post": "yes"}).status_code == 302


def gone_measure(desk):
    desk.post("measure_remove", desk.one.process.uid, desk.one.spare_measure.uid)


def gone_target(desk):
    desk.post("programme_reach", desk.one.measure.uid, oggetti=[desk.one.behaviour.uid])


def gone_step(desk):
    row = desk.one.step
    desk.post("programme_remove", desk.one.measure.uid, "fasi", row.uid)


def gone_indicator(desk):
    row = desk.one.indicator
    desk.post("programme_remove", desk.one.measure.uid, "indicatori", row.uid)


# --- many rows at once ----------------------------------------------------------------------------


def bulk_area(desk):
    other = type(desk.one.process.risk_area)
    other.objects.create(administration=desk.one.body, code="G", label="Altra", kind="general")
    _bulk(desk, "processi", desk.one.process, atto="area", area="G")


def bulk_level(desk):
    level = {"atto": "livello", "livello": desk.one.assessment.level.code, "motivazione": WORDS}
    _bulk(desk, "comportamenti", desk.one.behaviour, **level)


def bulk_measure(desk):
    code = desk.one.spare_measure.measure.code
    _bulk(desk, "comportamenti", desk.one.spare_behaviour, atto="misura", misura=code)


def _bulk(desk, kind, row, **data):
    data = {"righe": [row.uid], **data}
    preview = desk.post("bulk", desk.one.annex.uid, kind, **data)
    desk.post("bulk", desk.one.annex.uid, kind, digest=preview.context["proposal"].digest, **data)


def paste_processes(desk):
    _paste(desk, "mapping_paste", desk.one.annex, "processo\nIncassi\n")


def paste_phases(desk):
    _paste(desk, "phases_paste", desk.one.process, "fase\nChiusura\n")


def _paste(desk, name, row, text):
    preview = desk.post(name, row.uid, testo=text).context["preview"]
    desk.post(name, row.uid, testo=text, digest=preview.digest, conferma="1")


def library(desk):
    row = LibraryProcess.objects.create(code="CP-01", label="Affidamento", kind="support")
    phase = LibraryPhase.objects.create(process=row, position=1, title="Scelta")
    action = LibraryAction.objects.create(phase=phase, position=1, title="Indagine")
    typical = LibraryBehaviour.objects.create(process=row, position=1, text="Favorire")
    typical.actions.add(action)
    typical.measures.add(desk.one.measure.measure)
    asked = {"allegato": desk.one.annex.uid, "processi": [row.key], "richiesta": uuid.uuid4()}
    desk.post("library_copy", **asked)


# --- files ----------------------------------------------------------------------------------------

NEW = (
    "Processo;Fase;Azione;Comportamento a rischio;Misure specifiche;Grado di discrezionalità;"
    "Livello di rischio;Motivazione\n"
    "Incassi;Riscossione;Verifica;Distrarre somme;REG;Molto;Basso;Tutto è tracciato.\n"
)
"""A register with a new row of every kind that a file may bring."""
MOTIVATION = f"Processo;Livello di rischio;Motivazione\nRimborso di tributi;Basso;{WORDS}\n"
GRADE = "Processo;Grado di discrezionalità\nRimborso di tributi;Molto\n"


def file_new(desk):
    _taken(desk, NEW)


def file_motivation(desk):
    _taken(desk, MOTIVATION)


def file_grade(desk):
    _taken(desk, GRADE)


def _taken(desk, text):
    upload(desk.client, desk.one.annex.plan, text, office=desk.one.annex.office.code)
    take(desk.client)


def command_new(desk):
    _commanded(desk, NEW)


def command_motivation(desk):
    _commanded(desk, MOTIVATION)


def command_grade(desk):
    _commanded(desk, GRADE)


def _commanded(desk, text):
    annex = desk.one.annex
    where = (f"--plan={annex.plan.title}", f"--office={annex.office.code}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "registro.csv")
        file.write_text(text, encoding="utf-8")
        by = f"--by={desk.person.username}"
        with pytest.raises(SystemExit) as ended:
            call_command("import_register", str(file), *where, by, stdout=io.StringIO())
    assert ended.value.code == 0


def list_process(desk):
    _listed(desk, Process, desk.one.process, "Obiettivo")


def list_phase(desk):
    _listed(desk, Phase, desk.one.phase, "Descrizione")


def list_action(desk):
    _listed(desk, Action, desk.one.action, "Descrizione")


def list_behaviour(desk):
    _listed(desk, RiskBehaviour, desk.one.behaviour, "Comportamento a rischio")


def list_measure(desk):
    _listed(desk, PlannedMeasure, desk.one.measure, "Modalità di attuazione")


def list_measure_elsewhere(desk):
    """A measure is taken away, to the annex of an office under this one."""
    annex = desk.one.annex
    below = {"code": "SOTTO", "name": "Sportello", "parent": annex.office}
    office = Office.objects.create(administration=desk.one.body, **below)
    other = Annex.objects.create(plan=annex.plan, office=office)
    measure = desk.one.measure.measure
    row = annex.planned_measures.create(plan=annex.plan, measure=measure, scope="annex", position=9)
    _listed(desk, PlannedMeasure, row, "Allegato", str(other.uid))
    assert PlannedMeasure.objects.get(pk=row.pk).annex == other


def _listed(desk, model, row, head, value=WORDS):
    content = sheet(["Identificativo", head], [str(row.uid), value])
    confirmed(desk.client, model, imported(desk.client, model, content, "0"))


# --- the back office ------------------------------------------------------------------------------


def office_of(name: str, **changes):
    """Return the way that changes a row in the back office; a name stands for a row’s key."""

    def way(desk):
        row = getattr(desk.one, name)
        values = {key: getattr(desk.one, value, value) for key, value in changes.items()}
        values = {key: getattr(value, "pk", value) for key, value in values.items()}
        answer = desk.client.post(url(row), typed(desk.client, row) | values)
        assert answer.status_code == 302

    way.__name__ = name
    return way


# --- taken back -----------------------------------------------------------------------------------


def undone(way):
    """Return the way that takes an own act back, after somebody else has written elsewhere."""

    def taken_back(desk):
        way(desk)
        last = TrailRecord.objects.exclude(rows_digest="").latest("pk")
        _another_writes(desk)
        answer = desk.post("undo", desk.one.annex.uid, act=last.uid, at=last.at.isoformat())
        assert answer.status_code == 302
        assert TrailRecord.objects.latest("pk").kind == "undo"

    taken_back.__name__ = way.__name__
    return taken_back


def import_undone(desk):
    file_new(desk)
    _another_writes(desk)
    desk.post("import_undo", RegisterImport.objects.get().uid)
    assert TrailRecord.objects.latest("pk").kind == "import-undo"


def _another_writes(desk):
    annex = Annex.objects.get(pk=desk.one.annex.pk)
    annex._history_user = desk.one.people["editor"]
    annex.head_title = "Dott."
    annex.save()

"""One body with two offices, another body, and people of every role, to try addresses with."""

import datetime
from collections.abc import Container
from http.cookies import SimpleCookie
from operator import attrgetter
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry.models import Job, Membership, Plan, User
from registry.services.jobs import job_files
from registry.spreadsheets.serialising import serialise
from registry.spreadsheets.workbook import Workbook
from risk.content.canonical import digest_of
from risk.models import (
    AnnexIssue,
    Consultation,
    ConsultationPaper,
    DocumentChoice,
    Fact,
    ListEntryRequest,
    MeasureTarget,
    MonitoringRound,
    PlannedMeasure,
    PlanTransition,
    RegisterImport,
    Remark,
    RoundTransition,
)
from risk.services.answer_books.proposal import BooksProposal, report_of
from risk.services.plans.consultation import signed_of
from risk.workbooks.rowids import ANSWERS
from tests.people import client_of, seen_ahead
from tests.project.routes import Route
from tests.risk.admin.world import START, body, other_office
from tests.risk.imports.files import brought

PEOPLE = ("editor", "head", "deputy", "rpct", "auditor", "superuser")
"""All of one office of one body, the last without any membership; the order of the table."""
HOMES = ("own", "office", "body")
"""Whose row an address names: of one's own office, of another office, of another body."""

_END = datetime.date(2099, 12, 31)
_UID_OF = {
    "allegati": "annex",
    "uffici": "annex",
    "processi": "process",
    "misure": "plannedmeasure",
    "emissioni": "issue",
    "operazioni": "job",
    "esoneri": "annex",
    "obiettivi": "objective",
    "capitoli": "chapter",
    "contributi": "contribution",
    "importazioni": "registerimport",
    "osservazioni": "remark",
    "richieste": "listentryrequest",
    "monitoraggi": "monitoringround",
    "risposte": "rounditem",
    "prove": "evidence",
    "fogli-di-risposta": "books",
    "seguiti": "followup",
    "fatti": "fact",
    "documento": "documentchoice",
    "parti": "documentchoice",
}
_ROW_OF = {
    "fasi": "phase",
    "azioni": "action",
    "comportamenti": "riskbehaviour",
    "indicatori": "objectiveindicator",
    "misurazioni": "progressindicator",
    "attuazione": "implementationstep",
    "<programme_rows:word>": "implementationstep",
    "<row_kind:kind>": "phase",
}
_OF_PART = {
    "ipa_code": "administration.ipa_code",
    "title": "plan.slug",
    "measure": "plannedmeasure.uid",
    "pk": "membership.pk",
    "id": "membership.user_id",
    "owner": "administration.ipa_code",
    "code": "libraryprocess.code",
    "key": "riskarea.pk",
    "office": "office.pk",
    "token": "draft.token",
    "signed": "draft.signed",
}


class World:
    """The homes by name, and for each person a client who has signed in."""

    def __init__(self) -> None:
        own = body("c_a001")
        self.homes = {"own": own, "office": other_office(own), "body": body("c_b002")}
        draft = _draft()
        for home in self.homes.values():
            # read by whoever has its address, from wherever they come
            home.draft, home.draft_annex = draft, draft.plan.annexes.first()
            _finish(home)
            home.unasked = _unasked(home)
            told = {"plan": home.plan, "kind": "criminal", "year": 2021, "was_measure": "no"}
            home.fact = Fact.objects.create(by=home.membership.user, **told)
            _open(home.monitoringround, home.membership.user)
            home.books = _books(home, home.membership.user)
        people = _people(own)
        self.people = people
        self.clients = {name: seen_ahead(client_of(person)) for name, person in people.items()}
        self._sessions = {
            name: client.cookies["sessionid"].value for name, client in self.clients.items()
        }

    def client(self, person: str) -> Client:
        """Return the client of a person, signed in also after they have signed out."""
        client = self.clients[person]
        client.cookies = SimpleCookie({"sessionid": self._sessions[person]})
        return client

    def address(self, route: Route, home: str, parts: dict[str, str]) -> str:
        """Return the address of a home's row; `parts` are those the row does not tell."""
        return address_of(route, self.homes[home], parts)


def address_of(route: Route, home: SimpleNamespace, parts: dict[str, str]) -> str:
    """Return the address that names rows of `home`; `parts` are those its rows do not tell."""
    told = {part: _value(route, part, home) for part in route.parts if part not in parts}
    return reverse(route.name, kwargs={**told, **parts})


def rows_named(route: Route, parts: Container[str] = ()) -> set[str]:
    """Return the names of the rows of a home that an address names; `parts` are told otherwise."""
    return {_row_of(route, part).partition(".")[0] for part in route.parts if part not in parts}


def _value(route: Route, part: str, home: SimpleNamespace) -> str:
    """Return what stands in one part of an address that names a row of `home`."""
    return str(attrgetter(_row_of(route, part))(home))


def _row_of(route: Route, part: str) -> str:
    """Return which attribute of a row of a home stands in one part of an address."""
    segments = route.pattern.split("/")
    if part == "uid" and segments[0] == "consultazione":
        return "draft_annex.uid"
    if part == "measure" and segments[-2] == "togli":
        return "unasked.uid"
    if part == "uid":
        place = next(
            word for word in reversed(segments[: _place(segments, part)]) if word[0] != "<"
        )
        return f"{_UID_OF[place]}.uid"
    if part == "object_id":
        return f"{route.name.split('_')[1]}.pk"
    if part == "row":
        return f"{_ROW_OF[segments[_place(segments, part) - 1]]}.uid"
    return _OF_PART[part]


def _place(segments: list[str], part: str) -> int:
    return next(n for n, word in enumerate(segments) if f":{part}>" in word)


def _people(own: SimpleNamespace) -> dict[str, User]:
    made = {name: User.objects.create(username=name) for name in PEOPLE}
    made["superuser"].is_superuser = True
    made["superuser"].save()
    for name in ("editor", "rpct", "auditor"):
        office = own.office if name == "editor" else None
        _member(own, made[name], name, office=office)
    head = own.membership
    Membership.objects.filter(pk=head.pk).update(user=made["head"])
    _member(own, made["deputy"], "head", office=own.office, deputy_for=head, ends_on=_END)
    Job.objects.filter(pk=own.job.pk).update(by=made["head"])
    mine = [own.registerimport.pk, own.books.pk]
    type(own.registerimport).objects.filter(pk__in=mine).update(by=made["head"])
    return made


def _unasked(home: SimpleNamespace) -> PlannedMeasure:
    """A measure that no round asked for: the other was proved, and a proof is never taken away."""
    row = PlannedMeasure.objects.create(
        plan=home.plan, annex=home.annex, measure=home.measure, scope="processes"
    )
    MeasureTarget.objects.create(planned_measure=row, process=home.process)
    return row


def _finish(home: SimpleNamespace) -> None:
    """Give a home its head, an issue and a piece of long work."""
    name = f"capo-{home.administration.ipa_code}-{home.office.code}"
    head = User.objects.create(username=name, email=f"{name}@esempio.example")
    home.membership = _member(home, head, "head", office=home.office)
    texts = {"data": "{}", "data_digest": digest_of("{}"), "html": "", "pdf": b""}
    texts["pdf_digest"] = digest_of("")
    home.issue = AnnexIssue.objects.create(
        annex=home.annex,
        plan=home.plan,
        number=AnnexIssue.objects.filter(plan=home.plan).count() + 1,
        issued_at=timezone.now(),
        by=head,
        **texts,
    )
    home.remark = Remark.objects.create(
        annex=home.annex,
        process=home.process,
        row_kind="process",
        row_uid=home.process.uid,
        text="Perché?",
        by=head,
    )
    home.listentryrequest = ListEntryRequest.objects.create(
        annex=home.annex, kind="macroprocess", text="Voce che manca", asked_by=head
    )
    home.documentchoice = DocumentChoice.objects.create(
        administration=home.administration, name=f"per {name}", parts="sintesi"
    )
    home.job = Job.objects.create(
        kind="draw-annex",
        by=head,
        administration=home.administration,
        subject=f"annex {home.annex.uid}",
        arguments={"annex": str(home.annex.uid), "layout": "catalogo"},
        state="done",
        result={
            "file": job_files().save("prova.pdf", ContentFile(b"%PDF")),
            "file_name": "prova.pdf",
        },
    )
    home.registerimport = brought(home.plan, home.office, by=head)


def _books(home: SimpleNamespace, by: User) -> RegisterImport:
    """Return workbooks of answers that were brought, with nothing in them."""
    return RegisterImport.objects.create(
        plan=home.plan,
        by=by,
        filename="fogli.zip",
        content=b"x",
        tables=serialise(Workbook("", "zip", [])),
        layout=ANSWERS,
        answers={"round": str(home.monitoringround.uid)},
        report=report_of(BooksProposal()),
    )


def _draft() -> Consultation:
    """Open the draft of a plan of a body of its own to everybody, past all checks."""
    home = body("c_d004")
    plan = home.plan
    by = User.objects.create(username="chi-consulta")
    told = {"from_state": "preparation", "to_state": "consultation"}
    PlanTransition.objects.create(plan=plan, verb="consult", by=by, **told)
    Plan.objects.filter(pk=plan.pk).update(state="consultation")
    draft = Consultation.objects.create(plan=plan, ends_on=_END)
    ConsultationPaper.objects.create(consultation=draft, content=b"%PDF", drawn_at=timezone.now())
    draft.signed = signed_of(home.pendingcontribution)
    return draft


def _open(round_: MonitoringRound, by: User) -> None:
    """Open a round of monitoring, past all checks; one that is open stays so."""
    if not round_.transitions.exists():
        states = {"from_state": "draft", "to_state": "open"}
        RoundTransition.objects.create(round=round_, verb="open", by=by, **states)
        MonitoringRound.objects.filter(pk=round_.pk).update(state="open")


def _member(home: SimpleNamespace, user: User, role: str, **fields) -> Membership:
    return Membership.objects.create(
        user=user, administration=home.administration, role=role, starts_on=START, **fields
    )

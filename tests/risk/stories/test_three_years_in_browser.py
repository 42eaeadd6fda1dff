"""Three years of one body: two editions after the first, and what the comparison says of them.

What the browser shows and decides is done in it; the rest by the services the pages call. In the
end the comparison of year one with year three lists what was done in between and nothing else: the
trail and the histories are asked the same by a query of their own.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Page, expect

from registry.models import Annex, Office, Phase, Plan, Process, TrailRecord, User
from registry.services.editing import save_fields
from registry.services.processes import retire_process
from registry.services.trail_verification import verify_trail
from risk.enums import PlanVerb, Verb
from risk.formatted.typed import read_typed
from risk.models import Chapter, Objective, RiskBehaviour
from risk.services.annexes.approvals import approve_annex
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.issues import issue_annex
from risk.services.annexes.moves import move_annex
from risk.services.annexes.remarks import add_remark
from risk.services.plans.chapters import add_chapter, confirm_chapter
from risk.services.plans.editions import copy_plan
from risk.services.plans.moves import move_plan
from risk.services.plans.objectives import add_objective
from tests.browser import wait_until, wait_until_still
from tests.people import client_of, make_member
from tests.register import (
    add_complete_process,
    adopt,
    assess,
    close,
    complete_annex,
    make_annex,
    make_behaviour,
    make_phase,
    make_process,
)
from tests.risk.annexes.reconfirming import confirm_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REMARK = "Chi controlla le reversali?"
CONTEXT = "L’ente si è riorganizzato."


def first_year() -> Plan:
    """The adopted plan of three offices with two, three and three processes, and a remark open."""
    tributi = complete_annex()
    body = tributi.plan.administration
    root = Office.objects.create(administration=body, code="DIR", name="Direzione")
    for code, name in (("GARE", "Gare"), ("PERS", "Personale")):
        Office.objects.create(administration=body, code=code, name=name, parent=root)
    add_complete_process(tributi, "Sgravi")
    # said once for all offices
    measure = tributi.planned_measures.get()
    measure.annex, measure.scope = None, "plan"
    measure.save()
    told = {
        "Ragioneria": ["Mandati", "Reversali", "Economato"],
        "Servizi": ["Gare", "Concorsi", "Contributi"],
    }
    annexes = {"Tributi": tributi}
    for office, titles in told.items():
        annexes[office] = make_annex(body, office=office)
        for title in titles:
            _like(tributi.processes.first(), annexes[office], title)
    for annex, code in zip(annexes.values(), ("TRI", "RAG", "SER"), strict=True):
        office = annex.office
        office.code, office.parent = code, root
        office.save()
    make_member("testa", "head", body=body, office=root)
    make_member("penna", "editor", body=body, office=root)
    rpct = make_member("rpct", "rpct", body=body)
    process = Process.objects.get(title="Reversali")
    place = {"annex": process.annex, "process": process, "row": process}
    add_remark(**place, kind="process", text=REMARK, by=rpct)
    for annex in annexes.values():
        close(annex, "issued")
    adopt(tributi.plan)
    return Plan.objects.get(pk=tributi.plan_id)


def _like(model: Process, annex: Annex, title: str) -> Process:
    values = {"kind": "primary", "risk_presence": "present", "risk_area": model.risk_area}
    process = make_process(annex, title, macroprocess=model.macroprocess, **values)
    phase = make_phase(process, executor_role=model.phases.first().executor_role)
    make_behaviour(process, f"Favorire un utente: {title}", phases=[phase])
    assess(process, model.assessments.first().method, "Basso", f"Vincolata dalla legge: {title}.")
    return process


def named(office: str, plan: Plan) -> Annex:
    return Annex.objects.with_names().get(plan=plan, office__name=office)


def of(plan: Plan, title: str) -> Process:
    return Process.objects.get(annex__plan=plan, title=title)


def fresh(plan: Plan) -> Plan:
    return Plan.objects.select_related("administration").get(pk=plan.pk)


def retitle(plan: Plan, title: str, phase: str, by: User) -> None:
    row = Phase.objects.get(process=of(plan, title))
    save_fields(row=row, values={"title": phase}, version=row.version, kind="step", by=by)


def issue_all(plan: Plan, people: dict[str, User]) -> None:
    """Bring every annex of a plan to its issue, and the plan before its organ."""
    for annex in Annex.objects.with_names().filter(plan=plan):
        move_annex(annex=annex, verb=Verb.SUBMIT, by=people["penna"])
        now = Annex.objects.with_names().get(pk=annex.pk)
        approve_annex(annex=now, by=people["testa"], seen=kept_annex(now).seen)
        move_annex(annex=annex, verb=Verb.VALIDATE, by=people["rpct"])
        issue_annex(annex=Annex.objects.with_names().get(pk=annex.pk), by=people["rpct"])
    move_plan(plan=fresh(plan), verb=PlanVerb.CONSULT, by=people["rpct"])


def told_by_trail(first: Plan) -> tuple[dict[str, set[str]], set[str]]:
    """What the acts since the first year did: kinds by title of process, and names of the plan."""
    records = list(TrailRecord.objects.filter(outcome="done"))
    acts = [f"{row.kind}:{row.uid}" for row in records if row.kind not in ("plan-copy", "remark")]
    found: dict[str, set[str]] = defaultdict(set)
    moved: set[Process] = set()
    for row in records:
        for line in row.detail.get("offices", ()) if row.kind == "plan-copy" else ():
            # «Tributi» è confluito in «Ragioneria»
            office = line.partition("«")[2].partition("»")[0]
            moved |= set(Process.objects.filter(annex__plan=first, annex__office__name=office))
    for process in moved:
        # the first part of an office that is split goes on where it left off
        goes_on = Annex.objects.filter(origin=process.annex_id).order_by("pk").first()
        if process.successors.exclude(annex=goes_on).exists():
            found[process.title].add("spostato da un altro ufficio")
    ways = ((Process, "id"), (Phase, "process_id"), (RiskBehaviour, "process_id"))
    for model, way in ways:
        written = model.history.filter(history_change_reason__in=acts)
        for key in written.values_list(way, flat=True):
            process = Process.objects.get(pk=key)
            if process.is_retired:
                found[process.title] = {"non ripreso"}
            else:
                found[process.title].add("modificato")
    made = {"history_change_reason__in": acts, "history_type": "+"}
    names = {f"{row.code} – {row.name}" for row in Objective.history.filter(**made)}
    return found, names | {row.title for row in Chapter.history.filter(**made)}


def listed_in(answer) -> tuple[dict[str, set[str]], set[str]]:
    """What the list of the comparison says, as `told_by_trail` says it."""
    found: dict[str, set[str]] = defaultdict(set)
    names = set()
    for row in json.loads(b"".join(answer)):
        if process := row["Processo"]:
            title = process.partition(" ")[2].partition(" ")[2]
            found[title] |= set(row["Che cosa è cambiato"].split(", "))
        elif row["Ufficio"] == "tutto il piano":
            names.add(row["Testo della riga"])
    return found, names


@dataclass(frozen=True)
class Story:
    """The browser of whoever is at it, and the people by name."""

    page: Page
    at: str
    sign_in: Callable[[User], None]
    people: dict[str, User]

    def opens(self, name: str, *args: object, asked: str = "") -> None:
        self.page.goto(f"{self.at}{reverse(f'risk:{name}', args=args)}{asked}")

    def opens_plan(self, name: str, plan: Plan, asked: str = "") -> None:
        self.opens(name, fresh(plan).administration.ipa_code, plan.slug, asked=asked)

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name).last.click()

    def says(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_be_visible()


def is_consulted(story: Story, plan: Plan) -> None:
    """The draft is opened to everybody; what somebody says of it is answered, and it is closed."""
    rpct, page = story.people["rpct"], story.page
    story.sign_in(rpct)
    story.opens_plan("plan_consultation_open", plan)
    page.get_by_label("Contributi fino al").fill("2099-12-31")
    story.presses("Apri l’indirizzo")
    story.says("Contributi fino al 31/12/2099.")
    page.goto(f"{story.at}{reverse('risk:consultation', args=[plan.consultations.get().token])}")
    story.says("BOZZA IN CONSULTAZIONE")
    page.get_by_role("link", name="Graduatoria dei processi").click()
    page.get_by_role("link", name=re.compile("Mandati")).first.click()
    expect(page.get_by_role("rowheader", name="Controllo doppio")).to_be_visible()
    contributes(story, plan)
    row = plan.contributions.get(text="Manca un termine.")
    story.opens("plan_contribution", plan.administration.ipa_code, plan.slug, row.uid)
    page.get_by_label("Cerca una cosa cambiata").fill("Mandati")
    story.presses("Aggiungi alle cose cambiate")
    expect(page.get_by_label("Che cosa è cambiato nel piano")).to_have_value("Mandati")
    page.get_by_role("combobox", name="Esito").select_option("accepted")
    page.get_by_role("textbox", name="Motivo").fill("C’era: ora è scritto.")
    story.presses("Salva l’esito")
    said = page.get_by_role("paragraph").filter(has_text="C’era: ora è scritto.")
    expect(said).to_be_visible()
    move_plan(plan=fresh(plan), verb=PlanVerb.PROPOSE, by=rpct)


def contributes(story: Story, plan: Plan) -> None:
    """A citizen sends a contribution by the form of the draft, and confirms it from the mail."""
    page = story.page
    page.goto(f"{story.at}{reverse('risk:consultation', args=[plan.consultations.get().token])}")
    page.get_by_role("link", name="Scrivi un contributo").click()
    page.get_by_role("textbox", name="Contributo").fill("Manca un termine.")
    page.get_by_label("Indirizzo di posta").fill("anna.prova@example.org")
    story.presses("Manda il contributo")
    expect(page.get_by_role("heading", name="Controlla la posta")).to_be_visible()
    (link,) = re.findall(rf"{settings.SITE_URL}(\S+)", mail.outbox[-1].body)
    page.goto(f"{story.at}{link}")
    story.presses("Conferma il contributo")
    story.says("Grazie: è arrivato")


def opens_the_second(story: Story, first: Plan) -> Plan:
    """Two offices become one and one becomes two; the plan gets an objective and a chapter."""
    rpct = story.people["rpct"]
    story.sign_in(rpct)
    story.opens_plan("plan_copy", first)
    for code, change, target in (("TRI", "unito", "RAG"), ("SER", "diviso", "PERS")):
        story.page.locator(f"[name=cambio-{code}]").select_option(change)
        story.page.locator(f"[name=ufficio-{code}]").fill(target)
    story.presses("Crea l’edizione")
    expect(story.page.get_by_role("heading", name="Servizi si divide")).to_be_visible()
    for number, target in enumerate(("GARE", "PERS", "PERS"), start=1):
        story.page.locator(f"[name=processo-{number}]").fill(target)
    story.presses("Crea l’edizione")
    story.says("gli allegati sono bozze da riconfermare")
    made = Plan.objects.get(origin=first)
    add_objective(plan=made, code="OB.1", name="Più trasparenza", by=rpct)
    chapter = add_chapter(plan=made, title="Contesto interno", by=rpct)
    words = {"blocks": read_typed(CONTEXT)}
    save_fields(row=chapter, values=words, version=chapter.version, kind="chapter", by=rpct)
    return made


def changes_it_and_back(story: Story, process: Process) -> None:
    """In the map a changed row is at once no more to be confirmed; taken back it is again."""
    page, title = story.page, process.title
    story.opens("mapping", process.annex.uid)
    wait_until_still(page)
    row, cell = page.locator(f"#r-{process.uid}"), page.locator(f"#c-{process.uid}-title")
    expect(row).to_contain_text("da riconfermare")
    cell.fill("Altro")
    cell.press("Enter")
    expect(row).not_to_contain_text("da riconfermare")
    expect(row).to_contain_text(f"testo: {process.annex.plan}; in parte: ")
    cell.fill(title)
    cell.press("Enter")
    expect(row).to_contain_text("da riconfermare")


def reads_it_again(story: Story, plan: Plan) -> None:
    """Two processes are changed, one is retired, the rest confirmed, in block and one by itself."""
    by, page = story.people["penna"], story.page
    retitle(plan, "Concorsi", "Istruttoria in due", by)
    retire_process(process=of(plan, "Contributi"), reason="Non si danno più.", by=by)
    story.sign_in(by)
    changes_it_and_back(story, of(plan, "Gare"))
    story.opens("process_sheet", of(plan, "Gare").uid)
    wait_until_still(page)
    step = Phase.objects.get(process=of(plan, "Gare"))
    page.locator(f"#fase-{step.uid}").get_by_role("textbox").first.fill("Istruttoria e verifica")
    page.keyboard.press("Tab")
    story.says("non serve riconfermarlo")
    story.opens("bulk", named("Ragioneria", plan).uid, "processi")
    story.presses("Spunta le 5 mostrate")
    story.says("5 spuntate")
    page.get_by_role("radio", name="Riconferma senza modifiche").check()
    story.presses("Mostra che cosa cambia")
    story.says("1 riga non cambia, e si dice perché.")
    story.presses("Conferma")
    story.says("Riconferma senza modifiche scritta su 4 righe")
    story.opens("process_sheet", of(plan, "Reversali").uid)
    wait_until_still(page)
    asked = page.get_by_role("region", name="Da riconfermare")
    expect(asked).to_contain_text(REMARK)
    asked.get_by_label("Che cosa hai guardato").fill("Le controlla la tesoreria.")
    asked.get_by_role("button", name="Confermo senza modifiche").click()
    story.says("Le controlla la tesoreria.")
    for annex in Annex.objects.with_names().filter(plan=plan):
        move_annex(annex=annex, verb=Verb.SUBMIT, by=by)
        close(annex, "issued")
    adopt(plan)


def adopts_the_third(story: Story, second: Plan) -> Plan:
    """Nothing is left unread, every annex goes its way, and the organ adopts."""
    rpct, by, page = story.people["rpct"], story.people["penna"], story.page
    years = {"first_year": 2023, "last_year": 2025}
    made = copy_plan(plan=fresh(second), title="PTPCT 2023/2025", kind="ordinary", by=rpct, **years)
    copied = Chapter.objects.select_related("plan__administration").get(plan=made)
    confirm_chapter(row=copied, version=copied.version, by=rpct)
    story.sign_in(story.people["testa"])
    story.opens("plan_chapter", made.administration.ipa_code, made.slug, copied.uid)
    story.presses("Approva il capitolo")
    story.says("con queste parole")
    retitle(made, "Mandati", "Controllo doppio", by)
    for annex in Annex.objects.with_names().filter(plan=made):
        confirm_all(annex, by)
    issue_all(made, story.people)
    is_consulted(story, fresh(made))
    story.opens_plan("plan_adopt", made)
    page.get_by_label("Organo che adotta").fill("Giunta comunale")
    page.get_by_label("Tipo di atto").fill("Deliberazione")
    page.get_by_label("Numero dell’atto").fill("14")
    page.get_by_label("Data dell’atto").fill("2021-01-29")
    story.presses("Registra l’adozione")
    assert wait_until(page, lambda: fresh(made).is_adopted)
    return made


def test_three_years_of_a_body(page, live_server, sign_in, axe):
    first = first_year()
    people = {one.username: one for one in User.objects.all()}
    story = Story(page, live_server.url, sign_in, people)
    second = opens_the_second(story, first)
    reads_it_again(story, second)
    third = adopts_the_third(story, second)

    story.opens_plan("plan_comparison", third, asked=f"?con={first.slug}")
    title = "Da «PTPCT 2021/2023» a «PTPCT 2023/2025»"
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    wait_until_still(page)
    axe(page)
    expect(page.get_by_role("region", name="Tutto il piano")).to_contain_text("Contesto interno")
    page.get_by_role("link", name="Ragioneria", exact=True).click()
    expect(page.get_by_role("insertion").filter(has_text="doppio").first).to_be_visible()

    names = [first.administration.ipa_code, third.slug]
    way = f"{reverse('risk:plan_comparison', args=names)}?con={first.slug}&formato=json"
    assert listed_in(client_of(people["rpct"]).get(way)) == told_by_trail(first)
    assert verify_trail() == []

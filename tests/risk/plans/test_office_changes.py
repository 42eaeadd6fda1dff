"""Offices that change from one edition to the next: where their processes and measures go."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from registry.models import Annex, Office, Phase, Plan, Process, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.models import Measure, MeasureTarget
from risk.services.annexes.changes import page_of
from risk.services.annexes.contents import kept_annex
from risk.services.annexes.earlier import earlier_of
from risk.services.completeness.reconfirmation import State, standings_of
from risk.services.plans.editions import copy_plan
from tests.people import client_of, make_member
from tests.register import adopt, make_annex, make_behaviour, make_body, make_phase, make_process

pytestmark = pytest.mark.django_db

PROCESSES = {"TRI": ("Rimborsi", "Accertamenti"), "RAG": ("Bilancio",), "SI": ("Reti", "Software")}


@pytest.fixture
def plan() -> Plan:
    """Three offices with processes, one to be closed, two new ones without an annex."""
    body = make_body()
    for code, titles in PROCESSES.items():
        annex = named(make_annex(body, office=f"Ufficio {code}"), code)
        for title in titles:
            process = make_process(annex, title)
            make_behaviour(process, f"Rischio di {title}", phases=[make_phase(process)])
    named(make_annex(body, office="Ufficio URP"), "URP")
    for code in ("ICT", "GARE"):
        Office.objects.create(administration=body, code=code, name=f"Ufficio {code}")
    plan = Plan.objects.select_related("administration").get()
    measure = Measure.objects.create(code="M", label="Rotazione", character="specific")
    for code in PROCESSES:
        annex = plan.annexes.get(office__code=code)
        plan.planned_measures.create(annex=annex, measure=measure, scope="annex")
        planned = plan.planned_measures.create(annex=annex, measure=measure, scope="processes")
        planned.steps.create(position=1, description="Avvio", responsible_office=annex.office)
        for process in annex.processes.all():
            planned.targets.create(process=process)
    return plan


def named(annex: Annex, code: str) -> Annex:
    annex.office.code = code
    annex.office.save()
    return annex


def opened(plan: Plan, *lines: str, by=None) -> Plan:
    adopt(plan)
    values = {"title": "PTPCT 2022/2024", "first_year": 2022, "last_year": 2024}
    return copy_plan(plan=plan, kind="ordinary", by=by, offices="\n".join(lines), **values)


def told(plan: Plan) -> dict[str, list[tuple[int, int, str]]]:
    rows = Process.objects.filter(annex__plan=plan).order_by("annex__office__code", "position")
    found: dict[str, list[tuple[int, int, str]]] = {
        code: [] for code in plan.annexes.order_by("pk").values_list("office__code", flat=True)
    }
    for row in rows.select_related("annex__office"):
        found[row.annex.office.code].append((row.number, row.position, row.title))
    return found


def office(plan: Plan, code: str) -> Office:
    return Office.objects.get(administration=plan.administration, code=code)


def test_what_is_not_named_stays(plan):
    made = opened(plan)
    assert told(made) == told(plan)


def test_a_merged_office_closes_and_its_processes_follow_in_order(plan):
    Process.objects.filter(annex__office__code="RAG").update(number=7, position=9)
    made = opened(plan, "TRI; unito; RAG")
    assert told(made) == {
        "RAG": [(1, 1, "Bilancio"), (2, 2, "Rimborsi"), (3, 3, "Accertamenti")],
        "SI": [(1, 1, "Reti"), (2, 2, "Software")],
        "URP": [],
    }
    gone = office(plan, "TRI")
    assert gone.is_retired
    assert gone.retired_reason == "Confluito in «Ufficio RAG»."
    rag = office(plan, "RAG")
    assert [row.text for row in rag.aliases.all()] == ["Ufficio TRI"]
    annex = made.annexes.get(office=rag)
    assert annex.origin == plan.annexes.get(office=rag)


def test_measures_of_a_merged_office_stay_on_what_was_of_it(plan):
    made = opened(plan, "TRI; unito; RAG")
    annex = made.annexes.get(office__code="RAG")
    rows = [
        (row.scope, sorted(target.process.title for target in row.targets.all()))
        for row in annex.planned_measures.order_by("origin_id")
    ]
    tributi, bilancio = ["Accertamenti", "Rimborsi"], ["Bilancio"]
    # both were of a whole office, which is a part of one by now
    assert rows == [("processes", one) for one in (tributi, tributi, bilancio, bilancio)]
    steps = {
        row.responsible_office.code
        for one in annex.planned_measures.all()
        for row in one.steps.all()
    }
    assert steps == {"RAG"}


def test_a_split_office_gives_each_process_a_home(plan):
    made = opened(plan, "SI; diviso; ICT; ; 1", "SI; diviso; GARE; ; 2")
    assert told(made) == {
        "TRI": [(1, 1, "Rimborsi"), (2, 2, "Accertamenti")],
        "RAG": [(1, 1, "Bilancio")],
        "ICT": [(1, 1, "Reti")],
        "GARE": [(1, 1, "Software")],
        "URP": [],
    }
    for code, title in (("ICT", "Reti"), ("GARE", "Software")):
        annex = made.annexes.get(office__code=code)
        assert annex.origin == plan.annexes.get(office__code="SI")
        scopes = annex.planned_measures.order_by("origin_id").values_list("scope", flat=True)
        assert list(scopes) == ["annex", "processes"]
        targets = MeasureTarget.objects.filter(planned_measure__annex=annex)
        assert [row.process.title for row in targets] == [title]
        step = annex.planned_measures.get(scope="processes").steps.get()
        assert step.responsible_office.code == code
    assert office(plan, "SI").retired_reason == "Diviso fra «Ufficio ICT», «Ufficio GARE»."


def test_who_carries_out_a_step_is_the_part_it_is_in_and_elsewhere_stays(plan):
    split = office(plan, "SI")
    Phase.objects.filter(process__annex__plan=plan).update(executor_office=split)
    for phase in Phase.objects.filter(process__annex__plan=plan):
        phase.actions.create(title="Avvio", position=1, executor_office=split)
    made = opened(plan, "SI; diviso; ICT; ; 1", "SI; diviso; GARE; ; 2")
    rows = Phase.objects.filter(process__annex__plan=made)
    names = ("process__title", "executor_office__code", "actions__executor_office__code")
    assert set(rows.values_list(*names)) == {
        ("Reti", "ICT", "ICT"),
        ("Software", "GARE", "GARE"),
        ("Rimborsi", "SI", "SI"),
        ("Accertamenti", "SI", "SI"),
        ("Bilancio", "SI", "SI"),
    }


def test_an_office_that_keeps_a_part_stays_open(plan):
    made = opened(plan, "SI; diviso; SI; ; 2", "SI; diviso; RAG; ; 1")
    assert told(made)["SI"] == [(1, 1, "Software")]
    assert told(made)["RAG"] == [(1, 1, "Bilancio"), (2, 2, "Reti")]
    assert not office(plan, "SI").is_retired


def test_a_renamed_and_a_moved_office_keep_their_rows(plan):
    made = opened(
        plan, "TRI; rinominato; ; Entrate", "SI; spostato; RAG; Informatica", "URP;spostato"
    )
    assert told(made) == told(plan)
    assert (office(plan, "TRI").name, office(plan, "SI").name) == ("Entrate", "Informatica")
    assert office(plan, "SI").parent == office(plan, "RAG")
    assert [row.text for row in office(plan, "TRI").aliases.all()] == ["Ufficio TRI"]


def test_a_closed_office_stays_behind_with_its_reason(plan):
    made = opened(plan, "URP; chiuso; ; ; ; Soppresso con delibera 12")
    assert set(told(made)) == {"TRI", "RAG", "SI"}
    assert office(plan, "URP").retired_reason == "Soppresso con delibera 12"


def test_all_of_it_is_one_act_on_the_trail(plan):
    rpct = make_member("rpct", "rpct", body=plan.administration)
    opened(plan, "ufficio;cambio;nuovo", "TRI;unito;RAG", "SI;rinominato;;ICT e reti", by=rpct)
    (record,) = TrailRecord.objects.filter(kind="plan-copy")
    assert record.detail["offices"] == [
        "«Ufficio TRI» è confluito in «Ufficio RAG»",
        "«Ufficio SI» si chiama ora «ICT e reti»",
    ]
    assert not TrailRecord.objects.filter(kind="office").exists()
    assert verify_trail() == []


def test_the_page_of_changes_meets_what_was_of_both_offices(plan):
    made = opened(plan, "TRI; unito; RAG", "SI; diviso; ICT; ; 1", "SI; diviso; GARE; ; 2")
    rpct = make_member("rpct", "rpct", body=plan.administration)
    for code in ("RAG", "ICT"):
        annex = Annex.objects.with_names().get(plan=made, office__code=code)
        page = page_of(annex=annex, user=rpct)
        assert (page.new_in_edition, page.gone) == (0, ())
    annex = Annex.objects.with_names().get(plan=made, office__code="RAG")
    assert len(earlier_of(annex).names) == 3


def test_processes_of_merged_offices_are_asked_as_any_other(plan):
    """What was said for all of an office names its processes now: that is no change of theirs."""
    for year in (2022, 2023):
        lines = ["TRI; unito; RAG"] if year == 2022 else []
        adopt(plan)
        values = {"title": f"PTPCT {year}", "first_year": year, "last_year": year + 2}
        plan = copy_plan(plan=plan, kind="ordinary", by=None, offices="\n".join(lines), **values)
        kept = kept_annex(Annex.objects.with_names().get(plan=plan, office__code="RAG"))
        (standings,) = standings_of([kept]).values()
        asked = [(row.kept.title, row.state) for row in standings]
        assert asked == [(title, State.TO_CONFIRM) for title in ("Bilancio", *PROCESSES["TRI"])]


def test_what_was_closed_before_may_still_be_merged(plan):
    gone = office(plan, "TRI")
    gone.retired_on, gone.retired_reason = datetime.date(2021, 5, 1), "Chiuso."
    gone.save()
    made = opened(plan, "TRI; unito; RAG")
    assert [title for *_n, title in told(made)["RAG"]] == ["Bilancio", "Rimborsi", "Accertamenti"]


REFUSED = [
    (["TRI; unito; RAG", "TRI; chiuso; ; ; ; x"], "Riga 2, «TRI»: è già alla riga 1."),
    (["ALTROVE; chiuso; ; ; ; x"], "Riga 1, «ALTROVE»: «ALTROVE» non è un ufficio di questa"),
    (["TRI; unito; ALTROVE"], "«ALTROVE» non è un ufficio di questa amministrazione."),
    (["TRI; unito"], "scrivi in quale altro ufficio confluisce."),
    (["TRI; unito; TRI"], "scrivi in quale altro ufficio confluisce."),
    (["ICT; unito; TRI"], "non ha un allegato in questo piano."),
    (["TRI; unito; RAG", "RAG; unito; SI"], "Riga 1, «TRI»: «Ufficio RAG» si chiude"),
    (["TRI; unito; URP", "URP; chiuso; ; ; ; x"], "Riga 1, «TRI»: «Ufficio URP» si chiude"),
    (["SI; diviso; ICT; ; 1"], "restano senza ufficio i processi 2."),
    (["SI; diviso; ICT; ; 1-2", "SI; diviso; GARE; ; 2"], "il processo 2 va già altrove."),
    (["SI; diviso; ICT; ; 1-2, 9"], "«9» non è un suo processo."),
    (["SI; diviso; ICT; ; 1-x"], "«1-x» non è un suo processo."),
    (["TRI; spostato; RAG", "RAG; spostato; TRI"], "starebbe sotto sé stesso"),
    (["TRI; spostato; TRI"], "starebbe sotto sé stesso"),
    (["TRI; rinominato; ; Ufficio RAG"], "un altro ufficio ha già questa denominazione."),
    (["TRI; rinominato"], "scrivi la nuova denominazione."),
    (["TRI; chiuso"], "un ufficio si chiude con il motivo."),
    (["URP; diviso; ICT; ; 1"], "non ha processi da dividere."),
    (["TRI; uguale; RAG"], "hai scritto anche ciò che questo cambio non usa."),
    (["TRI; sciolto"], "il cambio è uno di questi: rinominato, unito"),
    (["TRI; unito; RAG; ; ; ; x"], "Riga 1: ha più di sei parti."),
]


def test_what_cannot_be_is_said_at_its_line_and_nothing_changes(plan):
    make_annex(make_body("c_x002"), office="Ufficio ALTROVE")
    Office.objects.filter(name="Ufficio ALTROVE").update(code="ALTROVE")
    adopt(plan)
    before = list(Office.objects.order_by("pk").values())
    values = {"title": "PTPCT 2022/2024", "first_year": 2022, "last_year": 2024}
    for lines, sentence in REFUSED:
        with pytest.raises(ValidationError) as refused:
            copy_plan(plan=plan, kind="ordinary", by=None, offices="\n".join(lines), **values)
        found = refused.value.message_dict["offices"]
        assert any(sentence in one for one in found), (lines, found)
    assert list(Office.objects.order_by("pk").values()) == before
    assert not Plan.objects.filter(title="PTPCT 2022/2024").exists()


def test_a_range_without_end_ends_with_the_processes(plan):
    made = opened(plan, "SI; diviso; ICT; ; 1-99999999999")
    assert told(made)["ICT"] == [(1, 1, "Reti"), (2, 2, "Software")]


@pytest.fixture
def rpct(plan):
    adopt(plan)
    return client_of(make_member("rpct", "rpct", body=plan.administration))


def page_of_edition(plan: Plan) -> str:
    return f"/piani/{plan.administration.ipa_code}/{plan.slug}/nuova-edizione/"


EDITION = {"kind": "ordinary", "title": "PTPCT 2022/2024", "first_year": 2022, "last_year": 2024}


def row_of(answer, code: str):
    return next(row for row in answer.context["page"].object_list if row.office.code == code)


def test_the_page_shows_each_office_with_its_processes(rpct, plan):
    rows = rpct.get(page_of_edition(plan)).context["page"].object_list
    found = {row.office.code: (row.processes, row.has_annex, row.change) for row in rows}
    assert found == {
        "GARE": (0, False, "uguale"),
        "ICT": (0, False, "uguale"),
        "RAG": (1, True, "uguale"),
        "SI": (2, True, "uguale"),
        "TRI": (2, True, "uguale"),
        "URP": (0, True, "uguale"),
    }


def test_each_refusal_stands_beside_its_office_and_what_was_typed_is_kept(rpct, plan):
    make_body("c_x002").offices.create(code="ALTROVE", name="Ufficio ALTROVE")
    typed = {
        **{"cambio-TRI": "unito", "ufficio-TRI": "Ufficio ALTROVE", "motivo-TRI": "Delibera 12"},
        **{"cambio-SI": "spostato", "ufficio-SI": "RAG"},
        **{"cambio-RAG": "spostato", "ufficio-RAG": "Ufficio SI"},
        **{"cambio-URP": "uguale", "nome-URP": "Relazioni"},
    }
    before = list(Office.objects.order_by("pk").values())
    answer = rpct.post(page_of_edition(plan), {**EDITION, **typed, "crea": "si"})
    errors = {code: " ".join(row_of(answer, code).errors) for code in ("TRI", "URP")}
    assert "«Ufficio ALTROVE» non è un ufficio di questa" in errors["TRI"]
    assert "hai scritto anche ciò che questo cambio non usa." in errors["URP"]
    row = row_of(answer, "TRI")
    assert (row.change, row.target, row.reason) == ("unito", "Ufficio ALTROVE", "Delibera 12")
    typed |= {"cambio-TRI": "uguale", "ufficio-TRI": "", "motivo-TRI": "", "nome-URP": ""}
    answer = rpct.post(page_of_edition(plan), {**EDITION, **typed, "crea": "si"})
    assert answer.status_code == 409
    assert "starebbe sotto sé stesso" in row_of(answer, "SI").errors[0]
    assert "starebbe sotto sé stesso" in row_of(answer, "RAG").errors[0]
    assert list(Office.objects.order_by("pk").values()) == before
    forged = {**EDITION, "offices": "TRI\tunito\tRAG\nTRI\tchiuso\t\t\t\tx\nXX\tchiuso\t\t\t\tx"}
    answer = rpct.post(page_of_edition(plan), forged)
    assert row_of(answer, "TRI").errors == ["è già alla riga 1."]
    assert "«XX» non è un ufficio" in answer.content.decode()
    assert Plan.objects.count() == 1


def test_what_was_chosen_goes_along_from_page_to_page(rpct, plan, monkeypatch):
    monkeypatch.setattr("risk.views.plans.edition.OFFICES_A_PAGE", 2)
    page = page_of_edition(plan)
    first = {**EDITION, "cambio-ICT": "rinominato", "nome-ICT": "Digitale", "vai": "3"}
    answer = rpct.post(page, first)
    offices = answer.context["form"]["offices"].value()
    assert [row.office.code for row in answer.context["page"].object_list] == ["TRI", "URP"]
    second = {**EDITION, "offices": offices, "cambio-TRI": "unito", "ufficio-TRI": "", "crea": ""}
    answer = rpct.post(page, {**second, "pagina": "1"})
    assert row_of(answer, "TRI").errors == ["scrivi in quale altro ufficio confluisce."]
    offices = answer.context["form"]["offices"].value()
    searched = rpct.post(page, {**EDITION, "offices": offices, "cerca": "ict", "cerca-uffici": ""})
    assert row_of(searched, "ICT").name == "Digitale"
    assert len(searched.context["page"].object_list) == 1
    third = {**EDITION, "offices": offices, "cambio-TRI": "unito", "ufficio-TRI": "Ufficio RAG"}
    assert rpct.post(page, third).status_code == 302
    assert office(plan, "ICT").name == "Digitale"
    assert set(told(Plan.objects.get(title="PTPCT 2022/2024"))) == {"RAG", "SI", "URP"}


def test_a_split_office_asks_where_each_process_goes(rpct, plan):
    page = page_of_edition(plan)
    begun = {**EDITION, "cambio-SI": "diviso", "ufficio-SI": "ICT", "crea": "si"}
    asked = rpct.post(page, begun)
    rows = [(one.process.title, one.target) for one in asked.context["processes"]]
    assert rows == [("Reti", "ICT"), ("Software", "ICT")]
    offices = asked.content.decode().split('name="offices" value="')[1].split('"')[0]
    typed = {**EDITION, "offices": offices, "diviso": "SI", "processo-1": "ICT", "crea": "si"}
    refused = rpct.post(page, {**typed, "processo-2": " "})
    assert [bool(one.errors) for one in refused.context["processes"]] == [False, True]
    refused = rpct.post(page, {**typed, "processo-2": "Altrove"})
    (error,) = refused.context["processes"][1].errors
    assert error == "«Altrove» non è un ufficio di questa amministrazione."
    assert rpct.post(page, {**typed, "processo-2": "Ufficio GARE"}).status_code == 302
    made = Plan.objects.get(title="PTPCT 2022/2024")
    assert [told(made)[code] for code in ("ICT", "GARE")] == [
        [(1, 1, "Reti")],
        [(1, 1, "Software")],
    ]
    # the page of the edition and the trail say it afterwards
    shown = rpct.get(f"/piani/{plan.administration.ipa_code}/{made.slug}/").content.decode()
    trail = rpct.get(f"/registrazioni/{plan.administration.ipa_code}/").content.decode()
    for sentence in ("va a «Ufficio ICT» il processo 1", "va a «Ufficio GARE» il processo 2"):
        assert sentence in shown
        assert sentence in trail


@pytest.mark.parametrize("again", ["ICT", "ict", "Ufficio ICT", "ufficio  ict"])
def test_an_office_a_split_names_by_code_and_by_name_is_one(rpct, plan, again):
    typed = {**EDITION, "offices": "SI\tdiviso\tICT", "diviso": "SI", "crea": "si"}
    posted = {**typed, "processo-1": "ICT", "processo-2": again}
    assert rpct.post(page_of_edition(plan), posted).status_code == 302
    made = Plan.objects.get(title="PTPCT 2022/2024")
    assert [title for *_place, title in told(made)["ICT"]] == ["Reti", "Software"]

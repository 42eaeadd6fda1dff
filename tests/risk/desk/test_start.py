"""The start page: what presses first with its day and the next act, and a page for everybody."""

import datetime

import pytest
from django.urls import reverse

from registry.models import Invitation, Membership, Plan, PlanDeadline, User
from registry.services.editing import save_fields
from tests.people import client_of, make_member, make_person
from tests.register import adopt, close, make_annex, make_body

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2020, 12, 20)


@pytest.fixture
def annex(annex, settings):
    settings.TODAY = TODAY
    PlanDeadline.objects.create(
        plan=annex.plan, due_on="2020-12-18", kind="transmission", label="Invio"
    )
    return annex


def desk_of(person) -> str:
    return client_of(person).get("/").content.decode()


def test_what_presses_says_how_late_it_is_and_what_is_done_next(annex, people):
    page = desk_of(people["editor"])
    assert "entro il 18/12/2020" in page
    assert "passata da 2 giorni" in page
    close(annex, "submitted")
    page = desk_of(people["head"])
    assert "passata da 2 giorni" in page
    assert "Leggi e approva<span" in page
    assert "passata" not in desk_of(people["editor"]), "it is not with them any more"


def test_the_rpct_reads_how_many_offices_are_late_and_goes_there(annex, people):
    page = desk_of(people["rpct"])
    room = reverse("risk:plan", args=[annex.plan.administration.ipa_code, annex.plan.slug])
    assert f'<a href="{room}?scadenza=passata#allegati">PTPCT 2021/2023: 1 ufficio' in page
    assert "1 ufficio: bozza 1; 1 in ritardo." in page
    assert "Guarda e sollecita" in page
    auditor = desk_of(people["auditor"])
    assert "1 ufficio: bozza 1; 1 in ritardo." in auditor
    assert "sollecita" not in auditor
    # nothing waits for them, and where what they look into is stands first
    assert "Nulla aspetta te." in auditor
    assert reverse("registry:trail") in auditor.partition("Nulla aspetta te.")[2]
    assert "Nulla aspetta te." not in desk_of(people["rpct"]) + desk_of(people["editor"])


def test_the_latest_stand_first(annex, people):
    body = annex.plan.administration
    for office, day in (("Cultura", "2020-12-10"), ("Demanio", "2020-12-30")):
        other = make_annex(body, office=office)
        close(other, "approved")
        plan = Plan.objects.get(pk=other.plan_id)
        PlanDeadline.objects.get_or_create(plan=plan, due_on=day, kind="other", label=office)
    PlanDeadline.objects.create(
        plan=annex.plan, due_on="2020-12-25", kind="adoption", label="Adozione"
    )
    page = desk_of(people["rpct"])
    late, other = page.index("in ritardo.</a>"), page.index("Cultura, PTPCT 2021/2023: da validare")
    assert late < other
    assert page.count("mancano 5 giorni") >= 2


def test_the_day_of_the_annexes_is_not_ahead_once_all_are_handed_in(annex, people):
    PlanDeadline.objects.update(due_on="2020-12-28")
    PlanDeadline.objects.create(
        plan=annex.plan, due_on="2020-12-30", kind="adoption", label="Adozione"
    )
    assert "mancano 8 giorni" in desk_of(people["rpct"])
    close(annex, "approved")
    page = desk_of(people["rpct"])
    assert "mancano 8 giorni" not in page
    assert "mancano 10 giorni" in page


def test_one_goes_on_where_one_left_off(annex, people):
    process = annex.processes.get()
    assert "Riprendi da dove eri" not in desk_of(people["editor"])
    save_fields(
        row=process,
        values={"title": "Rimborso di tributi versati due volte"},
        version=process.version,
        kind="edit",
        by=people["editor"],
    )
    page = desk_of(people["editor"])
    assert "Riprendi da dove eri" in page
    assert reverse("risk:process_sheet", args=[process.uid]) in page
    assert "Rimborso di tributi versati due volte" in page
    assert "Riprendi da dove eri" not in desk_of(people["head"])
    close(annex, "submitted")
    assert "Riprendi da dove eri" not in desk_of(people["editor"]), "nothing to write there"


def test_plans_that_are_over_fold_away_and_the_next_edition_is_offered(annex, people):
    adopt(annex.plan, "published")
    for who in ("rpct", "editor", "auditor"):
        page = desk_of(people[who])
        assert "1 piano adottato" in page
        assert "<details" in page
        assert "Tributi" not in page
    plan = annex.plan
    copy = reverse("risk:plan_copy", args=[plan.administration.ipa_code, plan.slug])
    assert f'href="{copy}"' in desk_of(people["rpct"])


def test_who_keeps_the_installation_reads_how_it_is(annex, people):
    keeper = make_person("gestore", is_superuser=True)
    page = desk_of(keeper)
    assert "L’installazione" in page
    assert "Copia di sicurezza" in page
    assert reverse("registry:people") in page
    assert "Allegati degli uffici" not in page
    make = Membership.objects.create
    make(
        user=keeper,
        administration=annex.plan.administration,
        role="rpct",
        starts_on="2020-01-01",
    )
    assert "Allegati degli uffici" in desk_of(User.objects.get(pk=keeper.pk))


def test_who_has_no_role_reads_why_and_whom_to_ask(annex, people):
    body, stranger = annex.plan.administration, people["stranger"]
    assert "Non hai ancora un ruolo" in desk_of(stranger)
    past = make_member("ex", "editor", body=body, office=annex.office)
    Membership.objects.filter(user=past).update(ends_on="2020-06-30")
    page = desk_of(past)
    assert "È finito il 30/06/2020." in page
    assert "chiedi al RPCT" in page
    other = make_body("c_x002")
    offered = Invitation.objects.create(
        user=past, administration=other, role="auditor", starts_on="2020-01-01", by=stranger
    )
    assert reverse("registry:invitation", args=[offered.uid]) in desk_of(past)

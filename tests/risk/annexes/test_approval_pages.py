"""The page of changes: what the head, the RPCT and the others see on it, and what they may do."""

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.enums import AnnexState
from registry.models import Annex, ExecutorRole, Phase, Plan, Process, TrailRecord
from registry.services.history import FieldChange
from registry.services.processes import retire_process
from risk.content.build import build_document
from risk.content.canonical import digest_of, snapshot
from risk.content.reading import read_annex
from risk.enums import Verb
from risk.models import AnnexIssue, Approval
from risk.services.annexes.changes import page_of
from risk.services.annexes.moves import move_annex
from risk.services.plans.editions import copy_plan
from tests.people import client_of
from tests.register import add_complete_process, adopt, close, complete_annex, make_phase
from tests.statements import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def annex():
    annex = complete_annex()
    add_complete_process(annex, "Sgravi")
    return annex


def fresh(annex) -> Annex:
    return Annex.objects.with_names().get(pk=annex.pk)


def move(annex, verb, by):
    return move_annex(annex=fresh(annex), verb=verb, by=by, reason="Da rivedere.")


def edit(process, by, **changes) -> None:
    process = Process.objects.get(pk=process.pk)
    process._history_user = by
    for name, value in changes.items():
        setattr(process, name, value)
    process.save()


def read(annex, person) -> str:
    answer = client_of(person).get(reverse("risk:changes", args=[annex.uid]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def page_for(annex, person):
    return page_of(annex=fresh(annex), user=person)


def approve(annex, person, index: int, **data):
    shown = page_for(annex, person)
    row, texts = shown.rows[index], shown.texts.digest
    address = reverse("risk:approve_process", args=[row.process.uid])
    return client_of(person).post(address, {"seen": row.status.digest, "texts": texts} | data)


def test_the_head_approves_process_by_process_on_the_page(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    page = read(annex, people["head"])
    assert page.count('aria-label="Approva questo processo') == 2
    answer = approve(annex, people["head"], 0)
    first = annex.processes.get(position=1)
    place = f"processo={first.uid}#p-{first.uid}"
    assert answer.url == f"{reverse('risk:changes', args=[annex.uid])}?{place}"
    page = read(annex, people["head"])
    assert page.count('aria-label="Approva questo processo') == 1
    assert "Ultima approvazione: Testa Prova" in page
    steps = client_of(people["editor"]).get(reverse("risk:workflow", args=[annex.uid]))
    assert "Processi approvati: 1 su 2." in steps.content.decode()
    approve(annex, people["head"], 1)
    assert fresh(annex).state == AnnexState.APPROVED
    assert "Approva questo processo" not in read(annex, people["head"])


def test_what_changed_after_the_approval_is_told_field_by_field(annex, people):
    edit(annex.processes.get(position=1), people["editor"], times="entro 30 giorni dalla domanda")
    move(annex, Verb.SUBMIT, people["editor"])
    move(annex, Verb.APPROVE, people["head"])
    move(annex, Verb.RETURN, people["rpct"])
    first = annex.processes.get(position=1)
    edit(first, people["editor"], times="entro 45 giorni dalla domanda")
    make_phase(first, "Pagamento", executor_role=first.phases.first().executor_role)
    move(annex, Verb.SUBMIT, people["editor"])
    page = read(annex, people["head"])
    assert "cambiato dopo l’approvazione" in page
    assert '<del><span class="visually-hidden">tolto: </span>30 </del>' in page
    assert '<ins><span class="visually-hidden">aggiunto: </span>45 </ins>' in page
    assert "<strong>Fase</strong> Pagamento" in page
    assert page.count('aria-label="Approva questo processo') == 1
    assert "Dall’ultima approvazione: 1 processo cambiato." in page


def test_the_rpct_sees_what_changed_since_the_last_validation(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    move(annex, Verb.APPROVE, people["head"])
    assert "non è ancora stato validato" in read(annex, people["rpct"])
    move(annex, Verb.VALIDATE, people["rpct"])
    move(annex, Verb.RETURN, people["rpct"])
    edit(annex.processes.get(position=2), people["editor"], objective="Meno tempo.")
    move(annex, Verb.SUBMIT, people["editor"])
    move(annex, Verb.APPROVE, people["head"])
    found = page_for(annex, people["rpct"])
    assert [len(row.since_act) for row in found.rows] == [0, 1]
    assert [len(row.since_act) for row in page_for(annex, people["head"]).rows] == [0, 0]
    page = read(annex, people["rpct"])
    assert "Dall’ultima validazione: 1 processo cambiato." in page
    assert "aggiunto: </span>Meno tempo." in page
    assert "Valida l’allegato" in page
    assert "Restituisci all’ufficio" in page
    assert "Valida l’allegato" not in read(annex, people["head"])
    assert "Approva questo processo" not in page


def test_the_last_edition_is_compared_row_by_row(annex, people):
    retired_title = annex.processes.get(position=2).title
    plan = Plan.objects.get(pk=annex.plan_id)
    adopt(plan)
    made = copy_plan(
        plan=plan,
        title="PTPCT 2022/2024",
        first_year=2022,
        last_year=2024,
        kind="ordinary",
        by=people["rpct"],
    )
    copy = made.annexes.get(office=annex.office)
    found = page_for(copy, people["head"])
    assert [row.since_edition for row in found.rows] == [(), ()]
    assert {str(row.status.state) for row in found.rows} == {"to_approve"}
    first, second = copy.processes.order_by("position")
    edit(first, people["editor"], input="La domanda del contribuente")
    retire_process(process=second, reason="Passato ad altro ufficio.", by=people["editor"])
    add_complete_process(fresh(copy), "Nuovo di zecca")
    found = page_for(copy, people["head"])
    (change,) = found.rows[0].since_edition
    assert [one.after for one in change.fields] == ["La domanda del contribuente"]
    assert (found.rows[1].since_edition, found.rows[1].status.state) == (None, "new")
    assert [title for _number, title in found.gone] == [retired_title]
    page = read(copy, people["head"])
    assert "Dall’edizione «PTPCT 2021/2023»: 1 processo cambiato, 1 nuovo, 1 non ripreso." in page
    assert "non ripreso" in page


def test_another_name_of_office_or_head_is_told(annex, people):
    first = {"office_name": "Tributi", "head_surname": "Bianchi", "head_name": "Ada"}
    Annex.objects.filter(pk=annex.pk).update(**first)
    adopt(Plan.objects.get(pk=annex.plan_id))
    terms = {"title": "PTPCT 2022/2024", "first_year": 2022, "last_year": 2024}
    made = copy_plan(plan=fresh(annex).plan, kind="ordinary", by=people["rpct"], **terms)
    copies = Annex.objects.filter(plan=made, office=annex.office)
    copies.update(**first)
    assert page_for(copies.get(), people["head"]).texts.since_edition == ()

    copies.update(head_surname="Verdi")

    (change,) = page_for(copies.get(), people["head"]).texts.since_edition
    assert change.fields == (FieldChange("Responsabile", "Ada Bianchi", "Ada Verdi"),)
    page = read(copies.get(), people["head"])
    assert "tolto: </span>Bianchi</del>" in page


def test_an_issued_edition_is_compared_as_it_was_issued(annex, people):
    data = snapshot(build_document(read_annex(fresh(annex))))
    close(annex, "issued", digest=digest_of(data))
    texts = {"data": data, "html": "", "pdf": b"", "pdf_digest": "0" * 64}
    AnnexIssue.objects.create(
        annex=annex,
        plan=annex.plan,
        number=1,
        issued_at=timezone.now(),
        by=people["rpct"],
        data_digest=digest_of(data),
        **texts,
    )
    plan = Plan.objects.get(pk=annex.plan_id)
    adopt(plan)
    years = {"first_year": 2022, "last_year": 2024, "kind": "ordinary"}
    copy = copy_plan(plan=plan, title="PTPCT 2022/2024", by=people["rpct"], **years).annexes.get()
    assert [row.since_edition for row in page_for(copy, people["head"]).rows] == [(), ()]
    # what was issued keeps its word, so that the copy gets another one
    other = ExecutorRole.objects.create(
        administration=plan.administration, label="Responsabile unico"
    )
    Phase.objects.filter(process__annex=copy).update(executor_role=other)
    told = page_for(copy, people["head"]).rows[0].since_edition
    fields = [field for change in told for field in change.fields]
    assert FieldChange("Esecutore", "RUP", "Responsabile unico") in fields


def test_without_an_edition_before_every_process_is_new(annex, people):
    page = read(annex, people["editor"])
    assert "non ce n’è una, e ogni processo è nuovo" in page
    assert page.count('<span class="house-chip">nuovo</span>') == 2


@pytest.mark.parametrize("who", ["editor", "rpct", "auditor"])
def test_who_is_not_the_head_reads_and_is_refused(annex, people, who):
    move(annex, Verb.SUBMIT, people["editor"])
    assert "/approva/" not in read(annex, people[who])
    answer = approve(annex, people[who], 0)
    assert answer.status_code == 409
    assert "Questo passo spetta a: responsabile." in answer.content.decode()
    whole = client_of(people[who]).post(
        reverse("risk:approve_annex", args=[annex.uid]),
        {"seen": page_for(annex, people[who]).seen},
    )
    assert whole.status_code == 409
    assert not Approval.objects.exists()
    assert TrailRecord.objects.filter(outcome="refused").count() == 2


def test_a_head_who_edited_last_is_told_before_and_refused_after(annex, people):
    edit(annex.processes.get(position=1), people["head"], objective="Scritto dal responsabile.")
    move(annex, Verb.SUBMIT, people["editor"])
    page = read(annex, people["head"])
    assert "Chi ha modificato per ultimo l’allegato non lo approva" in page
    assert "/approva/" not in page
    answer = approve(annex, people["head"], 0)
    assert (answer.status_code, Approval.objects.count()) == (409, 0)


@pytest.mark.parametrize("who", ["colleague", "stranger"])
def test_who_does_not_read_the_annex_finds_nothing(annex, people, who):
    close(annex)
    client = client_of(people[who])
    process = annex.processes.get(position=1)
    assert client.get(reverse("risk:changes", args=[annex.uid])).status_code == 404
    assert client.post(reverse("risk:approve_annex", args=[annex.uid])).status_code == 404
    assert client.post(reverse("risk:approve_process", args=[process.uid])).status_code == 404


def test_a_page_that_was_overtaken_approves_nothing(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    for stale in ({"seen": "0" * 64}, {"seen": ""}):
        answer = approve(annex, people["head"], 0, **stale)
        assert answer.status_code == 409
        assert "rileggilo, poi approvalo" in answer.content.decode()
    address = reverse("risk:approve_annex", args=[annex.uid])
    assert client_of(people["head"]).post(address).status_code == 409
    assert not Approval.objects.exists()


def test_the_steps_of_the_annex_send_back_what_was_seen_too(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    client, address = client_of(people["head"]), reverse("risk:workflow", args=[annex.uid])
    seen = page_for(annex, people["head"]).seen
    assert f'name="seen" value="{seen}"' in client.get(address).content.decode()
    assert client.post(address, {"verb": "approve"}).status_code == 409
    stale = client.post(address, {"verb": "approve", "seen": "0" * 64})
    assert stale.status_code == 409
    assert "L’allegato è cambiato da quando lo hai letto" in stale.content.decode()
    assert client.post(address, {"verb": "approve", "seen": seen}).status_code == 302
    assert fresh(annex).state == AnnexState.APPROVED


def test_the_whole_annex_is_approved_as_it_was_read(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    approve(annex, people["head"], 0)
    answer = client_of(people["head"]).post(
        reverse("risk:approve_annex", args=[annex.uid]),
        {"seen": page_for(annex, people["head"]).seen},
    )
    assert answer.url == reverse("risk:workflow", args=[annex.uid])
    assert fresh(annex).state == AnnexState.APPROVED
    assert Approval.objects.count() == 2


def test_the_reason_of_a_return_begins_with_the_process(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    process = annex.processes.get(position=2)
    address = reverse("risk:changes", args=[annex.uid])
    answer = client_of(people["head"]).get(f"{address}?restituisci={process.uid}")
    assert f"required>{process.printed}: </textarea>" in " ".join(answer.content.decode().split())


def test_the_queries_of_the_page_do_not_grow_with_the_processes(annex, people):
    move(annex, Verb.SUBMIT, people["editor"])
    move(annex, Verb.APPROVE, people["head"])
    move(annex, Verb.RETURN, people["rpct"])

    def counted(limit):
        client = client_of(people["head"])
        with at_most(limit):
            client.get(reverse("risk:changes", args=[annex.uid]))

    edit(annex.processes.get(position=1), people["editor"], objective="Altro.")
    counted(40)
    for number in range(6):
        add_complete_process(fresh(annex), f"Altro {number}")
    counted(40)


def test_what_was_never_validated_is_not_compared_with_a_validation(annex, people):
    address = reverse("risk:workflow", args=[annex.uid])
    client = client_of(people["rpct"])
    move(annex, Verb.SUBMIT, people["editor"])
    move(annex, Verb.APPROVE, people["head"])
    page = client.get(address).content.decode()
    assert reverse("risk:changes", args=[annex.uid]) in page
    assert "ultima validazione" not in page
    move(annex, Verb.VALIDATE, people["rpct"])
    move(annex, Verb.RETURN, people["rpct"])
    move(annex, Verb.SUBMIT, people["editor"])
    move(annex, Verb.APPROVE, people["head"])
    assert "dall’ultima validazione" in client.get(address).content.decode()

"""The office that executes a part of a process reads its sheet, and nothing else of that annex."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Process
from risk.services.annexes.remarks import add_remark
from tests.people import client_of
from tests.project.routes import routes
from tests.register import adopt, make_phase, make_process

READS = {"risk:process_sheet", "risk:process_sheet_present", "risk:assessment", "risk:treatment"}
BOTH = {"risk:row_remarks"}


@pytest.fixture
def client(executor):
    return client_of(executor)


def sheet_of(process) -> str:
    return reverse("risk:process_sheet", args=[process.uid])


def test_it_reads_the_sheet_and_is_told_why(client, process, phase):
    page = client.get(sheet_of(process)).content.decode()
    assert "di altro ufficio" in page
    assert "di cui il tuo svolge una parte" in page
    assert reverse("risk:row_remarks", args=[process.uid, "phase", phase.uid]) in page


def test_every_link_of_what_it_reads_leads_somewhere(client, process):
    for name in READS - {"risk:process_sheet_present"}:
        page = client.get(reverse(name, args=[process.uid])).content.decode()
        content = page[page.index("<main") : page.index("</main>")]
        trail = page[page.index("house-trail") :]
        links = {part.split('"')[0] for part in (content + trail).split('href="/')[1:]}
        for link in sorted(links):
            status = client.get(f"/{link}").status_code
            assert status == 200, (name, link, status)


@pytest.mark.parametrize("place", ["phase", "action", "role"])
def test_a_phase_or_an_action_is_a_part(annex, people, executor, place):
    process = make_process(annex, "Pagamento delle fatture")
    phase = make_phase(process)
    office = executor.memberships.get().office
    client = client_of(executor)
    assert client.get(sheet_of(process)).status_code == 404
    if place == "phase":
        phase.executor_office = office
        phase.save()
    elif place == "action":
        phase.actions.create(position=1, title="Mandato", executor_office=office)
    # a role is nobody's office
    expected = 404 if place == "role" else 200
    assert client.get(sheet_of(process)).status_code == expected


def test_an_auditor_of_nothing_and_a_former_colleague_read_nothing(annex, process, executor):
    membership = executor.memberships.get()
    membership.ends_on = "2020-06-01"
    membership.save()
    assert client_of(executor).get(sheet_of(process)).status_code == 404


def test_another_body_executes_nothing_here(annex, process, people):
    stranger = client_of(people["stranger"])
    assert stranger.get(sheet_of(process)).status_code == 404


def addresses(annex, process):
    """Every address that names this annex or this process, by its name."""
    some = process.phases.get()
    for route in routes():
        if route.pattern.startswith(("allegati/<uuid:uid>", "processi/<uuid:uid>")):
            row = process if route.pattern.startswith("processi") else annex
            values = {"uid": row.uid, "row": some.uid, "measure": some.uid, "part": "identita"}
            values |= {"verb": "duplica", "suffix": "html", "layout": "catalogo"}
            values["kind"] = "phase" if "row_kind" in route.pattern else "processi"
            given = {part: values[part] for part in route.parts}
            yield route.name, reverse(route.name, kwargs=given)


def test_everything_else_is_not_found(annex, process, other_process, client):
    found = dict(addresses(annex, process))
    assert set(found) > READS | BOTH | {"risk:mapping", "risk:remarks", "risk:process_history"}
    for name, address in found.items():
        expected = 200 if name in READS | BOTH else 404
        assert client.get(address).status_code in (expected, 405), name
        expected = 200 if name in BOTH else 404
        assert client.post(address, {}).status_code in (expected, 405), name
    for name, address in addresses(annex, other_process):
        assert client.get(address).status_code in (404, 405), name
        assert client.post(address, {}).status_code in (404, 405), name


def test_remarks_of_the_other_processes_are_not_found(
    annex, process, other_process, client, people
):
    said = {"annex": annex, "kind": "process", "text": "Perché?", "by": people["rpct"]}
    mine = add_remark(process=process, row=process, **said)
    other = add_remark(process=other_process, row=other_process, **said)
    assert client.get(reverse("risk:remark", args=[mine.uid])).status_code == 200
    assert client.get(reverse("risk:remark", args=[other.uid])).status_code == 404
    answered = client.post(reverse("risk:remark", args=[mine.uid]), {"text": "Perché sì."})
    assert answered.status_code == 302


def test_it_stands_on_the_desk_while_the_plan_is_made(annex, process, other_process, client):
    def desk():
        return client.get(reverse("risk:desk")).content.decode()

    assert sheet_of(process) in desk()
    assert sheet_of(other_process) not in desk()
    listed = client.get(reverse("risk:executed")).content.decode()
    assert sheet_of(process) in listed
    assert sheet_of(other_process) not in listed
    Process.objects.filter(pk=process.pk).update(
        retired_on="2021-01-01", retired_reason="Non si fa più"
    )
    assert sheet_of(process) not in desk()
    Process.objects.filter(pk=process.pk).update(retired_on=None, retired_reason="")
    adopt(annex.plan)
    assert sheet_of(process) not in desk()
    assert sheet_of(process) in client.get(reverse("risk:executed")).content.decode()


def test_the_desk_of_the_annex_names_none_of_its_own(annex, process, executor, people):
    for who in ("editor", "rpct", "auditor"):
        page = client_of(people[who]).get(reverse("risk:desk")).content.decode()
        assert "Processi di altri uffici" not in page


def test_the_cost_does_not_grow_with_what_is_executed(annex, process, executor):
    client, office = client_of(executor), executor.memberships.get().office
    addresses = [reverse("risk:desk"), reverse("risk:executed"), sheet_of(process)]

    def cost():
        with CaptureQueriesContext(connection) as queries:
            for address in addresses:
                assert client.get(address).status_code == 200
        return len(queries)

    before = cost()
    for number in range(8):
        row = make_process(annex, f"Processo {number}")
        make_phase(row, executor_office=office)
    assert cost() == before


def test_whoever_belongs_to_both_offices_is_at_home(annex, process, executor):
    executor.memberships.create(
        administration=annex.plan.administration,
        office=annex.office,
        role="editor",
        starts_on="2020-01-01",
    )
    client = client_of(executor)
    assert "di altro ufficio" not in client.get(sheet_of(process)).content.decode()
    assert client.get(reverse("risk:mapping", args=[annex.uid])).status_code == 200

"""While somebody’s transaction does not end, every page reads, and whoever writes is told so.

The addresses come from the table: a page that is added is read and written to here. What is really
typed into the pages of an annex is in `tests/risk/annexes/test_stuck_ways.py`.
"""

import pytest

from ptpct.busy import RETRY_SECONDS
from registry.models import Process
from tests.project.address_table import ADDRESSES
from tests.project.address_world import World
from tests.project.routes import routes
from tests.risk.admin.test_files import PORTABLE
from tests.risk.admin.test_forms import typed
from tests.risk.admin.test_rights import ADDERS, MODELS, READERS, WRITERS, address, name_of
from tests.stuck import all_rows, in_a_hurry, stuck_writer

pytestmark = pytest.mark.django_db(transaction=True)

LEAVES = {"registry:job_file", "risk:annex_file", "risk:issue_file"}
LEAVES |= {"risk:annex_workbook", "risk:plan_workbook", "risk:empty_workbook"}
LEAVES |= {"risk:round_office_book"}
"""Addresses that are read, and leave a record: a file goes out."""
BUSY = 503


def test_every_address_while_somebody_is_stuck():
    world = World()
    before = all_rows()
    with in_a_hurry(), stuck_writer():
        answers = {
            (method, route.name): _answer(world, route, method)
            for route in routes()
            for method in ("get", "post")
            if route.name in ADDRESSES and getattr(ADDRESSES[route.name], method)
        }

    broken = {asked: answer.status_code for asked, answer in answers.items() if _is_broken(answer)}
    assert broken == {}
    behind = {
        name for (method, name), answer in answers.items() if method == "get" and _busy(answer)
    }
    assert behind == LEAVES
    assert sum(map(_busy, answers.values())) > 30
    assert _changed(before) == set()


def test_every_list_of_the_back_office_while_somebody_is_stuck():
    world = World()
    written = [model for model in MODELS if _may(model, WRITERS)]
    before = all_rows()
    with in_a_hurry(), stuck_writer():
        lists = {act: _client(world, Process, READERS).get(address(Process, act)) for act in PAGES}
        left = [_client(world, one, READERS).post(address(one, "export"), CSV) for one in PORTABLE]
        # who reads the form of a row waits for nobody, or this fails
        sent = {model: _typed(world, model) for model in written}
        saved = {
            name_of(model): _client(world, model, WRITERS).post(
                _place(world, model, "change"), data
            )
            for model, data in sent.items()
        }
        gone = {
            name_of(model): _client(world, model, ADDERS).post(_place(world, model, "delete"), YES)
            for model in written
            if _may(model, ADDERS)
        }

    assert {act: answer.status_code for act, answer in lists.items()} == dict.fromkeys(PAGES, 200)
    assert [answer.status_code for answer in left if not _busy(answer)] == []
    assert {name: one.status_code for name, one in saved.items() if _is_broken(one)} == {}
    assert sum(map(_busy, saved.values())) > 20
    assert {name: one.status_code for name, one in gone.items() if _is_broken(one)} == {}
    assert any(map(_busy, gone.values()))
    assert _changed(before) == set()


PAGES = ("changelist", "add", "import", "export")
CSV = {"format": "1", "resource": ""}
YES = {"post": "yes"}


def _answer(world, route, method):
    line = ADDRESSES[route.name]
    person = "superuser" if "superuser" in getattr(line, method) else "rpct"
    return _send(world.client(person), method, world.address(route, "own", line.parts), line.data)


def _send(client, method, place, data):
    client.raise_request_exception = False
    answer = getattr(client, method)(place, data if method == "post" else None)
    if answer.streaming:
        list(answer.streaming_content)
    return answer


def _busy(answer) -> bool:
    return answer.status_code == BUSY and answer.headers["Retry-After"] == str(RETRY_SECONDS)


def _is_broken(answer) -> bool:
    return answer.status_code >= 500 and not _busy(answer)


def _changed(before) -> set[str]:
    return {name for name, rows in all_rows().items() if rows != before[name]}


def _may(model, who) -> bool:
    return bool(who[name_of(model)] & {"rpct", "superuser"})


def _client(world, model, who):
    client = world.client("rpct" if "rpct" in who[name_of(model)] else "superuser")
    client.raise_request_exception = False
    return client


def _place(world, model, act) -> str:
    return address(model, act, _row(world, model).pk)


def _row(world, model):
    own = world.homes["own"]
    return {"user": own.membership.user, "membership": own.membership}.get(
        name_of(model)
    ) or getattr(own, name_of(model))


def _typed(world, model) -> dict:
    return typed(_client(world, model, WRITERS), _row(world, model))

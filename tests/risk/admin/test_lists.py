"""Every list of the back office leaves as a file, as filtered; what it shows, to whom it shows."""

import json
import re
from decimal import Decimal

import pytest

from registry.models import AnacArea, Annex, Membership, TrailRecord, User
from registry.spreadsheets.writing import LIST_FORMATS
from risk.models import ProgressIndicator, Remark
from tests.risk.admin.test_rights import MODELS, READERS, address, is_portable, name_of
from tests.risk.admin.world import build, enlarge
from tests.statements import at_most

LISTS = [model for model in MODELS if not is_portable(model)]


@pytest.fixture
def world(db):
    return build()


def reader_of(model) -> str:
    return "rpct" if "rpct" in READERS[name_of(model)] else "superuser"


def rows_of(client, model, **query) -> list[dict]:
    answer = client.get(address(model, "changelist"), {**query, "formato": "json"})
    assert answer.status_code == 200, model
    return json.loads(b"".join(answer.streaming_content))


def test_every_list_has_an_export_of_its_own_or_links_to_its_files(world, client):
    assert LISTS
    for model in MODELS:
        client.force_login(world.people[reader_of(model)])
        text = client.get(address(model, "changelist")).content.decode()
        links = [suffix for suffix in LIST_FORMATS if f'href="?formato={suffix}"' in text]
        assert links == ([] if is_portable(model) else [*LIST_FORMATS]), model
        assert is_portable(model) == ('class="export_link"' in text), model


@pytest.mark.parametrize("suffix", LIST_FORMATS)
def test_every_list_leaves_in_every_format(world, client, suffix):
    for model in LISTS:
        client.force_login(world.people[reader_of(model)])
        page = client.get(address(model, "changelist"))
        answer = client.get(address(model, "changelist"), {"formato": suffix})
        assert b"".join(answer.streaming_content), model
        record = TrailRecord.objects.order_by("-pk").first()
        assert record.subject == f"list {model._meta.label_lower}"
        assert record.detail["rows"] == page.context["cl"].result_count, model


def test_the_file_has_the_columns_of_the_page(world, client):
    for model in LISTS:
        client.force_login(world.people[reader_of(model)])
        page = client.get(address(model, "changelist")).context["cl"]
        shown = [name for name in page.list_display if name != "action_checkbox"]
        rows = rows_of(client, model)
        assert len(rows) == page.result_count >= 1, model
        # heads that were alike would swallow a column
        assert {len(row) for row in rows} == {len(shown)}, model


def test_search_filter_and_order_are_those_of_the_page(world, client):
    client.force_login(world.people["superuser"])
    role = rows_of(client, Membership, role__exact="rpct")
    assert {row["Ruolo"] for row in role} == {"RPCT"}
    name = User.objects.order_by("username").first().username
    assert [row for row in rows_of(client, User, q=name) if name in row.values()]
    people = [row["Nome utente"] for row in rows_of(client, User, o="1")]
    assert [row["Nome utente"] for row in rows_of(client, User, o="-1")] == people[::-1]


def test_a_page_number_cuts_nothing(world, client):
    client.force_login(world.people["rpct"])
    assert len(rows_of(client, Annex, p="1")) == len(rows_of(client, Annex))


def test_who_may_not_see_a_list_gets_no_file(world, client):
    for model in LISTS:
        for person in ("stranger", "editor", "superuser"):
            client.force_login(world.people[person])
            seen = client.get(address(model, "changelist")).status_code
            answer = client.get(address(model, "changelist"), {"formato": "csv"})
            if answer.streaming:
                list(answer.streaming_content)
            assert answer.status_code == seen, (model, person)


def test_another_body_is_in_no_file(world, client):
    client.force_login(world.people["rpct"])
    other = world.b.administration.name
    # the areas of ANAC are of no body, and the people are the installation's
    for model in set(LISTS) - {AnacArea, User}:
        assert other not in json.dumps(rows_of(client, model), ensure_ascii=False), model


def test_a_format_there_is_not_is_no_address(world, client):
    client.force_login(world.people["rpct"])
    assert client.get(address(Annex, "changelist"), {"formato": "exe"}).status_code == 404


def test_more_rows_cost_no_more_queries(world, client):
    enlarge(world)
    for model in LISTS:
        client.force_login(world.people[reader_of(model)])
        with at_most(20):
            rows_of(client, model)


def test_the_columns_of_files_are_told_in_words(world, client):
    client.force_login(world.people["rpct"])
    (row,) = [row for row in rows_of(client, Annex) if row["Ufficio"] == world.a.office.name][:1]
    assert row["Stato"] == world.a.annex.get_state_display()


def test_the_history_of_a_row_leaves_too(world, client):
    client.force_login(world.people["rpct"])
    link = address(Annex, "history", world.a.annex.pk)
    page = client.get(link)

    answer = client.get(link, {"formato": "json"})

    rows = json.loads(b"".join(answer.streaming_content))
    assert 'href="?formato=ods"' in page.content.decode()
    assert {row["Che cosa"] for row in rows} == {entry.kind for entry in page.context["entries"]}
    assert client.get(link, {"formato": "exe"}).status_code == 404


def test_a_list_is_headed_by_its_name_and_writes_days_as_the_pages_do(world, client):
    client.force_login(world.people["rpct"])
    text = client.get(address(Membership, "changelist")).content.decode()
    assert "<h1>Appartenenze</h1>" in text
    assert f"{Membership.objects.order_by('starts_on')[0].starts_on:%d/%m/%Y}" in text


def test_remarks_are_listed_by_their_state(world, client):
    client.force_login(world.people["rpct"])
    everything = len(rows_of(client, Remark))
    opened, closed = (len(rows_of(client, Remark, stato=state)) for state in ("aperte", "chiuse"))
    assert opened == Remark.objects.visible_to(world.people["rpct"]).open().count() >= 1
    assert opened + closed == everything
    assert client.get(address(Remark, "changelist"), {"stato": "boh"}).status_code == 200


def test_a_number_has_no_zeros_that_nobody_typed(world, client):
    """In the list, on the page of a row that is only read, and in the file."""
    indicator = ProgressIndicator.objects.first()
    ProgressIndicator.objects.filter(pk=indicator.pk).update(baseline=2, target=Decimal("97.5"))
    for who, is_read in (("rpct", False), ("auditor", True)):
        client.force_login(world.people[who])
        pages = [address(ProgressIndicator, "changelist")]
        if is_read:
            pages.append(address(ProgressIndicator, "change", indicator.pk))
        for page in pages:
            text = client.get(page).content.decode()
            assert re.search(r">\s*2\s*<", text), (who, page)
            assert re.search(r">\s*97,5\s*<", text), (who, page)
            assert not re.search(r"\d,\d*00\b", text), (who, page)
    told = [row for row in rows_of(client, ProgressIndicator) if 97.5 in row.values()]
    assert any(2 in row.values() for row in told)

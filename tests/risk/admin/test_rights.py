"""Every address of the back office with every person: who gets in, and what is not there at all.

The addresses come from the admin site itself, so that a list added later is tested too.
"""

import pytest
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from registry.models import AnacArea, Annex, Membership, Office, User
from risk.models import Remark
from tests.register import close
from tests.risk.admin.world import CATALOGUES

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)

# How rows are protected: who looks, who changes; the rest is refused. Kinds of rows by model.
PEOPLE_ONLY = {"user"}
INSTALLATION = {"administration", "anacarea"}
CATALOGUE = {model._meta.model_name for model in CATALOGUES} | {
    *("office", "alias", "method", "level", "indicator", "answer", "matrixcell", "textblock"),
    *("libraryphase", "libraryaction", "librarybehaviour"),
}
PLAN = {"plan", "plandeadline", "planmethod"}
ANNEX = {
    *("annex", "process", "phase", "action", "riskbehaviour", "coverage", "assessment", "rating"),
    *("plannedmeasure", "measuretarget", "implementationstep", "progressindicator"),
}
COPY = {"librarycopy", "remark", "remarkanswer"}

MEMBERS = {"head", "editor", "rpct", "auditor"}
READERS = {
    **dict.fromkeys(PEOPLE_ONLY, {"superuser"}),
    "membership": {"superuser", "rpct"},
    "directoryrule": {"superuser", "rpct"},
    **dict.fromkeys(INSTALLATION | CATALOGUE, MEMBERS | {"superuser"}),
    **dict.fromkeys(PLAN | ANNEX | COPY, MEMBERS),
}
WRITERS = {
    **dict.fromkeys(PEOPLE_ONLY | INSTALLATION | {"membership"}, {"superuser"}),
    # whether the body works with one person, and nothing else of it
    "administration": {"superuser", "rpct"},
    **dict.fromkeys(CATALOGUE, {"rpct", "superuser"}),
    "directoryrule": {"rpct", "superuser"},
    **dict.fromkeys(PLAN, {"rpct"}),
    **dict.fromkeys(ANNEX, {"head", "editor", "rpct"}),
    **dict.fromkeys(COPY, set()),
}
ADDERS = {**WRITERS, "annex": {"rpct"}, "administration": {"superuser"}}
DELETERS = {**ADDERS, "librarycopy": {"head", "editor", "rpct"}}
# what somebody did stays theirs: people are suspended, never deleted
DELETERS["user"] = set()
EVERYONE = (*sorted(MEMBERS), "stranger", "superuser")
ASKED = EVERYONE if connection.vendor == "sqlite" else ("rpct", "stranger")
"""Rights are alike on both engines; on PostgreSQL it is the statements that are tried."""


def name_of(model):
    return model._meta.model_name


def address(model, act, *args):
    return reverse(f"admin:{model._meta.app_label}_{name_of(model)}_{act}", args=args)


def row_of(world, model, home="a"):
    """A row of one body; people and memberships belong to no `SimpleNamespace`."""
    if model is User:
        return world.people["head"]
    if model is Membership:
        return world.people["head"].memberships.order_by("pk").first()
    return getattr(getattr(world, home), name_of(model))


def test_every_list_has_its_line_in_this_table():
    assert {name_of(model) for model in MODELS} == set(READERS) == set(WRITERS)


def answers(client, person, model, row):
    """What one person is answered at every address of one list."""
    statuses = {
        act: client.get(address(model, act)).status_code
        for act in ("changelist", "add", "export", "import")
        if act in ("changelist", "add") or is_portable(model)
    }
    for act in ("change", "history", "delete"):
        statuses[act] = client.get(address(model, act, row.pk)).status_code
    statuses["write"] = client.post(address(model, "change", row.pk), {}).status_code
    return statuses


def is_portable(model):
    return hasattr(admin.site._registry[model], "import_action")


def promised(person, model):
    """What the table promises: a stranger is an editor elsewhere, and finds nothing here."""
    name = name_of(model)
    at_home = "editor" if person == "stranger" else person
    found = 200
    if person == "stranger" and model is not AnacArea:
        found = 404
    lists = {
        "changelist": at_home in READERS[name],
        "add": at_home in ADDERS[name],
        "export": at_home in READERS[name],
        "import": at_home in WRITERS[name],
    }
    rows = {
        "change": at_home in READERS[name],
        "history": at_home in READERS[name],
        "delete": at_home in DELETERS[name],
        "write": at_home in WRITERS[name],
    }
    if not is_portable(model):
        del lists["export"], lists["import"]
    statuses = {act: 200 if allowed else 403 for act, allowed in lists.items()}
    return statuses | {act: found if allowed else 403 for act, allowed in rows.items()}


@pytest.mark.parametrize("person", ASKED)
def test_every_address_answers_as_the_table_of_rights_says(world, client, person):
    client.force_login(world.people[person])
    wrong = {}
    for model in MODELS:
        given, wanted = (
            answers(client, person, model, row_of(world, model)),
            promised(person, model),
        )
        if person == "stranger" and name_of(model) not in ANNEX | COPY | CATALOGUE | PLAN:
            # where the rights are about no row, or the list is the installation's: never found
            given = {act: code for act, code in given.items() if act not in ("change", "history")}
            wanted = {act: code for act, code in wanted.items() if act in given}
        if given != wanted:
            wrong[name_of(model)] = {
                act: (code, wanted[act]) for act, code in given.items() if code != wanted[act]
            }

    assert wrong == {}


@pytest.mark.parametrize("person", ["head", "editor", "rpct"])
def test_rows_of_an_annex_that_is_not_open_are_only_read(world, client, person):
    close(world.a.annex)
    client.force_login(world.people[person])
    for model in [model for model in MODELS if name_of(model) in ANNEX]:
        row = row_of(world, model)

        page = client.get(address(model, "change", row.pk))
        assert page.status_code == 200, model
        assert 'name="_save"' not in page.content.decode(), model
        assert client.post(address(model, "change", row.pk), {}).status_code == 403, model
        assert client.get(address(model, "delete", row.pk)).status_code == 403, model


def test_no_list_shows_a_row_of_another_body(world, client):
    client.force_login(world.people["editor"])
    request = client.get(reverse("admin:index")).wsgi_request
    for model in [model for model in MODELS if name_of(model) in ANNEX | PLAN | CATALOGUE]:
        rows = admin.site._registry[model].get_queryset(request)
        shown = set(rows.values_list("pk", flat=True))

        assert row_of(world, model).pk in shown, model
        assert row_of(world, model, "b").pk not in shown, model


def test_a_remark_is_read_with_its_answers_and_goes_with_its_draft_alone(world, client):
    remark, body = world.a.remark, world.a.administration
    office = Office.objects.create(administration=body, code="NUOVO", name="Nuovo")
    draft = Annex.objects.create(plan=world.a.plan, office=office)
    of_draft = {"annex": draft, "row_kind": "annex", "row_uid": draft.uid}
    Remark.objects.create(text="Mancano i processi.", by=remark.by, **of_draft)
    client.force_login(world.people["rpct"])
    page = client.get(address(Remark, "change", remark.pk)).content.decode()
    assert "Manca un controllo." in page
    assert "Fatto." in page
    assert client.post(address(Remark, "delete", remark.pk), {"post": "yes"}).status_code == 403
    assert client.post(address(Annex, "delete", draft.pk), {"post": "yes"}).status_code == 302
    assert not Remark.objects.filter(text="Mancano i processi.").exists()
    file = client.get(address(Remark, "changelist") + "?formato=csv")
    rows = b"".join(file.streaming_content).decode("utf-8-sig")
    assert rows.count("Manca un controllo.") == 1

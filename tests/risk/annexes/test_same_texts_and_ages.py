"""Texts that stand in another office or the library too, and how old the words of a copy are."""

import uuid
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from registry.models import Annex, Process
from risk.content.reconfirmed import reconfirmed_of
from risk.content.same_texts import SameTexts, same_texts
from risk.models import LibraryProcess
from risk.services.annexes.contents import kept_annexes
from risk.services.annexes.reconfirmation import annex_standings, reread_of
from tests.people import client_of, people_of
from tests.register import complete_annex, make_process
from tests.risk.annexes.reconfirming import confirm, copy_of_four, fresh, named, next_edition
from tests.statements import at_most

pytestmark = pytest.mark.django_db

LONG = "Verifica a campione delle istanze con riscontro documentale."


@pytest.fixture
def copied() -> Annex:
    return copy_of_four()


def ages(annex: Annex) -> list[int | None]:
    return [row.kept.since for row in annex_standings(fresh(annex))]


def test_of_a_copy_whose_ancestor_is_gone_the_histories_tell_the_age(copied):
    first = copied.plan.origin
    Process.objects.filter(annex=copied).update(origin=None)
    changed = Process.objects.get(pk=named(copied, 1).pk)
    changed.description = "Altro."
    changed.save()
    Process.objects.filter(pk=named(copied, 2).pk).update(origin_uid=uuid.uuid4())
    import_module("risk.migrations.0029_ages_and_texts").fill_ages(apps, None)
    known = [first.pk, copied.plan.pk, None, first.pk]
    assert ages(copied) == known
    # what is written from then on is told without histories
    Process.objects.filter(pk=named(copied, 3).pk).update(description="Nuovo.")
    assert ages(copied) == [*known[:3], copied.plan.pk]


def test_texts_that_stand_elsewhere_are_counted_and_said():
    first = complete_annex()
    first.processes.update(objective=LONG, input="Breve.")
    copied = next_edition(first.plan)
    office = copied.plan.administration.offices.create(code="B", name="Ufficio B")
    process = make_process(copied.plan.annexes.create(office=office), "Altro")
    Process.objects.filter(pk=process.pk).update(objective=f" {LONG.upper()}", input="Breve.")
    LibraryProcess.objects.create(code="LP", label="Prova").phases.create(position=1, title=LONG)
    kept_annexes(list(Annex.objects.with_names().filter(plan=copied.plan)))
    with at_most(7):
        found = same_texts(copied)
    assert found == SameTexts(elsewhere=1, library=1)
    assert not same_texts(copied, only=[]).sentence
    assert reread_of(fresh(copied)).same == found
    people = people_of(copied)
    sentence = "Testi uguali a quelli di un altro ufficio: 1; uguali a quelli della libreria: 1."
    assert found.sentence == sentence
    rpct = client_of(people["rpct"])
    for page, uid in (("completeness", copied.uid), ("process_sheet", named(copied).uid)):
        assert sentence in rpct.get(reverse(f"risk:{page}", args=[uid])).content.decode(), page
    # which they are is named; the sheet of another office is opened by who reads the whole body
    first, other = named(copied), process.printed
    pairs = {(one.process, one.other, one.typical, one.count) for one in found.places}
    assert pairs == {(first, process, "", 1), (first, None, "Prova", 1)}
    for who, is_there in (("rpct", True), ("editor", False)):
        page = client_of(people[who]).get(reverse("risk:completeness", args=[copied.uid]))
        told = " ".join(page.content.decode().split())
        assert "come in «Ufficio B»" in told
        assert "come nel processo tipo «Prova»" in told
        assert (other in told) is is_there
    confirm(copied, people["editor"])
    assert reconfirmed_of(fresh(copied))[-1] == sentence

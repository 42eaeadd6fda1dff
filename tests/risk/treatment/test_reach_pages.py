"""What a measure covers, thirty rows at a time: a page that is saved speaks of its own rows."""

import re

import pytest
from django.urls import reverse

from registry.models import Process
from risk.services.treatment.programming import add_measure

pytestmark = pytest.mark.django_db

MANY = 40
HTMX = {"HX-Request": "true"}


@pytest.fixture
def wide(annex, measures, editor):
    """A measure on all processes of an annex of forty."""
    last = annex.processes.order_by("position").last()
    Process.objects.bulk_create(
        Process(annex=annex, title=f"Altro {n}", number=last.number + n, position=last.position + n)
        for n in range(1, MANY + 1 - annex.processes.count())
    )
    row, _new = add_measure(
        annex=annex, measure=measures["by_category"], targets=annex.processes.all(), by=editor
    )
    return row


def boxes(client, planned, number: int) -> tuple[list[str], str]:
    """Return the uids that are ticked on a page, and what it says was ticked."""
    address = reverse("risk:programme", args=[planned.uid])
    page = client.get(address, {"pagina": number}).content.decode()
    ticked = re.findall(r'name="oggetti"\s+value="([^"]+)"[^>]*checked', page)
    return ticked, re.search(r'name="era"\s+value="([^"]*)"', page)[1]


def test_each_page_has_its_rows_and_together_they_are_all(as_editor, wide):
    first, second = (boxes(as_editor, wide, n) for n in (1, 2))

    assert [len(ticked) for ticked, _era in (first, second)] == [30, MANY - 30]
    assert len({*first[0], *second[0]}) == MANY
    assert first[1].split() == first[0]


def test_what_is_sent_of_one_page_leaves_the_others_as_they_are(as_editor, wide):
    ticked, era = boxes(as_editor, wide, 2)
    address = reverse("risk:programme_reach", args=[wide.uid])

    as_editor.post(address, {"oggetti": ticked[2:], "era": era}, headers=HTMX)

    left = {str(target.process.uid) for target in wide.targets.all()}
    assert len(left) == MANY - 2
    assert left.isdisjoint(ticked[:2])

    as_editor.post(address, {"oggetti": ticked, "era": " ".join(ticked[2:])}, headers=HTMX)
    assert wide.targets.count() == MANY


def test_the_last_row_is_not_taken_away(as_editor, wide):
    keep = wide.targets.order_by("pk").first()
    wide.targets.exclude(pk=keep.pk).delete()
    uid = str(keep.process.uid)
    address = reverse("risk:programme_reach", args=[wide.uid])

    answer = as_editor.post(address, {"oggetti": [], "era": uid}, headers=HTMX)

    assert "almeno un oggetto" in answer.content.decode()
    assert list(wide.targets.all()) == [keep]


def test_whoever_reads_sees_what_is_covered_and_no_more(client, auditor, wide):
    dropped = wide.targets.order_by("pk").last()
    name = dropped.process.printed
    dropped.delete()
    client.force_login(auditor)
    address = reverse("risk:programme", args=[wide.uid])

    pages = [client.get(address, {"pagina": n}).content.decode() for n in (1, 2)]

    assert "Pagina 1 di 2" in pages[0]
    assert all(f"<li>{name}</li>" not in page for page in pages)
    assert sum(page.count("<li>n. ") for page in pages) == MANY - 1

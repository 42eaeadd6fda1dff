"""What changed since the plan before, as anybody reads it: written once, without names."""

import re
import shutil

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from registry.models import Annex, Plan
from registry.services.stored_files import read_folder
from risk.services.plans.comparison.fate import without_reason
from risk.services.reporting.open_data.files import STORE
from risk.services.reporting.public_comparison import public_folders, write_public_comparison
from risk.views.reporting.published import published_issue
from tests.register import adopt, close, make_process
from tests.risk.plans.two_editions import adopted_plan, next_of, of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_files_of_others() -> None:
    shutil.rmtree(storages[STORE].path(""), ignore_errors=True)


@pytest.fixture
def plans() -> tuple[Plan, Plan]:
    """Two published editions of one body."""
    before = adopted_plan()
    adopt(before, "published")
    after = next_of(before)
    of(after, "Riscossione").phases.update(title="Esame")
    tributi = Annex.objects.get(plan=after, office__name="Tributi")
    Annex.objects.filter(pk=tributi.pk).update(head_surname="Segretissimi")
    # an office where nothing but its head is another
    Annex.objects.filter(plan=after, office__name="Anagrafe").update(head_surname="Segretissimi")
    for number in range(12):
        make_process(tributi, f"Nuovo {number}")
    for annex in after.annexes.all():
        close(annex, "issued")
    adopt(after, "published")
    return before, Plan.objects.get(pk=after.pk)


def address(plan: Plan, name: str) -> str:
    return reverse(f"risk:{name}", args=[plan.administration.ipa_code, plan.slug])


def test_a_stranger_reads_what_changed_from_the_page_of_the_plan(plans):
    before, after = plans
    client = Client()
    page = client.get(address(after, "published_plan")).content.decode()
    assert f'href="{address(after, "published_comparison")}"' in page

    first = client.get(address(after, "published_comparison")).content.decode()
    assert f"Da «{before.title}» a «{after.title}»" in first
    texts = [first]
    while more := re.search(r'rel="next"\s+href="\?(pagina=\d+)"', texts[-1]):
        texts.append(
            client.get(f"{address(after, 'published_comparison')}?{more[1]}").content.decode()
        )
    whole = "".join(texts)
    assert all(f"Nuovo {number}" in whole for number in range(12))
    assert "Esame" in whole
    assert "Segretissimi" not in whole
    # and what changed of a name alone is not counted either: no page would say what
    assert "È cambiato 1 ufficio." in first
    assert "anche i suoi dati" not in first
    assert len(texts) == 3


def test_what_became_of_an_office_is_public_and_why_is_not():
    before = adopted_plan()
    adopt(before, "published")
    after = next_of(before, offices="Anagrafe; unito; Tributi; ; ; Lo chiede Segretissimi (RPCT)")
    for annex in after.annexes.all():
        close(annex, "issued")
    adopt(after, "published")
    page = address(Plan.objects.get(pk=after.pk), "published_comparison")
    texts = [Client().get(f"{page}?pagina={number}").content.decode() for number in (1, 2, 3)]
    assert "«Anagrafe» è confluito in «Tributi»" in texts[0]
    assert "<p>«Anagrafe» è confluito in «Tributi».</p>" in "".join(texts[1:])
    assert "Segretissimi" not in "".join(texts)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("«A (centro)» è chiuso (Lo vuole Rossi)", "«A (centro)» è chiuso"),
        ("«A» confluisce in «B (nord)»", "«A» confluisce in «B (nord)»"),
        ("«A» va a «B» il processo 3 (l’ha detto «C» (ieri))", "«A» va a «B» il processo 3"),
        ("«A « B» è chiuso (Lo vuole Rossi)", ""),
        ("«A » B» è chiuso (Lo vuole «Rossi)", "«A » B» è chiuso"),
    ],
)
def test_a_reason_is_left_out_wherever_it_begins(sentence, told):
    assert without_reason(sentence) == told


def test_the_first_plan_has_nothing_to_compare_with(plans):
    before, _after = plans
    assert Client().get(address(before, "published_comparison")).status_code == 404
    assert (
        "che cosa è cambiato"
        not in Client().get(address(before, "published_plan")).content.decode()
    )


def test_what_is_not_published_is_not_compared(plans):
    _before, after = plans
    adopt(after, "adopted")
    assert Client().get(address(after, "published_comparison")).status_code == 404


def test_the_pages_are_written_once(plans):
    _before, after = plans
    issue = published_issue(after.administration.ipa_code, after.slug)
    write_public_comparison(issue)
    *_others, folder = public_folders(issue)
    assert len(read_folder(folder)) == 3

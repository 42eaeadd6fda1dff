"""What changed in an annex between one issue and the one before it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.models import Annex
from risk.content.build import build_document
from risk.content.canonical import digest_of, snapshot
from risk.content.reading import read_annex
from risk.models import AnnexIssue
from tests.people import client_of, people_of
from tests.register import complete_annex, make_process

pytestmark = pytest.mark.django_db


def issue(annex: Annex, number: int, by) -> AnnexIssue:
    """What the annex says now, as it would be issued, without a file."""
    data = snapshot(build_document(read_annex(Annex.objects.with_names().get(pk=annex.pk))))
    return AnnexIssue.objects.create(
        annex=annex,
        plan=annex.plan,
        number=number,
        issued_at=timezone.now(),
        by=by,
        data=data,
        data_digest=digest_of(data),
        html="",
        pdf=b"",
        pdf_digest=str(number) * 64,
    )


def test_an_issue_is_read_beside_the_one_before_it():
    annex = complete_annex()
    people = people_of(annex)
    first = issue(annex, 1, people["rpct"])
    annex.processes.get().phases.update(title="Esame della domanda")
    make_process(annex, "Sgravi")
    second = issue(annex, 2, people["rpct"])
    where = reverse("risk:issue_comparison", args=[second.uid])
    head = client_of(people["head"])

    assert (
        f'href="{where}"' in head.get(reverse("risk:workflow", args=[annex.uid])).content.decode()
    )
    text = head.get(where).content.decode()
    assert "emissione n. 1 del" in text
    assert "2 processi cambiati" in text
    assert "Esame della domanda" in text
    assert "n. 2 Sgravi" in text
    # the first has none before it, and strangers find nothing
    assert head.get(reverse("risk:issue_comparison", args=[first.uid])).status_code == 404
    for who in ("colleague", "stranger"):
        assert client_of(people[who]).get(where).status_code == 404

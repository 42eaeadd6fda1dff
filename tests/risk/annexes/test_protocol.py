"""The RPCT writes the protocol of an issue; nobody else does, and nothing else changes."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from registry.models import TrailRecord
from risk.models import AnnexIssue
from risk.services.annexes.protocol import set_protocol
from tests.people import client_of
from tests.risk.annexes.issued import issued_annex

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued():
    return issued_annex()


@pytest.fixture
def annex(issued):
    return issued.annex


@pytest.fixture
def people(issued):
    return issued.people


@pytest.fixture
def issue(issued):
    return issued.issue


def address(issue) -> str:
    return reverse("risk:protocol", args=[issue.uid])


def test_the_protocol_is_written_listed_and_on_the_trail(annex, issue, people):
    today = timezone.localdate()
    client = client_of(people["rpct"])
    listed = reverse("risk:workflow", args=[annex.uid])
    assert address(issue) in client.get(listed).content.decode()
    answer = client.post(
        address(issue), {"protocol_number": " 123/2026 ", "protocol_date": today.isoformat()}
    )
    assert (answer.status_code, answer.url) == (302, listed)
    stored = AnnexIssue.objects.get()
    assert (stored.protocol_number, stored.protocol_date) == ("123/2026", today)
    assert (stored.data, bytes(stored.pdf)) == (issue.data, bytes(issue.pdf))
    assert f"prot. n. 123/2026 del {today:%d/%m/%Y}" in client.get(listed).content.decode()
    record = TrailRecord.objects.filter(kind="protocol").get()
    assert record.subject == f"issue {issue.uid}"
    assert "123/2026" in str(record.detail)


def test_a_protocol_can_be_taken_away_and_the_trail_keeps_it(issue, people):
    today = timezone.localdate()
    set_protocol(issue=issue, number="1", day=today, by=people["rpct"])
    set_protocol(issue=issue, number="", day=None, by=people["rpct"])
    stored = AnnexIssue.objects.get()
    assert (stored.protocol_number, stored.protocol_date) == ("", None)
    last = TrailRecord.objects.filter(kind="protocol").order_by("-pk").first()
    assert "before" in str(last.detail)
    assert today.isoformat() in str(last.detail)


@pytest.mark.parametrize(
    ("number", "days", "told"),
    [
        ("1", None, "Scrivi anche la data"),
        ("", 0, "Scrivi anche il numero"),
        ("1", 1, "data futura"),
        ("1", -1, "precedere l’emissione"),
    ],
)
def test_half_a_protocol_and_impossible_days_are_refused(issue, people, number, days, told):
    day = "" if days is None else timezone.localdate() + datetime.timedelta(days=days)
    sent = {"protocol_number": number, "protocol_date": str(day)}
    answer = client_of(people["rpct"]).post(address(issue), sent)
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not AnnexIssue.objects.exclude(protocol_number="", protocol_date=None).exists()
    assert not TrailRecord.objects.filter(kind="protocol").exists()


@pytest.mark.parametrize("who", ["head", "editor", "auditor", "colleague", "stranger"])
def test_only_the_rpct_finds_the_page(annex, issue, people, who):
    client = client_of(people[who])
    sent = {"protocol_number": "1", "protocol_date": timezone.localdate().isoformat()}
    assert client.get(address(issue)).status_code == 404
    assert client.post(address(issue), sent).status_code == 404
    listed = client.get(reverse("risk:workflow", args=[annex.uid]))
    assert address(issue) not in listed.content.decode()
    with pytest.raises(ValidationError, match="RPCT"):
        set_protocol(issue=issue, number="1", day=timezone.localdate(), by=people[who])
    assert AnnexIssue.objects.get().protocol_number == ""

"""Where a refused sign-in came from is kept beside the trail for a term, and no longer."""

import datetime
import hashlib

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from registry import trail
from registry.guards import is_guarded
from registry.models import RefusedSignIn, TrailRecord
from registry.services.expiry import sweep
from registry.services.trail_verification import verify_trail
from tests.people import client_of, make_member
from tests.register import make_body

pytestmark = pytest.mark.django_db

ADDRESS = "10.9.8.7"


@pytest.fixture
def rpct():
    return make_member("rpct", "rpct", body=make_body())


@pytest.fixture
def page(rpct):
    ipa_code = rpct.memberships.get().administration.ipa_code
    return lambda: client_of(rpct).get(reverse("registry:trail_of", args=[ipa_code])).text


@pytest.fixture
def refused(rpct) -> TrailRecord:
    client = Client(REMOTE_ADDR=ADDRESS)
    client.post("/accedi/", {"login": rpct.username, "password": "sbagliata"})
    return TrailRecord.objects.get(kind="sign-in", outcome="refused")


def pass_days(days: int) -> None:
    """Let sweeping run so many days from now, by the clock of who wrote the rows."""
    now = timezone.now() + datetime.timedelta(days=days)
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(timezone, "now", lambda: now)
        sweep()


def test_the_address_is_forgotten_after_its_term_and_the_chain_stays_whole(refused, page, settings):
    settings.ADDRESS_DAYS = 10
    digest = refused.digest
    pass_days(9)
    assert f"da {ADDRESS}" in page()

    pass_days(11)

    text = page()
    assert ADDRESS not in text
    assert "indirizzo non più conservato" in text
    refused.refresh_from_db()
    assert refused.digest == digest
    assert not RefusedSignIn.objects.exists()
    assert verify_trail() == []


def test_the_record_says_nothing_an_address_can_be_tried_against(refused):
    kept = RefusedSignIn.objects.get()
    said = refused.detail["place"]
    assert ADDRESS not in str(refused.detail)
    assert said == hashlib.sha256(f"{kept.salt}\n{ADDRESS}".encode()).hexdigest()
    assert said != hashlib.sha256(ADDRESS.encode()).hexdigest()
    # of the same address another time, another digest
    Client(REMOTE_ADDR=ADDRESS).post("/accedi/", {"login": "x", "password": "sbagliata"})
    assert len({row.salt for row in RefusedSignIn.objects.all()}) == 2


def test_the_night_s_sweep_tells_how_many(refused, capsys):
    call_command("sweep_jobs")
    assert "0 indirizzi di accessi rifiutati" in capsys.readouterr().out


@pytest.mark.usefixtures("refused")
def test_an_address_does_not_change_and_one_changed_past_the_guard_is_found():
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        RefusedSignIn.objects.update(address="10.0.0.1")
    assert is_guarded(error.value)
    kept = RefusedSignIn.objects.get()
    RefusedSignIn.objects.all().delete()
    kept.address = "10.0.0.1"
    kept.save(force_insert=True)
    (finding,) = verify_trail()
    assert "indirizzo accanto alla registrazione" in finding.sentence


def test_what_the_first_records_said_themselves_is_still_shown(rpct, page):
    trail.write(kind="sign-in", by=rpct, detail={"address": ADDRESS})
    assert f"da {ADDRESS}" in page()
    assert verify_trail() == []


def test_the_file_of_the_trail_says_the_same(refused, rpct):
    ipa_code = rpct.memberships.get().administration.ipa_code
    address = reverse("registry:trail_of", args=[ipa_code])
    file = client_of(rpct).get(address, {"formato": "csv"})
    assert ADDRESS in b"".join(file.streaming_content).decode()

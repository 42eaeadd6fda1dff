"""What a person is to the database."""

import pytest
from django.db import IntegrityError, transaction

from registry.guards import refusal_of
from registry.models import User

pytestmark = pytest.mark.django_db


def test_no_two_people_have_one_token_on_the_trail():
    first = User.objects.create(username="prima")
    second = User.objects.create(username="seconda", email="seconda@ente.example")
    assert first.trail_token != second.trail_token

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        User.objects.create(username="terza", trail_token=first.trail_token)

    assert refusal_of(refused.value) == "Un’altra persona ha già questa sigla."

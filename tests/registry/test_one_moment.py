"""What is read at one moment: others write meanwhile without waiting, and nothing of it is read."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from registry.models import User
from registry.one_moment import one_moment

pytestmark = pytest.mark.django_db(transaction=True)


def write_elsewhere(name: str) -> None:
    def write() -> None:
        try:
            User.objects.create(username=name)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(write).result(timeout=20)


def names() -> list[str]:
    return list(User.objects.order_by("pk").values_list("username", flat=True))


def test_others_write_and_nothing_of_it_is_read():
    before = names()
    with one_moment():
        assert names() == before
        write_elsewhere("uno")
        # as part of what is open already
        with one_moment():
            assert names() == before
    assert names() == [*before, "uno"]
    # and what comes after takes the lock again
    with transaction.atomic():
        User.objects.create(username="due")
    assert names() == [*before, "uno", "due"]


def test_what_fails_in_it_leaves_everything_as_it_was():
    with pytest.raises(ValueError, match="prova"), one_moment():
        raise ValueError("prova")
    assert not connection.in_atomic_block
    assert getattr(connection, "transaction_mode", None) in (None, "IMMEDIATE")
    assert names() == []

"""People who sign in with a password, and what is announced meanwhile."""

import pytest
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from tests.people import people_of
from tests.register import make_annex
from tests.registry.accounts.sign_in import PASSWORD


@pytest.fixture
def annex(db):
    return make_annex()


@pytest.fixture
def people(annex):
    people = people_of(annex)
    for person in people.values():
        person.email = f"{person.username}@esempio.it"
        person.set_password(PASSWORD)
        person.save()
    return people


@pytest.fixture
def announced():
    """The signals sent meanwhile: what happened, and to whom."""
    found = []

    def come_in(user, **kwargs):
        found.append(("in", user.username))

    def go_out(user, **kwargs):
        found.append(("out", user.username))

    def fail(credentials, **kwargs):
        found.append(("failed", credentials.get("username") or credentials.get("email")))

    user_logged_in.connect(come_in)
    user_logged_out.connect(go_out)
    user_login_failed.connect(fail)
    yield found
    user_logged_in.disconnect(come_in)
    user_logged_out.disconnect(go_out)
    user_login_failed.disconnect(fail)

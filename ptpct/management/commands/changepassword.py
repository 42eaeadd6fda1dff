"""manage.py changepassword: Django's own, and a record on the trail."""

from typing import Any

from django.contrib.auth.management.commands import changepassword

from registry.models import User
from registry.services.person_acts import person_act


class Command(changepassword.Command):
    """Gives a person a password; that it was given is an act."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        person = User.objects.filter(username=options["username"] or "").first()
        with person_act(person, by=None):
            told: str | None = super().handle(*args, **options)
        return told

"""manage.py createsuperuser: Django's own, and a record on the trail."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from registry.models import User
from registry.services.person_acts import person_act


class Command(createsuperuser.Command):
    """Makes a keeper of the installation; that somebody was made one is an act."""

    def handle(self, *args: Any, **options: Any) -> None:
        with person_act(None, by=None) as made:
            there = set(User.objects.values_list("pk", flat=True))
            super().handle(*args, **options)
            made += User.objects.exclude(pk__in=there)

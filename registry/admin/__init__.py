"""The back office of the registry; plans and administrations are registered by the risk room."""

from django.contrib import admin
from django.contrib.auth import admin as groups
from django.contrib.auth.models import Group
from django_tasks_db import admin as queue
from django_tasks_db.models import DBTaskResult

from registry.admin import bodies, catalogues, numbers, people, plans, processes

# the last two make the lists that are taken away below
__all__ = [
    "bodies",
    "catalogues",
    "numbers",
    "people",
    "plans",
    "processes",
    "groups",
    "queue",
]

# Rights come from memberships only (docs/decisions/0023): a list of groups would promise what it
# cannot give.
admin.site.unregister(Group)
# The queue of the workers: people see their jobs on pages of their own.
admin.site.unregister(DBTaskResult)

"""Imported where processes begin that work for others (`registry.apart`): loads what they need.

Once, in a process that does nothing else and has no connection of its own; those that work are
copies of it. To look for what can go among what stays took a quarter of the time.
"""

import gc

import django

gc.disable()
django.setup()

from django.contrib import admin  # noqa: E402 (the application comes first)
from django.utils.module_loading import autodiscover_modules  # noqa: E402

from risk.paper.pdf import load_engine  # noqa: E402 (the application comes first)

load_engine()
# what sends work here stands there: the copies find it read
autodiscover_modules("tasks")
admin.autodiscover()
gc.freeze()
gc.enable()

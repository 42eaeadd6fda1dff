"""Imported where processes begin that work for others (`registry.apart`): loads what they need.

Once, in a process that does nothing else and has no connection of its own; those that work are
copies of it. To look for what can go among what stays took a quarter of the time.
"""

import gc

import django

gc.disable()
django.setup()

from risk.paper.pdf import load_engine  # noqa: E402 (the application comes first)

load_engine()
gc.freeze()
gc.enable()

"""One version of the application at work: ``bench_before_speaker.py before|now``.

Started by ``bench_before.py`` once for each version, in the folder of that version's code and with
its virtual environment, and lives until its input ends. It reads one command a line, as JSON, and
answers each with one line:

- ``{"do": "make", "body": "A300"}`` makes a body and keeps its states; ``mark`` is what it says,
  the same in both versions;
- ``{"do": "time", "figure": "approve_one"}`` does it once: ``processor``, ``wall``, ``held``,
  ``statements``;
- ``{"do": "bytes"}`` makes three editions: ``bytes`` is what the database has grown by.

What goes wrong is answered as ``error``; the next command is done all the same.

Whatever else is written goes to standard error.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

# the code of the version, then the modules beside this file
sys.path.insert(0, os.getcwd())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

from bench_before_bodies import BODIES, FIGURES, three_editions  # noqa: E402
from bench_before_names import Names, names  # noqa: E402
from bench_before_states import keep  # noqa: E402
from django.core.management import call_command  # noqa: E402


class Speaker:
    """Answers commands; one body at a time is in the database."""

    def __init__(self, services: Names) -> None:
        self.names = services
        self.body: Any = None

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """Do what a command says; return what it found."""
        does: dict[str, Callable[..., dict[str, Any]]] = {
            "make": self.make,
            "time": self.time,
            "bytes": self.bytes,
        }
        try:
            return does[command.pop("do")](**command)
        # whatever it is: the figures after this one are asked for all the same
        except (Exception, SystemExit) as error:  # noqa: BLE001
            traceback.print_exc()
            if self.body is not None:
                # nobody knows how far it came
                self.body.state = ""
            return {"error": repr(error)}

    def make(self, body: str) -> dict[str, Any]:
        """Make a body in what is an empty database, the first time, or beside the others."""
        self.body = None
        self.body = BODIES[body](self.names)
        return {"mark": self.body.mark}

    def time(self, figure: str) -> dict[str, Any]:
        """Do what a figure is about, once."""
        return vars(FIGURES[figure](self.body))

    def bytes(self) -> dict[str, Any]:
        """Make three editions."""
        return three_editions(self.names)


def main() -> int:
    """Answer the commands until there is none."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("load_reference", verbosity=0)
    keep("empty")
    speaker = Speaker(names(sys.argv[1]))
    for line in sys.stdin:
        print(json.dumps(speaker.answer(json.loads(line))), file=answers, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

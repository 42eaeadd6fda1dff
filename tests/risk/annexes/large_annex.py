"""Takes a large annex its way in little memory: ``large_annex.py MEGABYTES UID``.

Run by `test_large_annex.py` on its database, in a process whose address space ends there: whoever
asks for more is refused. Prints as JSON what each page answers, and how far the annex came.
"""

import json
import os
import resource
import sys
from unittest.mock import patch

MEGABYTES, UID = int(sys.argv[1]), sys.argv[2]
resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
sys.path.insert(0, os.getcwd())

import django  # noqa: E402

django.setup()

from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from registry.models import Annex, Membership, Process, User  # noqa: E402
from risk.enums import Verb  # noqa: E402
from risk.models import Approval  # noqa: E402
from risk.services.annexes.approvals import approve_annex, approve_process  # noqa: E402
from risk.services.annexes.issues import issue_annex, reprint  # noqa: E402
from risk.services.annexes.moves import move_annex  # noqa: E402

STAND_IN = "risk.services.annexes.issues.render_pdf_apart"
PDF = b"%PDF-1.7 non disegnato"


def holder(role: str) -> User:
    """Return somebody with a role in the body of the annex."""
    body = Membership.objects.filter(administration__plans__annexes__uid=UID, role=role)
    return body.select_related("user").order_by("pk")[0].user


def annex() -> Annex:
    """Return the annex as it is now."""
    return Annex.objects.with_names().get(uid=UID)


def pages_of(head: User) -> dict[str, int]:
    """Return the codes by which the pages of work answer."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(head)
    process = Process.objects.filter(annex__uid=UID).order_by("position")[0]
    places = [
        ("mapping", UID),
        ("process_sheet", process.uid),
        ("completeness", UID),
        ("changes", UID),
    ]
    return {
        name: client.get(reverse(f"risk:{name}", args=[uid])).status_code for name, uid in places
    }


def main() -> int:
    """Look at it, submit it, approve one process and then all, issue it, look at it again."""
    head, rpct = holder("head"), holder("rpct")
    before = pages_of(head)
    move_annex(annex=annex(), verb=Verb.SUBMIT, by=rpct)
    first = Process.objects.filter(annex__uid=UID).order_by("position")[0]
    approve_process(process=first, by=head)
    approve_annex(annex=annex(), by=head)
    move_annex(annex=annex(), verb=Verb.VALIDATE, by=rpct)
    with patch(STAND_IN, lambda *_args, **_named: PDF):
        issue = issue_annex(annex=annex(), by=rpct)
    found = {
        "before": before,
        "after": pages_of(head),
        "state": annex().state,
        "approved": Approval.objects.filter(process__annex__uid=UID).count(),
        "issued": len(reprint(issue).sheets),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())

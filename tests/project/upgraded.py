"""What this version says of a database an earlier one has left, and goes on with: ``upgraded.py``.

Run by `test_migrations.py` on that database, with what the earlier version had said (`before.py`)
as JSON on its input; it prints what it finds, as JSON. It only asks and works as people do: what is
to be found, the test says.
"""

import json
import os
import sys
from typing import Any
from unittest.mock import patch

sys.path.insert(0, os.getcwd())

import django  # noqa: E402

django.setup()

from django.db.models import Count  # noqa: E402

from registry.enums import MembershipRole  # noqa: E402
from registry.models import Annex, Membership, Process, User  # noqa: E402
from registry.services.editing import save_fields  # noqa: E402
from risk.content.canonical import digest_of, snapshot  # noqa: E402
from risk.enums import ApprovalStatus, Verb  # noqa: E402
from risk.models import AnnexIssue, Approval, PlanIssue  # noqa: E402
from risk.services.annexes.approval_status import approval_status  # noqa: E402
from risk.services.annexes.approvals import approve_process  # noqa: E402
from risk.services.annexes.contents import kept_annex  # noqa: E402
from risk.services.annexes.issues import issue_annex, reprint  # noqa: E402
from risk.services.annexes.moves import move_annex  # noqa: E402
from risk.services.verification.verifying import verify_file  # noqa: E402

PDF = b"%PDF-1.7 non disegnato"
STAND_IN = "risk.services.annexes.issues.render_pdf_apart"


def main() -> int:
    """Ask, then go on with the approval that was under way, then ask again."""
    told = json.load(sys.stdin)
    annex = Annex.objects.with_names().get(uid=told["middle"])
    head = User.objects.get(username=told["head"])
    found = {"states": states_of(annex), "verdicts": verdicts(), "reprinted": reprinted()}
    found |= gone_on(annex, head)
    print(json.dumps(found))
    return 0


def states_of(annex: Annex) -> dict[str, str]:
    """Return how each process of an annex stands with its head."""
    return {str(row.process.uid): str(row.state) for row in approval_status(kept_annex(annex))}


def verdicts() -> dict[str, list[str]]:
    """Return what the files that were given out are said to be, by the uid of the issue."""
    return {
        str(issue.uid): [
            str(verify_file(file).documents[0].verdict)
            for file in (bytes(issue.pdf), str(issue.data).encode())
        ]
        for model in (AnnexIssue, PlanIssue)
        for issue in model.objects.order_by("pk")
    }


def reprinted() -> dict[str, str]:
    """Return the digest of what is made again of the data of each issue, by its uid."""
    return {
        str(issue.uid): digest_of(snapshot(reprint(issue)))
        for issue in AnnexIssue.objects.order_by("pk")
    }


def gone_on(annex: Annex, head: User) -> dict[str, Any]:
    """Bring an annex that is half approved to its issue, by way of a return and a change."""
    rpct = holder(annex, MembershipRole.RPCT)
    move_annex(annex=now(annex), verb=Verb.RETURN, by=rpct, reason="Manca un termine.")
    first, *_others = processes = list(annex.processes.order_by("position"))
    values = {"constraints": "Bilancio di previsione."}
    save_fields(row=first, values=values, version=first.version, kind="edit", by=rpct)
    changed = states_of(now(annex))
    move_annex(annex=now(annex), verb=Verb.SUBMIT, by=rpct)
    for process in processes:
        if changed[str(process.uid)] != ApprovalStatus.APPROVED:
            approve_process(process=Process.objects.get(pk=process.pk), by=head)
    move_annex(annex=now(annex), verb=Verb.VALIDATE, by=rpct)
    with patch(STAND_IN, lambda *_args, **_named: PDF):
        issue_annex(annex=now(annex), by=rpct)
    given = Approval.objects.filter(process__annex=annex).order_by().values("process")
    times = given.annotate(n=Count("pk")).values_list("process__uid", "n")
    return {"changed": changed, "approved": {str(uid): n for uid, n in times}}


def holder(annex: Annex, role: str) -> User:
    """Return somebody with a role in the body of an annex."""
    held = Membership.objects.filter(administration=annex.plan.administration_id, role=role)
    return held.select_related("user").order_by("pk")[0].user


def now(annex: Annex) -> Annex:
    """Return an annex as it is now."""
    return Annex.objects.with_names().get(pk=annex.pk)


if __name__ == "__main__":
    sys.exit(main())

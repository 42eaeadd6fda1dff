"""An annex that was issued, made once by the services."""

from dataclasses import dataclass

from registry.models import Annex, User
from risk.models import AnnexIssue
from risk.services.annexes.issues import issue_annex
from tests.load_once import closed_once
from tests.people import people_of
from tests.register import close, complete_annex


@dataclass(frozen=True)
class Issued:
    """A complete annex with its people and its one issue."""

    annex: Annex
    people: dict[str, User]
    issue: AnnexIssue


@closed_once
def issued_annex() -> Issued:
    annex = complete_annex()
    people = people_of(annex)
    close(annex, "validated")
    return Issued(annex, people, issue_annex(annex=annex, by=people["rpct"]))

"""What is timed in either version: the bodies with their states, and one function a figure.

Imported by a process that runs either version: what they call differently is in
`bench_before_names`.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bench_before_body import complete, content_mark
from bench_before_names import Names
from bench_before_states import come_back, keep, size
from bench_clock import Cost, measured
from bench_way import (
    adopt,
    annex_now,
    head_everywhere,
    holder,
    issue,
    move_plan,
    plan_now,
    propose,
    stand_in,
    submit,
    validate,
)
from django.test import Client
from django.urls import Resolver404, resolve

from registry.acts import act
from registry.models import Annex, Plan, Process, User
from risk.enums import PlanVerb

EDITIONS = 3
TURNS = 15
"""What takes some hundredths of a second is done so often, and the cheapest counts."""


@dataclass
class Body:
    """A body in the database, its plan, and the head of its offices."""

    names: Names
    plan: Plan
    head: User
    mark: str
    state: str = ""

    @property
    def annex(self) -> Annex:
        """The first annex, as it is now."""
        return annex_now(self.plan.annexes.order_by("pk")[0])

    def be(self, state: str, *, anew: bool = False) -> None:
        """Bring the database to a state that was kept; with `anew` also where it is in it."""
        if anew or self.state != state:
            come_back(state)
            self.state = state


def _made(names: Names, profile: str) -> Body:
    come_back("empty")
    plan = names.body(profile, f"prova_{profile.lower()}")
    complete(plan)
    return Body(names, plan, head_everywhere(plan), content_mark(plan))


def large_annex(names: Names) -> Body:
    """Make A300; keep it submitted and validated."""
    body = _made(names, "A300")
    submit(names, body.annex)
    keep("submitted")
    validate(names, body.annex, body.head)
    keep("validated")
    body.state = "validated"
    return body


def many_offices(names: Names) -> Body:
    """Make A80, and a small body that others work in; keep it proposed."""
    body = _made(names, "A80")
    names.body("S", "altro")
    with names.undrawn(stand_in()):
        propose(names, body.plan, body.head)
    keep("proposed")
    body.state = "proposed"
    return body


def small_annex(names: Names) -> Body:
    """Make A28, a draft, the people of its office at work on it."""
    body = _made(names, "A28")
    keep("draft")
    body.state = "draft"
    return body


BODIES: dict[str, Callable[[Names], Body]] = {
    "A300": large_annex,
    "A80": many_offices,
    "A28": small_annex,
}


def approve_one(body: Body) -> Cost:
    """Approve one more process of the large annex."""
    body.be("submitted")
    process = Process.objects.filter(annex=body.annex, approvals=None).order_by("pk")[0]
    with measured() as cost:
        body.names.approvals.approve_process(process=process, by=body.head)
    return cost


def approve_annex(body: Body) -> Cost:
    """Approve the large annex whole, of which nothing is approved."""
    body.be("submitted", anew=True)
    annex = body.annex
    with measured() as cost:
        body.names.approvals.approve_annex(annex=annex, by=body.head)
    body.state = ""
    return cost


def issue_annex(body: Body) -> Cost:
    """Issue the large annex; drawing it is left out."""
    body.be("validated", anew=True)
    with body.names.undrawn(stand_in()), measured() as cost:
        issue(body.names, body.annex)
    body.state = ""
    return cost


def page(*names: str) -> Callable[[Body], Cost]:
    """Return what asks for a page of the large annex as the head of its office, in a browser.

    `names` are its word in addresses, the newest first: each commit has one of them.
    """

    def asked(body: Body) -> Cost:
        body.be("submitted")
        client = Client(SERVER_NAME="localhost")
        client.force_login(body.head)
        # the first request of a client sets the middleware up
        client.get("/salute/")
        address = _first_there(f"/allegati/{body.annex.uid}/{name}/" for name in names)
        with measured() as cost:
            status = client.get(address).status_code
        if status != 200:
            raise SystemExit(f"{address}: {status}")
        return cost

    return asked


def _first_there(addresses: Iterable[str]) -> str:
    for address in addresses:
        with suppress(Resolver404):
            resolve(address)
            return address
    raise SystemExit("Nessuno degli indirizzi della pagina esiste.")


def adopt_plan(body: Body) -> Cost:
    """Register the adoption of eighty annexes, while somebody acts in another body."""
    body.be("proposed", anew=True)
    acts: list[Cost] = []

    def somebody_acts(*_told: Any) -> None:
        with measured() as theirs, act("edit", by=None):
            process = Process.objects.exclude(annex__plan=body.plan).order_by("pk")[0]
            process.objective = f"{process.objective} {len(acts)}"
            process.save()
        acts.append(theirs)

    with body.names.undrawn(stand_in()), measured() as cost:
        adopt(body.names, body.plan, somebody_acts)
    for theirs in acts:
        cost.statements -= theirs.statements
        cost.processor -= theirs.processor
    body.state = ""
    return cost


def open_map(body: Body) -> Cost:
    """Open the map of an annex of 28 processes, which was opened before."""
    client = _signed_in(body)
    costs = [_asked(client, "get", f"/allegati/{body.annex.uid}/mappa/") for _turn in range(TURNS)]
    return min(costs, key=lambda cost: cost.processor)


def save_field(body: Body) -> Cost:
    """Save a part of the description of a process as the sheet does when a field is left."""
    client, costs = _signed_in(body), []
    for _turn in range(TURNS):
        process = Process.objects.filter(annex=body.annex).order_by("pk")[7]
        values = {
            "version": process.version,
            "constraints": f"Bilancio di previsione ({process.version}).",
        }
        address = f"/processi/{process.uid}/descrizione/condizioni/"
        costs.append(_asked(client, "post", address, values, headers={"HX-Request": "true"}))
        process.refresh_from_db()
        if process.constraints != values["constraints"]:
            raise SystemExit(f"{address}: non è stato salvato")
    return min(costs, key=lambda cost: cost.processor)


def _signed_in(body: Body) -> Client:
    body.be("draft")
    client = Client(SERVER_NAME="localhost")
    client.force_login(holder(body.plan, "editor"))
    # the first request of a client sets the middleware up
    client.get("/salute/")
    return client


def _asked(client: Client, method: str, address: str, *values: Any, **more: Any) -> Cost:
    with measured() as cost:
        status = getattr(client, method)(address, *values, **more).status_code
    if status != 200:
        raise SystemExit(f"{address}: {status}")
    return cost


FIGURES: dict[str, Callable[[Body], Cost]] = {
    "approve_one": approve_one,
    "approve_annex": approve_annex,
    "issue": issue_annex,
    "changes_page": page("modifiche"),
    "missing": page("che-cosa-manca", "mancanze"),
    "steps_page": page("iter", "passaggi"),
    "adopt": adopt_plan,
    "map": open_map,
    "save": save_field,
}


def three_editions(names: Names) -> dict[str, Any]:
    """Issue, adopt and publish three editions of S, all drawn; return what the database grew by."""
    body = _made(names, "S")
    begun, plan = size(), plan_now(body.plan)
    for n in range(EDITIONS):
        if n:
            plan = names.editions.copy_plan(
                plan=plan,
                title=f"Edizione {n}",
                first_year=2026 + n,
                last_year=2028 + n,
                kind="ordinary",
                by=holder(plan, "rpct"),
            )
        propose(names, plan, body.head)
        adopt(names, plan)
        move_plan(names, plan, PlanVerb.PUBLISH)
        plan = plan_now(plan)
    return {"bytes": size() - begun}

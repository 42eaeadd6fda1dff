"""Is an adopted plan still what was adopted? What belongs to all of it, compared with its document.

Its annexes are compared one by one (`risk.services.annexes.closed_contents`).
"""

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import Plan
from registry.packing import DamagedContentError
from risk.content.canonical import UnknownFormatError, read_canonical
from risk.content.typography import printable
from risk.models import PlanIssue
from risk.services.plans.documents import exempt_offices, plan_measures
from risk.services.plans.issues import AdoptionAct

PARTS = {
    "title": gettext_lazy("titolo"),
    "years": gettext_lazy("anni"),
    "act": gettext_lazy("atto di adozione"),
    "exempt": gettext_lazy("uffici esonerati"),
    "measures": gettext_lazy("misure di tutto il piano"),
}
"""What is compared, by its name in the canonical data."""


def adopted_content_findings() -> Iterator[str]:
    """Yield in Italian which adopted plans do not say any more what their document says.

    Data of a form that this version does not read, or that nobody can read any more, are left to
    the digest of the document.
    """
    issues = PlanIssue.objects.defer("html", "pdf").select_related("plan__administration")
    for issue in issues.order_by("pk").iterator(chunk_size=20):
        try:
            adopted = read_canonical("plan", issue.data)
        except (UnknownFormatError, DamagedContentError):
            continue
        now = _parts(issue.plan)
        parts = [str(label) for name, label in PARTS.items() if now[name] != adopted[name]]
        if parts:
            names = {"plan": issue.plan, "parts": ", ".join(parts)}
            yield _("«%(plan)s» è adottato, e non è più come fu adottato: %(parts)s.") % names


def _parts(plan: Plan) -> dict[str, Any]:
    """Return the parts as data, in the form they have in the canonical data."""
    names = [field.name for field in dataclasses.fields(AdoptionAct)]
    act = AdoptionAct(**{name: getattr(plan, name) for name in names})
    annexes = plan.annexes.select_related("office", "exemption").order_by("office__folded")
    parts = {
        "title": printable(plan.title),
        "years": f"{plan.first_year}–{plan.last_year}",
        "act": dataclasses.asdict(act.printed),
        "exempt": [dataclasses.asdict(row) for row in exempt_offices(plan, annexes)],
        "measures": [dataclasses.asdict(row) for row in plan_measures(plan)],
    }
    return json.loads(json.dumps(parts))

"""The page that opens the archive of an adopted plan without the site: every file at one click.

It is made of what was adopted alone, and the same each time, so that whoever brings the archive is
told that it is ours. It is never changed: another page is another `PAGE_FORMAT`, and those before
go on being known.
"""

from django.template.loader import render_to_string

from risk.content.typography import without_controls
from risk.models import PlanIssue
from risk.services.plans.archives import SUMS
from risk.services.plans.documents import printed_plan

PAGE = "index.html"
PAGE_FORMAT = 1


def archive_page(issue: PlanIssue) -> bytes:
    """Return the page of an adopted plan.

    Raises `UnknownFormatError` for one that a later version has adopted, `DamagedContentError`.
    """
    slug = issue.plan.slug
    document = printed_plan(issue)
    context = {
        "document": document,
        "annexes": [(row, f"allegati/{row.file_name}") for row in document.annexes],
        "digest": issue.data_digest,
        "sums": SUMS,
        "pdf": f"{slug}.pdf",
        "html": f"{slug}.html",
        "json": f"{slug}.json",
    }
    page = without_controls(render_to_string("risk/plans/archive_page.html", context))
    # however the template is set, and whatever reads templates makes of blanks
    lines = (line.strip() for line in page.splitlines())
    return "".join(f"{line}\n" for line in lines if line).encode()

"""Measure what saying what a file is costs: ``bench_trust_verify.py FILE``; writes its figures.

Started by ``bench_trust.py`` once for each engine, with an empty database that it gives 1,000
issues of an annex. ``verify_ms_vs_sha256``: the answer of the service to 5 MB already in memory –
an issue, and what is none, whichever takes longer – ÷ ``hashlib.sha256`` of the same bytes, in
turns, the best of five. Besides, without a limit, the same for an issue with a signature after it,
and the milliseconds themselves.
"""

import hashlib
import io
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ptpct.settings")

import django  # noqa: E402

django.setup()

import pikepdf  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from registry.models import Annex, Membership  # noqa: E402
from risk.enums import Verdict  # noqa: E402
from risk.models import AnnexIssue  # noqa: E402
from risk.services.sample_data.synthetic.bodies import make_synthetic_body  # noqa: E402
from risk.services.verification.verifying import verify_file  # noqa: E402
from tests.signing import sign_pdf  # noqa: E402

ISSUES, ROUNDS = 1_000, 5
SIZE, USUAL_SIZE = 5_000_000, 20_000


def paper(size: int, seed: str) -> bytes:
    """Return a PDF of about as many bytes, the same each time."""
    book = pikepdf.new()
    book.add_blank_page()
    # no secret depends on it
    noise = Random(seed).randbytes(size)  # noqa: S311
    book.pages[0].Contents = pikepdf.Stream(book, noise)
    out = io.BytesIO()
    book.save(out, linearize=True, deterministic_id=True)
    return out.getvalue()


def issue(number: int, annex: Annex, by: Membership, pdf: bytes) -> AnnexIssue:
    """Return an issue of an annex, not saved."""
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    return AnnexIssue(
        annex=annex,
        plan=annex.plan,
        number=number,
        issued_at=timezone.now(),
        by=by.user,
        data="{}",
        data_digest=digest,
        html="",
        pdf=pdf,
        pdf_digest=hashlib.sha256(pdf).hexdigest(),
    )


def best(work: Callable[[], object], beside: Callable[[], object]) -> tuple[float, float]:
    """Return the least seconds of two works done in turns."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS):
        for taken, one in zip(seconds, (work, beside), strict=True):
            began = time.perf_counter()
            one()
            taken.append(time.perf_counter() - began)
    return min(seconds[0]), min(seconds[1])


def measured(content: bytes, expected: tuple[Verdict, ...]) -> tuple[float, float]:
    """Return the ratio for one file and its milliseconds; stop when the answer is another."""
    # a slow start of the process that reads is not what is measured
    (found,) = verify_file(content, seconds=300).documents
    if found.verdict not in expected:
        raise SystemExit(f"risposta inattesa: {found.verdict}")
    ours, sha256 = best(lambda: verify_file(content), lambda: hashlib.sha256(content).digest())
    return ours / sha256, ours * 1000


def main() -> int:
    """Fill the database, measure, write the figures to the file named."""
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    plan = make_synthetic_body(profile="S", ipa_code="sintetico")
    annex = plan.annexes.select_related("plan").first()
    by = Membership.objects.select_related("user").get(
        administration=plan.administration, role="rpct"
    )
    usual = (issue(n, annex, by, paper(USUAL_SIZE, str(n))) for n in range(1, ISSUES))
    AnnexIssue.objects.bulk_create(usual, batch_size=100)
    pdf = paper(SIZE, "grande")
    AnnexIssue.objects.bulk_create([issue(ISSUES, annex, by, pdf)])
    # the synthetic annex is a draft: what was issued of it is overtaken
    genuine = (Verdict.ISSUED, Verdict.OVERTAKEN)
    known, known_ms = measured(pdf, genuine)
    noise = Random("altro").randbytes(SIZE)  # noqa: S311
    unknown, unknown_ms = measured(b"\0" + noise, (Verdict.UNKNOWN,))
    signed, signed_ms = measured(sign_pdf(pdf), (Verdict.SIGNED, Verdict.OVERTAKEN))
    found = {
        "verify_ms_vs_sha256": round(max(known, unknown), 2),
        "verify_ms": round(max(known_ms, unknown_ms), 1),
        "verify_signed_vs_sha256": round(signed, 2),
        "verify_signed_ms": round(signed_ms, 1),
    }
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

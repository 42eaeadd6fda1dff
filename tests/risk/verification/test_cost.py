"""What verifying costs: the same however many issues there are, and so often from one place."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from risk.services.verification.lookup import MOST_ENDS, beginning_digests
from risk.services.verification.verifying import verify_file
from tests.register import adopt
from tests.risk.verification.world import make_issue, make_plan_issue
from tests.signing import rewrite, sign_pdf

pytestmark = pytest.mark.django_db


def statements(content: bytes) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        verify_file(content)
    return [query["sql"] for query in captured]


def test_statements_do_not_grow_with_the_issues_and_read_none_of_their_files(annex, people):
    issue = make_issue(annex, people["rpct"])
    pdf = bytes(issue.pdf)
    files = [pdf, sign_pdf(pdf), rewrite(pdf), b"altro"]
    before = [len(statements(content)) for content in files]
    for number in range(2, 40):
        make_issue(annex, people["rpct"], number=number)
    after = [statements(content) for content in files]
    assert [len(asked) for asked in after] == before
    assert max(before) <= 8
    for asked in after:
        assert not [sql for sql in asked if '."pdf",' in sql or '."html",' in sql]


def test_the_page_reads_no_more_of_an_issue_than_the_service_gives_it(annex, people):
    issue = make_issue(annex, people["rpct"])
    adopted = make_plan_issue(annex.plan, people["rpct"])
    adopt(annex.plan, "published")
    for content, name in ((bytes(issue.pdf), "Tributi"), (adopted.data.encode(), "Deliberazione")):
        with CaptureQueriesContext(connection) as captured:
            file = SimpleUploadedFile("atto", content)
            page = Client().post(reverse("risk:verify"), {"file": file})
        assert name in page.content.decode()
        assert len(captured) == len(statements(content))


def test_issues_are_looked_up_by_their_indexes(annex, people):
    pdf = bytes(make_issue(annex, people["rpct"]).pdf)
    for kind in ("risk_annexissue", "risk_planissue"):
        names = connection.introspection.get_constraints(connection.cursor(), kind)
        assert {f"{kind}_pdf_digest", f"{kind}_data_digest"} <= set(names)
    if connection.vendor == "sqlite":
        asked = [sql for sql in statements(pdf) if "UNION" in sql]
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]}")
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
        for kind in ("risk_annexissue", "risk_planissue"):
            for column in ("pdf_digest", "data_digest"):
                assert f"{kind} USING COVERING INDEX {kind}_{column}" in plan


def test_the_ends_of_a_file_are_limited():
    assert len(beginning_digests(b"%PDF-" + b"%%EOF\n" * 10_000)) <= MOST_ENDS + 1


def test_one_place_verifies_so_many_files_a_minute(annex, settings):
    limits = {**settings.ACCOUNT_RATE_LIMITS, "verify": "2/m/ip"}
    settings.ACCOUNT_RATE_LIMITS = limits
    client, address = Client(), reverse("risk:verify")

    def bring(**extra) -> int:
        file = SimpleUploadedFile("atto.pdf", b"altro")
        return client.post(address, {"file": file}, **extra).status_code

    assert [bring() for _again in range(3)] == [200, 200, 429]
    assert client.get(address).status_code == 200
    assert bring(REMOTE_ADDR="192.0.2.7") == 200

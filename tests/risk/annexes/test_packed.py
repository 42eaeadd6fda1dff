"""The documents of an issue are kept in fewer bytes, and given, compared and bound as they were."""

import base64
import hashlib
from typing import Any

import pytest
from django.db import connection

from registry.packing import stored_stream
from registry.trail.records import written_digest
from risk.models import AnnexIssue, PlanIssue
from risk.models.packed import (
    as_kept,
    packed_around,
    packed_bytes,
    packed_text,
    page_shared,
    pdf_shared,
    whole_pdfs,
)
from tests.people import people_of
from tests.register import complete_annex

pytestmark = pytest.mark.django_db

TEXT = '{"testo":"' + "Perché è così. " * 400 + '"}'
PDF = b"%PDF-1.7 " + bytes(range(256)) * 300


def issue_of(annex, number: int = 1, **values: Any) -> AnnexIssue:
    texts = {"data": TEXT, "html": f"<p>{TEXT}</p>", "pdf": PDF} | values
    digest = hashlib.sha256(bytes(texts["pdf"])).hexdigest()
    first = annex.issues.first()
    return AnnexIssue.objects.create(
        annex=annex,
        plan=annex.plan,
        number=number,
        issued_at="2021-01-29T09:00:00Z",
        by=first.by if first else people_of(annex)["rpct"],
        data_digest=str(number) * 64,
        pdf_digest=digest,
        **texts,
    )


def kept(row: AnnexIssue | PlanIssue) -> tuple[bytes, ...]:
    """Return what the database has of a row."""
    with connection.cursor() as cursor:
        table = row._meta.db_table
        cursor.execute(f"SELECT data, html, pdf FROM {table} WHERE id = %s", [row.pk])  # noqa: S608
        return tuple(v if isinstance(v, str) else bytes(v) for v in cursor.fetchone())


def test_what_is_read_is_what_was_written_in_a_tenth_of_the_bytes():
    made = issue_of(complete_annex())
    read = AnnexIssue.objects.get()

    assert (read.data, read.html, bytes(read.pdf)) == (TEXT, f"<p>{TEXT}</p>", PDF)
    assert written_digest(read) == written_digest(made)
    sizes = [(len(one), len(was)) for one, was in zip(kept(read), (TEXT, TEXT, PDF), strict=True)]
    assert all(now < was / 10 for now, was in sizes), sizes
    values = AnnexIssue.objects.values_list("data", "html", "pdf").get()
    assert values == (read.data, read.html, read.pdf)


def test_what_was_packed_before_the_transaction_is_not_packed_again(monkeypatch):
    annex = complete_annex()
    values = {"data": packed_text(TEXT), "html": packed_text("x"), "pdf": packed_bytes(PDF)}
    monkeypatch.setattr("risk.models.packed.pack", lambda *a, **k: pytest.fail("packed again"))

    issue_of(annex, **values)
    read = AnnexIssue.objects.get()
    before = kept(read)
    # saved whole, a row keeps the same bytes: its guard sees no change
    read.protocol_number = "12"
    read.save()
    assert kept(read) == before


def test_what_was_kept_before_there_were_forms_is_read_bound_and_saved_as_it_is():
    annex = complete_annex()
    packed = issue_of(annex)
    # on SQLite a text that stands in a column of bytes is a text still
    as_text = TEXT if connection.vendor == "sqlite" else TEXT.encode()
    given = {
        "uid": "f" * 32,
        "number": 2,
        "data": as_text,
        "data_digest": "2" * 64,
        "html": as_text,
        "pdf": PDF,
    }
    columns = [f.column for f in AnnexIssue._meta.concrete_fields if f.column != "id"]
    taken = ", ".join("%s" if one in given else one for one in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO risk_annexissue ({', '.join(columns)})"  # noqa: S608
            f" SELECT {taken} FROM risk_annexissue",
            [given[one] for one in columns if one in given],
        )
    old = AnnexIssue.objects.get(number=2)
    assert (old.data, old.html, bytes(old.pdf)) == (TEXT, TEXT, PDF)
    alike = AnnexIssue(**{f.attname: getattr(old, f.attname) for f in old._meta.concrete_fields})
    alike.data, alike.html, alike.pdf = TEXT, TEXT, PDF
    assert written_digest(old) == written_digest(alike)
    before = kept(old)
    assert before == (as_text, as_text, PDF)
    old.save()
    assert kept(old) == before
    assert kept(packed) != before


def test_a_plan_keeps_none_of_the_bytes_its_issues_keep(django_assert_num_queries):
    annex = complete_annex()
    noise = hashlib.shake_256(b"carta").digest(100_000)
    issue = issue_of(annex, pdf=noise)
    whole = b"%PDF prima " + stored_stream(noise) + b" dopo"
    PlanIssue.objects.create(
        plan=annex.plan,
        issued_at="2021-01-29T09:00:00Z",
        by=issue.by,
        data="{}",
        data_digest="3" * 64,
        html="",
        pdf=packed_around(whole, [noise]),
        pdf_digest=hashlib.sha256(whole).hexdigest(),
    )
    with django_assert_num_queries(2):
        read = PlanIssue.objects.get()
    assert bytes(read.pdf) == whole
    assert len(kept(read)[2]) < 200
    assert PlanIssue.objects.values_list("pdf", flat=True).get() == whole


NOISE = hashlib.shake_256(b"pagine").digest(200_000)


def paper(*pages: int) -> bytes:
    """Return what looks like a PDF of pages that no form makes shorter."""
    streams = (NOISE[n * 9000 : (n + 1) * 9000] for n in pages)
    return b"%PDF-1.7" + b"".join(b"\nstream\n%b\nendstream" % one for one in streams)


def pages_of(*words: str) -> list[str]:
    font = base64.b64encode(NOISE[:60_000]).decode()
    return [f"<style>src: url(data:font/woff2;base64,{font})</style><p>{one}</p>" for one in words]


def editions_of(annex) -> list[AnnexIssue]:
    """Return three issues as kept: the second shares with the first, the third with the second."""
    issues: list[AnnexIssue] = []
    for n, page in enumerate(pages_of("uno", "due", "tre")):
        before = issues[-1:]
        pdf, html = pdf_shared(paper(1, 2, n + 3), before), page_shared(page, before)
        made = issue_of(annex, n + 1, pdf=pdf, html=html)
        issues.append(AnnexIssue.objects.get(pk=made.pk))
    return issues


def test_later_editions_keep_neither_fonts_nor_the_pages_that_are_as_before():
    issues = editions_of(complete_annex())

    assert [bytes(row.pdf) for row in issues] == [paper(1, 2, n) for n in (3, 4, 5)]
    assert [row.html for row in issues] == pages_of("uno", "due", "tre")
    sizes = [(len(html) // 1000, len(pdf) // 1000) for _data, html, pdf in map(kept, issues)]
    assert sizes[1:] == [(0, 9), (0, 9)]
    for row in issues:
        before = kept(row)
        row.protocol_number = "12"
        row.save()
        assert kept(row) == before
        assert hashlib.sha256(AnnexIssue.objects.get(pk=row.pk).pdf).hexdigest() == row.pdf_digest


def test_the_pdfs_of_many_issues_are_read_in_two_statements(django_assert_num_queries):
    annex = complete_annex()
    issues = editions_of(annex)
    found = AnnexIssue.objects.defer("data", "html", "pdf").annotate(kept_pdf=as_kept("pdf"))
    with django_assert_num_queries(2):
        read = {row.pk: bytes(pdf) for row, pdf in whole_pdfs(found, "default")}
    assert read == {row.pk: bytes(row.pdf) for row in issues}

    whole = b"%PDF " + b"fra".join(stored_stream(bytes(row.pdf)) for row in issues)
    PlanIssue.objects.create(
        plan=annex.plan,
        issued_at="2021-01-29T09:00:00Z",
        by=issues[0].by,
        data="{}",
        data_digest="3" * 64,
        html="",
        pdf=packed_around(whole, [bytes(row.pdf) for row in issues]),
        pdf_digest=hashlib.sha256(whole).hexdigest(),
    )
    with django_assert_num_queries(3):
        plan = PlanIssue.objects.get()
    assert bytes(plan.pdf) == whole
    assert len(kept(plan)[2]) < 200

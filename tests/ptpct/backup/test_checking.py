"""Whatever does not come back as it was is said."""

import json

import pytest

from ptpct.backup import checking
from ptpct.backup.making import database_alone
from ptpct.backup.manifest import NAME, TrailHead, read_manifest
from ptpct.backup.rows import differing, fields_of
from registry import triggers
from registry.guards import append_only
from registry.models import Administration, TrailRecord
from registry.trail import write
from registry.trail.anchors import read_anchor
from risk.models import PlanIssue
from tests.register import adopt, make_annex, make_body


def test_rows_are_counted_and_compared_one_by_one(migrated, tmp_path):
    body, gone = make_body("c_a001"), make_body("c_b002")
    made = database_alone(tmp_path / "copia")
    fields = fields_of(made)
    assert set(fields) == set(made.tables)
    compared = ("registry_administration", "registry_historicaladministration", "auth_permission")
    fields = {name: fields[name] for name in compared}
    assert list(differing(tmp_path / "copia", made, fields)) == []
    Administration.objects.filter(pk=body.pk).update(name="Altro")
    Administration.objects.filter(pk=gone.pk).delete()
    found = set(differing(tmp_path / "copia", made, fields))
    # the history of what is gone has a row more
    assert {key for table, key in found if table == "registry_administration"} == {body.pk, gone.pk}
    assert (
        "Della tabella registry_administration sono tornate 1 righe su 2."
        in checking.row_findings(tmp_path / "copia", made)
    )


def test_a_guard_that_was_not_there_any_more_is_named(migrated, tmp_path):
    made = database_alone(tmp_path / "copia")
    guards = append_only("registry_trailrecord")
    assert list(checking.lost_guard_findings(made)) == []
    triggers.remove(guards)
    try:
        found = [
            *checking.lost_guard_findings(made),
            *checking.trail_findings(made.trail, made.anchors),
        ]
    finally:
        triggers.install(guards)
    assert any("registry_trailrecord_no_update" in one for one in found)
    assert any("registry_trailrecord_no_delete" in one for one in found)


def test_a_trail_that_ends_elsewhere_is_told(db):
    number = TrailRecord.objects.count()
    assert number == 0
    body = make_body("c_a001")
    head = TrailHead(3, "0" * 64)
    found = list(checking.trail_findings(head, [f"{body.ipa_code}:{head.number}:{head.digest}"]))
    assert "Il registro delle operazioni finisce alla n. 0 e non alla n. 3." in found
    assert any(one.startswith("Mancano le registrazioni fino alla n. 3") for one in found)


def test_where_each_chain_ends_is_kept_and_told(migrated, tmp_path):
    bodies = [make_body(code) for code in ("c_a001", "c_b002")]
    for body_id in (None, bodies[0].pk, bodies[0].pk):
        write(kind="prova", by=None, body_id=body_id)
    made = database_alone(tmp_path / "copia")
    kept = read_manifest((tmp_path / "copia" / NAME).read_bytes())
    assert {"": kept.trail, **kept.chains} == {
        row.chain: TrailHead(row.number, row.digest) for row in TrailRecord.objects.order_by("pk")
    }
    assert [read_anchor(text).number for text in kept.anchors] == [3, 1]
    assert (kept.trail, kept.chains, kept.anchors) == (made.trail, made.chains, made.anchors)
    assert list(checking.trail_findings(kept.trail, kept.anchors, kept.chains)) == []
    write(kind="prova", by=None, body_id=bodies[0].pk)
    assert list(checking.trail_findings(kept.trail, kept.anchors, kept.chains)) == [
        "Il registro delle operazioni finisce alla n. 4 di c_a001 e non alla n. 3 di c_a001."
    ]


def test_a_copy_of_when_there_was_one_chain_is_read(migrated, tmp_path):
    write(kind="prova", by=None)
    made = database_alone(tmp_path / "copia")
    told = json.loads((tmp_path / "copia" / NAME).read_bytes())
    del told["chains"]
    before = read_manifest(json.dumps({**told, "format": 1}).encode())
    assert (before.trail, before.chains) == (made.trail, {})
    assert list(checking.trail_findings(before.trail, before.anchors, before.chains)) == []


@pytest.mark.django_db
def test_an_issue_that_is_not_as_it_was_issued_is_named():
    plan = make_annex().plan
    adopt(plan, pdf_digest="0" * 64)
    issue = PlanIssue.objects.get(plan=plan)
    [found] = checking.issue_findings()
    assert "non è com’era quando fu emesso" in found
    assert str(issue.uid) in found

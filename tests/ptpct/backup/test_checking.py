"""Whatever does not come back as it was is said."""

import pytest

from ptpct.backup import checking
from ptpct.backup.making import database_alone
from ptpct.backup.manifest import TrailHead
from ptpct.backup.rows import differing, fields_of
from registry import triggers
from registry.guards import append_only
from registry.models import Administration, TrailRecord
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


@pytest.mark.django_db
def test_an_issue_that_is_not_as_it_was_issued_is_named():
    plan = make_annex().plan
    adopt(plan)
    issue = PlanIssue.objects.get(plan=plan)
    [found] = checking.issue_findings()
    assert "non è com’era quando fu emesso" in found
    assert str(issue.uid) in found

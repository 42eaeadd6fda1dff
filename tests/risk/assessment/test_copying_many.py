"""Many rows judged as one of them, by the page of the acts on many rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Process, TrailRecord
from risk.models import Assessment
from risk.services.assessment.sources import judged_called
from risk.services.mapping import bulk
from tests.register import make_behaviour, make_process
from tests.risk.assessment.conftest import NAME, copied_points, judgement


def bulk_address(annex, kind="comportamenti") -> str:
    return reverse("risk:bulk", args=[annex.uid, kind])


def test_many_rows_are_judged_as_one_of_them(client, editor, process, source, target, method):
    client.force_login(editor)
    absent = make_behaviour(make_process(process.annex, "Senza", risk_presence="absent"))
    rows = [source, target, absent]
    data = {"righe": [str(row.uid) for row in rows], "atto": "giudizio", "come": NAME}

    preview = client.post(bulk_address(process.annex), data)
    text = preview.content.decode()
    assert "1 riga cambia" in text
    assert "è la riga da cui si copia" in text
    assert "il rischio è assente: non si valuta" in text
    assert "(bozza da rileggere)" in text
    digest = preview.context["proposal"].digest
    done = client.post(bulk_address(process.annex), {**data, "digest": digest}, follow=True)

    assert "Giudizio copiato su 1 riga" in done.content.decode()
    assert judgement(target, method).assessment.is_draft
    assert not Assessment.objects.filter(behaviour=absent).exists()
    assert TrailRecord.objects.order_by("-pk")[0].kind == "bulk-judgement"
    client.post(reverse("risk:undo", args=[process.annex.uid]))
    assert not Assessment.objects.filter(behaviour=target).exists()


def test_processes_are_judged_as_a_behaviour_of_another(
    client, editor, process, source, target, method
):
    client.force_login(editor)
    rows = [make_process(process.annex, f"Altro {n}", risk_presence="present") for n in range(3)]
    data = {"righe": [str(row.uid) for row in rows], "atto": "giudizio", "come": NAME}
    own = bulk_address(process.annex, "processi")
    digest = client.post(own, data).context["proposal"].digest
    second = Assessment.objects.create(
        process=rows[1],
        method=method,
        level=method.levels.get(scale="overall", code="B"),
        version=1,
    )

    done = client.post(own, {**data, "digest": digest}, follow=True).content.decode()

    assert "Giudizio copiato su 2 righe" in done
    assert "Nel frattempo è cambiata, e resta com’è: «n. 3 Altro 1»" in done
    second.refresh_from_db()
    assert second.level.code == "B"
    assert len(copied_points(process.annex)) == 2


def test_a_source_changed_meanwhile_is_shown_again(editor, process, source, target, method):
    row = judged_called(process.annex, NAME)
    given = {"subjects": [target], "source": row, "method": method}
    digest = bulk.propose_judgement(**given).digest
    Assessment.objects.filter(behaviour=source).update(motivation="Altro.", version=2)

    with pytest.raises(bulk.ProposalChangedError):
        bulk.apply_judgement(annex=process.annex, **given, digest=digest, by=editor)

    assert Assessment.objects.count() == 1


def test_a_judgement_that_is_so_already_is_not_made_a_draft(
    editor, process, source, target, method
):
    row = judged_called(process.annex, NAME)
    given = {"subjects": [target], "source": row, "method": method}
    common = {"annex": process.annex, "by": editor}
    bulk.apply_judgement(**given, **common, digest=bulk.propose_judgement(**given).digest)
    Assessment.objects.filter(behaviour=target).update(copied_digest="")

    assert bulk.propose_judgement(**given).count == 0
    assert bulk.propose_judgement(**given).as_before == 1


def test_a_row_without_a_level_is_nothing_to_copy(client, editor, process, source, method):
    client.force_login(editor)
    row = judged_called(process.annex, NAME)
    Assessment.objects.filter(behaviour=source).update(level=None)
    given = {"subjects": [process], "source": row, "method": method}
    assert [one.refusal for one in bulk.propose_judgement(**given).changes] == [
        "non c’è nulla da copiare"
    ]
    data = {"righe": [str(process.uid)], "atto": "giudizio", "come": NAME}

    answer = client.post(bulk_address(process.annex, "processi"), data).content.decode()

    assert "non è fra i processi e i comportamenti valutati" in answer


def test_judging_many_costs_what_judging_few_does(client, editor, process, source, target):
    client.force_login(editor)
    own, counts = bulk_address(process.annex, "processi"), []
    # what is kept of the first rows is built at the first look
    for more in (1, 2, 20):
        rows = [
            make_process(process.annex, f"Altro {n}", risk_presence="present") for n in range(more)
        ]
        data = {"righe": [str(row.uid) for row in rows], "atto": "giudizio", "come": NAME}
        with CaptureQueriesContext(connection) as captured:
            digest = client.post(own, data).context["proposal"].digest
            client.post(own, {**data, "digest": digest})
        counts.append(len(captured))
        assert Process.objects.filter(assessments__isnull=False).count() >= more
    assert counts[1] == counts[2]

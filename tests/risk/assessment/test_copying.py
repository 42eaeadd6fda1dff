"""The same judgement as another row: what is copied, what stays, and until when it is a draft."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Process, TrailRecord
from registry.services.rows_called import NotOneError
from risk.enums import Moment
from risk.models import Assessment, Rating, RiskBehaviour
from risk.services.annexes.contents import kept_annex
from risk.services.assessment.copying import judgements_of
from risk.services.assessment.sources import judged_called, offered_judgements
from risk.services.completeness.points import missing_points
from risk.services.mapping import bulk
from tests.register import close, make_annex, make_behaviour, make_process

WORDS = "Ampia discrezionalità nella scelta."
REASON = "Interessi rilevanti."
NAME = "n. 1 Rimborso di tributi · 1. Favorire un utente"


@pytest.fixture
def method(methods):
    return methods["PNA2019"]


@pytest.fixture
def source(process, method) -> RiskBehaviour:
    """A behaviour judged high, with two indicators graded, one of them with evidence."""
    behaviour = process.behaviours.order_by("position")[0]
    high = method.levels.get(scale="overall", code="A")
    row = Assessment.objects.create(
        behaviour=behaviour,
        method=method,
        level=high,
        motivation=WORDS,
        assessed_on="2026-01-31",
        version=1,
    )
    for indicator, words in zip(method.indicators.order_by("position"), (REASON, ""), strict=False):
        level = method.levels.filter(scale=indicator.scale).order_by("-ordinal")[0]
        Rating.objects.create(
            assessment=row,
            indicator=indicator,
            level=level,
            motivation=words,
            evidence="Una sentenza del 2024.",
            version=1,
        )
    return behaviour


@pytest.fixture
def target(process, source) -> RiskBehaviour:
    return process.behaviours.order_by("position")[1]


def address(process, subject) -> str:
    base = reverse("risk:assessment", args=[process.uid])
    return f"{base}?oggetto={subject.uid}&momento=inerente"


def judgement(subject, method):
    return judgements_of([subject], method=method, moment=Moment.INHERENT)[subject.pk]


def copied_points(annex) -> list[str]:
    points = missing_points(kept_annex(annex))
    return [one.sentence for one in points if one.rule.code == "motivation-copied" and one.blocks]


def copy(client, process, subject, **data):
    sent = {"version": "0", "copia": "1", "come": NAME, **data}
    return client.post(address(process, subject), sent, follow=True)


def test_levels_and_motivations_come_as_drafts(client, editor, process, source, target, method):
    client.force_login(editor)

    text = copy(client, process, target).content.decode()

    made = judgement(target, method)
    row, rows = made.assessment, list(made.ratings.values())
    assert (row.level.code, row.motivation, row.assessed_on) == ("A", WORDS, None)
    assert [(one.motivation, one.evidence) for one in rows] == [(REASON, ""), ("", "")]
    assert [one.is_draft for one in (row, *rows)] == [True, True, False]
    assert f"Copiato da «{NAME}»" in text
    assert "2 motivazioni sono copiate" in text
    assert text.count("Copiata: rileggila, poi correggila o confermala.") == 2
    assert copied_points(process.annex) == [
        "Il giudizio di «Ritardare la pratica» è copiato: motivazioni da rileggere e confermare: 2."
    ]
    record = TrailRecord.objects.order_by("-pk")[0]
    assert (record.kind, record.row_count) == ("copy-judgement", 3)


def test_a_motivation_is_a_draft_until_it_is_changed(
    client, editor, process, source, target, method
):
    client.force_login(editor)
    copy(client, process, target)
    version = judgement(target, method).version
    values = {"version": version, "level": "A", "motivation": f"{WORDS} Anche qui."}
    grades = {f"i{one.indicator.position}-grade": one.level.code for one in grades_of(target)}

    client.post(address(process, target), values | grades | {"i1-motivation": REASON})

    made = judgement(target, method)
    assert [one.is_draft for one in (made.assessment, *made.ratings.values())] == [
        False,
        True,
        False,
    ]
    assert "confermare: 1." in copied_points(process.annex)[0]


def grades_of(subject) -> list[Rating]:
    return list(Rating.objects.filter(assessment__behaviour=subject).select_related("indicator"))


def test_whoever_has_read_them_says_so(client, editor, process, source, target, method):
    client.force_login(editor)
    copy(client, process, target)
    page = client.get(address(process, target)).context["form"]
    sent = {field.html_name: field.value() or "" for field in page}

    text = client.post(address(process, target), {**sent, "riletto": "1"}, follow=True)

    made = judgement(target, method)
    assert not any(one.is_draft for one in (made.assessment, *made.ratings.values()))
    assert made.assessment.motivation == WORDS
    assert made.assessment.assessed_on is not None
    assert copied_points(process.annex) == []
    assert "Ho riletto" not in text.content.decode()


def test_a_motivation_changed_by_another_door_is_no_draft(
    client, editor, process, source, target, method
):
    client.force_login(editor)
    copy(client, process, target)
    high = method.levels.get(scale="overall", code="A")
    values = {"subjects": [target], "level": high, "motivation": "Per tutti."}
    digest = bulk.propose_level(**values).digest

    bulk.apply_level(annex=process.annex, **values, digest=digest, by=editor)

    assert not judgement(target, method).assessment.is_draft
    assert "confermare: 1." in copied_points(process.annex)[0]


def test_whoever_only_reads_is_told_that_nobody_has_read_them(
    client, editor, auditor, process, source, target
):
    client.force_login(editor)
    copy(client, process, target)
    client.force_login(auditor)

    text = client.get(address(process, target)).content.decode()

    assert "2 motivazioni sono copiate" in text
    assert "Ho riletto" not in text
    assert "Copia giudizio da" not in text


def test_a_copy_is_taken_back_as_one_act(client, editor, process, source, target, method):
    client.force_login(editor)
    copy(client, process, target)

    client.post(reverse("risk:undo", args=[process.annex.uid]))

    assert not Assessment.objects.filter(behaviour=target).exists()
    assert judgement(source, method).assessment.motivation == WORDS


def test_what_is_there_is_replaced_only_by_whoever_says_so(
    client, editor, process, source, target, method
):
    client.force_login(editor)
    low = method.levels.get(scale="overall", code="B")
    own = Assessment.objects.create(
        behaviour=target, method=method, level=low, motivation="Mia.", version=1
    )
    sent = {"version": "1", "level": "B", "motivation": "Mia."}

    refused = copy(client, process, target, **sent).content.decode()
    own.refresh_from_db()
    assert "spunta che può essere sostituita" in refused
    assert f'value="{NAME}"' in refused
    assert (own.motivation, own.is_draft) == ("Mia.", False)

    copy(client, process, target, **sent | {"version": own.version, "sostituisci": "on"})
    own.refresh_from_db()
    assert (own.motivation, own.is_draft) == (WORDS, True)


def test_what_was_typed_with_it_is_saved_first(client, editor, process, source, target, method):
    client.force_login(editor)
    copy(client, process, target, **{"i1-evidence": "Un controllo."})

    first = judgement(target, method).ratings
    assert {one.evidence for one in first.values()} == {"Un controllo.", ""}


def test_a_judgement_changed_meanwhile_is_left(client, editor, process, source, target, method):
    client.force_login(editor)
    low = method.levels.get(scale="overall", code="B")
    own = Assessment.objects.create(behaviour=target, method=method, level=low)
    sent = {"version": own.version, "level": "B", "sostituisci": "on"}
    own.motivation = "Di un altro."
    own.save()

    text = copy(client, process, target, **sent).content.decode()

    own.refresh_from_db()
    assert own.motivation == "Di un altro."
    assert "la valutazione è cambiata" in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Scrivi di quale processo o comportamento."),
        ("zzz", "«zzz» non è fra i processi e i comportamenti valutati"),
        ("n. 1 Rimborso", "È la stessa riga"),
    ],
)
def test_a_wrong_row_is_said_and_nothing_is_copied(client, editor, process, source, typed, said):
    client.force_login(editor)
    version = Assessment.objects.get().version
    form = client.get(address(process, source)).context["form"]
    sent = {field.html_name: field.value() or "" for field in form}
    data = sent | {"come": typed, "copia": "1", "sostituisci": "on", "version": version}

    text = client.post(address(process, source), data).content.decode()

    assert said in text
    assert Assessment.objects.get().copied_digest == ""


@pytest.mark.parametrize("who", ["auditor", "stranger"])
def test_who_may_not_edit_copies_nothing(client, process, source, target, who, people):
    client.force_login(people[who])

    assert copy(client, process, target).status_code in (403, 404)
    assert Assessment.objects.count() == 1


def test_a_closed_annex_takes_no_copy(client, editor, process, source, target):
    client.force_login(editor)
    close(process.annex)

    assert copy(client, process, target).status_code == 403
    assert Assessment.objects.count() == 1


def test_rows_are_offered_and_found_as_one_types(client, editor, people, process, source):
    annex = process.annex
    other = make_process(annex, "Accertamenti", risk_presence="present")
    make_behaviour(other, "Favorire un utente")
    own = reverse("risk:judged", args=[annex.uid])
    client.force_login(editor)

    assert client.get(own, {"q": "FAVORIRE rimb"}).json() == {
        "rows": [{"text": NAME, "short": NAME}]
    }
    assert offered_judgements(annex, "accertamenti") == []
    assert judged_called(annex, "favorire").uid == source.uid
    for typed in ("", "niente", "\x00"):
        with pytest.raises(NotOneError):
            judged_called(annex, typed)
    client.force_login(people["stranger"])
    assert client.get(own).status_code == 404
    elsewhere = make_annex(annex.plan.administration, office="Bilancio")
    assert offered_judgements(elsewhere, "") == []


def test_offering_costs_no_more_for_more_rows(client, editor, process, source, method):
    counts = []
    client.force_login(editor)
    own = reverse("risk:judged", args=[process.annex.uid])
    client.get(own)
    for more in (1, 10):
        for number in range(more):
            row = make_process(process.annex, f"Altro {number}", risk_presence="present")
            Assessment.objects.create(
                process=row, method=method, level=method.levels.get(scale="overall", code="A")
            )
        with CaptureQueriesContext(connection) as captured:
            client.get(own)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- on many rows ---------------------------------------------------------------------------------


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
    for more in (2, 20):
        rows = [
            make_process(process.annex, f"Altro {n}", risk_presence="present") for n in range(more)
        ]
        data = {"righe": [str(row.uid) for row in rows], "atto": "giudizio", "come": NAME}
        with CaptureQueriesContext(connection) as captured:
            digest = client.post(own, data).context["proposal"].digest
            client.post(own, {**data, "digest": digest})
        counts.append(len(captured))
        assert Process.objects.filter(assessments__isnull=False).count() >= more
    assert counts[0] == counts[1]

"""The same judgement as another row: what is copied, what stays, and until when it is a draft."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import TrailRecord
from registry.services.rows_called import NotOneError
from risk.enums import Layout
from risk.models import Assessment, Rating
from risk.services.assessment.sources import judged_called, offered_judgements
from risk.services.mapping import bulk
from tests.register import close, make_annex, make_behaviour, make_process
from tests.risk.assessment.conftest import NAME, REASON, WORDS, copied_points, judgement


def address(process, subject) -> str:
    base = reverse("risk:assessment", args=[process.uid])
    return f"{base}?oggetto={subject.uid}&momento=inerente"


def drafts(subject, method) -> list[bool]:
    made = judgement(subject, method)
    return [one.is_draft for one in (made.assessment, *made.ratings.values())]


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
    assert drafts(target, method) == [True, True, False]
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

    assert drafts(target, method) == [False, True, False]
    assert "confermare: 1." in copied_points(process.annex)[0]


def grades_of(subject) -> list[Rating]:
    return list(Rating.objects.filter(assessment__behaviour=subject).select_related("indicator"))


def test_whoever_has_read_them_says_so(client, editor, process, source, target, method):
    client.force_login(editor)
    copy(client, process, target)
    page = client.get(address(process, target)).context["form"]
    sent = {field.html_name: field.value() or "" for field in page}

    text = client.post(address(process, target), {**sent, "riletto": "1"}, follow=True)

    row = judgement(target, method).assessment
    assert not any(drafts(target, method))
    assert (row.motivation, row.assessed_on is None) == (WORDS, False)
    assert copied_points(process.annex) == []
    assert "Ho riletto" not in text.content.decode()


def test_the_paper_of_a_draft_says_what_is_to_be_read_again(
    client, editor, process, source, target
):
    client.force_login(editor)
    paper = reverse("risk:annex", args=[process.annex.uid, Layout.SHEETS])
    mark = "(copiata, da rileggere)"
    assert mark not in client.get(paper).content.decode()

    copy(client, process, target)
    assert client.get(paper).content.decode().count(mark) == 2

    page = client.get(address(process, target)).context["form"]
    sent = {field.html_name: field.value() or "" for field in page}
    client.post(address(process, target), {**sent, "riletto": "1"})
    assert mark not in client.get(paper).content.decode()


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

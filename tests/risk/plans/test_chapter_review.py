"""What others say of a chapter: four eyes, remarks, what stops the adoption, the next edition."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from registry.acts import Refused
from registry.models import TrailRecord, User
from registry.services.editing import save_fields
from registry.services.trail_verification import verify_trail
from risk.formatted.typed import read_typed
from risk.models import Chapter, ChapterApproval, ChapterRemark
from risk.services.completeness.plan_points import plan_points
from risk.services.notices.chapters import chapter_lines, unapproved_chapters
from risk.services.plans.chapter_review import (
    approve_chapter,
    close_chapter_remark,
    last_writer,
)
from risk.services.plans.chapters import add_chapter, remove_chapter
from risk.services.plans.editions import copy_plan
from tests.people import client_of, make_member
from tests.register import adopt
from tests.risk.admin.world import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    built = build()
    Chapter.objects.filter(remarks=None, approvals=None).delete()
    return built


@pytest.fixture
def chapter(world) -> Chapter:
    """A chapter the RPCT has written."""
    row = add_chapter(plan=world.a.plan, title="Contesto", by=world.people["rpct"])
    return written(row, "Prima stesura.", world.people["rpct"])


def written(row: Chapter, words: str, by: User) -> Chapter:
    row = fresh(row)
    values = {"blocks": read_typed(words)}
    save_fields(row=row, values=values, version=row.version, kind="chapter", by=by)
    return fresh(row)


def fresh(row: Chapter) -> Chapter:
    return Chapter.objects.with_review().select_related("plan__administration").get(pk=row.pk)


def at(name: str, row: Chapter) -> str:
    plan = row.plan
    return reverse(f"risk:{name}", args=[plan.administration.ipa_code, plan.slug, row.uid])


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def codes(row: Chapter) -> set[str]:
    """Return the rules that speak of a chapter."""
    return {point.rule.code for point in plan_points(row.plan) if row.title in point.sentence}


def test_who_wrote_it_does_not_approve_and_an_edit_withdraws(world, chapter):
    rpct, head = world.people["rpct"], world.people["head"]
    mine, theirs = client_of(rpct), client_of(head)
    page, address = at("plan_chapter", chapter), at("plan_chapter_review", chapter)
    assert "plan-chapter-unapproved" in codes(chapter)
    sent = {"atto": "approva", "visto": chapter.content_digest}
    assert "serve un’altra persona" in text_of(mine.get(page))
    assert "serve un’altra persona" in text_of(mine.post(address, sent, follow=True))
    assert not ChapterApproval.objects.filter(chapter=chapter).exists()
    assert client_of(world.people["editor"]).post(address, sent).status_code == 403
    late = text_of(theirs.post(address, {**sent, "visto": "0" * 64}, follow=True))
    assert "cambiato da quando lo hai letto" in late
    assert "Approvato" in text_of(theirs.post(address, sent, follow=True))
    assert fresh(chapter).is_approved
    assert codes(chapter) == set()
    assert TrailRecord.objects.filter(kind="chapter-approve", outcome="done").count() == 1
    listed = reverse(
        "risk:plan_chapters", args=[world.a.administration.ipa_code, chapter.plan.slug]
    )
    assert "approvato" in text_of(theirs.get(listed))
    # a later edit withdraws it, and the words of before bring it back
    written(chapter, "Seconda stesura.", rpct)
    assert "non vale più" in text_of(mine.get(page))
    assert "plan-chapter-unapproved" in codes(chapter)
    written(chapter, "Prima stesura.", rpct)
    assert fresh(chapter).is_approved
    assert list(verify_trail()) == []


def test_who_moves_a_chapter_or_reads_it_again_has_written_nothing(world, chapter):
    rpct, body = world.people["rpct"], world.a.administration
    other = world.people["other"] = make_member("altro-rpct", "rpct", body=body)
    second = written(add_chapter(plan=chapter.plan, title="Ruoli", by=rpct), "Chi.", rpct)
    client = client_of(other)
    client.post(at("plan_chapter_keep", second), {"atto": "su"})
    moved = TrailRecord.objects.filter(kind="chapter").latest("pk")
    assert fresh(second).position < fresh(chapter).position
    client.post(reverse("registry:undo", args=[body.ipa_code]), {"act": str(moved.uid)})
    assert fresh(second).position > fresh(chapter).position
    again = {"atto": "riletto", "version": fresh(chapter).version}
    client.post(at("plan_chapter_keep", chapter), again)
    assert fresh(chapter).reread_on
    for row in map(fresh, (chapter, second)):
        assert last_writer(row) == rpct.pk
        with pytest.raises(Refused, match="serve un’altra persona"):
            approve_chapter(row=row, seen=row.content_digest, by=rpct)
    assert set(waits_for(world)) == {"head", "other"}
    approve_chapter(row=fresh(second), seen=fresh(second).content_digest, by=other)
    # the words of a title are words
    row, title = fresh(chapter), {"title": "Contesto interno"}
    save_fields(row=row, values=title, version=row.version, kind="chapter", by=other)
    assert last_writer(row) == other.pk


def test_a_body_of_one_person_approves_alone(world, chapter):
    body = chapter.plan.administration
    body.is_one_person = True
    body.save()
    row = fresh(chapter)
    approve_chapter(row=row, seen=row.content_digest, by=world.people["rpct"])
    assert fresh(chapter).is_approved


def test_a_remark_is_made_answered_and_stops_the_adoption(world, chapter):
    editor, rpct = client_of(world.people["editor"]), client_of(world.people["rpct"])
    page, address = at("plan_chapter", chapter), at("plan_chapter_review", chapter)
    empty = editor.post(address, {"atto": "osserva", "text": " "})
    assert "Scrivi l’osservazione." in text_of(empty)
    editor.post(address, {"atto": "osserva", "text": "Mancano i dati del 2019."})
    assert codes(chapter) == {"plan-chapter-unapproved", "plan-chapter-remark-open"}
    editor.post(address, {"atto": "osserva", "text": "È <b>sbagliato</b>.", "blocks": "on"})
    assert "plan-chapter-remark-blocking" in codes(chapter)
    assert "ferma l’adozione" in text_of(rpct.get(page))
    assert "&lt;b&gt;sbagliato" in text_of(rpct.get(page))
    first, second = chapter.remarks.order_by("pk")
    close = {"atto": "chiudi", "uid": str(second.uid), "reply": "Corretto."}
    # a head who did not make it may not close it, nor is there a way to
    refused = client_of(world.people["head"]).post(address, close, follow=True)
    assert "la chiude chi l’ha fatta, o il RPCT" in text_of(refused)
    assert "Osservazione chiusa." in text_of(rpct.post(address, close, follow=True))
    assert "già chiusa" in text_of(rpct.post(address, close, follow=True))
    assert "plan-chapter-remark-blocking" not in codes(chapter)
    auditor = client_of(world.people["auditor"])
    assert auditor.post(address, {"atto": "osserva", "text": "X"}).status_code == 403
    assert "Aggiungi l’osservazione" not in text_of(auditor.get(page))
    for wrong in ({"atto": "altro"}, {"atto": "chiudi", "uid": str(chapter.uid)}):
        assert rpct.post(address, wrong).status_code == 404
    with pytest.raises(Refused, match="che restano"):
        remove_chapter(row=fresh(chapter), by=world.people["rpct"])
    assert list(verify_trail()) == []
    for act in (
        lambda: ChapterRemark.objects.filter(pk=first.pk).update(text="Altro"),
        lambda: ChapterRemark.objects.filter(pk=second.pk).update(closed_at=None, closed_by=None),
        lambda: ChapterRemark.objects.filter(pk=first.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="osservazione"), transaction.atomic():
            act()


def test_a_remark_is_answered_as_often_as_wanted(world, chapter):
    editor, rpct = client_of(world.people["editor"]), client_of(world.people["rpct"])
    page, address = at("plan_chapter", chapter), at("plan_chapter_review", chapter)
    remark = chapter.remarks.create(text="Mancano i dati.", by=world.people["editor"])
    answer = {"atto": "rispondi", "uid": str(remark.uid), "reply": "Quali <i>dati</i>?"}
    head = client_of(world.people["head"])
    assert "Risposta aggiunta." in text_of(head.post(address, answer, follow=True))
    editor.post(address, {**answer, "reply": "Quelli del 2019."})
    told = [row.text for row in remark.answers.all()]
    assert told == ["Quali <i>dati</i>?", "Quelli del 2019."]
    assert "Quali &lt;i&gt;dati" in text_of(rpct.get(page))
    assert "Scrivi la risposta." in text_of(editor.post(address, {**answer, "reply": " "}))
    too_long = "Parola " * 9000
    said = text_of(editor.post(address, {**answer, "reply": too_long}))
    assert "il massimo è" in said
    assert too_long.strip() in said
    auditor = client_of(world.people["auditor"])
    assert auditor.post(address, answer).status_code == 403
    rpct.post(address, {**answer, "atto": "chiudi"})
    # what comes too late is shown where it can still be said
    late = text_of(rpct.post(address, {**answer, "reply": "Troppo tardi."}))
    assert "già chiusa" in late
    assert "Troppo tardi.</textarea>" in late
    assert remark.answers.count() == 2
    assert list(verify_trail()) == []
    for act in (
        lambda: remark.answers.update(text="Altro"),
        lambda: remark.answers.create(text="Ancora", by=world.people["rpct"]),
    ):
        with pytest.raises(IntegrityError, match="chapterremarkanswer"), transaction.atomic():
            act()


def test_what_is_left_open_is_told_in_the_next_edition(world, chapter):
    rpct, head = world.people["rpct"], world.people["head"]
    row = fresh(chapter)
    approve_chapter(row=row, seen=row.content_digest, by=head)
    remark = chapter.remarks.create(text="Aggiornare i dati.", by=head)
    adopt(chapter.plan)
    with pytest.raises(Refused, match="adottato"):
        approve_chapter(row=fresh(chapter), seen=row.content_digest, by=head)
    with pytest.raises(IntegrityError, match="adottato"), transaction.atomic():
        ChapterApproval.objects.create(chapter=chapter, digest="x", by=head)
    made = copy_plan(
        plan=chapter.plan,
        title="Seguente",
        first_year=2022,
        last_year=2024,
        kind="ordinary",
        by=rpct,
    )
    copy = fresh(made.chapters.get(origin=chapter))
    assert (copy.is_approved, copy.had_open_remarks) == (False, True)
    page = text_of(client_of(rpct).get(at("plan_chapter", copy)))
    assert "Nell’edizione precedente è rimasto aperto:" in page
    assert "Aggiornare i dati." in page
    assert codes(copy) == {"plan-chapter-unread", "plan-chapter-unapproved"}
    # what was remarked on an adopted chapter is still closed
    close_chapter_remark(remark=remark, by=rpct)
    assert not fresh(copy).had_open_remarks


def test_an_update_asks_only_for_the_chapters_it_touches(world, chapter):
    rpct, head = world.people["rpct"], world.people["head"]
    touched = written(add_chapter(plan=chapter.plan, title="Ruoli", by=rpct), "Chi.", rpct)
    retitled = written(add_chapter(plan=chapter.plan, title="Metodo", by=rpct), "Come.", rpct)
    remark = chapter.remarks.create(text="Aggiornare i dati.", by=head)
    adopt(chapter.plan)
    plan = chapter.plan
    years = {"first_year": plan.first_year, "last_year": plan.last_year}
    made = copy_plan(plan=plan, title="Aggiornamento", kind="update", by=rpct, **years)
    first, second, third = (
        fresh(made.chapters.get(origin=row)) for row in (chapter, touched, retitled)
    )
    for row in (first, second, third):
        assert (codes(row), row.is_to_reread, row.is_approved) == (set(), False, True)
    assert waits_for(world) == {}
    names = [made.administration.ipa_code, made.slug]
    client = client_of(head)
    listed = text_of(client.get(reverse("risk:plan_chapters", args=names)))
    assert listed.count("come adottato") == 3
    assert "da approvare" not in listed
    page = text_of(client.get(at("plan_chapter", first)))
    assert "Da rileggere" not in page
    assert "Approva il capitolo" not in page
    # what is left open of it is told all the same
    assert remark.text in page
    with pytest.raises(Refused, match="già adottato"):
        approve_chapter(row=first, seen=first.content_digest, by=head)
    # what it touches asks for four eyes, and nothing else
    written(second, "Chi, e da quando.", rpct)
    assert codes(second) == {"plan-chapter-unapproved"}
    save_fields(
        row=third, values={"title": "Il metodo"}, version=third.version, kind="chapter", by=rpct
    )
    assert codes(fresh(third)) == {"plan-chapter-unapproved"}
    approve_chapter(row=fresh(second), seen=fresh(second).content_digest, by=head)
    assert codes(second) == codes(first) == set()


def waits_for(world) -> dict[str, list[str]]:
    """Return by user name the chapters a person is asked to approve, as the desk says it."""
    told = unapproved_chapters(world.people.values())
    lines = {name: chapter_lines(one, told) for name, one in world.people.items()}
    found = {name: [line.sentence for line, _rings in some] for name, some in lines.items()}
    return {name: sentences for name, sentences in found.items() if sentences}


def test_whoever_may_approve_is_told_that_one_waits(world, chapter):
    rpct, head = world.people["rpct"], world.people["head"]
    plan = chapter.plan.title
    one = f"{plan}: il capitolo «Contesto» è da approvare."
    # who wrote it last is not asked, nor is who only edits or reads
    assert waits_for(world) == {"head": [one]}
    desk = text_of(client_of(head).get(reverse("risk:desk")))
    assert one in desk
    assert at("plan_chapter", chapter) in desk
    assert one not in text_of(client_of(rpct).get(reverse("risk:desk")))
    second = written(add_chapter(plan=chapter.plan, title="Ruoli", by=rpct), "Chi.", rpct)
    add_chapter(plan=chapter.plan, title="Vuoto", by=rpct)
    assert waits_for(world) == {"head": [f"{plan}: 2 capitoli del piano da approvare."]}
    for row in (chapter, second):
        approve_chapter(row=fresh(row), seen=fresh(row).content_digest, by=head)
    assert waits_for(world) == {}
    # what the head writes waits for the RPCT, who did not
    written(chapter, "Altre parole.", head)
    assert set(waits_for(world)) == {"rpct"}
    with CaptureQueriesContext(connection) as asked:
        unapproved_chapters(world.people.values())
    assert len(asked) == 2
    adopt(chapter.plan)
    assert waits_for(world) == {}


@pytest.mark.parametrize(("days", "rings"), [(None, True), (6, False), (7, True)])
def test_chapters_alone_make_a_mail_once_a_week(world, chapter, days, rings):
    person = world.people["head"]
    if days is not None:
        person.last_notice = timezone.localdate() - datetime.timedelta(days=days)
    told = chapter_lines(person, unapproved_chapters([person]))
    assert [rang for _line, rang in told] == [rings]

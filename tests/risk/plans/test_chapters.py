"""The chapters of a plan: who writes them, how they are frozen, what is printed of them."""

import json
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from docx import Document
from odfdo import Document as OdfDocument

from registry.acts import Refused
from registry.models import Plan, TrailRecord
from registry.services.trail_verification import verify_trail
from risk.content.plan_facts import PlanFacts
from risk.content.plan_parts import parts_of
from risk.content.plan_values import BoundPlan
from risk.formatted.typed import read_typed
from risk.models import Chapter, ChapterTitle
from risk.paper.plan import render_plan_html
from risk.paper.plan_blocks import plan_book
from risk.paper.writing_docx import write_docx
from risk.paper.writing_odt import write_odt
from risk.services.completeness.plan_points import plan_points
from risk.services.plans.chapters import add_chapter, confirm_chapter, prepare_chapters
from risk.services.plans.documents import draft_document, plan_snapshot
from risk.services.plans.editions import copy_plan
from tests.people import client_of
from tests.register import adopt
from tests.risk.admin.world import build
from tests.statements import at_most

pytestmark = pytest.mark.django_db

RETIRED = {"retired_on": "2020-01-01", "retired_reason": "Non si scrive più."}
HTMX = {"HX-Request": "true"}
WORDS = """Il contesto è **cambiato**: vedi il [sito](https://www.example.org/dati).

1. primo
2. secondo
   - sotto

| Anno | Reati |
| --- | --- |
| 2020 | *tre* |"""


@pytest.fixture
def world():
    built = build()
    Chapter.objects.all().delete()
    return built


@pytest.fixture
def usual(world) -> list[str]:
    """Titles of plans of the kind, a national one and one of the body, among others."""
    ChapterTitle.objects.all().delete()
    one = {"code": "P1", "document": "ptpct"}
    ChapterTitle.objects.create(**one, label="Contesto esterno", position=2)
    own = {"code": "P2", "document": "ptpct", "administration": world.a.administration}
    ChapterTitle.objects.create(**own, label="Le partecipate", position=1)
    ChapterTitle.objects.create(code="P3", document="piao", label="Valore pubblico")
    ChapterTitle.objects.create(**{**own, "code": "P4"}, label="Vecchio", **RETIRED)
    other = {**own, "code": "P5", "administration": world.b.administration}
    ChapterTitle.objects.create(**other, label="Di un altro ente")
    return ["Contesto esterno", "Le partecipate"]


@pytest.fixture
def plan(world) -> Plan:
    return world.a.plan


@pytest.fixture
def rpct(world):
    return world.people["rpct"]


@pytest.fixture
def chapter(plan, rpct) -> Chapter:
    row = add_chapter(plan=plan, title="Contesto esterno", by=rpct)
    row.blocks = read_typed(WORDS)
    row.save()
    return row


def at(name: str, plan: Plan, *more) -> str:
    return reverse(f"risk:{name}", args=[plan.administration.ipa_code, plan.slug, *more])


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


# --- written by the RPCT --------------------------------------------------------------------------


def test_the_usual_ones_are_prepared_once(plan, rpct, usual):
    client = client_of(rpct)
    client.post(at("plan_chapters_prepare", plan))
    titles = [row.title for row in Chapter.objects.order_by("position")]
    assert titles == usual
    assert prepare_chapters(plan=plan, by=rpct) == 0
    assert "Di solito" not in text_of(client.get(at("plan_chapters", plan)))
    # empty ones are printed nowhere
    assert "chapters" not in json.loads(plan_snapshot(draft_document(plan)))["plan"]


def test_the_rpct_writes_one_and_sees_how_it_reads(plan, rpct):
    client = client_of(rpct)
    answer = client.post(at("plan_chapter_new", plan), {"title": "Contesto"})
    row = Chapter.objects.get()
    assert answer.url == at("plan_chapter", plan, row.uid)
    sent = {"version": "1", "title": "Contesto", "blocks": WORDS.replace("\n", "\r\n")}
    with at_most(15):
        saved = client.post(answer.url, sent, headers=HTMX)
    assert "Salvato" in text_of(saved)
    assert "<strong>cambiato</strong>" in text_of(saved)
    row.refresh_from_db()
    assert row.blocks == read_typed(WORDS)
    record = TrailRecord.objects.filter(kind="chapter").last()
    assert record.subject == f"plan {plan.administration.ipa_code} {plan.title}"
    again = client.post(at("plan_chapter_new", plan), {"title": "Contesto"})
    assert "ha già questo titolo" in text_of(again)


def test_what_is_wrong_stays_as_typed_and_nothing_is_saved(plan, rpct, chapter):
    client, address = client_of(rpct), at("plan_chapter", plan, chapter.uid)
    rows = "| a |\n| --- |\n" + "| 1 |\n" * 10_000
    for wrong, sentence in (
        ("![x](https://example.org/x.png)", "Un’immagine non sta in un capitolo"),
        (rows, "un capitolo ne tiene al massimo 60.000"),
    ):
        sent = {"version": str(chapter.version), "title": "Contesto esterno", "blocks": wrong}
        answer = client.post(address, sent)
        assert sentence in text_of(answer)
        assert wrong.strip()[-40:] in answer.content.decode()
        chapter.refresh_from_db()
        assert chapter.blocks == read_typed(WORDS)
    page = "<script>alert(1)</script>"
    answer = client.post(address, {**sent, "blocks": page}, follow=True)
    assert page not in answer.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.content.decode()


def test_two_people_on_one_chapter_are_asked(plan, rpct, chapter):
    client, address = client_of(rpct), at("plan_chapter", plan, chapter.uid)
    sent = {"version": str(chapter.version), "title": "Contesto esterno"}
    client.post(address, {**sent, "blocks": "La sua."})
    answer = client.post(address, {**sent, "blocks": "La **mia**."}, headers=HTMX)
    assert "La **mia**." in text_of(answer)
    assert "Tieni la mia" in text_of(answer)
    chapter.refresh_from_db()
    assert chapter.blocks == read_typed("La sua.")


def test_a_tree_of_no_known_form_never_gets_in(plan, chapter):
    chapter.blocks = [{"type": "html", "html": "<b>"}]
    with pytest.raises(ValidationError):
        chapter.full_clean()


def test_the_trail_of_texts_that_differ_is_whole(plan, rpct, chapter, usual):
    chapter.delete()
    prepare_chapters(plan=plan, by=rpct)
    for words, row in zip(("Uno.", WORDS), plan.chapters.all(), strict=True):
        data = {"title": row.title, "blocks": words, "version": row.version}
        saved = client_of(rpct).post(at("plan_chapter", plan, row.uid), data, headers=HTMX)
        assert "Salvato" in text_of(saved)
    assert len({str(row.blocks) for row in plan.chapters.all()}) == 2
    assert list(verify_trail()) == []


def test_they_are_ordered_and_it_is_taken_back(plan, rpct, chapter):
    second = add_chapter(plan=plan, title="Trasparenza", by=rpct)
    client = client_of(rpct)
    client.post(at("plan_chapter_keep", plan, second.uid), {"atto": "su"})
    assert Chapter.objects.order_by("position").first() == second
    client.post(at("plan_chapter_keep", plan, chapter.uid), {"atto": "togli"})
    act = TrailRecord.objects.filter(kind="chapter").latest("pk")
    client.post(
        reverse("registry:undo", args=[plan.administration.ipa_code]), {"act": str(act.uid)}
    )
    assert Chapter.objects.get(uid=chapter.uid).blocks == read_typed(WORDS)


def test_an_adopted_plan_keeps_its_chapters(world, plan, rpct, chapter):
    adopt(plan)
    with pytest.raises(Refused, match="adottato"):
        add_chapter(plan=plan, title="Tardi", by=rpct)
    for act in (
        lambda: Chapter.objects.filter(pk=chapter.pk).update(title="Altro"),
        lambda: Chapter.objects.all().delete(),
        lambda: Chapter.objects.create(plan=plan, title="X", position=9),
    ):
        with pytest.raises(IntegrityError, match="adottato"), transaction.atomic():
            act()
    client = client_of(rpct)
    assert client.post(at("plan_chapter", plan, chapter.uid), {}).status_code == 403
    assert "Sola lettura" in text_of(client.get(at("plan_chapter", plan, chapter.uid)))


# --- the next edition -----------------------------------------------------------------------------


def test_a_copied_chapter_is_read_again_before_the_adoption(plan, rpct, chapter):
    add_chapter(plan=plan, title="Senza testo", by=rpct)
    adopt(plan)
    made = copy_plan(
        plan=plan, title="Seguente", first_year=2022, last_year=2024, kind="ordinary", by=rpct
    )
    copy = made.chapters.get(title="Contesto esterno")
    assert (copy.origin_uid, copy.blocks) == (chapter.uid, chapter.blocks)
    assert unread(made) == ["Il capitolo «Contesto esterno» è quello dell’edizione precedente"]
    client, page = client_of(rpct), at("plan_chapter", made, copy.uid)
    assert "Da rileggere" in text_of(client.get(page))
    assert "da rileggere" in text_of(client.get(at("plan_chapters", made)))
    keep = at("plan_chapter_keep", made, copy.uid)
    client.post(keep, {"atto": "riletto", "version": str(copy.version)})
    assert unread(made) == []
    assert "Da rileggere" not in text_of(client.get(page))


def test_one_that_was_changed_needs_no_confirmation(plan, rpct, chapter):
    adopt(plan)
    made = copy_plan(
        plan=plan, title="Seguente", first_year=2022, last_year=2024, kind="ordinary", by=rpct
    )
    copy = made.chapters.get()
    shown = copy.version
    sent = {"version": str(shown), "title": copy.title, "blocks": "È cambiato tutto."}
    client_of(rpct).post(at("plan_chapter", made, copy.uid), sent)
    assert unread(made) == []
    with pytest.raises(Refused, match="mentre lo leggevi"):
        confirm_chapter(row=copy, version=shown, by=rpct)


def unread(plan: Plan) -> list[str]:
    found = plan_points(plan)
    codes = [point for point in found if point.rule.code == "plan-chapter-unread"]
    return [point.sentence.split(",")[0] for point in codes]


# --- paper and data -------------------------------------------------------------------------------


def test_what_is_adopted_says_them(plan, chapter):
    document = draft_document(plan)
    told = json.loads(plan_snapshot(document))["plan"]["chapters"]
    assert told == [{"uid": str(chapter.uid), "title": chapter.title, "blocks": chapter.blocks}]
    page = " ".join(render_plan_html(document).split())
    assert "<strong>cambiato</strong>" in page
    assert '<a href="https://www.example.org/dati"' in page
    assert '<th scope="col">Anno' in page


def test_word_processors_get_lists_links_and_tables(plan, chapter):
    parts = parts_of(PlanFacts(chapters=draft_document(plan).chapters))
    assert [part.name for part in parts][0] == "capitoli"
    names = {"administration": "Comune", "title": plan.title, "kind": "PTPCT", "years": "2021"}
    book = plan_book(BoundPlan(**names, rpct="Rosa Prati", parts=parts[:1]), ())
    docx = Document(BytesIO(write_docx(book)))
    styles = {row.text: row.style.name for row in docx.paragraphs}
    assert styles["Contesto esterno"] == "Heading 2"
    assert (styles["primo"], styles["sotto"]) == ("List Number", "List Bullet 2")
    # beside those of the contents
    (linked,) = [link for row in docx.paragraphs for link in row.hyperlinks if link.address]
    assert (linked.text, linked.address) == ("sito", "https://www.example.org/dati")
    assert [cell.text for cell in docx.tables[0].rows[1].cells] == ["2020", "tre"]
    odt = OdfDocument(BytesIO(write_odt(book))).body
    items = odt.get_elements("//text:list-item")
    assert [item.get_elements("text:p")[0].text_recursive for item in items] == [
        *("primo", "secondo", "sotto")
    ]
    led = [link.get_attribute("xlink:href") for link in odt.get_elements("//text:a")]
    assert [one for one in led if not one.startswith("#")] == ["https://www.example.org/dati"]

"""Long lists by page: the same rows in one order whichever way one goes, and no dearer far on."""

import datetime

import pytest
from django.db.models import F
from django.http import QueryDict
from django.utils import timezone

from registry.models import Membership, Office, TrailRecord, User
from registry.services import row_pages
from registry.services.row_pages import page_of_rows
from tests.people import START
from tests.reading import counted_work
from tests.register import make_body

pytestmark = pytest.mark.django_db
SIZE = 10


@pytest.fixture
def body():
    return make_body()


def records(count: int) -> None:
    first = TrailRecord.objects.count()
    TrailRecord.objects.bulk_create(
        TrailRecord(
            number=first + n, at=timezone.now(), kind="test", outcome="done", digest="0" * 64
        )
        for n in range(1, count + 1)
    )


def way(rows, key: str = "pk", size: int = SIZE) -> list:
    """Go on from the first page to the last; return the pages."""
    pages = [page_of_rows(rows, QueryDict(""), size=size, key=key)]
    while pages[-1].has_next():
        pages.append(page_of_rows(rows, QueryDict(pages[-1].onwards), size=size, key=key))
    return pages


def way_back(rows, last, size: int = SIZE) -> list:
    pages = [last]
    while pages[-1].has_previous():
        pages.append(page_of_rows(rows, QueryDict(pages[-1].back), size=size))
    return pages[::-1]


def people(body, count: int) -> None:
    """People with many ties: no office, or one of three; two roles; some without an end."""
    offices = [
        None,
        *Office.objects.bulk_create(
            Office(administration=body, code=f"U{n}", name=f"Ufficio {n}") for n in range(3)
        ),
    ]
    users = User.objects.bulk_create(
        User(username=f"p{n}", last_name="Prova") for n in range(count)
    )
    Membership.objects.bulk_create(
        Membership(
            user=user,
            administration=body,
            office=offices[n % 4],
            role="editor" if n % 4 else "auditor",
            starts_on=START,
            ends_on=None if n % 3 else datetime.date(2030 + n % 5, 1, 1),
        )
        for n, user in enumerate(users)
    )


ORDERS = [
    ("pk",),
    ("-starts_on",),
    (F("office__folded").asc(nulls_first=True), "role", "-starts_on"),
    (F("office__folded").desc(nulls_last=True), "pk"),
    ("office__folded",),
    ("-office__folded", "ends_on"),
    (F("ends_on").asc(nulls_last=True), "-pk"),
    ("-ends_on", "office"),
    ("user", "office"),
]


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_forth_and_back_each_row_is_shown_once_in_its_order(body, order):
    people(body, 47)
    rows = Membership.objects.order_by(*order)
    # ties are parted by the key
    whole = list(rows.order_by(*order, "pk").values_list("pk", flat=True))

    forth = way(rows)
    back = way_back(rows, forth[-1])

    assert [row.pk for page in forth for row in page] == whole
    assert [row.pk for page in back for row in page] == whole
    assert [page.number for page in forth] == [page.number for page in back] == [1, 2, 3, 4, 5]
    assert [len(page) for page in forth] == [10, 10, 10, 10, 7]


@pytest.mark.parametrize("number", [1, 3, 5])
def test_an_address_with_a_number_alone_is_answered_as_before(body, number):
    people(body, 47)
    rows = Membership.objects.order_by("user__username")

    page = page_of_rows(rows, QueryDict(f"pagina={number}"), size=SIZE)

    assert list(page) == list(rows[(number - 1) * SIZE : number * SIZE])
    assert page.number == number
    assert page.paginator.num_pages == 5


@pytest.mark.parametrize(
    ("asked", "number"),
    [("pagina=99", 3), ("pagina=0", 3), ("pagina=-1", 3), ("pagina=x", 1), ("dopo=x", 1)]
    + [("pagina=2&dopo=99999999999999999999999", 2), ("pagina=2&dopo=%00", 2), ("prima=-1", 1)]
    + [("pagina=" + "9" * 30, 3), ("pagina=2&prima=0", 2)],
)
def test_an_address_that_says_nothing_true_is_answered(body, asked, number):
    people(body, 25)

    page = page_of_rows(Membership.objects.order_by("pk"), QueryDict(asked), size=SIZE)

    assert page.number == number
    assert len(page) == (5 if number == 3 else 10)


def test_a_row_that_is_gone_leads_to_the_page_of_its_number(body):
    people(body, 25)
    rows = Membership.objects.order_by("pk")
    first = page_of_rows(rows, QueryDict(""), size=SIZE)
    first[-1].delete()

    page = page_of_rows(rows, QueryDict(first.onwards), size=SIZE)

    assert page.number == 2
    assert list(page) == list(rows[10:20])


def test_what_is_written_meanwhile_moves_no_page(body):
    people(body, 25)
    rows = Membership.objects.order_by("-pk")
    first = page_of_rows(rows, QueryDict(""), size=SIZE)
    after = [row.pk for row in rows[10:20]]
    user = User.objects.create(username="dopo")
    Membership.objects.create(user=user, administration=body, role="auditor", starts_on=START)

    second = page_of_rows(rows, QueryDict(first.onwards), size=SIZE)

    assert [row.pk for row in second] == after


def test_what_is_asked_for_stays_in_the_links(body):
    page = page_of_rows(
        Membership.objects.order_by("pk"), QueryDict("q=a%26b&pagina=2&dopo=3&prima=4"), size=SIZE
    )

    assert page.query == "q=a%26b"


def test_more_than_is_counted_is_said_and_still_reached(monkeypatch):
    monkeypatch.setattr(row_pages, "MOST_COUNTED", 20)
    records(55)
    rows = TrailRecord.objects.order_by("number")

    pages = way(rows, "number")

    assert pages[0].paginator.is_capped
    assert pages[0].paginator.count == 20
    assert [len(page) for page in pages] == [10, 10, 10, 10, 10, 5]
    assert [page.number for page in pages] == [1, 2, 3, 4, 5, 6]
    assert list(page_of_rows(rows, QueryDict("pagina=5"), size=SIZE)) == list(rows[40:50])
    assert list(page_of_rows(rows, QueryDict("pagina=900"), size=SIZE)) == list(rows[45:55])


def test_a_far_page_costs_the_database_what_the_second_does(body):
    records(3000)
    rows = TrailRecord.objects.order_by("-number")
    second = page_of_rows(rows, QueryDict(""), size=50, key="number").onwards
    far = f"pagina=59&dopo={rows[2899].number}"

    costs = []
    for asked in (second, far):
        with counted_work() as work:
            page = page_of_rows(rows, QueryDict(asked), size=50, key="number")
        assert len(page) == 50
        costs.append(work.done)

    near, further = costs
    assert 0 < further <= near * 1.1

"""The page of what an annex misses shows thirty processes at a time; the file has all."""

import re

import pytest
from django.urls import reverse

from registry.models import Process
from tests.people import client_of, people_of
from tests.register import complete_annex

pytestmark = pytest.mark.django_db

MORE = 30


def test_a_long_list_of_what_is_missing_has_pages():
    annex = complete_annex()
    last = annex.processes.order_by("number").last()
    Process.objects.bulk_create(
        Process(annex=annex, title=f"Nuovo {n}", number=last.number + n, position=last.position + n)
        for n in range(1, MORE + 1)
    )
    client = client_of(people_of(annex)["editor"])
    address = reverse("risk:completeness", args=[annex.uid])

    pages = [client.get(address, {"pagina": n}).content.decode() for n in (1, 2)]
    shown = [re.findall(r'<h2>\s*<a href="/processi/([^"]+)/">', page) for page in pages]
    assert [len(some) for some in shown] == [15, 15]
    assert len({uid for some in shown for uid in some}) == MORE
    assert "Pagina 1 di 2" in pages[0]
    # the numbers above the list count all of it
    assert re.search(r"(\d+) cose impediscono", pages[0])[1] == str(4 * MORE)

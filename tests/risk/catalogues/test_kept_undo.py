"""What was just done to what an RPCT keeps of a body is taken back by the button of its message."""

import datetime
import re
from itertools import chain

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.models import Alias, Annex, DirectoryRule, ExecutorRole, Membership, Office, User
from registry.services.people import end_membership
from registry.services.trail_verification import verify_trail
from risk.models import Measure, MeasureTypology
from tests.people import START, client_of, make_member
from tests.register import make_annex, make_process

pytestmark = pytest.mark.django_db

ROWS = (Office, Alias, ExecutorRole, Measure, DirectoryRule, Membership, Annex)
BUTTON = re.compile(
    r'action="(?P<way>[^"]+/annulla/)".*?name="act" value="(?P<act>[^"]+)"', re.DOTALL
)
LATER = datetime.date(2099, 12, 31)


@pytest.fixture
def annex():
    return make_annex()


@pytest.fixture
def body(annex):
    return annex.plan.administration


@pytest.fixture
def rpct(people):
    return client_of(people["rpct"])


def rows() -> dict:
    """Return all that is kept, but for what only grows."""
    kept = {
        model: {
            row.pop("id"): {name: value for name, value in row.items() if name != "version"}
            for row in model.objects.order_by().values()
        }
        for model in ROWS
    }
    kept["lists"] = sorted(
        Measure.typologies.through.objects.values_list("measure", "measuretypology")
    )
    return kept


def said(answer) -> str:
    return " ".join(answer.content.decode().split())


def take_back(client, answer, **sent) -> str:
    """Press the button of the message an answer leads to; return what is said then."""
    page = client.get(answer.url).content.decode() if answer.status_code == 302 else said(answer)
    found = BUTTON.search(page)
    assert found, page[-3000:]
    return said(client.post(found["way"], {"act": found["act"], **sent}, follow=True))


def at(name: str, body, *parts) -> str:
    return reverse(name, args=[body.ipa_code, *parts])


def on_offices(body, annex):
    spare = Office.objects.create(administration=body, code="Z", name="Mai usato")
    Alias.objects.create(administration=body, kind="office", text="M.U.", office=spare)
    page = at("registry:office", body, spare.pk)
    renamed = {"code": "Z2", "name": "Rinominato", "act": "salva", "version": "1"}
    yield at("registry:office_add", body), {"code": "N", "name": "Nuovo", "version": "0"}
    yield at("registry:offices_add", body), {"lines": "A;Uno\nB;Due;A"}
    yield page, renamed
    yield page, {"act": "chiudi", "reason": "Accorpato.", "version": "3"}
    yield page, {"act": "togli"}
    several = {"office": ["ALTRO", "Z"], "spuntati": "1"}
    yield at("risk:plan_annex_open", body, annex.plan.slug), several


def on_lists(body):
    owned = {"administration": body}
    executor = ExecutorRole.objects.create(**owned, code="RUP", label="Responsabile")
    kind = MeasureTypology.objects.create(**owned, code="K", label="Controllo")
    firm = {"code": "M", "character": "specific"}
    measure = Measure.objects.create(**owned, **firm, label="Firma")
    measure.typologies.add(kind)
    rule = DirectoryRule.objects.create(**owned, group="CN=X", role="auditor")
    page = at("risk:catalogue_entry", body, "esecutori", executor.pk)
    new = {"code": "D", "label": "Dirigente", "position": "1", "version": "0"}
    yield at("risk:catalogue_add", body, "esecutori"), new
    yield page, {"act": "archivia", "reason": "Altro.", "version": "1"}
    yield page, {"act": "togli"}
    page = at("risk:catalogue_entry", body, "misure", measure.pk)
    ticked = {"era-typologies": str(kind.pk), "position": "0", "version": "1"}
    yield page, {**firm, **ticked, "label": "Doppia firma"}
    yield page, {"act": "togli"}
    yield at("risk:catalogue_add", body, "gruppi"), {"group": "CN=Y", "role": "rpct"}
    yield at("risk:catalogue_entry", body, "gruppi", rule.pk), {"act": "togli"}


def on_roles(body, annex, people):
    here = Membership.objects.filter(office=annex.office)
    head, editor = here.get(role="head"), here.get(role="editor")
    today, other = str(timezone.localdate()), people["colleague"].pk
    User.objects.filter(pk=other).update(email="collega@ente.example")
    yield reverse("registry:end_membership", args=[editor.pk]), {"on": today}
    yield reverse("registry:hand_over", args=[head.pk]), {"to": other, "on": today}
    days = {"starts_on": today, "ends_on": str(LATER)}
    yield reverse("registry:name_deputy", args=[head.pk]), {"deputy": other, **days}
    known = {"email": "collega@ente.example", "role": "auditor", "starts_on": today}
    yield at("registry:invite", body), known


def test_every_act_on_what_is_kept_comes_back_as_it_was(annex, body, people, rpct):
    for acts in (on_offices(body, annex), on_lists(body), on_roles(body, annex, people)):
        address, data = next(acts)
        before = rows()
        for page, sent in chain([(address, data)], acts):
            answer = rpct.post(page, sent)
            assert answer.status_code == 302, (page, said(answer))
            assert rows() != before, page
            assert "Operazione annullata" in take_back(rpct, answer), page
            assert rows() == before, page
    assert verify_trail() == []


def test_what_somebody_has_touched_since_or_another_has_done_stays(annex, body, people, rpct):
    place = reverse("registry:office_add", args=[body.ipa_code])
    added = rpct.post(place, {"code": "N", "name": "Nuovo", "version": "0"})
    page = rpct.get(added.url).content.decode()
    office, asked = Office.objects.get(code="N"), BUTTON.search(page)
    another = client_of(make_member("rpct2", "rpct", body=body))
    refused = another.post(asked["way"], {"act": asked["act"]}, follow=True)
    assert "non si annulla da qui" in said(refused)
    assert client_of(people["head"]).post(asked["way"], {"act": asked["act"]}).status_code == 404
    make_member("addetta", "editor", body=body, office=office)
    used = rpct.post(asked["way"], {"act": asked["act"]}, follow=True)
    assert "è legato qualcosa di più recente" in said(used)
    Membership.objects.filter(office=office).delete()
    # back to the page of an office that is gone: to the list instead
    back = rpct.post(asked["way"], {"act": asked["act"], "torna": added.url})
    assert back.url == reverse("registry:offices", args=[body.ipa_code])
    assert "già annullata" in said(rpct.post(asked["way"], {"act": asked["act"]}, follow=True))

    opened = rpct.post(
        reverse("risk:plan_annex_open", args=[body.ipa_code, annex.plan.slug]), {"office": "ALTRO"}
    )
    make_process(Annex.objects.get(office__code="ALTRO"))
    assert "è legato qualcosa di più recente" in take_back(rpct, opened)


def test_no_role_is_given_back_that_could_not_be_given(annex, body, people, rpct):
    today = timezone.localdate()
    role = Membership.objects.get(user=people["editor"])
    ended = rpct.post(reverse("registry:end_membership", args=[role.pk]), {"on": str(today)})
    tomorrow = today + datetime.timedelta(days=1)
    Membership.objects.create(
        user=role.user, administration=body, office=role.office, role="editor", starts_on=tomorrow
    )
    assert "un altro incarico" in take_back(rpct, ended)
    role.refresh_from_db()
    assert role.ends_on == today

    people["auditor"].email = "oiv@ente.example"
    people["auditor"].save()
    data = {"email": "oiv@ente.example", "role": "rpct", "starts_on": str(START)}
    given = rpct.post(at("registry:invite", body), data)
    mine = Membership.objects.get(user=people["rpct"])
    end_membership(membership=mine, on=today, by=people["rpct"])
    assert "È l’unico RPCT" in take_back(rpct, given)
    assert Membership.objects.filter(role="rpct", user=people["auditor"]).exists()
    assert verify_trail() == []

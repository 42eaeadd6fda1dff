"""Every page of an annex, a process or a plan, and every act on one process, as browsers ask.

Addresses are those of `tests/project/address_table.py`, acts the forms the pages have: a new one of
either is measured by itself. Imported by the measurements of pages, once the application is set up.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin

from bench_growth_body import Annexed
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import resolve
from lxml import html

from registry.models import TrailRecord
from risk.enums import Layout, RowKind
from risk.forms.mapping.bulk import SCOPES
from tests.project.address_lines import Line
from tests.project.address_table import ADDRESSES
from tests.project.address_world import address_of
from tests.project.routes import Route, routes

OURS = ("allegati/", "processi/", "misure/", "osservazioni/", "piani/", "emissioni/")
"""How the addresses begin that name an annex, a process, what hangs on it, a plan."""
WHOLE = {
    "risk:annex_file": "a file is whole",
    "risk:annex_workbook": "a file is whole",
    "risk:plan_workbook": "a file is whole",
    "risk:issue_file": "a file is whole",
    "risk:plan_file": "a file is whole",
}
"""Pages that are as long as what they are of, and why."""
PARTS: Mapping[str, tuple[dict[str, str], ...]] = {
    "risk:annex": tuple({"layout": layout.value} for layout in Layout),
    "risk:bulk": tuple({"kind": kind} for kind in SCOPES),
    "risk:row_remarks": ({"kind": RowKind.PHASE.word},),
}
"""What stands in an address beside the rows it names, where there is more than one way."""
OF_ONE = ("processi/", "misure/", "osservazioni/")
"""How the addresses of acts begin that are of one process."""
NO_ACT = {
    "risk:proposal": "it answers what would be proposed",
    "risk:measure_general": "in an invented body all general measures are programmed",
    "risk:reconfirm_process": "the measured plan is a first edition, in which nothing was copied",
}
TYPED = "Parole di prova per la misura"
CODES = tuple(f"MS{number:02}" for number in range(1, 13))
"""Measures of every body: what is pasted among measures has to be one, and not there yet."""
PASTED = "testo"
"""The field a block is pasted into."""
LISTENING = {"HX-Request": "true"}
NO_ROW = "00000000-0000-0000-0000-000000000000"
"""Stands for the row where acts are written out for any."""
WHOLE_FORMS = ("tutte", "matrice")
"""The forms that hold all fields of map and sheet, until the scripts of these pages have begun."""


@dataclass(frozen=True)
class Asked:
    """What a browser asks for: a page, or with `values` an act; its `name` is the same anywhere.

    `role` is the person who asks: `rpct` or `head`.
    """

    name: str
    address: str
    values: dict[str, Any] = field(default_factory=dict)
    role: str = "rpct"

    def ask(self, one: Annexed) -> HttpResponse:
        """Ask, and return the answer. An act is done, and undone."""
        client = one.client(getattr(one, self.role))
        if not self.values:
            return client.get(self.address)
        with transaction.atomic():
            answer = client.post(self.address, self.values, headers=LISTENING)
            if connection.vendor == "postgresql":
                # as at the end of any act
                connection.check_constraints()
            transaction.set_rollback(True)
        return answer

    def is_done(self, one: Annexed) -> bool:
        """Do an act, and undo it; tell whether the trail had its record."""
        with transaction.atomic():
            records = TrailRecord.objects.order_by("-pk").values_list("pk", "kind")
            before, _kind = records[0]
            answer = one.client(getattr(one, self.role)).post(
                self.address, self.values, headers=LISTENING
            )
            after, kind = records[0]
            transaction.set_rollback(True)
        return after > before and "refused" not in kind and answer.status_code in (200, 302)


def pages(one: Annexed, home: SimpleNamespace) -> list[Asked]:
    """Return the pages that are answered as things stand, by their name."""
    asked = [
        Asked(" ".join((route.name.removeprefix("risk:"), *parts.values())), address)
        for route, line in _routes("get")
        if route.name not in WHOLE
        for parts in PARTS.get(route.name, (line.parts,))
        for address in [address_of(route, home, parts)]
    ]
    return [row for row in asked if row.ask(one).status_code == 200]


def _routes(method: str) -> Iterator[tuple[Route, Line]]:
    for route in routes():
        line = ADDRESSES.get(route.name)
        if line and route.pattern.startswith(OURS) and getattr(line, method):
            yield route, line


def acts(one: Annexed, home: SimpleNamespace, shown: list[Asked]) -> list[Asked]:
    """Return one act for each address of a process that a form of these pages sends something to.

    A form that only proposes is followed to the one that does.
    """
    found: dict[str, Asked] = {}
    for page in [*shown, *_written_out(home)]:
        for asked in _sent_from(page, page.ask(one)):
            if asked.name in found:
                continue
            for act in (asked, *_proposed(asked, one)):
                if act.is_done(one):
                    found[act.name] = act
                    break
    return list(found.values())


def _proposed(asked: Asked, one: Annexed) -> Iterator[Asked]:
    """Give what the answer to a form asks to confirm."""
    answer = asked.ask(one)
    yield from (act for act in _sent_from(asked, answer, changed=False) if act.name == asked.name)


def _sent_from(page: Asked, answer: HttpResponse, *, changed: bool = True) -> Iterator[Asked]:
    """Give the acts on one process that the forms of a page send."""
    for way, values in _forms(answer, changed=changed):
        address = urljoin(page.address, way)
        if address.startswith(tuple(f"/{word}" for word in OF_ONE)):
            name = resolve(address.partition("?")[0]).url_name
            yield Asked(f"{name} (atto)", address, values, page.role)


def _written_out(home: SimpleNamespace) -> Iterator[Asked]:
    """Give the pages with the acts of one row written out, as without JavaScript."""
    sheet = f"/processi/{home.process.uid}/"
    for row in (home.phase, home.action, home.riskbehaviour):
        yield Asked("", f"{sheet}?riga={row.uid}")
    yield Asked("", f"{sheet}?aperta={home.phase.uid}")
    yield Asked("", f"/allegati/{home.annex.uid}/mappa/?riga={home.process.uid}")
    yield Asked("", f"/allegati/{home.annex.uid}/modifiche/", role="head")


def acts_without_form(names: Iterable[str]) -> list[str]:
    """Return the addresses of acts on one process that are not among those asked, by name."""
    known = {f"risk:{name.removesuffix(' (atto)')}" for name in names if name.endswith(" (atto)")}
    return [
        route.name
        for route, _line in _routes("post")
        if route.pattern.startswith(OF_ONE) and route.name not in known | NO_ACT.keys()
    ]


def _forms(answer: HttpResponse, *, changed: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give where each form of a page sends to, and what it would, something of it changed."""
    if not answer.content or not answer["Content-Type"].startswith("text/html"):
        return
    document = html.document_fromstring(answer.content.decode())
    # all of the page at once, as without scripts; then row by row, as with them
    yield from _forms_in(document, changed=changed)
    _give_back(document)
    yield from _forms_in(document, changed=changed)


def _forms_in(document: Any, *, changed: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    for block in document.xpath("//*[@hx-post]"):
        # a part of a page that saves itself, or a button beside it
        if block.tag not in ("form", "button"):
            yield from _sent(block.get("hx-post"), list(block.iter()), changed=changed)
        elif block.get("hx-params") == "none":
            yield block.get("hx-post"), {"togli": block.get("value", "")}
    for form in document.forms:
        if form.get("method") != "post":
            continue
        own = list(form.iter())
        if form.get("id"):
            own += document.xpath("//*[@form=$id]", id=form.get("id"))
        yield from _sent(form.get("action", ""), own, changed=changed)


def _give_back(document: Any) -> None:
    """Make of a page what the scripts of map and sheet make of it.

    As it is answered all fields are of one form, and their names begin with the row; the acts of a
    row are written once, for no row, and the matrix is sent by the script.
    """
    for sheet in document.xpath("//*[@data-matrix]"):
        for matrix in document.xpath("//form[@id='matrice']"):
            matrix.set("action", sheet.get("data-matrix"))
    for row in document.xpath("(//*[@data-row])[1]/@data-row"):
        for node in document.xpath("//template[@id='menu-riga']//*"):
            for name, value in node.attrib.items():
                node.set(name, value.replace(NO_ROW, row))
    for whole in WHOLE_FORMS:
        for field_of in document.xpath("//*[@form=$id][contains(@name, ':')]", id=whole):
            of_row, _colon, name = field_of.get("name").partition(":")
            field_of.set("name", name)
            if document.xpath("//*[@id=$id]", id=of_row):
                field_of.set("form", of_row)
            else:
                del field_of.attrib["form"]


def _sent(way: str, own: list[Any], *, changed: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    for values in _changed(_values(own), own) if changed else (_values(own),):
        yield way, values
        for button in own:
            if button.tag == "button" and button.get("name"):
                named = values | {button.get("name"): button.get("value", "")}
                yield button.get("formaction") or way, named
            elif button.tag == "button" and button.get("formaction"):
                yield button.get("formaction"), values


def _values(elements: list[Any]) -> dict[str, Any]:
    """Return what is in the fields of a form as it stands."""
    values: dict[str, Any] = {}
    for row in elements:
        name = row.get("name")
        if not name or row.get("disabled") is not None:
            continue
        if row.tag == "select":
            options = row.xpath(".//option[@selected]") or row.xpath(".//option[@value!='']")[:1]
            values[name] = [option.get("value", option.text) for option in options]
        elif row.tag == "textarea":
            values[name] = (row.text or "").lstrip("\n")
        elif row.tag == "input" and row.get("type") in ("checkbox", "radio"):
            if row.get("checked") is not None:
                values.setdefault(name, []).append(row.get("value", "on"))
        elif row.tag == "input" and row.get("type") not in ("file", "submit", "button"):
            values[name] = row.get("value", "")
    return values


def _changed(values: dict[str, Any], elements: list[Any]) -> Iterator[dict[str, Any]]:
    """Give the same with another text, then with all of them, then with another box ticked."""
    texts = [
        row.get("name")
        for row in elements
        if row.get("name")
        and (row.tag == "textarea" or (row.tag == "input" and row.get("type") in (None, "text")))
        and not (row.get("list") or row.get("inputmode"))
    ]
    if texts:
        yield values | {texts[0]: f"{values[texts[0]]} {TYPED}".strip()}
        yield values | {name: f"{values[name]} {TYPED}".strip() for name in texts}
    if texts == [PASTED]:
        yield from (values | {PASTED: code} for code in CODES)
    for row in elements:
        name, is_on = row.get("name"), row.get("checked") is not None
        if row.get("type") == "checkbox" and name and not is_on and row.get("disabled") is None:
            yield values | {name: [*values.get(name, []), row.get("value", "on")]}
            return
    yield values

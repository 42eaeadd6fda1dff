"""The emblem of a body: looked at before it is kept, kept once, on the cover with its text."""

import io
import struct
import zlib

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from registry.models import TrailRecord
from risk.content.plan_values import BoundPlan, PlanEmblem
from risk.models import Emblem, EmblemImage
from risk.paper.bound_plan import render_bound_plan
from risk.services.plans.emblems import LARGEST, kind_of, remove_emblem, set_emblem
from tests.conformance import faults
from tests.people import client_of, people_of
from tests.register import complete_annex, make_body
from tests.risk.paper.reading import elements


def drawn(kind: str, mode: str = "RGB", size: int = 8) -> bytes:
    file = io.BytesIO()
    Image.new(mode, (size, size)).save(file, kind)
    return file.getvalue()


def drawn_line() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (400, 2)).save(file, "PNG")
    return file.getvalue()


def svg(inside: str, attributes: str = "") -> bytes:
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {names} viewBox="0 0 9 9" {attributes}>{inside}</svg>'.encode()


SHIELD = svg(
    '<defs><linearGradient id="a"><stop stop-color="#06c"/></linearGradient></defs>'
    '<path d="M0 0h9v6l-4 3l-5-3z" fill="url(#a)"/><use xlink:href="#a"/>'
)
MANY = "".join(
    f'<g id="a{one}">{f"""<use xlink:href="#a{one - 1}"/>""" * 10}</g>' for one in range(1, 9)
)


PATHS, TOO_RICH = "<path/>" * 10, "troppi elementi"


def styled_chain(kind: str, led: str) -> str:
    """Return parts of one kind, each of ten shapes that a style leads to the one before."""
    rules = "".join(f".a{one}{{{led}:url(#a{one})}}" for one in range(8))
    shape = '<path class="a%d"/>'
    parts = "".join(f'<{kind} id="a{n + 1}">{shape % n * 10}</{kind}>' for n in range(7))
    return f'<style>{rules}</style><{kind} id="a0">{PATHS}</{kind}>{parts}{shape % 7}'


def sized(attributes: str) -> bytes:
    return SHIELD.replace(b'viewBox="0 0 9 9"', attributes.encode())


def claiming(width: int, height: int) -> bytes:
    """Return a small PNG that says it is of another size."""
    content = bytearray(drawn("PNG"))
    content[16:24] = struct.pack(">II", width, height)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    return bytes(content)


OUTSIDE, NOT_DRAWN = "rimanda fuori dal file", "che non è un disegno"
REFUSED = {
    "a script": (svg("<script>alert(1)</script>"), NOT_DRAWN),
    "a script by its act": (svg('<path onload="alert(1)"/>'), "uno script («onload»)"),
    "another document": (svg("<foreignObject/>"), NOT_DRAWN),
    "another language": (svg('<x:script xmlns:x="http://www.w3.org/1999/xhtml"/>'), NOT_DRAWN),
    "an image elsewhere": (svg('<image xlink:href="http://esempio.it/a.png"/>'), NOT_DRAWN),
    "a shape elsewhere": (svg('<use xlink:href="http://esempio.it/a.svg#a"/>'), OUTSIDE),
    "a script as address": (svg('<use xlink:href="javascript:alert(1)"/>'), OUTSIDE),
    "a fill elsewhere": (svg('<path fill="url( http://esempio.it/a )"/>'), OUTSIDE),
    "a style elsewhere": (svg("<style>@import 'http://esempio.it/a.css'</style>"), OUTSIDE),
    "a style in signs": (svg("<style>a{fill:\\75rl(//esempio.it)}</style>"), OUTSIDE),
    "a file of the machine": (
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hosts">]>' + svg("&a;"),
        "DOCTYPE",
    ),
    "half a drawing": (SHIELD[:-9], "non è un SVG che si legge"),
    "a page": (b"<html><body>Ciao</body></html>", "questo file non lo è"),
    "a text": (b"ciao", "questo file non lo è"),
    "another kind": (drawn("GIF"), "questo file non lo è"),
    "half an image": (drawn("PNG", size=900)[:-60], "questo file non lo è"),
    "half a photograph": (drawn("JPEG", size=90)[:-60], "questo file non lo è"),
    "colours of the press": (drawn("JPEG", "CMYK"), "salvalo in RGB"),
    "too large a side": (drawn("PNG", "1", size=4001), "punti per lato"),
    "more points than any page": (claiming(20_000, 20_000), "punti per lato"),
    "too many points": (claiming(10_000, 10_000), "punti per lato"),
    "a line": (drawn_line(), "troppo stretta"),
    "no numbers for a size": (sized('viewBox="0 0 a b"'), "quanto è grande"),
    "half a size": (sized('viewBox="0 0 9"'), "quanto è grande"),
    "a size without end": (sized('viewBox="0 0 inf 9"'), "quanto è grande"),
    "no size": (sized('width="0" height="0px"'), "quanto è grande"),
    "a line of a drawing": (sized('viewBox="0 0 1e9 1"'), "troppo stretta"),
    "itself": (svg('<g id="a"><use xlink:href="#a"/></g>'), "a sé stessa"),
    "a mask of itself": (svg('<mask id="m"><path mask="url(#m)"/></mask>'), "a sé stessa"),
    "a mask of itself in a style": (
        svg('<style>.a{MASK:URL( "#m" )}</style><mask id="m"><path class="b a"/></mask>'),
        "a sé stessa",
    ),
    "a mask of itself by its mark alone": (
        svg('<mask id="m"><path style="mask:#m"/></mask>'),
        "a sé stessa",
    ),
    "a pattern filled with itself": (
        svg('<style>*{fill:url(#p)}</style><pattern id="p"><path/></pattern>'),
        "a sé stessa",
    ),
    "a pattern that stands in what it fills": (
        svg('<g fill="url(#p)"><pattern id="p"><path/></pattern></g>'),
        "a sé stessa",
    ),
    "a drawing in depth": (svg("<g>" * 200 + "</g>" * 200), "troppi elementi"),
    "a drawing of drawings": (svg(f'<defs><g id="a0"/>{MANY}</defs>'), "troppi elementi"),
    "a drawing of drawings in a style": (svg(styled_chain("clipPath", "clip-path")), TOO_RICH),
    "a drawing of patterns": (svg(styled_chain("pattern", "fill")), TOO_RICH),
    "a pattern for each shape": (
        svg(f'<pattern id="p">{PATHS * 20}</pattern><g fill="url(#p)">{PATHS * 20}</g>'),
        TOO_RICH,
    ),
    "a pattern for each shape shown": (
        svg(
            f'<pattern id="p">{PATHS * 20}</pattern><g id="g">{PATHS * 20}</g>'
            '<use href="#g" fill="url(#p)"/>'
        ),
        TOO_RICH,
    ),
    "too many bytes": (b"x" * (LARGEST + 1), "più di 1 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_go_on_paper_is_told(name):
    content, sentence = REFUSED[name]
    with pytest.raises(ValidationError) as refused:
        kind_of(content)
    assert sentence in " ".join(refused.value.messages)


EXPORTED = {
    "classes": svg(
        "<style>.cls-1{fill:none}.cls-2{clip-path:url(#c)}.cls-3{fill:url(#g)}"
        '.cls-4{mask:url(#m);fill:url(#p)}</style><clipPath id="c"><rect class="cls-1"/>'
        '</clipPath><linearGradient id="g"><stop stop-color="#06c"/></linearGradient>'
        '<mask id="m"><path class="cls-3"/></mask><pattern id="p"><path class="cls-3"/></pattern>'
        '<g class="cls-2"><path class="cls-3"/><path class="cls-4"/></g>'
    ),
    "notes": svg(
        '<g id="g1" xmlns:x="urn:note" x:label="#g1" data-name="#g1"><path id="fff" fill="#fff"/>'
        '<path fill="none"/></g>'
    ),
    "a pattern but for some": svg(
        f'<pattern id="p">{PATHS * 20}</pattern>'
        f'<g fill="url(#p)"><g fill="#06c">{PATHS * 99}</g></g>'
    ),
}


@pytest.mark.parametrize("name", EXPORTED)
def test_what_programs_export_is_taken(name):
    assert kind_of(EXPORTED[name]) == "image/svg+xml"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (SHIELD, "image/svg+xml"),
        (drawn("PNG", "RGBA"), "image/png"),
        (drawn("JPEG", "L"), "image/jpeg"),
    ],
    ids=["svg", "png", "jpeg"],
)
def test_what_can_is_on_the_cover_with_its_text(content, kind):
    assert kind_of(content) == kind
    emblem = PlanEmblem(kind, content, "Stemma del Comune di Prova")
    names = ("Comune di Prova", "PTPCT", "PTPCT, ordinario", "2021–2023", "Anna Verdi")
    pdf = render_bound_plan(BoundPlan(*names, emblem=emblem), [])
    assert faults(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as book:
        (figure,) = [one for one in elements(book.Root.StructTreeRoot) if one.S == "/Figure"]
        assert str(figure.Alt) == "Stemma del Comune di Prova"
        assert figure.Pg.objgen == book.pages[0].objgen


@pytest.mark.django_db
def test_the_rpct_gives_it_and_a_large_one_is_refused_before_it_is_read():
    annex = complete_annex()
    plan, people = annex.plan, people_of(annex)
    body = plan.administration
    address = reverse("risk:plan_emblem", args=[body.ipa_code, plan.slug])
    rpct = client_of(people["rpct"])
    asked = {"alternative": "Stemma", "atto": "salva"}
    for content, text, sentence in (
        (svg("<script/>"), "Stemma", NOT_DRAWN),
        (SHIELD, "", "obbligatorio"),
    ):
        file = SimpleUploadedFile("stemma.svg", content)
        page = rpct.post(address, {**asked, "alternative": text, "file": file}).content.decode()
        assert sentence in page
        # which is at the end of a long page: the browser goes on there
        assert f'action="{address}#emblema"' in page
    page = rpct.generic(
        "POST",
        address,
        b"--a\r\n",
        content_type="multipart/form-data; boundary=a",
        CONTENT_LENGTH=str(50 * 1024 * 1024),
    )
    assert (page.status_code, "troppo grandi" in page.content.decode()) == (400, True)
    assert not Emblem.objects.exists()
    assert client_of(people["auditor"]).post(address, asked).status_code == 404
    page = rpct.post(address, {**asked, "file": SimpleUploadedFile("a.svg", SHIELD)}, follow=True)
    assert 'alt="Stemma"' in page.content.decode()
    assert TrailRecord.objects.filter(kind="emblem", outcome="done").count() == 1
    # another body with the same has it once, and keeps it
    other = make_body("c_b002")
    set_emblem(body=other, content=SHIELD, alternative="Stemma", by=people["rpct"])
    assert EmblemImage.objects.count() == 1
    rpct.post(address, {"atto": "togli"})
    assert [one.administration for one in Emblem.objects.all()] == [other]
    remove_emblem(body=other, by=people["rpct"])
    assert not EmblemImage.objects.exists()

"""Of the framework's style sheet browsers receive what the pages can use, and nothing less."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from ptpct.framework_sheet import SHEET, cut, words_of_the_house
from tests.people import client_of
from tests.project.address_world import World
from tests.project.files import files_under, read

MOST_BYTES = 30_000
"""Of 612,000."""
MOST_BESIDE_HTML = 300_000
"""Style sheets, scripts and fonts of a sheet of a process, before compression."""
PAGES = ("login", "desk", "process_sheet", "mapping", "assessment", "treatment")

_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_ATTRIBUTE = re.compile(r'class="([^"]*)"')
_TAG = re.compile(r"\{[{%#].*?[}%#]\}", re.S)
_COMPOSED = re.compile(r"(?<![\w-])((?:[a-z]+-)+)\{\{")
COMPOSED = {
    "is-": "words of the house: a state, a kind, a tone; the framework has valid and invalid",
    "col-": "columns of the paper by name; the framework counts its columns",
}
"""What classes begin with that a template puts together, and the framework has some of."""

# Everything the browser knows of how each element looks, and what stands before and after it: with
# the sheet that is served, and again with the whole one in its place.
DIFFERENCES = """
async (address) => {
  const looks = () => [...document.querySelectorAll("*")].flatMap((element) =>
    [null, "::before", "::after"].flatMap((part) => {
      const style = getComputedStyle(element, part);
      if (part && style.content === "none") return [];
      const names = [...style].filter((name) => !name.startsWith("--"));
      const lines = names.map((name) => `${name}: ${style.getPropertyValue(name)}`);
      return [`<${element.tagName} ${element.className}>${part || ""} ${lines.join("; ")}`];
    }));
  const received = looks();
  const cut = document.querySelector('link[href*="bootstrap-italia"]');
  const whole = cut.cloneNode();
  whole.href = address;
  await new Promise((done, failed) => {
    whole.onload = done;
    whole.onerror = failed;
    cut.before(whole);
  });
  cut.remove();
  const now = looks();
  return { looks: now.length, other: now.filter((look, place) => look !== received[place]) };
}
"""


def whole() -> str:
    return Path(finders.find(SHEET)).read_text(encoding="utf-8-sig")


def served() -> str:
    return (settings.STATIC_ROOT / SHEET).read_text(encoding="utf-8")


def collected(names: set[str]) -> str:
    return "".join((settings.STATIC_ROOT / name).read_text(encoding="utf-8") for name in names)


def selectors(sheet: str) -> list[str]:
    """Return what stands before the brackets of a sheet, between commas."""
    heads = re.findall(r"([^{};]+)\{", re.sub(r"/\*.*?\*/", "", sheet, flags=re.S))
    parts = [one.strip() for head in heads if "@" not in head for one in head.split(",")]
    return [one for one in parts if not one.endswith("%")]


def classes_of_templates() -> set[str]:
    """Return the classes that stand in the templates, words of their conditions among them."""
    found = set()
    for path in files_under("templates", ending=".html"):
        for value in _ATTRIBUTE.findall(_TAG.sub(" ", read(path))):
            found |= set(value.split())
    return found


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        (".a{color:red}", ".a{color:red}"),
        (".z{color:red}", ""),
        (".a .z,.b>p,a.z.b{color:red}", ".b>p{color:red}"),
        ("p,::before,[class*=z-]{margin:0}", "p,::before,[class*=z-]{margin:0}"),
        (".a:not(.z),.b:has(.z){color:red}", ".a:not(.z),.b:has(.z){color:red}"),
        ("@media print{.z{color:red}.a{color:red}}", "@media print{.a{color:red}}"),
        ("@supports (gap: 0){@media print{.z{gap:0}}}", ""),
        ("@keyframes x{to{top:0}}.a{animation:x 1s}", ".a{animation:x 1s}@keyframes x{to{top:0}}"),
        ("@keyframes x{to{top:0}}.z{animation:x 1s}", ""),
        ("@font-face{font-family:Z;src:url(z)}.z{font:1em Z}.a{top:0}", ".a{top:0}"),
        (
            '@font-face{font-family:"Y";src:url(y)}.a{font:1em Y}',
            '.a{font:1em Y}@font-face{font-family:"Y";src:url(y)}',
        ),
        ("/*! licence */.z{top:0}/* note */", "/*! licence */\n"),
        ('@import url("x.css");.z{top:0}', '@import url("x.css");'),
    ],
)
def test_what_is_cut_and_what_stays(sheet, expected):
    assert cut(sheet, frozenset({"a", "b"})) == expected


def test_the_sheet_is_small_and_keeps_its_licence():
    assert len(served().encode()) < MOST_BYTES
    assert served().startswith("/*!")
    assert "Licensed under BSD-3-Clause" in served()


def test_every_rule_for_classes_of_the_templates_is_served():
    used, kept = classes_of_templates(), served()
    rules = [one for one in selectors(whole()) if set(_CLASS.findall(one)) <= used]

    assert {".btn", ".btn:hover", ".visually-hidden", "input[type=text]"} <= set(rules)
    assert [one for one in rules if one not in kept] == []


def test_no_class_of_the_framework_is_put_together():
    known = set(_CLASS.findall(whole()))
    begun = {
        start
        for path in files_under("templates", ending=".html")
        for value in _ATTRIBUTE.findall(read(path))
        for start in _COMPOSED.findall(value)
    }

    assert {start for start in begun if any(name.startswith(start) for name in known)} == {
        *COMPOSED
    }


def test_scripts_and_code_are_read_for_classes_too():
    words = words_of_the_house()

    assert {"btn", "sheet-grows", "house-saved"} <= words
    assert "it-hero-wrapper" not in words


@pytest.mark.django_db
def test_what_comes_with_a_sheet_is_bounded():
    world = World()
    address = reverse("risk:process_sheet", args=[world.homes["own"].process.uid])
    html = world.client("editor").get(address).content.decode()
    names = set(re.findall(r'"/static/([^"]+\.(?:css|js))"', html))
    fonts = {f"fonts/{name}" for name in re.findall(r"fonts/([^\"]+woff2)", collected(names))}

    assert {name.rpartition(".")[2] for name in names | fonts} == {"css", "js", "woff2"}
    assert len(fonts) == 4
    sizes = {name: (settings.STATIC_ROOT / name).stat().st_size for name in names | fonts}
    assert sum(sizes.values()) < MOST_BESIDE_HTML, sizes


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_pages_look_as_with_the_whole_sheet(page, live_server, context, page_checks):
    # the font the whole sheet carries inside itself, which is not served
    page_checks.expect("Loading the font 'data:application/font-woff")
    page_checks.expect("CSP font-src: data")
    world = World()
    process, annex = world.homes["own"].process.uid, world.homes["own"].annex.uid
    # a page that does nothing by itself while it is looked at
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.route("**/intero.css", lambda route: route.fulfill(body=whole(), content_type="text/css"))
    session = client_of(world.people["editor"]).cookies["sessionid"].value
    for name in PAGES:
        address = {
            "login": reverse("account_login"),
            "desk": reverse("risk:desk"),
            "mapping": reverse("risk:mapping", args=[annex]),
        }.get(name) or reverse(f"risk:{name}", args=[process])
        page.goto(live_server.url + address)
        found = page.evaluate(DIFFERENCES, f"{live_server.url}/intero.css")
        assert found["looks"] > 30, name
        assert found["other"] == [], name
        if name == "login":
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

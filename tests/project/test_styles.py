"""The style sheets of the screen take colours, spaces, sizes, corners and lines from the tokens.

The sheets of the paper are left out: a page is measured in its own units.
"""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from PIL.ImageColor import colormap

from tests.project.files import files_under, read

TOKENS = "registry/static/registry/tokens.css"
SHEETS = [
    str(name)
    for name in files_under("registry", "risk", ending=".css")
    if "paper" not in name.parts and str(name) != TOKENS
]

FAMILIES = {
    "space": r"(scroll-)?(margin|padding)(-.+)?|(row-|column-)?gap|top|right|bottom|left|transform",
    "size": r"font-size",
    "radius": r"border-radius|border(-\w+){2}-radius",
    "edge": r"(border|outline)(-(top|right|bottom|left|(block|inline)(-start|-end)?))?(-width)?"
    r"|box-shadow|text-decoration-thickness",
}
"""Of each family of tokens the properties whose lengths are all of it, save these below."""

LITERALS = {
    ("frame.css", "font-size", "16px"): "what a rem is, whatever the framework says",
    ("frame.css", "padding-block", "3rem"): "a page ends well above its foot",
    ("frame.css", "top", "-4rem"): "out of sight until it has the focus",
    ("annexes-changes.css", "margin-inline-start", "0.25em"): "a blank of the text, as wide as it",
    ("annexes-history.css", "margin-inline-start", "0.25em"): "as there",
    ("annexes-remarks.css", "margin", "3.25rem"): "the number of a row, and the gap after it",
    ("mapping-row.css", "box-shadow", "4px"): "the shadow of what lies over the table",
    ("mapping-row.css", "box-shadow", "12px"): "the same shadow",
    ("mapping.css", "padding", "0.4375rem"): "plain words in line with those in inputs",
    ("mapping.css", "padding", "0.875rem"): "many filters stand before these buttons",
    ("process_sheet-rows.css", "margin-inline-start", "3.25rem"): "as for the remarks of a row",
    ("process_sheet-rows.css", "padding-inline-start", "1.75rem"): "an action is under its phase",
    ("process_sheet-rows.css", "padding-inline-end", "6.5rem"): "“Descrizione” is on that line",
    ("process_sheet.css", "padding-inline-end", "4rem"): "“Aiuto” is on the line of the label",
    ("process_sheet.css", "scroll-margin-top", "4rem"): "clear of the line that stays above",
    ("process_sheet.css", "scroll-margin-top", "3rem"): "clear of the same line, by less",
}
"""Lengths that are no token, by sheet and property, each with its reason."""

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_DECLARATION = re.compile(r"(?<=[{;\s])(-{0,2}[a-z][\w-]*)\s*:\s*([^;{}]+);")
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(|\b(?:hwb|lab|lch|oklab|oklch|color)\(")
_WORD = re.compile(r"(?<![\w-])[a-z]+(?![\w(-])")
_LENGTH = re.compile(r"(?<![\w.#-])-?\d*\.?\d+(?:rem|px|em)(?![\w-])")
_USE = re.compile(r"var\((--[\w-]+)")
_KIND = re.compile(r"var\(--house-(space|size|radius|edge)-")


def declarations(text: str) -> list[tuple[str, str]]:
    """Return the properties of a sheet with their values, in order, comments left out."""
    return _DECLARATION.findall(_COMMENT.sub("", text))


def colours_in(text: str) -> list[str]:
    """Return the values that name a colour themselves."""
    return [
        value
        for _property, value in declarations(text)
        if _COLOUR.search(value) or set(_WORD.findall(value)) & set(colormap)
    ]


def family_of(name: str) -> str:
    """Return the family whose tokens a property takes, "" when it has none."""
    return next((kind for kind, names in FAMILIES.items() if re.fullmatch(names, name)), "")


def literals_in(text: str) -> list[tuple[str, str]]:
    """Return the lengths that ought to be tokens, or are those of another family."""
    found = []
    for name, value in declarations(text):
        if family := family_of(name):
            found += [(name, length) for length in _LENGTH.findall(value)]
            found += [(name, kind) for kind in _KIND.findall(value) if kind != family]
        elif name.endswith("height"):
            found += [(name, length) for length in _LENGTH.findall(value) if length in heights()]
    return found


def block(opening: str) -> dict[str, str]:
    """Return the tokens that stand in one block of their sheet, which opens with these words."""
    text = _COMMENT.sub("", read(TOKENS))
    start = text.index(opening)
    rows = declarations(text[start : text.index("}", start)])
    return {name: value for name, value in rows if name.startswith("--")}


def heights() -> set[str]:
    """Return the heights that have a name; any other may stand where it is needed."""
    names = ("--house-bar-height", "--house-row", "--house-field", "--house-choice")
    return {block(":root {")[name] for name in names}


def misplaced() -> Iterator[tuple[str, str, str]]:
    """Yield the literals of the sheets, each with the name of its sheet."""
    for sheet in SHEETS:
        for name, length in literals_in(read(sheet)):
            yield sheet.rpartition("/")[2], name, length


@pytest.mark.parametrize("sheet", SHEETS)
def test_colours_stand_among_the_tokens_alone(sheet):
    assert colours_in(read(sheet)) == []


def test_lengths_are_tokens_or_have_a_reason():
    assert [one for one in misplaced() if one not in LITERALS] == []


def test_every_reason_is_still_needed():
    assert set(LITERALS) <= set(misplaced())


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_variable_that_is_used_is_defined(sheet):
    own = {name for name, _value in declarations(read(sheet))}

    assert set(_USE.findall(read(sheet))) - own - set(block(":root {")) == set()


def test_every_token_is_used_and_stands_once():
    used = {name for sheet in SHEETS for name in _USE.findall(read(sheet))}
    text = read(TOKENS)
    light = text[text.index(":root {") : text.index(':root[data-theme="light"]')]
    defined = Counter(name for name, _value in declarations(light) if name.startswith("--"))

    assert set(defined) - used == set()
    assert set(defined.values()) == {1}


def test_the_dark_is_one_however_it_is_chosen():
    chosen = block(':root[data-theme="dark"] {')

    assert chosen == block(':root:not([data-theme="light"]) {')
    assert chosen
    assert set(chosen) <= set(block(":root {"))


def test_the_number_in_a_name_is_its_pixels():
    named = re.compile(r"--house-(?:space|size|tick|radius|edge)-(\d+)")
    pixels = {"px": 1, "rem": 16}
    tokens = {name: value for name, value in block(":root {").items() if named.fullmatch(name)}

    assert len(tokens) > len(FAMILIES)
    for name, value in tokens.items():
        number, unit = re.fullmatch(r"([\d.]+)(px|rem)", value).groups()
        assert float(named.fullmatch(name)[1]) == float(number) * pixels[unit], name


@pytest.mark.parametrize(
    ("text", "colours"),
    [
        ("a { color: #06c; }", ["#06c"]),
        ("a { box-shadow: 0 0 rgb(0 0 0 / 25%); }", ["0 0 rgb(0 0 0 / 25%)"]),
        ("a { border: 1px solid white; }", ["1px solid white"]),
        ("#white { color: var(--red); background: currentcolor; } /* red: #fff; */", []),
        ("a { background: color-mix(in srgb, var(--x) 9%, transparent); }", []),
    ],
)
def test_the_search_sees_a_colour(text, colours):
    assert colours_in(text) == colours


@pytest.mark.parametrize(
    ("text", "literals"),
    [
        ("a { margin: 0 1rem; }", [("margin", "1rem")]),
        ("a { padding-block: var(--house-size-16); }", [("padding-block", "size")]),
        ("a { font-size: 0.9em; }", [("font-size", "0.9em")]),
        ("a { border: 1px solid; }", [("border", "1px")]),
        ("a { border-radius: 5px; }", [("border-radius", "5px")]),
        ("a { min-height: 2.25rem; }", [("min-height", "2.25rem")]),
        ("@media (max-width: 40rem) {\n  a { gap: 0 var(--house-space-4); width: 40rem; }\n}", []),
    ],
)
def test_the_search_sees_a_length(text, literals):
    assert literals_in(text) == literals


def test_what_draws_paper_knows_all_that_its_sheets_ask(caplog):
    """What it does not know it leaves out and tells in the log, piece by piece of each document."""
    from weasyprint import CSS  # noqa: PLC0415

    of_paper = [
        name
        for name in files_under("registry", "risk", ending=".css")
        if "paper" in name.parts and name.name != "screen.css"
    ]
    for name in of_paper:
        CSS(string=read(name), base_url="about:invalid")

    assert len(of_paper) > 1
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize("part", ["house-chip", "house-message"])
def test_each_state_a_page_gives_a_part_is_drawn(part):
    """Of one that no sheet knows nothing is seen: what was late stood in grey."""
    given: set[str] = set()
    for name in files_under("templates", ending=".html"):
        for told in re.findall(rf'class="([^"]*\b{part}\b(?:{{%.*?%}}|[^"])*)"', read(name)):
            given |= set(re.findall(r"\bis-[a-z]+", told))
    sheets = "".join(map(read, SHEETS))

    assert given
    assert {one for one in given if f".{part}.{one}" not in sheets} == set()

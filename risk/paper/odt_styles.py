"""The styles of an ODT by their names, as it writes them; none holds a text of a user."""

from risk.paper.blocks import ItemKind, TextStyle

FONT = "Liberation Sans"
INK, QUIET, ALARM = "#17324d", "#455b71", "#a3182f"
LINK = "#0a5bb5"
_HEADING_SIZES = (18, 15, 13, 11.5, 10.5, 10.5)
_LOOKS = {
    TextStyle.TITLE: f'fo:font-size="24pt" fo:font-weight="bold" fo:color="{INK}"',
    TextStyle.COVER_BODY: f'fo:font-size="14pt" fo:font-weight="bold" fo:color="{INK}"',
    TextStyle.COVER_EMBLEM: 'fo:font-size="10.5pt"',
    TextStyle.COVER_KIND: f'fo:font-size="11pt" fo:font-weight="bold" fo:color="{LINK}"',
    TextStyle.COVER_FIRST: 'fo:font-size="10.5pt"',
    TextStyle.COVER_FACT: 'fo:font-size="10.5pt"',
    TextStyle.SUBTITLE: f'fo:font-size="14pt" fo:color="{QUIET}"',
    TextStyle.BODY: 'fo:font-size="10.5pt"',
    TextStyle.QUIET: f'fo:font-size="9.5pt" fo:color="{QUIET}"',
    TextStyle.DRAFT: f'fo:font-size="12pt" fo:font-weight="bold" fo:color="{ALARM}"',
    TextStyle.CAPTION: f'fo:font-size="9pt" fo:font-weight="bold" fo:color="{QUIET}"',
    TextStyle.CELL: 'fo:font-size="9pt"',
    TextStyle.CELL_HEAD: 'fo:font-size="9pt" fo:font-weight="bold"',
}
"""How each style looks until somebody sets it otherwise."""
_ABOVE: dict[str, str] = {
    TextStyle.COVER_EMBLEM: "1cm",
    TextStyle.COVER_KIND: "4.6cm",
    TextStyle.COVER_FIRST: "3.9cm",
}
"""The room above a line of the cover that begins a group."""


def style_name(style: TextStyle) -> str:
    """Return the name of a style as the format writes it."""
    return style.value.replace(" ", "_20_")


def paragraph_styles() -> list[str]:
    """Return the styles by their names, the headings' among them; none holds a text of a user."""
    headings = [
        _paragraph_style(
            f"Heading_20_{level}",
            f"Heading {level}",
            f'fo:font-size="{size}pt" fo:font-weight="bold" fo:color="{INK}"',
            f'style:default-outline-level="{level}"',
            "always",
        )
        for level, size in enumerate(_HEADING_SIZES, start=1)
    ]
    texts = [
        _paragraph_style(
            style_name(style),
            style.value,
            look,
            "",
            "always" if style == TextStyle.CAPTION else "auto",
        )
        for style, look in _LOOKS.items()
    ]
    # heads of pages, feet and contents take it from here: a reader sees one face, not two
    standard = (
        '<style:style style:name="Standard" style:family="paragraph" style:class="text">'
        f'<style:text-properties style:font-name="{FONT}"/></style:style>'
    )
    return [standard, *headings, *texts, *_contents_styles()]


def _contents_styles() -> list[str]:
    """Return how lines of the contents look, each a link without a look of its own."""
    rows = [
        f'<style:style style:name="Contents_20_{level}" style:display-name="Contents {level}" '
        'style:family="paragraph" style:parent-style-name="Standard" style:class="index">'
        f'<style:paragraph-properties fo:margin-left="{0.6 * (level - 1):.1f}cm" '
        'fo:margin-bottom="0.02cm"><style:tab-stops><style:tab-stop '
        f'style:position="{17 - 0.6 * (level - 1):.1f}cm" style:type="right" '
        'style:leader-style="dotted" style:leader-text="."/></style:tab-stops>'
        '</style:paragraph-properties><style:text-properties fo:font-size="9.5pt" '
        f'fo:font-weight="{"bold" if level == 1 else "normal"}"/></style:style>'
        for level in (1, 2, 3)
    ]
    link = (
        '<style:style style:name="Index_20_Link" style:display-name="Index Link" '
        'style:family="text"/>'
    )
    return [*rows, link]


def _paragraph_style(name: str, shown: str, look: str, more: str, keep: str) -> str:
    below = "0.05cm" if "tabella" in shown else "0.2cm"
    above = f'fo:margin-top="{_ABOVE[shown]}" ' if shown in _ABOVE else ""
    return (
        f'<style:style style:name="{name}" style:display-name="{shown}" '
        f'style:family="paragraph" style:parent-style-name="Standard" {more}>'
        f'<style:paragraph-properties {above}fo:margin-bottom="{below}" '
        f'fo:keep-with-next="{keep}"/>'
        f'<style:text-properties style:font-name="{FONT}" {look}/></style:style>'
    )


_CELL_BORDER = 'fo:border="0.5pt solid #c3cedb" fo:padding="0.12cm"'
TABLE_STYLES = (
    '<style:style style:name="RigaDelPiano" style:family="table-row">'
    '<style:table-row-properties fo:keep-together="always"/></style:style>',
    '<style:style style:name="RigaDelPianoLunga" style:family="table-row">'
    '<style:table-row-properties fo:keep-together="auto"/></style:style>',
    '<style:style style:name="CellaDelPiano" style:family="table-cell">'
    f"<style:table-cell-properties {_CELL_BORDER}/></style:style>",
    '<style:style style:name="CellaDiTesta" style:family="table-cell">'
    f'<style:table-cell-properties {_CELL_BORDER} fo:background-color="#f0f5fb"/></style:style>',
)
RUNNING_STYLE = (
    '<style:header-style><style:header-footer-properties fo:min-height="0.9cm" '
    'fo:margin-bottom="0.4cm"/></style:header-style>'
    '<style:footer-style><style:header-footer-properties fo:min-height="0.9cm" '
    'fo:margin-top="0.4cm"/></style:footer-style>'
)
"""How far what stands on each page is from the text."""
FORMS = {
    (False, False): "Parole",
    (True, False): "ParoleForti",
    (False, True): "ParoleInRilievo",
    (True, True): "ParoleFortiInRilievo",
}
"""The style of a run by whether it is strong, and whether it is stressed."""
LIST_STYLES = {ItemKind.BULLET: "ElencoPuntato", ItemKind.NUMBER: "ElencoNumerato"}


def _levels(tag: str, sign: str) -> str:
    return "".join(
        f'<text:{tag} text:level="{level}" {sign}><style:list-level-properties '
        'text:list-level-position-and-space-mode="label-alignment">'
        '<style:list-level-label-alignment text:label-followed-by="listtab" '
        f'fo:text-indent="-0.6cm" fo:margin-left="{0.6 * level:.1f}cm"/>'
        f"</style:list-level-properties></text:{tag}>"
        for level in range(1, 5)
    )


FORM_STYLES = (
    *(
        f'<style:style style:name="{name}" style:family="text"><style:text-properties '
        f'fo:font-weight="{"bold" if strong else "normal"}" '
        f'fo:font-style="{"italic" if emphasis else "normal"}"/></style:style>'
        for (strong, emphasis), name in FORMS.items()
    ),
    '<text:list-style style:name="ElencoPuntato">'
    + _levels("list-level-style-bullet", 'text:bullet-char="•"')
    + "</text:list-style>",
    '<text:list-style style:name="ElencoNumerato">'
    + _levels("list-level-style-number", 'style:num-format="1" style:num-suffix="."')
    + "</text:list-style>",
)

"""How a formatted text is typed, and back: the one module that knows the library that reads it.

A blank line parts paragraphs; “- ” begins an item of a list, “1. ” one of a numbered list, and what
is further in belongs to the item above; a table is lines of “| a | b |” with “| --- | --- |” below
its head; `*emphasis*`, `**strong**`, `[words](https://address)`. These are forms of CommonMark, so
a library reads them; all others are off, and so is any HTML, which stays the text it is.
"""

import re
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from risk.formatted.tree import (
    MARKS,
    MOST_CHARACTERS,
    MOST_IN_A_PARAGRAPH,
    Block,
    Run,
    check_blocks,
    long_paragraph,
    too_long,
)

_RULES = ["table", "list", "emphasis", "link", "escape", "image", "newline"]
_SIGNS = re.compile(r"([\\*_\[\]])")
_IN_WORD = re.compile(r"(?<=[^\W_])\\_(?=[^\W_])")
_BEGINS_ITEM = re.compile(r"^(?:([-+])|(\d{1,9})([.)]))(?=\s|$)")
_PIPE = re.compile(r"(?<!\\)\|")
_ENDS = re.compile(r"(?<!\\)\|$")
_TRIES = 4


def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero").enable(_RULES)
    # an address is checked as it was typed, and refused with a sentence
    reader.validateLink = lambda url: True  # type: ignore[method-assign]
    reader.normalizeLink = str  # type: ignore[method-assign]
    return reader


_READER = _reader()


def read_typed(text: str) -> list[Block]:
    """Return the blocks of a typed text, in the form that is typed the same again.

    Raises `ValidationError`, with an Italian sentence, for what a text may not hold.
    """
    if len(text) > MOST_CHARACTERS:
        raise too_long(len(text))
    blocks = _read(text.replace("\r\n", "\n").replace("\r", "\n"))
    for _time in range(_TRIES):
        again = _read(typed(blocks))
        if again == blocks:
            break
        blocks = again
    check_blocks(blocks)
    return blocks


def _read(text: str) -> list[Block]:
    tokens: list[Token] = []
    env: dict = {}
    _READER.block.parse(text, _READER, env, tokens)
    for token in tokens:
        if token.type == "inline":
            if len(token.content) > 2 * MOST_IN_A_PARAGRAPH:
                raise long_paragraph(len(token.content))
            token.children = []
            _READER.inline.parse(token.content, _READER, env, token.children)
    return list(_blocks(iter(tokens), "", text.split("\n")))


def _blocks(tokens: Iterator[Token], until: str, lines: list[str]) -> Iterator[Block]:
    """Give the blocks up to the token `until`, taking what they are made of."""
    for token in tokens:
        if token.type == until:
            return
        if token.type == "inline":
            if runs := _runs(token.children or []):
                yield {"type": "paragraph", "runs": runs}
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            if (block := _list(token, tokens, lines))["items"]:
                yield block
        elif token.type == "table_open":
            head, *rows = _rows(tokens, lines)
            yield {"type": "table", "head": head, "rows": rows}


def _list(opened: Token, tokens: Iterator[Token], lines: list[str]) -> Block:
    is_ordered = opened.type == "ordered_list_open"
    items = []
    for token in tokens:
        if token.type == opened.type.replace("open", "close"):
            break
        if token.type == "list_item_open":
            items.append(list(_blocks(tokens, "list_item_close", lines)))
    start = opened.attrGet("start")
    began = {"start": int(start)} if is_ordered and start not in (None, 1) else {}
    items = [item for item in items if item]
    return {"type": "list", "ordered": is_ordered, "items": items, **began}


def _rows(tokens: Iterator[Token], lines: list[str]) -> list[list[list[Run]]]:
    """Return the rows of a table, the head first; refuse one with more cells than the head.

    The library drops what is too much.
    """
    rows: list[list[list[Run]]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            line = lines[token.map[0]].strip() if token.map else ""
            count = len(_PIPE.split(line.removeprefix("|"))) - bool(_ENDS.search(line))
            if rows and count > len(rows[0]):
                said = _("Una riga della tabella ha più celle della testa: «%(row)s».")
                raise ValidationError(said, "more_cells", {"row": line[:80]})
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_runs(token.children or []))
    return rows


def _runs(tokens: Iterable[Token]) -> list[Run]:
    """Return what a line says, its neighbours of the same form as one, its edges trimmed."""
    runs: list[Run] = []
    marks: dict[str, int] = dict.fromkeys(MARKS, 0)
    link = ""
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                marks["strong"] += token.nesting
            case "em_open" | "em_close":
                marks["emphasis"] += token.nesting
            case "link_open":
                if title := token.attrGet("title"):
                    said = _("Il collegamento ha un titolo fra virgolette, «%(title)s»: va tolto.")
                    raise ValidationError(said, "link_title", {"title": str(title)[:60]})
                link = str(token.attrGet("href") or "#")
            case "link_close":
                link = ""
            case "image":
                said = _(
                    "Un’immagine non sta in un capitolo: togli «![%(text)s](…)», oppure lascia "
                    "il solo collegamento, senza il punto esclamativo."
                )
                raise ValidationError(said, "image", {"text": token.content[:60]})
            case _:
                text = " " if token.type in ("softbreak", "hardbreak") else token.content
                said_as = {name: True for name in MARKS if marks[name]}
                _add(runs, text, said_as | ({"link": link} if link else {}))
    return _trimmed(runs)


def _add(runs: list[Run], text: str, form: dict) -> None:
    if not text:
        return
    if runs and {name: value for name, value in runs[-1].items() if name != "text"} == form:
        runs[-1]["text"] += text
    else:
        runs.append({"text": text, **form})


def _trimmed(runs: list[Run]) -> list[Run]:
    while runs and not runs[0]["text"].lstrip():
        del runs[0]
    while runs and not runs[-1]["text"].rstrip():
        del runs[-1]
    if runs:
        runs[0]["text"] = runs[0]["text"].lstrip()
        runs[-1]["text"] = runs[-1]["text"].rstrip()
    return runs


def typed(blocks: list[Block]) -> str:
    """Return a formatted text as it is typed."""
    return "\n\n".join(_pieces(blocks))


def _pieces(blocks: list[Block]) -> Iterator[str]:
    before: Block = {}
    turn = 0
    for block in blocks:
        # two lists behind each other would be one, but for another sign
        follows = block["type"] == before.get("type") == "list"
        turn = 1 - turn if follows and block["ordered"] == before["ordered"] else 0
        before = block
        if block["type"] == "paragraph":
            yield _first_escaped(_line(block["runs"]))
        elif block["type"] == "table":
            yield "\n".join(_table_lines(block))
        else:
            yield _list_text(block, turn)


def _list_text(block: Block, turn: int) -> str:
    start = block.get("start", 1)
    items = []
    for number, item in enumerate(block["items"], start=start):
        sign = f"{number}{'.)'[turn]} " if block["ordered"] else f"{'-+'[turn]} "
        items.append(sign + _indented(_item_text(item), len(sign)))
    loose = any(sum(one["type"] == "paragraph" for one in item) > 1 for item in block["items"])
    return ("\n\n" if loose else "\n").join(items)


def _item_text(item: list[Block]) -> str:
    """Return an item: what hangs on its first paragraph stands right below it."""
    pieces = list(_pieces(item))
    said = pieces[0]
    for block, piece in zip(item[1:], pieces[1:], strict=True):
        said += ("\n" if block["type"] == "list" and not block.get("start") else "\n\n") + piece
    return said


def _indented(text: str, width: int) -> str:
    first, *others = text.split("\n")
    return "\n".join([first, *(" " * width + one if one else one for one in others)])


def _table_lines(block: Block) -> Iterator[str]:
    for place, row in enumerate((block["head"], *block["rows"])):
        yield "| " + " | ".join(_line(cell).replace("|", r"\|") for cell in row) + " |"
        if not place:
            yield "| " + " | ".join("---" for _cell in row) + " |"


def _first_escaped(text: str) -> str:
    """Return a paragraph that begins like an item so that it is none."""
    return _BEGINS_ITEM.sub(
        lambda found: rf"\{found[1]}" if found[1] else rf"{found[2]}\{found[3]}", text
    )


def _line(runs: list[Run]) -> str:
    said = ""
    place = 0
    while place < len(runs):
        link = runs[place].get("link")
        end = place
        while end < len(runs) and runs[end].get("link") == link:
            end += 1
        words = _marked(runs[place:end], MARKS)
        said += f"[{words}]({link})" if link else words
        place = end
    return said


def _marked(runs: list[Run], marks: tuple[str, ...]) -> str:
    """Return runs with their marks, the first of `marks` around the others."""
    if not marks:
        return "".join(_escaped(run["text"]) for run in runs)
    sign = {"strong": "**", "emphasis": "*"}[marks[0]]
    said = ""
    place = 0
    while place < len(runs):
        is_marked = runs[place].get(marks[0], False)
        end = place
        while end < len(runs) and runs[end].get(marks[0], False) == is_marked:
            end += 1
        words = _marked(runs[place:end], marks[1:])
        bare = words.strip()
        if is_marked and bare:
            # a sign before a blank is none
            left, right = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
            words = f"{left}{sign}{bare}{sign}{right}"
        said += words
        place = end
    return said


def _escaped(text: str) -> str:
    return _IN_WORD.sub("_", _SIGNS.sub(r"\\\1", text))

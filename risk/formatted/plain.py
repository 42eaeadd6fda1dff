"""A formatted text as its words alone, for whoever compares: no signs of how it is typed."""

from collections.abc import Iterable, Iterator

from risk.formatted.tree import Block, Run

DEEPER = "– "
"""Before an item, once for each list it stands in."""


def plain(blocks: Iterable[Block]) -> str:
    """Return what a text says, in lines; a row of a table is each head with its cell.

    Which words are strong or stressed is not said; an address stands behind the words that lead
    there.
    """
    return "\n".join(_lines(blocks, ""))


def _lines(blocks: Iterable[Block], before: str) -> Iterator[str]:
    for block in blocks:
        if block["type"] == "paragraph":
            yield before + _text(block["runs"])
        elif block["type"] == "table":
            heads = [_text(cell) for cell in block["head"]]
            for row in block["rows"]:
                yield before + _row(heads, [_text(cell) for cell in row])
        else:
            start = block.get("start", 1)
            for number, item in enumerate(block["items"], start=start):
                mark = f"{number}. " if block["ordered"] else DEEPER
                yield from _lines(item, before + mark)


def _row(heads: list[str], cells: list[str]) -> str:
    pairs = zip(heads, cells, strict=True)
    return "; ".join(f"{head}: {cell}" if head else cell for head, cell in pairs if cell)


def _text(runs: Iterable[Run]) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    address = run.get("link", "").removeprefix("mailto:")
    return f"{run['text']} ({address})" if address not in ("", run["text"]) else run["text"]

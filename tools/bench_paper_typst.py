"""The same words and tables set by Typst, as a yardstick: ``bench_paper_typst.py PAGE``.

Each heading, paragraph, list, table and cell of the page an annex is laid out from becomes one of
Typst, in a plain design, written as PDF/A-2a. ``seconds_of_typst`` are the processor seconds of a
process that does it, from its start. Typst has an environment of its own (``tools/bench.sh``).
"""

import sys
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / "out" / "bench-venv" / "bin" / "python"
ROUNDS = 3
SETTER = """
import sys
import typst
typst.compile(sys.argv[1], output=sys.argv[2], pdf_standards=["a-2a"])
"""
DESIGN = """\
#set document(title: "Allegato", author: "Ente")
#set page(paper: "a4", flipped: true, margin: 1.5cm, numbering: "1")
#set text(lang: "it", size: 8pt, hyphenate: true)
#set table(stroke: 0.5pt, inset: 3pt)
"""
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = {"ul": "list", "ol": "enum"}
_PARAGRAPHS = ("p", "div", "section", "header", "dt", "dd", "article", "nav", "footer")
_CELLS = ("th", "td")
_UNREAD = ("style", "script", "title")


def main() -> int:
    """Write the page as Typst and as PDF beside it, and print what that takes."""
    print(seconds_of_typst(Path(sys.argv[1])))
    return 0


def seconds_of_typst(page: Path) -> float:
    """Return the fewest processor seconds in which Typst sets what a page says."""
    from bench_paper_join import seconds_of  # noqa: PLC0415

    source = page.with_suffix(".typ")
    source.write_text(typst_of(page.read_text(encoding="utf-8")), encoding="utf-8")
    command = [str(PYTHON), "-c", SETTER, str(source), str(page.with_suffix(".typst.pdf"))]
    return min(seconds_of(command) for _time in range(ROUNDS))


def typst_of(html: str) -> str:
    """Return a page as a document of Typst: the same words in the same order."""
    reading = _Page()
    reading.feed(html)
    reading.close()
    return DESIGN + reading.written()


class _Page(HTMLParser):
    """Reads a page; what is open is a list of pieces on a stack, the body of the page first."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[list[str]] = [[]]
        self.columns: list[int] = []
        self.cells: list[dict[str, int]] = []
        self.unread = 0

    def written(self) -> str:
        return "".join(self.open[0])

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self.unread += 1
        elif tag == "br":
            self.open[-1].append("#linebreak();")
        elif tag == "table":
            self.columns.append(0)
            self.open.append([])
        elif tag == "tr" and self.columns and not self.columns[-1]:
            # the cells of the first row tell how many columns there are
            self.columns[-1] = -1
        elif tag in _CELLS:
            told = dict(attrs)
            spans = {name: int(told.get(name) or 1) for name in ("colspan", "rowspan")}
            if self.columns[-1] < 0:
                self.columns[-1] -= spans["colspan"]
            self.cells.append(spans)
            self.open.append([])
        elif tag in (*_HEADINGS, *_LISTS, "li", "caption"):
            self.open.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self.unread -= 1
        elif tag == "tr" and self.columns and self.columns[-1] < 0:
            self.columns[-1] = -self.columns[-1] - 1
        elif tag in _HEADINGS:
            self._put(f"\n#heading(level: {_HEADINGS[tag]})[{self._closed()}]\n")
        elif tag in _LISTS:
            self._put(f"\n#{_LISTS[tag]}({self._closed()})\n")
        elif tag == "li":
            self._put(f"[{self._closed()}],")
        elif tag in _CELLS:
            spans = ", ".join(f"{name}: {count}" for name, count in self.cells.pop().items())
            self._put(f"table.cell({spans})[{self._closed()}],\n")
        elif tag == "caption":
            # before its table, among whose cells no words can stand
            said = self._closed()
            self.open[-2].append(f"{said}\n\n")
        elif tag == "table":
            columns, cells = self.columns.pop(), self._closed()
            self._put(f"\n#table(columns: {columns},\n{cells})\n")
        elif tag in _PARAGRAPHS:
            self._put("\n\n")

    def handle_data(self, data: str) -> None:
        said = " ".join(data.split())
        if said and not self.unread:
            before = " " if data[:1].isspace() else ""
            after = " " if data[-1:].isspace() else ""
            escaped = said.replace("\\", "\\\\").replace('"', '\\"')
            self._put(f'{before}#"{escaped}";{after}')

    def _put(self, piece: str) -> None:
        self.open[-1].append(piece)

    def _closed(self) -> str:
        return "".join(self.open.pop())


if __name__ == "__main__":
    sys.exit(main())

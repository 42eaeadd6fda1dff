"""Programs of the people who open our workbooks and save them again: only `make soak` has them.

Each opens a workbook, changes some cells where asked to, and saves it in its own way. What
`tools/soak.sh` installs from Debian is found by name; the libraries of node are installed here.
"""

import io
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import openpyxl

NODE_LIBRARIES = {
    # the last of 2023, and what most programs of node write workbooks with
    "exceljs": "4.4.0",
    # SheetJS; later ones are published elsewhere, where few look for them
    "xlsx": "0.18.5",
    # the last of 2020; what it does not know it keeps, part by part
    "xlsx-populate": "1.21.0",
}
"""One version each: what one version writes is what is tried."""

_SECONDS = 180
_HERE = Path(__file__).parent
Edits = tuple[tuple[str, str], ...]


def saved_by(program: str, content: bytes, *edits: tuple[str, str]) -> bytes:
    """Return a workbook as a program saves it; `edits` are what a cell holds and what it shall.

    Raises:
        AssertionError: when the program is missing, ends with an error, or writes nothing.
    """
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "in.xlsx"), Path(folder, "out.xlsx")
        source.write_bytes(content)
        PROGRAMS[program](source, target, edits)
        return target.read_bytes()


def _gnumeric(source: Path, target: Path, edits: Edits) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(source.read_bytes())).worksheets[0]
    places = {cell.value: cell.coordinate for row in sheet.iter_rows() for cell in row}
    said = [f"--set={places[before]}={after}" for before, after in edits]
    _run("ssconvert", "--export-type=Gnumeric_Excel:xlsx2", *said, str(source), str(target))


def _script(program: str, name: str) -> Callable[[Path, Path, Edits], None]:
    def run(source: Path, target: Path, edits: Edits) -> None:
        texts = [text for pair in edits for text in pair]
        _run(program, str(_HERE / name), str(source), str(target), *texts)

    return run


PROGRAMS: dict[str, Callable[[Path, Path, Edits], None]] = {
    "Gnumeric": _gnumeric,
    "openxlsx": _script("Rscript", "openxlsx.R"),
    "Excel::Writer::XLSX": _script("perl", "excel_writer.pl"),
    "exceljs": _script("node", "exceljs.js"),
    "SheetJS": _script("node", "sheetjs.js"),
    "xlsx-populate": _script("node", "xlsx_populate.js"),
}


@cache
def _node_libraries() -> str:
    """Return the folder of the libraries of node, installed once a run."""
    folder = mkdtemp(prefix="node-libraries-")
    wanted = [f"{name}@{version}" for name, version in NODE_LIBRARIES.items()]
    # nothing they bring along is run while they are installed
    _run("npm", "install", f"--prefix={folder}", "--no-save", "--ignore-scripts", *wanted)
    return f"{folder}/node_modules"


def _run(program: str, *arguments: str) -> None:
    path = shutil.which(program)
    assert path, f"Manca {program}: lo installa tools/soak.sh"
    more = {"NODE_PATH": _node_libraries()} if program == "node" else {}
    ended = subprocess.run(  # noqa: S603 - our own files, a program found by name
        [path, *arguments],
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8", **more},
    )
    assert ended.returncode == 0, f"{program}: {ended.stdout[-2000:]} {ended.stderr[-2000:]}"

"""Files with what a program draws and prints beside the cells: charts, diagrams, heads of pages."""

import io
import zipfile
from collections.abc import Mapping

import xlsxwriter

from tests.messy_workbooks import Grid, as_ods

Change = tuple[str, str]
"""Words of a part, and those in their place."""

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CHART = "urn:oasis:names:tc:opendocument:xmlns:chart:1.0"
_DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
DIAGRAM = (
    '<d:dataModel xmlns:d="d" xmlns:a="a"><d:ptLst><d:pt><d:t><a:p><a:r><a:t>Chi </a:t></a:r><a:r>'
    "<a:t>controlla</a:t></a:r></a:p></d:t></d:pt><d:pt><d:t/></d:pt></d:ptLst></d:dataModel>"
)
PAGES = (
    f'<office:master-styles xmlns:style="{_STYLE}"><style:master-page style:name="Default">'
    "<style:header><text:p>Registro <text:sheet-name>Foglio</text:sheet-name></text:p>"
    "</style:header>"
    "<style:footer><text:p>Pagina <text:page-number>1</text:page-number></text:p></style:footer>"
    '<style:footer-left style:display="false"><text:p>Spento</text:p></style:footer-left>'
    '</style:master-page><style:master-page style:name="Report"><style:header><text:p>Altrove'
    "</text:p></style:header></style:master-page></office:master-styles>"
)
STYLES = (
    '<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    f'xmlns:text="{_TEXT}">{PAGES}</office:document-styles>'
)
CHART_OF_ODS = (
    f'<chart:chart xmlns:chart="{_CHART}" xmlns:text="{_TEXT}"><chart:title><text:p>Livelli'
    "</text:p></chart:title></chart:chart>"
)
SHAPES = (
    f'<table:shapes><draw:frame xmlns:draw="{_DRAW}"><draw:object xmlns:xlink='
    '"http://www.w3.org/1999/xlink" xlink:href="./Object 1"/></draw:frame></table:shapes>'
)


def with_parts(content: bytes, changed: Mapping[str, Change], more: Mapping[str, str]) -> bytes:
    """Return a zipped file with words of its parts replaced, and with other parts beside them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name in changed:
                data = data.replace(*(text.encode() for text in changed[name]), 1)
            if name not in more:
                target.writestr(name, data)
        for name, text in more.items():
            target.writestr(name, text)
    return stream.getvalue()


def drawn_xlsx() -> bytes:
    """Return a workbook with a chart, a diagram, and words over and under its pages."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Registro")
    sheet.write(0, 0, "Processo")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Registro!$A$1:$A$1", "name": "Anno scorso"})
    chart.set_title({"name": "Rischi per area"})
    sheet.insert_chart("C3", chart)
    sheet.set_header('&L&"Arial,Bold"&12Bozza &&  firma&C&A&R&D')
    sheet.set_footer("&CPagina &P di &N")
    book.close()
    relations = "xl/drawings/_rels/drawing1.xml.rels"
    relation = (
        f'<Relationship Id="rId9" Type="{_RELATIONS}/diagramData" Target="../diagrams/data1.xml"/>'
    )
    return with_parts(
        stream.getvalue(),
        {relations: ("</Relationships>", f"{relation}</Relationships>")},
        {"xl/diagrams/data1.xml": DIAGRAM},
    )


def drawn_ods() -> bytes:
    """Return a sheet with a chart, and with words over and under its pages."""
    cells = ("<table:table-row", f"{SHAPES}<table:table-row")
    return with_parts(
        as_ods(Grid([["Processo"]])),
        {"content.xml": cells},
        {"styles.xml": STYLES, "Object 1/content.xml": CHART_OF_ODS},
    )

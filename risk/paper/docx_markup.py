"""What a DOCX says in XML where the library that writes it has no word for it."""

_MAIN = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DRAWN = "http://schemas.openxmlformats.org/drawingml/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TABLE_STYLE = "Tabella del piano"
_BORDER = 'w:val="single" w:sz="4" w:space="0" w:color="C3CEDB"'
_SIDES = "".join(
    f"<w:{side} {_BORDER}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
TABLE_STYLE_XML = (
    f'<w:style {_MAIN} w:type="table" w:customStyle="1" w:styleId="TabellaDelPiano">'
    f'<w:name w:val="{TABLE_STYLE}"/><w:uiPriority w:val="59"/><w:qFormat/>'
    f"<w:tblPr><w:tblBorders>{_SIDES}</w:tblBorders><w:tblCellMar>"
    '<w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    '<w:tblStylePr w:type="firstRow"><w:tcPr>'
    '<w:shd w:val="clear" w:color="auto" w:fill="F0F5FB"/></w:tcPr></w:tblStylePr></w:style>'
)
_CHOICE = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    f'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" {_MAIN}>'
    '<mc:Choice Requires="w15">{}</mc:Choice></mc:AlternateContent>'
)
FOR_WORD = _CHOICE.format('<w:fldChar w:fldCharType="%s"/>')
CODE_FOR_WORD = _CHOICE.format('<w:instrText xml:space="preserve"> %s </w:instrText>')
SVG = (
    '<a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}"><asvg:svgBlip '
    'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
    'r:embed="%(key)s"/></a:ext></a:extLst>'
)
DRAWING = (
    f'<w:drawing {_MAIN} xmlns:wp="{_DRAWN}/wordprocessingDrawing" xmlns:a="{_DRAWN}/main" '
    f'xmlns:pic="{_DRAWN}/picture" xmlns:r="{_OFFICE}">'
    '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%(w)s" cy="%(h)s"/>'
    '<wp:docPr id="1" name="Emblema"/><a:graphic><a:graphicData '
    'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
    '<pic:cNvPr id="1" name="Emblema"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
    '<a:blip r:embed="%(key)s">%(known)s</a:blip><a:stretch><a:fillRect/></a:stretch>'
    '</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%(w)s" cy="%(h)s"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
    "</a:graphic></wp:inline></w:drawing>"
)

"""The pictures of `pictures.py` as PNG, painted by PDFium, which reads linked PDFs: black on white, twice as large.

Knows the elements and attributes that stand there and no others. Its font has the letters of western Europe.
"""

from __future__ import annotations

import ctypes
import re
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping

import pypdfium2
from lxml import etree
from pypdfium2 import raw as pdfium

from archive import UsageError
from backfile.desk.coverage import Coverage
from backfile.desk.pictures import coverage_svg

_SCALE = 2
_LETTERS = "cp1252"
_FONT_SIZE = 13.0
_ROUND = 0.5523  # how far the handles of a quarter of a circle reach, in radii
_NUMBERS = re.compile(r"-?[\d.]+")

Point = tuple[float, float]


def coverage_png(coverage: Coverage, *, share: bool = False) -> bytes:
    """The picture that `coverage_svg` draws, as PNG. UsageError where it has letters that the font has not."""
    root = etree.fromstring(coverage_svg(coverage, share=share))
    width, height = float(root.get("width")), float(root.get("height"))
    document = pypdfium2.PdfDocument.new()
    try:
        page = document.new_page(width, height)
        for element in root:
            paint = _PAINTERS.get(etree.QName(element).localname)
            if paint:
                made = paint(document, element.attrib, element.text or "", height)
                pdfium.FPDFPage_InsertObject(page, made)
        pdfium.FPDFPage_GenerateContent(page)
        bitmap = page.render(scale=_SCALE, rev_byteorder=True)
        pixels, line = memoryview(bitmap.buffer).cast("B"), bitmap.width * bitmap.n_channels
        rows = (pixels[start : start + line] for start in range(0, bitmap.height * bitmap.stride, bitmap.stride))
        return _png(bitmap.width, bitmap.height, rows)
    finally:
        document.close()


def _text(
    document: pypdfium2.PdfDocument, drawn: Mapping[str, str], text: str, height: float
) -> pdfium.FPDF_PAGEOBJECT:
    missing = "".join(dict.fromkeys(letter for letter in text if not letter.encode(_LETTERS, "ignore")))
    if missing:
        raise UsageError(f"a PNG has no letters for {missing!r}; a name that ends with .svg makes a picture that has")
    font = b"Helvetica-Bold" if "font-weight" in drawn else b"Helvetica"
    made = pdfium.FPDFPageObj_NewTextObj(document, font, float(drawn.get("font-size", _FONT_SIZE)))
    letters = f"{text}\0".encode("utf-16-le")
    pdfium.FPDFText_SetText(made, (ctypes.c_ushort * (len(letters) // 2)).from_buffer_copy(letters))
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(made, left, bottom, right, top)
    before = {"middle": 0.5, "end": 1.0}.get(drawn.get("text-anchor", ""), 0.0) * right.value
    pdfium.FPDFPageObj_Transform(made, 1, 0, 0, 1, float(drawn["x"]) - before, height - float(drawn["y"]))
    return made


def _path(_: object, drawn: Mapping[str, str], __: str, height: float) -> pdfium.FPDF_PAGEOBJECT:
    """A level line: M, a place, and H to another, or h as far from it."""
    x, y, to = map(float, _NUMBERS.findall(drawn["d"]))
    return _line([(x, y), (to if "H" in drawn["d"] else x + to, y)], drawn, height)


def _polyline(_: object, drawn: Mapping[str, str], __: str, height: float) -> pdfium.FPDF_PAGEOBJECT:
    numbers = list(map(float, _NUMBERS.findall(drawn["points"])))
    return _line(list(zip(numbers[::2], numbers[1::2], strict=True)) or [(0.0, 0.0)], drawn, height)


def _line(points: list[Point], drawn: Mapping[str, str], height: float) -> pdfium.FPDF_PAGEOBJECT:
    (x, y), *others = points
    made = pdfium.FPDFPageObj_CreateNewPath(x, height - y)
    for x, y in others:
        pdfium.FPDFPath_LineTo(made, x, height - y)
    opacity = round(255 * float(drawn.get("stroke-opacity", 1)))
    pdfium.FPDFPageObj_SetStrokeColor(made, *_colour(drawn["stroke"]), opacity)
    pdfium.FPDFPageObj_SetStrokeWidth(made, float(drawn.get("stroke-width", 1)))
    dashes = list(map(float, _NUMBERS.findall(drawn.get("stroke-dasharray", ""))))
    pdfium.FPDFPageObj_SetDashArray(made, (ctypes.c_float * len(dashes))(*dashes), len(dashes), 0)
    pdfium.FPDFPath_SetDrawMode(made, pdfium.FPDF_FILLMODE_NONE, True)
    return made


def _rect(_: object, drawn: Mapping[str, str], __: str, height: float) -> pdfium.FPDF_PAGEOBJECT:
    x, y, wide, high = (float(drawn[name]) for name in ("x", "y", "width", "height"))
    return _filled(pdfium.FPDFPageObj_CreateNewRect(x, height - y - high, wide, high), drawn)


def _circle(_: object, drawn: Mapping[str, str], __: str, height: float) -> pdfium.FPDF_PAGEOBJECT:
    x, y, r = float(drawn["cx"]), height - float(drawn["cy"]), float(drawn["r"])
    made = pdfium.FPDFPageObj_CreateNewPath(x + r, y)
    for right, up in ((1, 1), (-1, 1), (-1, -1), (1, -1)):  # the quarters, against the clock
        first, second = (x + right * r, y + _ROUND * up * r), (x + _ROUND * right * r, y + up * r)
        ends = ((x, y + up * r), (x + right * r, y))
        handles, end = ((first, second), ends[0]) if right == up else ((second, first), ends[1])
        pdfium.FPDFPath_BezierTo(made, *handles[0], *handles[1], *end)
    return _filled(made, drawn)


def _filled(made: pdfium.FPDF_PAGEOBJECT, drawn: Mapping[str, str]) -> pdfium.FPDF_PAGEOBJECT:
    pdfium.FPDFPageObj_SetFillColor(made, *_colour(drawn["fill"]), 255)
    pdfium.FPDFPath_SetDrawMode(made, pdfium.FPDF_FILLMODE_WINDING, False)
    return made


def _colour(said: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(said[1:]) if said.startswith("#") else (0, 0, 0)
    return red, green, blue


_PAINTERS: Mapping[str, Callable[[pypdfium2.PdfDocument, Mapping[str, str], str, float], pdfium.FPDF_PAGEOBJECT]] = {
    "text": _text,
    "path": _path,
    "polyline": _polyline,
    "rect": _rect,
    "circle": _circle,
}


def _png(width: int, height: int, rows: Iterable[memoryview]) -> bytes:
    """Rows of red, green and blue as a file (ISO/IEC 15948)."""
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0),
        b"IDAT": zlib.compress(b"".join(b"\0" + row for row in rows), 9),
        b"IEND": b"",
    }
    said = (
        struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))
        for kind, held in chunks.items()
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(said)

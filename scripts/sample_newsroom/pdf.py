"""Text to a plain PDF, enough for a press release: one font, Western European characters, wrapped lines."""

from __future__ import annotations

import textwrap

_LINES, _WIDTH, _LEADING = 46, 84, 15


def pdf(text: str, title: str) -> bytes:
    """`text` as a PDF 1.4 file in Helvetica 11 on Letter paper. Characters outside Windows-1252 become "?"."""
    lines = [line for part in text.splitlines() for line in (textwrap.wrap(part, _WIDTH) or [""])]
    pages = [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        drawn = b"\n".join(b"(" + _escaped(line) + b") Tj T*" for line in page)
        content = b"BT /F1 11 Tf %d TL 72 728 Td\n%s\nET" % (_LEADING, drawn)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    objects.append(b"<< /Title (" + _escaped(title) + b") >>")
    return _file(objects)


def _escaped(text: str) -> bytes:
    raw = text.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(objects: list[bytes]) -> bytes:
    """The objects numbered from 1 (the first is the catalog, the last the information), with their table."""
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, len(objects))
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)

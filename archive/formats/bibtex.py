"""BibTeX and BibLaTeX (https://www.bibtex.org/Format/): entries with named values, in braces or quotes.

What TeX writes with marks (`{\\"o}`, `\\&`, `---`) is read as what it prints. A brace that is never closed
costs its entry: the next one begins with its own line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from archive.formats.fields import BIBTEX
from archive.formats.item import Item, Reject, clipped
from archive.formats.opening import ImportFile
from archive.formats.references import reference

_ENTRY = re.compile(r"^[ \t]*@\s*(\w+)\s*[{(]\s*(?:([^\s,{}()\"=]*)\s*,)?", re.MULTILINE)
_NO_ENTRIES = frozenset({"comment", "preamble", "string"})
_FIELD = re.compile(r"[\s,]*([A-Za-z][\w:+-]*)\s*=\s*")
_BARE = re.compile(r"[^\s,{}()\"#]+")
_JOINED = re.compile(r"\s*#\s*")
_AND = re.compile(r"\s+and\s+")
_MAX_ENTRY = 2**20  # characters
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "c": "\u0327", "k": "\u0328", "d": "\u0323",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "textendash": "–", "textemdash": "—", "dots": "…", "ldots": "…",
}  # fmt: skip
_ACCENTED = re.compile(r"""\\(?:([`'^~=."])\s*|([uvHcdrk])(?:\s+|(?=\{)))(?:\{\s*(\\?[^\W\d_])\s*\}|(\\?[^\W\d_]))""")
_LETTER = re.compile(rf"\\({'|'.join(sorted(_LETTERS, key=len, reverse=True))})(?![A-Za-z])(?:\s+|\{{\}})?")
_COMMAND = re.compile(r"\\[A-Za-z]+\*?\s*")
_ESCAPED = re.compile(r"\\([^A-Za-z])")


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The entries that have an address, in `url` or elsewhere, or a DOI."""
    text = source.text()
    line, counted = 1, 0
    entries = list(_ENTRY.finditer(text))
    ends = [*(following.start() for following in entries[1:]), len(text)]
    for found, limit in zip(entries, ends, strict=False):
        if found[1].lower() in _NO_ENTRIES:
            continue
        line, counted = line + text.count("\n", counted, found.start()), found.start()
        values, end = _values(text, found.end(), min(limit, found.end() + _MAX_ENTRY))
        raw = clipped(text[found.start() : end])
        if not values:
            yield Reject(source.origin(line), "an entry without any value", raw)
            continue
        yield reference(BIBTEX, dict(_meant(values)), source.origin(line, (found[2] or "")[:200]), raw)


def _values(text: str, at: int, limit: int) -> tuple[dict[str, str], int]:
    """The values of the entry whose fields begin at `at`, by their names in lower case, and where they end."""
    values: dict[str, str] = {}
    while found := _FIELD.match(text, at, limit):
        parts: list[str] = []
        at = found.end()
        while (part := _part(text, at, limit)) is not None:
            parts.append(part[0])
            at = part[1]
            if (joined := _JOINED.match(text, at, limit)) is None:
                break
            at = joined.end()
        if not parts:
            break
        values.setdefault(found[1].lower(), "".join(parts))
    return values, at


def _part(text: str, at: int, limit: int) -> tuple[str, int] | None:
    """What stands in braces or quotes at `at`, or a bare word, and its end; None where that does not come."""
    if text[at : at + 1] not in ("{", '"'):
        word = _BARE.match(text, at, limit)
        return (word[0], word.end()) if word else None
    quoted, depth = text[at] == '"', 0
    for place in range(at, limit):
        char = text[place]
        if text[place - 1] == "\\" and text[place - 2] != "\\":
            continue
        depth += (char == "{") - (char == "}")
        if place > at and depth == 0 and char == ('"' if quoted else "}"):
            return text[at + 1 : place], place + 1
    return None


def _meant(values: dict[str, str]) -> Iterator[tuple[str, object]]:
    """The values as they are meant: names one by one, addresses as they stand, a date of year, month and day."""
    for name, value in values.items():
        if name == "author":
            yield name, [_plain(_turned(one)) for one in _AND.split(" ".join(value.split()))]
        elif name in ("url", "howpublished", "doi", "link"):
            yield name, _address(value)
        else:
            yield name, _plain(value)
    if "date" not in values and "year" in values:
        month = values.get("month", "").strip().lower()[:3]
        number = _MONTHS.index(month) + 1 if month in _MONTHS else month
        yield (
            "date",
            "-".join(str(part).strip().zfill(2) for part in (values["year"], number, values.get("day")) if part),
        )


def _turned(name: str) -> str:
    """ "Lund, Jr., Bo" in the order of RIS: "Lund, Bo, Jr."; any other name as it is."""
    parts = [part.strip() for part in name.split(",")]
    return ", ".join((parts[0], parts[2], parts[1])) if len(parts) == 3 else name


def _address(value: str) -> str:
    """An address without the marks of TeX around and in it."""
    bare = re.sub(r"^\s*\\(?:url|href|path)\s*\{([^{}]*)\}.*", r"\1", value, flags=re.DOTALL)
    return re.sub(r"\\([%#&_~{}])", r"\1", bare).strip()


def _plain(value: str) -> str:
    """What TeX prints."""
    text = _ACCENTED.sub(lambda m: (m[3] or m[4])[-1] + _ACCENTS[m[1] or m[2]], value)
    text = _LETTER.sub(lambda m: _LETTERS[m[1]], text)
    text = text.replace("---", "—").replace("--", "–").replace("``", "“").replace("''", "”").replace("~", " ")
    text = _ESCAPED.sub(r"\1", _COMMAND.sub("", text).replace("\\{", "\0").replace("\\}", "\1"))
    text = text.replace("{", "").replace("}", "").replace("\0", "{").replace("\1", "}")
    return unicodedata.normalize("NFC", " ".join(text.split()))

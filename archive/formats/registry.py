"""The formats that can be imported, and how each is recognised by what is in a file, whatever the file is called."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from archive.formats.arc import FIRST as ARC_FIRST
from archive.formats.arc import MAGIC as ARC_MAGIC
from archive.formats.fields import KNOWN, Fields, known_by, normal_name
from archive.formats.item import Broken, Item, Reject
from archive.formats.opening import ZIP_ERRORS, ImportFile

Reading = Callable[[ImportFile], Iterator[Item | Reject]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name for --format, what it is, and the function that reads it."""

    name: str
    title: str
    reader: str  # module:function within archive.formats; loaded when it is needed

    def read(self, source: ImportFile) -> Iterator[Item | Reject]:
        """The items and rejects of `source`."""
        module, _, function = self.reader.partition(":")
        reading: Reading = getattr(import_module(f"archive.formats.{module}"), function)
        return reading(source)


def _reader(fields: Fields) -> str:
    if fields.name == "omnivore":
        return "libraries:read_omnivore"
    return "tables:items" if fields.says.endswith("CSV") else "jsons:items"


FORMATS: tuple[Format, ...] = (
    Format("text", "Any text with addresses in it", "text:items"),
    Format("csv", "CSV, TSV and other tables with a column of addresses", "tables:items"),
    Format("spreadsheet", "Spreadsheets with a column of addresses or links: .xlsx, .ods", "spreadsheets:read"),
    Format("workbook", "Spreadsheets in Excel's XML of 2003", "spreadsheets:read_xml"),
    Format("json", "JSON Lines, arrays or objects of records with an address", "jsons:items"),
    Format("rss", "RSS, Atom and RDF feeds", "feeds:items"),
    Format("json-feed", "JSON Feed", "feeds:read_json"),
    Format("zotero-rdf", "Zotero, RDF", "zotero:items"),
    Format("evernote", "Evernote, notes (.enex)", "evernote:items"),
    Format("yaml", "YAML lists of records with an address", "written:read_yaml"),
    Format("toml", "TOML lists of records with an address", "written:read_toml"),
    Format("sql", "Dumps of databases, SQL: rows with an address", "sql:items"),
    Format("shortcut", "Shortcuts to pages: .url and .desktop", "shortcuts:items"),
    Format("opml", "OPML outlines", "feeds:read_opml"),
    Format("sitemap", "Sitemaps: plain, news, index; packed or not", "sitemaps:items"),
    Format("bookmarks", "Bookmarks, HTML: browsers, Shiori, linkding, Pinboard, Pocket", "bookmarks:read_html"),
    Format("chrome", "Bookmarks of Chrome, Edge, Brave, Vivaldi (JSON)", "bookmarks:read_chrome"),
    Format("firefox", "Bookmarks of Firefox (JSON)", "bookmarks:read_firefox"),
    Format("plist", "Property lists of macOS: .webloc, bookmarks and reading list of Safari", "plists:items"),
    *(Format(fields.name, fields.says, _reader(fields)) for fields in KNOWN),
    Format("linkwarden", "Linkwarden, JSON", "libraries:read_linkwarden"),
    Format("karakeep", "Karakeep (Hoarder), JSON", "libraries:read_karakeep"),
    Format("fundus", "fundus, JSON", "libraries:read_fundus"),
    Format("markdown", "Markdown notes with front matter: clippings of Obsidian and others", "markdown:items"),
    Format("ris", "RIS references", "references:read_ris"),
    Format("bibtex", "BibTeX and BibLaTeX", "bibtex:items"),
    Format("endnote", "EndNote, tagged lines (.enw)", "references:read_endnote"),
    Format("nbib", "PubMed references (.nbib)", "references:read_nbib"),
    Format("pinboard-xml", "Pinboard and Delicious, XML", "bookmarks:read_posts"),
    Format("xbel", "Bookmarks, XBEL: Konqueror, Falkon, GNOME", "bookmarks:read_xbel"),
    Format("xml", "Lists in XML of records with an address", "xml_lists:items"),
    Format("endnote-xml", "EndNote, XML", "references:read_endnote_xml"),
    Format("twitter", "X/Twitter archive: tweets.js, note-tweet.js, like.js, bookmark.js", "twitter:items"),
    Format("warc", "WARC 1.0 and 1.1, packed or not", "warcs:items"),
    Format("arc", "ARC 1 and 2, packed or not", "warcs:items"),
    Format("har", "HAR, the network log of a browser: pages with their bodies", "har:items"),
    Format("page", "Saved pages: SingleFile, monolith, a browser's “save as”", "pages:items"),
    Format("mhtml", "MHTML pages", "pages:read_mhtml"),
    Format("mail", "E-mail: messages and mailboxes (mbox), for what they link to", "mail:items"),
    Format("factiva", "Factiva: HTML, RTF, DOCX, text", "newspapers.documents:read_factiva"),
    Format("nexis", "Nexis Uni and LexisNexis: DOCX, RTF, text, HTML", "newspapers.nexis:read"),
    Format("proquest", "ProQuest: text, RTF, HTML", "newspapers.proquest:read"),
    Format("europresse", "Europresse, HTML", "newspapers.europresse:read"),
    Format("retriever", "Retriever (Mediearkivet, Atekst), text", "newspapers.retriever:read"),
    Format("genios", "GENIOS and wiso: text, RTF", "newspapers.genios:read"),
    Format("document", "Any other DOCX or RTF with addresses in it", "newspapers.documents:read_any"),
    Format("zip", "Zip files of any of these, and WACZ", "zips:items"),
)  # fmt: skip
BY_NAME = {each.name: each for each in FORMATS}

_PLIST_MAGIC = b"bplist00"
_SPACE = " \t\r\n\ufeff\x1e"
_BIBTEX = re.compile(
    r"(?:%[^\n]*\n|\s)*@(?!comment|string|preamble)\w+\s*[{(]\s*[^\s,{}()]*\s*,\s*[\w:+-]+\s*=|(?:%[^\n]*\n|\s)*@(?:comment|string|preamble)\s*[{(]",
    re.IGNORECASE,
)
_ENDNOTE_XML = re.compile(r"[^<>]*>\s*<records?>")
_ROOT = re.compile(r"<(?!\?|!)([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
# Warnings that a server printed before the file.
_NOISE = re.compile(
    r"(?:(?!<(?:html|head|body)\b).){1,4096}?(?=<\?xml\s|<rss\b|<feed\s+xmlns)", re.DOTALL | re.IGNORECASE
)
_XML = {
    "rss": "rss", "feed": "rss", "rdf": "rss", "opml": "opml", "urlset": "sitemap", "sitemapindex": "sitemap",
    "en-export": "evernote", "plist": "plist", "posts": "pinboard-xml", "xbel": "xbel",
}  # fmt: skip
_SHORTCUT = re.compile(r"(?:[#;][^\n]*\n|\s)*\[(?:InternetShortcut|Desktop Entry|DEFAULT)(?:\.[AW])?\]", re.IGNORECASE)
_ZOTERO = "http://www.zotero.org/namespaces/export#"
_NETSCAPE = re.compile(
    r"NETSCAPE-Bookmark|<title>Instapaper: Export|<DT>\s*<(?:A|H3)\b|<li>\s*<a [^>]*time_added=", re.IGNORECASE
)
_CAPTURES = re.compile(r"\.w?arc(?:\.[a-z0-9]{1,4})*\Z", re.IGNORECASE)
_BEFORE_RECORDS = b"\xef\xbb\xbf\r\n"  # what editors and joined files put before the first record of a WARC file
_HEADERS = re.compile(r"(?:From [^\n]*\n)?(?:>?[\w-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)+", re.ASCII)
# Headers that no program that saves pages writes.
_SENT = re.compile(r"^(?:to|cc|bcc|received|return-path|message-id):", re.MULTILINE)
_LINKS = re.compile(r"<a\s[^<>]*\bhref\b", re.IGNORECASE)
_HTML = re.compile(r"<!doctype\s+html|<html\b|<head\b|<body\b", re.IGNORECASE)
_FACTIVA = re.compile(r"""class=["']?(?:dcmArticle|article \w{2}Article)\b|<b>HD\s*</b>""")
_EUROPRESSE = re.compile(r"<article\b[^<>]*>(?:.{0,4000}?)class=[^<>]{0,80}\b(?:rdp__|DocPublicationName)", re.DOTALL)
_FUNDUS_BODY = re.compile(r'"body"\s*:\s*\{\s*"(?:summary|sections)"\s*:')
# "[[https://…]]", "[1]: https://…" and "[ ] https://…" are none.
_JSON = re.compile(
    r"""\{\s*(?:"|'|\}|\Z|//|/\*|[A-Za-z_]\w*\s*:\s*["'\[{])|\[\s*(?://|/\*|["'{]|\[\s*["\[{\]\d]|\]\s*\Z|-?\d[\d.eE+-]*\s*,|(?:true|false|null)\b|\Z)"""
)
_KEY = re.compile(r'"((?:[^"\\]|\\.){1,60})"\s*:')
_WIKI_LINK = re.compile(r"\[[^\[\]|]*\|[^\[\]|]*\]")  # its bar parts no cells: [the story|https://a.example/1]
_CELL = re.compile(r"""\s*["']?https?://[^\s"]+["']?\s*""")  # that is an address, and no sentence with one in it


def recognised(source: ImportFile) -> str:
    """The name of the format of a file, "" for one that is none (an image, an empty file)."""
    head = source.head
    if head.lstrip(_BEFORE_RECORDS).startswith(b"WARC/"):
        return "warc"
    if head.startswith(ARC_MAGIC) or ARC_FIRST.match(head):
        return "arc"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _of_office(source) or "zip"
    if head.startswith(_PLIST_MAGIC):
        return "plist"
    if head.lstrip(_BEFORE_RECORDS).startswith(b"{\\rtf"):
        return _of_document(source)
    text = source.sample
    if ((source.problem and not head) or _CAPTURES.search(source.name)) and _holds_records(source):
        return "warc"
    if not text.strip(_SPACE) or _is_binary(text):
        return ""
    return _of_markup(text) or _of_data(text)


def _of_document(source: ImportFile) -> str:
    from archive.formats.newspapers.documents import database_of

    return database_of(source) or "document"


def _of_office(source: ImportFile) -> str:
    """The format of a packed office document; "" for any other zip file, also one of such documents."""
    names = b"\n".join(_members(source)) or source.head
    if b"word/document.xml" in names or b"word/_rels" in names:
        return _of_document(source)
    is_sheet = b"opendocument.spreadsheet" in source.head[:200] or b"xl/workbook.xml" in names
    return "spreadsheet" if is_sheet or b"xl/worksheets/" in names else ""


def _members(source: ImportFile) -> list[bytes]:
    """The names in a zip file; none where it is damaged."""
    from zipfile import ZipFile

    try:
        with source.open() as file, ZipFile(file) as archive:
            return [name.encode("utf-8", "replace") for name in archive.namelist()]
    except (Broken, OSError, ValueError, *ZIP_ERRORS):
        return []


def _holds_records(source: ImportFile) -> bool:
    """Whether records of a web archive stand behind what is damaged, or foreign to it."""
    from archive.formats.warc_records import begins_anywhere

    try:
        with source.open() as file:
            return file.seekable() and begins_anywhere(file)
    except (Broken, OSError, *ZIP_ERRORS):
        return False


def _is_binary(text: str) -> bool:
    return "\0" in text[:4096] and not text.lstrip(_SPACE).startswith("<")


def _of_markup(text: str) -> str:
    start = text[:65536].lstrip(_SPACE)
    if start.startswith("<"):
        bare = re.sub(r"<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?[^>]*>", "", start, flags=re.DOTALL)
        noise = None if bare.startswith("<?xml") else _NOISE.match(bare)
        root = _ROOT.search(bare, noise.end() if noise else 0)
        if root and _ZOTERO in start:
            return "zotero-rdf"
        if root and root[2].lower() in _XML:
            return _XML[root[2].lower()]
        if root and root[2].lower() == "workbook" and "office:spreadsheet" in start:
            return "workbook"
        if root and root[2] == "xml" and _ENDNOTE_XML.match(bare, root.end()):
            return "endnote-xml"
        if _NETSCAPE.search(start):
            return "bookmarks"
        if _FACTIVA.search(text):
            return "factiva"
        if _EUROPRESSE.search(text):
            return "europresse"
        if found := _of_press(text, is_markup=True):
            return found
        if _HTML.search(start):
            return "page"
        return "xml" if root and not _LINKS.search(text) and _is_xml_list(text) else "text"
    headers = _HEADERS.match(start)
    return _of_headers(headers[0].lower()) if headers else ""


def _is_xml_list(text: str) -> bool:
    from archive.formats.xml_lists import is_list

    return is_list(text)


def _of_headers(headers: str) -> str:
    if "multipart/related" in headers and "mime-version:" in headers and not _SENT.search(headers):
        return "mhtml"
    from archive.formats.mail import is_mail

    return "mail" if is_mail(headers) else ""


def _of_data(text: str) -> str:
    from archive.formats.json_values import is_handed_over, start_of

    start = text.lstrip(_SPACE)
    if start.startswith("window.YTD.") or re.match(r'\[\s*\{\s*"(?:tweet|like|bookmark|noteTweet)"\s*:\s*\{', start):
        return "twitter"
    value = start_of(start) if start[0] in "{[/" or is_handed_over(start) else ""
    if value[:1] in ("{", "[") and (found := _of_json(value)):
        return found
    if _SHORTCUT.match(start):
        return "shortcut"
    if re.match(r"TY {2}- ", start):
        return "ris"
    if re.match(r"PMID *- *\d", start):
        return "nbib"
    if re.match(r"%0 \S[^\n]*\n%[A-Z0-9@] ", start):
        return "endnote"
    if _BIBTEX.match(start):
        return "bibtex"
    if start.startswith("---"):
        from archive.formats.markdown import is_note

        if is_note(start):
            return "markdown"
    return _of_sql(start) or _of_table(start) or _of_press(start) or _of_written(start) or "text"


def _of_press(text: str, *, is_markup: bool = False) -> str:
    """The newspaper database that a text, or HTML, is an export of."""
    from archive.formats.newspapers.documents import database_of_markup
    from archive.formats.newspapers.signs import database_in, may_be_markup_of_one

    if not is_markup:
        return database_in(text)
    return database_of_markup(text) if may_be_markup_of_one(text) else ""


def _of_sql(start: str) -> str:
    from archive.formats import sql

    return "sql" if sql.is_dump(start) else ""


def _of_written(start: str) -> str:
    from archive.formats import written

    return "toml" if written.is_toml(start) else "yaml" if written.is_yaml(start) else ""


def _of_json(start: str) -> str:
    """The format of JSON; "" for text that only begins like it."""
    if not _JSON.match(start):
        return ""
    keys = {normal_name(name) for name in _first_record(start)}
    if start.startswith("{") and (found := _of_object(start, keys)):
        return found
    if '"publishing_date"' in start and _FUNDUS_BODY.search(start):
        return "fundus"
    fields = known_by(keys)
    return fields.name if fields else "json"


def _of_object(start: str, keys: set[str]) -> str:
    """The format of a file that is one JSON object, "" for any other than these."""
    signs = {
        "chrome": "roots" in keys and "bookmark_bar" in start,
        "firefox": "text/x-moz-place" in start,
        "json-feed": "jsonfeed.org/version" in start,
        "har": re.match(r'\{\s*"log"\s*:\s*\{', start) is not None and '"creator"' in start,
        "karakeep": re.match(r'\{\s*"bookmarks"\s*:\s*\[\s*\{[^{}]*"createdAt"', start) is not None,
        "linkwarden": "collections" in keys and ("links" in keys or '"links"' in start),
    }
    return next((name for name, is_it in signs.items() if is_it), "")


def _first_record(start: str) -> set[str]:
    """Names of the fields of the first object; where it does not end in the sample, of all that is seen."""
    try:
        value, _ = json.JSONDecoder().raw_decode(start, start.index("{"))
    except (ValueError, RecursionError):
        return set(_KEY.findall(start))
    return set(value)


def _of_table(start: str) -> str:
    from archive.formats.tables import (
        delimiter,
        headings,
        in_single_quotes,
        is_header,
        is_spaced,
        separator,
        shielded,
        split_row,
        straight,
        without_remarks,
    )  # fmt: skip

    start = straight(start) if in_single_quotes(start) else start
    lines = without_remarks([line for line in start.split("\n")[:20] if line.strip()])
    mark = delimiter(start)
    if lines and separator(lines[0]):
        lines = lines[1:]
    if not lines:
        return ""
    rows = [split_row(shielded(line, mark), mark) for line in lines[1:-1] or lines[1:]]
    header = headings(split_row(lines[0], mark), rows)
    if is_header(header) and (len(header) > 1 or (len(lines) > 1 and not _is_text(lines[1:]))):
        fields = known_by(header)
        return fields.name if fields else "csv"
    if mark == "|" and all(map(_WIKI_LINK.search, lines)):
        return ""
    lines = [shielded(line, mark) for line in lines]
    widths = [len(split_row(line, mark)) for line in lines[:-1] or lines]
    regular = widths[0] > 1 and widths.count(widths[0]) >= 0.8 * len(widths)
    telling = (
        mark == "\t"
        or (mark == "|" and is_spaced(lines[0], mark) and widths[0] > 2)
        or any('"' in line or _has_words(split_row(line, mark)) for line in lines)
    )
    rows = [split_row(line, mark) for line in lines[:3]]
    return "csv" if regular and telling and all(any(map(_CELL.fullmatch, cells)) for cells in rows) else ""


def _is_text(lines: list[str]) -> bool:
    """Whether lines below one word are the text that it is the title of: words stand around most of its addresses."""
    from archive.formats.records import linked

    having = [line for line in lines if "://" in line]
    return 2 * sum(_CELL.fullmatch(linked(line.strip())[0]) is not None for line in having) < len(having)


def _has_words(cells: list[str]) -> bool:
    return any(" " in cell.strip() and "://" not in cell for cell in cells)

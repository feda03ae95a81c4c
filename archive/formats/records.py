"""A record with named fields (a row of a CSV, an object of a JSON file) → Item, by the table in `fields`. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256

from archive.errors import UsageError
from archive.extraction.byline_words import ROLE
from archive.extraction.capitals import as_names_are
from archive.extraction.links.hrefs import unwrapped
from archive.extraction.people import is_person, names_in
from archive.formats.defanged import meant, why
from archive.formats.fields import GENERIC, TEXT_OR_HTML, Fields, Names, has_text_fields, normal_name, usual_name
from archive.formats.item import Item, Origin
from archive.formats.moments import instant, lost_dates, moment
from archive.model import LONGEST_TAG
from archive.urls import MAX_URL, check_url, find_urls, site_of, veiled

_OF_TEXT = frozenset((*GENERIC.text, *GENERIC.html))
_LONG = 200  # characters from which on what may be a text is one where an address says where all of it is
_LEAST_TEXT = 40  # characters of one that stands for itself, without an address: a sentence
_SEVERAL = re.compile(r",|\s(?:and|und|et|y|e|og|och|en|i|&)\s")  # what may stand between two names
_LIST = re.compile(r"""\s*\[.*\]\s*""", re.DOTALL)
_QUOTED = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
_MARKED_UP = re.compile(r"\s*<(?:p|div|ul|ol|h\d|blockquote)\b", re.IGNORECASE)
_ITEM = re.compile(r"<li\b[^<>]{0,500}>", re.IGNORECASE)
_BREAK = re.compile(
    r"<(?:[bh]r|/?(?:p|div|ul|ol|li|dl|dt|dd|h\d|blockquote|pre|table|tr|figure|figcaption))\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BULLET_ALONE = re.compile(r"^-\n", re.MULTILINE)
# A cell that is a link as notes, pages and spreadsheets write it: its address, and its words before or behind.
_LINKED = re.compile(
    r"""\[(?P<md>[^\]]*)\]\((?P<a>https?://[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)|<(?P<b>https?://[^\s<>]+)>"""
    r"""|<a\s[^<>]{0,500}?href=["']?(?P<c>https?://[^\s"'<>]+)["']?[^<>]{0,500}>(?P<html>[^<>]*)</a>"""
    r"""|=HYPERLINK\(\s*["'](?P<d>https?://[^"']+)["']\s*(?:[,;]\s*["'](?P<sheet>[^"']*)["']\s*)?\)""",
    re.IGNORECASE,
)
_SEVERAL_ADDRESSES = re.compile(r"\s*[,;|]\s*(?=https?://)|\s+(?=https?://)")
_HASHTAG = re.compile(r"#([^\s#]+)")
_HASHTAGS = re.compile(r"#[^\s#]+(?:\s*#[^\s#]+)+")
# A name of a person, family name first: particles and one word, or two, before the comma.
_INVERTED = re.compile(
    r"(?:[^\W\d_A-Z][\w'’]*\s){0,3}[^\W\d_][\w'’-]+, [^\W\d_][\w'’-]*\.?(?:[\s-][^\W\d_][\w'’-]*\.?){0,2}"
)
_ACRONYM = re.compile(r"\b[^\W\d_a-z]{2,}\b")
_BY = re.compile(r"\A\s*by\s+(?=\w)", re.IGNORECASE)
_OF_READER = re.compile(r"user/[^/]+/(label|state)/")
_WITHIN = ("requested_url", "responded_url", "href", "url")  # where the address is, in an object that stands for it
_OTHERS_TOO = frozenset(
    {"address", "loc", "location", "original", "website", "source"}
)  # say other things than addresses, too
_CUT_OFF = re.compile(r"\[\+?\d+ chars\]\s*\Z")  # a text that says how much of it is missing
_TEASES = re.compile(r"(?:…|\.{3})\]?\s*\Z")
_DATES_WITHIN = ("$date", "$numberLong", "_seconds", "seconds", "@value", "iso")
_NAME_OF_CSL = ("given", "dropping-particle", "non-dropping-particle", "family", "suffix")
_NAMES = ("name", "label", "literal", "title", "tag", "display_name", "original")
_YES = {"true": ("1", "yes"), "1": ("true", "yes"), "0": ("false", "no"), "yes": ("true", "1")}


def to_item(fields: Fields, record: Mapping[str, object], origin: Origin) -> Item:
    """The item that a record is. ValueError, with the reason, for one without an address that can be archived."""
    given = _given(fields, record)
    url, called = _address(fields, given)
    title = " ".join((_first(fields.title, given, _called) or called).split())
    state = _flag(fields.done, given)
    authors = _many(fields.authors, given, r"\s*;\s*")
    if not fields.inverted:
        turned = len(authors) > 1 and all(author.count(",") == 1 for author in authors)  # "Last, First; Last, First"
        persons = (map(_upright, authors),) if turned else map(persons_in, authors)
        authors = tuple(dict.fromkeys(name for names in persons for name in names))
    dates = [
        [(name, _date(given[name])) for name in names if name in given]
        for names in (fields.published, fields.added, fields.captured)
    ]
    text, marked_up = _first(fields.text, given, prose), _first(fields.html, given, plain)
    if marked_up and not text and is_made(url):  # nothing could be asked for where no article is found in it
        text, marked_up = unmarked(marked_up), ""
    return Item(
        url=url,
        origin=Origin(origin.format, origin.file, origin.line, _first(fields.id, given, plain)[:200]),
        title="" if title == url else title,  # what Pocket writes where it knows none
        text="" if _CUT_OFF.search(text) else text,
        html=marked_up,
        authors=tuple(map(_upright, authors) if fields.inverted else authors),
        site=_first(fields.site, given, _called),
        lang=_first(fields.lang, given, plain)[:20],
        published=next(filter(None, (moment(value) for _, value in dates[0])), None),
        added=next(filter(None, (instant(value) for _, value in dates[1])), None),
        captured=next(filter(None, (instant(given[name]) for name in fields.captured if name in given)), None),
        tags=_many(fields.tags, given, fields.split),
        folder=_folder(fields, given),
        note="\n\n".join(dict.fromkeys(filter(None, (remarks(given[name]) for name in fields.note if name in given)))),
        starred=_flag(fields.starred, given),
        read=True if state else False if _flag(fields.unread, given) else None,
        remarks=(*(sentence for stated in dates for sentence in lost_dates(*stated)), *_left_out(fields, given)),
    )


def _left_out(fields: Fields, given: Mapping[str, object]) -> Iterator[str]:
    """A sentence for each further address in the field that the address is from."""
    value = next((given[name] for name in fields.url if given.get(name)), "")
    for url in further_addresses(value) if isinstance(value, str) and value.count("://") > 1 else ():
        yield veiled(f"there is one more address, which was left out: {url}")


def is_record(record: Mapping[str, object]) -> bool:
    """Whether a field for an address says something in it, be it an address or not."""
    given = _given(GENERIC, record)
    return any(
        _is_address(said) if name in _OTHERS_TOO else said
        for name in GENERIC.url
        if (said := linked(_said(given.get(name)))[0])
    )


def _is_cut_off(text: str) -> bool:
    return _CUT_OFF.search(text) is not None or _TEASES.search(text) is not None


def _is_address(text: str) -> bool:
    try:
        return bool(address(text))
    except ValueError:
        return False


def _given(fields: Fields, record: Mapping[str, object]) -> dict[str, object]:
    """What a record has by the names that `fields` may have for it."""
    given = {normal_name(str(name)): value for name, value in record.items()}
    for name, value in list(given.items()):
        if isinstance(value, Mapping):
            given.update((f"{name}.{normal_name(str(inner))}", each) for inner, each in value.items())
        if fields is GENERIC and (usual := usual_name(name)):
            given.setdefault(usual, value)
    if fields is GENERIC and given.keys().isdisjoint(_OF_TEXT):
        least = _LEAST_TEXT if given.keys().isdisjoint(fields.url) else _LONG
        for name in TEXT_OR_HTML:
            if isinstance(text := given.get(name), str) and len(text) >= least and not _is_cut_off(text):
                given["html" if _BREAK.search(text) else "text"] = text
                break
    return given


def address(text: str) -> str:
    """`text` as an address that can be archived. ValueError with the reason."""
    url = text.strip()
    if len(url) > MAX_URL:
        raise ValueError(f"an address of {len(url)} characters is none")
    if harmless := meant(url):
        raise ValueError(why(url, harmless))
    if url and "://" not in url and re.match(r"[\w-]+(\.[\w-]+)*\.[a-z]{2,}(/|$)", url, re.IGNORECASE):
        url = f"https://{url}"
    try:
        check_url(url)
    except UsageError as error:
        raise ValueError(str(error)) from error
    return unwrapped(url)


def further_addresses(value: object) -> list[str]:
    """What stands behind the first address in a cell that has several, each once."""
    first, *others = _SEVERAL_ADDRESSES.split(plain(value)) if "://" in plain(value) else [""]
    return [url for url in dict.fromkeys(others) if url.strip() != first.strip()]


def made_address(database: str, text: str) -> str:
    """An address for what has none, always the same for one text: it can be found and cited, and is never fetched."""
    return f"https://{database}.invalid/{sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"


def is_made(url: str) -> bool:
    """Whether an address is one that was made for what has none."""
    return site_of(url).endswith(".invalid")


def any_address(values: Iterable[object]) -> str:
    """The first address among some values. ValueError when there is none."""
    for value in values:
        for url in find_urls(str(value)):
            return url
    raise ValueError("it has no address")


def plain(value: object) -> str:
    """A simple value as text; "" for what is none. (Pinboard writes false for a title that is not there.)"""
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def listed(value: object) -> list[Mapping[str, object]]:
    """The records in a list; none where it is no list."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _called(value: object) -> str:
    """A title or a site's name, which may be the first of a list, in an object, or marked up as WordPress has it."""
    if isinstance(value, list) and value:
        return _called(value[0])
    if isinstance(value, Mapping):
        marked = plain(value.get("rendered"))
        return html.unescape(_TAG.sub("", marked)) if marked else _called(value.get("name") or value.get("main"))
    return plain(value)


def prose(value: object) -> str:
    """Text however it is nested: paragraphs in lists, sections in objects."""
    if isinstance(value, str):
        return value.strip("\r\n").rstrip()  # a first line may be indented
    if isinstance(value, Mapping):
        value = value.values()
    if isinstance(value, Iterable):
        return "\n\n".join(filter(None, (prose(part) for part in value)))
    return ""


def remarks(value: object) -> str:
    """What a reader wrote: a note (marked up or not), or marked passages with what was remarked on each."""
    if isinstance(value, Mapping):
        quote, said = plain(value.get("quote")), plain(value.get("text"))
        return " ".join(filter(None, (f"“{quote}”" if quote else "", said)))
    if isinstance(value, list):
        return "\n\n".join(filter(None, map(remarks, value)))
    text = plain(value)
    return unmarked(text) if _MARKED_UP.match(text) else text


def unmarked(content: str) -> str:
    """The words of a note or post that is marked up: a line for each paragraph, quote, heading and point of a list, the
    last behind "- "."""
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", _ITEM.sub("\n- ", content))))
    return _BULLET_ALONE.sub("- ", "\n".join(filter(None, (line.strip() for line in text.split("\n")))))


def words(value: object, split: str) -> list[str]:
    """Names in any of the ways that exports write lists of them."""
    if isinstance(value, str):
        if _LIST.fullmatch(value):
            return [a or b for a, b in _QUOTED.findall(value)]
        return [tag for part in re.split(split, value) for tag in _hashed(part.strip())]
    if isinstance(value, Mapping):
        if value and all(isinstance(part, Mapping) for part in value.values()):  # by their names or numbers
            return [word for part in value.values() for word in words(part, split)]
        if isinstance(value.get("author"), Mapping):
            return words(value["author"], split)
        if (kind := plain(value.get("type"))) and "webTitle" in value:
            return [plain(value["webTitle"])] if kind == "keyword" else []
        for name in ("value", *_NAMES) if {"name", "value"} <= value.keys() else _NAMES:
            if plain(value.get(name)):
                return [plain(value[name])]
        return [" ".join(filter(None, (plain(value.get(part)) for part in _NAME_OF_CSL)))]
    if isinstance(value, Iterable):
        return [word for part in value for word in ([_tag(part)] if isinstance(part, str) else words(part, split))]
    return []


def _hashed(part: str) -> list[str]:
    """The tags of a part: "#pier #sea" and "#pier#sea" are two."""
    if _HASHTAGS.fullmatch(part):
        return _HASHTAG.findall(part)
    return [part.strip("#").strip()]


def _tag(written: str) -> str:
    """A tag of a list; readers of feeds say whose it is ("user/1/label/pier"), and name states of theirs so, too."""
    found = _OF_READER.match(written)
    return written.strip() if found is None else written[found.end() :].strip() if found[1] == "label" else ""


def linked(cell: str) -> tuple[str, str]:
    """The address in a cell that is a link, and the words that are linked; any other cell itself."""
    found = _LINKED.fullmatch(cell)
    if found is None:
        return cell, ""
    url = next(filter(None, (found[name] for name in "abcd")))
    words = next(filter(None, (found[name] for name in ("md", "html", "sheet"))), "")
    return html.unescape(url) if found["c"] else url, html.unescape(words) if found["c"] else words


def _address(fields: Fields, given: Mapping[str, object]) -> tuple[str, str]:
    """The address of a record, and what it is called there."""
    problem: ValueError | None = None
    for name in fields.url:
        text, called = linked(_said(given.get(name)))
        if not text:
            continue
        try:
            return address(_SEVERAL_ADDRESSES.split(text, maxsplit=1)[0]), called
        except ValueError as error:
            problem = problem or error
    if problem is not None:
        raise problem
    if own := "\n".join(filter(None, (plain(given.get(name)) for name in fields.made))):
        return made_address(fields.name, own), ""
    if fields is GENERIC and has_text_fields(name for name, value in given.items() if value):
        return made_address("texts", _identity(given)), ""
    raise ValueError("it has no address")


def _identity(given: Mapping[str, object]) -> str:
    """What tells a text that has no address from others: its words, unless an id and a title do, since what has these
    may be corrected. ValueError where there is too little for a text that stands for itself."""
    text = (_first(GENERIC.text, given, prose) or _first(GENERIC.html, given, plain)).strip()
    if len(text) < _LEAST_TEXT:
        raise ValueError(f"it has no address, and a text that is too short to stand for itself: {text!r}")
    said = [_first(names, given, plain) for names in (GENERIC.id, GENERIC.title, GENERIC.published, GENERIC.site)]
    return "\n".join(said if all(said[:2]) else [*said, text])


def _said(value: object) -> str:
    """What a field for an address says: a list holds the one that counts first, an object what was asked for and what
    answered, or a link."""
    inner = value[0] if isinstance(value, list) and value else value
    if isinstance(inner, Mapping):
        inner = next((inner[key] for key in _WITHIN if inner.get(key)), None)
    return plain(inner)


def _first(names: Names, given: Mapping[str, object], read: Callable[[object], str]) -> str:
    for name in names:
        if name in given and (text := read(given[name])):
            return text
    return ""


def _many(names: Names, given: Mapping[str, object], split: str) -> tuple[str, ...]:
    found = (word for name in names if name in given for word in words(given[name], split))
    return tuple(dict.fromkeys(word[: LONGEST_TAG + 1] for word in found if word))


def _folder(fields: Fields, given: Mapping[str, object]) -> str:
    """The folder, unless it only says what is read or starred."""
    for name in fields.folder:
        text = plain(given.get(name))
        states = "|".join(each[name] for each in (fields.unread, fields.done, fields.starred) if name in each)
        if text and text.lower() not in states.split("|"):
            return text
    return ""


def persons_in(author: str) -> list[str]:
    """The persons whom one value names side by side ("Ann Reed, Nils Berg and Rosa Lindt"); else the value itself."""
    author = _BY.sub("", author)
    if _INVERTED.fullmatch(author) and is_person(turned := _upright(author)) and not _ACRONYM.search(author):
        return [turned]
    found = names_in(author) if _SEVERAL.search(author) else []
    sure = len(found) > 1 or (found and (author.isupper() or ROLE.search(author)))
    if not sure or not all(map(is_person, found)):
        found = [author]
    return [as_names_are(name, (), "") if name.isupper() and is_person(name) else name for name in found]


def _upright(name: str) -> str:
    """ "Reed, Ann, Jr." as people say it; an organisation, which has no comma, as it is."""
    family, *others = (part.strip() for part in name.split(","))
    given, *suffix = others or [""]
    return " ".join(filter(None, (given, family, *suffix)))


def _flag(wanted: Mapping[str, str], given: Mapping[str, object]) -> bool:
    """Whether a field has one of the values, divided by "|", that mean yes."""
    for name, values in wanted.items():
        value = given.get(name)
        text = (str(value) if isinstance(value, bool) else plain(value)).lower()
        if any(text == one or text in _YES.get(one, ()) for one in values.split("|")):
            return True
    return False


def _date(value: object) -> object:
    """A date that CSL keeps in parts, as text, or a database (MongoDB, Firestore) in an object; any other as it is."""
    if isinstance(value, Mapping):
        for name in _DATES_WITHIN:
            if value.get(name) is not None:
                return _date(value[name])
        parts = value.get("date-parts")
        if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
            return "-".join(str(number).zfill(2) for number in parts[0][:3])
        return value.get("raw") or value.get("literal")
    if isinstance(value, list) and value:
        return value[0]
    return value

"""Any query as a feed: Atom (RFC 4287, paged by RFC 5005) and JSON Feed 1.1; and the search description for browsers.

An entry has the id of its article and version, the same after every rebuild; a page that has changed is a new entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from archive import Entry
from backfile.web import urls
from backfile.web.calls import Call, Sent, encode
from backfile.web.rendering import is_web
from backfile.web.site import Site
from index import Results, Sort

ATOM = "application/atom+xml; charset=utf-8"
JSON_FEED = "application/feed+json; charset=utf-8"
_PAGE = 30  # entries
_SUMMARY = 400  # characters
_OPENSEARCH = "application/opensearchdescription+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class FeedParams:
    """Of a feed. `key`: a feed key, where the site is not open to everybody who reaches it."""

    q: str = ""
    cursor: str = ""
    key: str = ""


def atom(site: Site, call: Call[FeedParams]) -> Sent:
    """What matches, latest capture first, as Atom."""
    found, entries = _found(site, call.params.q, call.params.cursor)
    title = f"Backfile: {call.params.q or 'everything'}"
    return Sent(_atom(site, title, call, urls.search(call.params.q), found, entries), ATOM)


def changes(site: Site, call: Call[FeedParams]) -> Sent:
    """Pages whose text was seen to change, as Atom."""
    found, entries = _found(site, _changed(call.params.q), call.params.cursor)
    return Sent(_atom(site, "Backfile: what changed", call, urls.changes(), found, entries), ATOM)


def changes_json(site: Site, call: Call[FeedParams]) -> Sent:
    """The same as JSON Feed."""
    found, entries = _found(site, _changed(call.params.q), call.params.cursor)
    return _json(site, "Backfile: what changed", call, urls.changes(), found, entries)


def _changed(q: str) -> str:
    return f"is:changed ({q})" if q.strip() else "is:changed"


def json_feed(site: Site, call: Call[FeedParams]) -> Sent:
    """What matches, latest capture first, as JSON Feed."""
    asked = call.params
    found, entries = _found(site, asked.q, asked.cursor)
    return _json(site, f"Backfile: {asked.q or 'everything'}", call, urls.search(asked.q), found, entries)


def _json(site: Site, title: str, call: Call[FeedParams], page: str, found: Results, entries: list[Entry]) -> Sent:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": site.origins.own + page,
        "feed_url": site.origins.own + call.address,
        "items": [_json_item(site, entry) for entry in entries],
    }
    if found.cursor:
        feed["next_url"] = site.origins.own + _next(call, found.cursor)
    return Sent(encode(feed), JSON_FEED)


def opensearch(site: Site, _: Call[object]) -> Sent:
    """What a browser needs to search this archive from its address bar."""
    own = site.origins.own
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        "<ShortName>Backfile</ShortName>\n<Description>Search this archive of web articles</Description>\n"
        "<InputEncoding>UTF-8</InputEncoding>\n"
        f'<Url type="text/html" template="{own}/search?q={{searchTerms}}"/>\n'
        f'<Url type="application/atom+xml" template="{own}/search.atom?q={{searchTerms}}"/>\n'
        f'<Url type="application/x-suggestions+json" template="{own}/suggestions?q={{searchTerms}}"/>\n'
        f'<Url type="application/opensearchdescription+xml" rel="self" template="{own}/opensearch.xml"/>\n'
        "</OpenSearchDescription>\n"
    )
    return Sent(text.encode(), _OPENSEARCH)


def suggestions(site: Site, call: Call[FeedParams]) -> Sent:
    """Names that begin as was typed, as the address bar of browsers wants them."""
    typed = call.params.q.strip()[:200]
    rows = (
        [row for name in ("person", "place", "org") for row in site.desk.suggest(name, typed, 5)]
        if len(typed) > 1
        else []
    )
    names = [value for value, _ in sorted(rows, key=lambda row: -row[1])]
    return Sent(encode([call.params.q, names]), "application/x-suggestions+json")


def _found(site: Site, query: str, cursor: str) -> tuple[Results, list[Entry]]:
    found = site.desk.search(query, sort=Sort.CAPTURED, limit=_PAGE, cursor=cursor or None, strict=True)
    return found, list(site.desk.each(hit.id for hit in found.hits))


def _next(call: Call[FeedParams], cursor: str) -> str:
    path = call.address.partition("?")[0]
    return urls.again(path, {name: text for name, text in (("q", call.params.q), ("cursor", cursor)) if text})


def _atom(site: Site, title: str, call: Call[FeedParams], page: str, found: Results, entries: list[Entry]) -> bytes:
    own = site.origins.own
    updated = max((entry.last_captured for entry in entries), default=datetime(1970, 1, 1, tzinfo=UTC))
    address = call.address if not call.params.key else _next(call, call.params.cursor)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>', '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{_text(title)}</title>", f"<id>{_text(urls.iri(own + address))}</id>",
        f"<updated>{_time(updated)}</updated>", "<author><name>Backfile</name></author>",
        f'<link rel="self" type="application/atom+xml" href={_address(own + address)}/>',
        f'<link rel="alternate" type="text/html" href={_address(own + page)}/>',
    ]  # fmt: skip
    if found.cursor:
        lines.append(f'<link rel="next" type="application/atom+xml" href={_address(own + _next(call, found.cursor))}/>')
    for entry in entries:
        lines += _entry(own, entry)
    return "\n".join([*lines, "</feed>", ""]).encode("utf-8", "replace")


def _entry(own: str, entry: Entry) -> Iterator[str]:
    article = entry.article
    yield "<entry>"
    yield f"<title>{_text(_title(entry))}</title>"
    yield f"<id>{_id(entry)}</id>"
    yield f'<link rel="alternate" type="text/html" href={_address(own + urls.article(entry.id))}/>'
    address = entry.final_url or entry.url
    if is_web(address):
        yield f'<link rel="via" href={_address(address)}/>'
    yield f"<updated>{_time(entry.last_captured)}</updated>"
    for name in article.authors if article else ():
        if name.strip():
            yield f"<author><name>{_text(name)}</name></author>"
    for topic in entry.reading.topics[:8]:
        yield f"<category term={_attribute(topic.name)}/>"
    yield f"<summary>{_text(_summary(entry))}</summary>"
    yield "</entry>"


def _json_item(site: Site, entry: Entry) -> dict[str, object]:
    article = entry.article
    address = entry.final_url or entry.url
    found: dict[str, object] = {
        "id": _id(entry), "url": site.origins.own + urls.article(entry.id), "title": _title(entry),
        "summary": _summary(entry), "content_text": article.text[:2000] if article else "",
        "date_modified": _time(entry.last_captured), "tags": list(entry.tags),
    }  # fmt: skip
    if is_web(address):
        found["external_url"] = address
    if article and article.published:
        found["date_published"] = article.published.isoformat()
    return found


def _id(entry: Entry) -> str:
    return f"urn:backfile:{entry.id}:{entry.versions}"


def _title(entry: Entry) -> str:
    return (entry.article.title if entry.article else "") or entry.final_url or entry.url


def _summary(entry: Entry) -> str:
    text = " ".join((entry.article.text if entry.article else entry.detail).split())
    return text if len(text) <= _SUMMARY else f"{text[:_SUMMARY].rpartition(' ')[0]}…"


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _text(text: str) -> str:
    """`text` as XML has it: escaped, and without what XML cannot hold."""
    return escape(_legal(text))


def _address(url: str) -> str:
    """An address in quotes, as readers take it: archived pages may have had spaces in theirs, and brackets."""
    return _attribute(urls.iri(url))


def _attribute(text: str) -> str:
    return quoteattr(_legal(text))


def _legal(text: str) -> str:
    return "".join(
        char
        for char in text
        if char in "\t\n\r" or ("\x20" <= char < "\ud800") or "\ue000" <= char <= "\ufffd" or char > "\uffff"
    )

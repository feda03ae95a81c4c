"""What the sample newsroom answers: reads newsroom.toml, puts stories into their outlet's frame. No network here."""

from __future__ import annotations

import html
import json
import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from sample_newsroom.pdf import pdf

_HERE = Path(__file__).parent
_HTML = "text/html; charset=utf-8"
_SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: `body` is not yet in any content coding."""

    status: int
    media_type: str
    body: bytes
    location: str = ""
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publication. `data`: which structured data its pages carry ("json-ld", "graph", or none)."""

    name: str
    host: str
    title: str
    lang: str
    data: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One article, as newsroom.toml has it. `encoding` is that of the bytes; the labels always say utf-8."""

    outlet: Outlet
    file: str
    path: str
    title: str
    author: str
    published: datetime
    section: str
    keywords: tuple[str, ...]
    description: str
    modified: datetime | None = None
    encoding: str = "utf-8"
    paywall: bool = False
    front: bool = False

    @property
    def url(self) -> str:
        return f"https://{self.outlet.host}{self.path}"

    @property
    def body(self) -> str:
        return (_HERE / "pages" / self.outlet.name / f"{self.file}.html").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Newsroom:
    """Everything there is to serve, by URL."""

    stories: tuple[Story, ...]
    hosts: frozenset[str]
    closed: frozenset[str]
    _answers: dict[str, Answer] = field(repr=False)

    def answer(self, url: str) -> Answer:
        """What a GET of `url` gives. A query is ignored where the URL without it is known."""
        parts = urlsplit(url)
        if parts.path == "/robots.txt":
            return Answer(200, "text/plain; charset=utf-8", self._robots(parts.hostname or "").encode())
        for known in (url, url.partition("?")[0]):
            if known in self._answers:
                return self._answers[known]
        return Answer(404, _HTML, _notice("Page not found", "There is no such page here, or not any more."))

    def _robots(self, host: str) -> str:
        return "User-agent: *\nDisallow: /\n" if host in self.closed else "User-agent: *\nDisallow: /login\n"


def load() -> Newsroom:
    """The newsroom of newsroom.toml with all its pages made."""
    table = tomllib.loads((_HERE / "newsroom.toml").read_text(encoding="utf-8"))
    outlets = {row["name"]: Outlet(**row) for row in table["outlet"]}
    stories = tuple(
        Story(**{**row, "outlet": outlets[row["outlet"]], "keywords": tuple(row["keywords"])}) for row in table["story"]
    )
    answers = {story.url: _page(story, stories) for story in stories}
    for outlet in outlets.values():
        own = [story for story in reversed(stories) if story.outlet is outlet]
        answers[f"https://{outlet.host}/"] = Answer(200, _HTML, _front_page(outlet, own))
        answers[f"https://{outlet.host}/feed.xml"] = Answer(200, "application/rss+xml", _feed(outlet, own))
    for row in table["redirect"]:
        answers[row["url"]] = _redirect(row["how"], row["to"])
    for row in table["document"]:
        answers[row["url"]] = _document(row["file"], row["type"], row.get("status", 200), row.get("title", ""))
    hosts = frozenset(urlsplit(url).hostname or "" for url in answers)
    return Newsroom(stories, hosts, frozenset(table["closed"]), answers)


def _page(story: Story, stories: tuple[Story, ...]) -> Answer:
    frame = Template((_HERE / "frames" / f"{story.outlet.name}.html").read_text(encoding="utf-8"))
    others = [other for other in stories if other.outlet is story.outlet and other is not story][-5:]
    page = frame.substitute(
        lang=story.outlet.lang,
        charset="utf-8",
        host=story.outlet.host,
        url=story.url,
        slug=story.file,
        headline=html.escape(story.title),
        headline_quoted=html.escape(story.title.replace(" ", "%20")),
        description=html.escape(story.description),
        author=html.escape(story.author),
        author_path=_slug(story.author),
        section=html.escape(story.section),
        section_path=_slug(story.section),
        keywords=html.escape(", ".join(story.keywords)),
        tag_links=" ".join(f'<a href="/tag/{_slug(word)}">{html.escape(word)}</a>' for word in story.keywords),
        published=story.published.isoformat(),
        modified=(story.modified or story.published).isoformat(),
        day=story.published.date().isoformat(),
        date_words=_date_words(story.published, story.outlet.lang),
        body=story.body.strip(),
        related="\n".join(f'<li><a href="{other.path}">{html.escape(other.title)}</a></li>' for other in others),
        jsonld=_structured(story),
        paywall=_PAYWALL if story.paywall else "",
    )
    return Answer(200, _HTML, page.encode(story.encoding), modified=story.modified or story.published)


_PAYWALL = """<div class="paywall" id="regwall"><h2>Subscribe to continue reading</h2>
<p>This article is for subscribers. Read on for $4 a month, cancel at any time.</p>
<a class="button" href="/subscribe">Subscribe</a> <a href="/login">I am a subscriber</a></div>"""


def _structured(story: Story) -> str:
    """schema.org data as the outlet writes it, safe inside a script element."""
    article: dict[str, object] = {
        "@type": "NewsArticle",
        "headline": story.title,
        "description": story.description,
        "url": story.url,
        "mainEntityOfPage": {"@type": "WebPage", "@id": story.url},
        "datePublished": story.published.isoformat(),
        "dateModified": (story.modified or story.published).isoformat(),
        "inLanguage": story.outlet.lang,
        "articleSection": story.section,
        "keywords": list(story.keywords),
    }
    person = {"@type": "Person", "name": story.author}
    publisher = {"@type": "NewsMediaOrganization", "name": story.outlet.title, "url": f"https://{story.outlet.host}/"}
    if story.paywall:
        article["isAccessibleForFree"] = False
        article["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".content"}
    data: dict[str, object]
    if story.outlet.data == "graph":
        ids = {name: f"https://{story.outlet.host}/#{name}" for name in ("publisher", "site", _slug(story.author))}
        site = {"@type": "WebSite", "@id": ids["site"], "name": story.outlet.title, "url": publisher["url"]}
        article |= {"author": {"@id": ids[_slug(story.author)]}, "publisher": {"@id": ids["publisher"]}}
        nodes = [publisher | {"@id": ids["publisher"]}, site, person | {"@id": ids[_slug(story.author)]}, article]
        data = {"@context": "https://schema.org", "@graph": nodes}
    else:
        data = {"@context": "https://schema.org", **article, "author": [person], "publisher": publisher}
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")


def _date_words(moment: datetime, lang: str) -> str:
    if lang == "de":
        return f"{moment:%d.%m.%Y, %H:%M} Uhr"
    if lang == "es":
        return f"{moment.day} de {_SPANISH[moment.month - 1]} de {moment.year}, {moment.hour}:{moment:%M}"
    half = "a.m." if moment.hour < 12 else "p.m."
    return f"{moment:%B} {moment.day}, {moment.year} at {(moment.hour - 1) % 12 + 1}:{moment:%M} {half}"


def _redirect(how: str, to: str) -> Answer:
    if how == "meta":
        head = f'<meta http-equiv="refresh" content="0; url={html.escape(to)}"><title>One moment</title>'
        return Answer(200, _HTML, f"<!DOCTYPE html><html><head>{head}</head><body></body></html>".encode())
    if how == "script":
        quoted, shown = json.dumps(to).replace("/", "\\/"), html.escape(to)
        page = (
            f'<head><noscript><META http-equiv="refresh" content="0;URL={shown}"></noscript>'
            f"<title>{shown}</title></head><script>window.opener = null; location.replace({quoted})</script>"
        )
        return Answer(200, _HTML, page.encode())
    return Answer(int(how), _HTML, _notice("Moved", f'<a href="{html.escape(to)}">here</a>'), location=to)


def _document(file: str, media_type: str, status: int, title: str) -> Answer:
    path = _HERE / "documents" / file
    if media_type == "application/pdf":
        return Answer(status, media_type, pdf(path.read_text(encoding="utf-8"), title))
    return Answer(status, media_type, path.read_bytes())


def _front_page(outlet: Outlet, stories: list[Story]) -> bytes:
    rows = "\n".join(
        f'<li><h2><a href="{story.path}">{html.escape(story.title)}</a></h2>'
        f"<p>{html.escape(story.description)}</p></li>"
        for story in stories
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{outlet.lang}"><head><meta charset="utf-8"><title>{html.escape(outlet.title)}'
        f'</title><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head>\n'
        f"<body><h1>{html.escape(outlet.title)}</h1><ul>\n{rows}\n</ul></body></html>\n"
    ).encode()


def _feed(outlet: Outlet, stories: list[Story]) -> bytes:
    items = "\n".join(
        f"<item><title>{html.escape(story.title)}</title><link>{story.url}</link><guid>{story.url}</guid>"
        f"<pubDate>{story.published:%a, %d %b %Y %H:%M:%S %z}</pubDate>"
        f"<description>{html.escape(story.description)}</description></item>"
        for story in stories
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>{html.escape(outlet.title)}</title><link>https://{outlet.host}/</link><language>{outlet.lang}</language>\n{items}\n</channel></rss>\n"
    ).encode()


def _notice(title: str, text: str) -> bytes:
    head = f"<title>{title}</title>"
    return f"<!DOCTYPE html><html><head>{head}</head><body><h1>{title}</h1><p>{text}</p></body></html>".encode()


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")

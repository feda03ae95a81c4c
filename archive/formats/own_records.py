"""What Backfile exported as JSON Lines or CSV: the text with its links in their places, tags, note. Pure.

JSON Lines say where each link stands and what a short link led to; a CSV only which pages are cited.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape

from archive.exporting.cells import bare, divided
from archive.formats.fields import OWN_CSV, OWN_JSON
from archive.formats.item import Item, Origin
from archive.formats.records import address, plain, to_item
from archive.urls import site_of

_EMBEDDED = "embedded"


def of_object(record: Mapping[str, object], origin: Origin) -> Item:
    """The entry in a line of our JSON Lines. ValueError for one without an address."""
    inner = record.get("article")
    article = {str(name): value for name, value in inner.items()} if isinstance(inner, Mapping) else {}
    item = to_item(OWN_JSON, {**article, **record}, origin)
    links = [link for link in _maps(article.get("links")) if _is_address(link.get("url"))]
    return replace(
        item,
        text="",
        html=_with_links(str(article.get("text") or ""), links),
        tags=_texts(record.get("tags")),
        note=str(record.get("note") or ""),
        short_links=tuple(_short_links(_maps(record.get("sources")))),
    )


def of_row(record: Mapping[str, str], origin: Origin) -> Item:
    """The entry in a row of our CSV. ValueError for one without an address."""
    given = {name: bare(cell) for name, cell in record.items()}
    item = to_item(OWN_CSV, given, origin)
    links = [{"url": url} for url in divided(given.get("links", "")) if _is_address(url)]
    return replace(
        item,
        text="",
        html=_with_links(given.get("text", ""), links),
        authors=tuple(divided(given.get("authors", ""))),
        tags=tuple(divided(given.get("tags", ""))),
        note=given.get("note", ""),
    )


def _with_links(text: str, links: Sequence[Mapping[str, object]]) -> str:
    """`text` as paragraphs, each link where it stands; "" for no text.

    A link that stands nowhere in it (an embedded player, an anchor that was no part of the text) has no words here.
    """
    if not text.strip():
        return ""
    parts: list[str] = []
    nowhere: list[str] = []
    done = 0
    for link in sorted(links, key=lambda link: _start(link, text)):
        start, words = _start(link, text), str(link.get("text") or "")
        url = escape(str(link["url"]))
        if start < len(text) and not words:
            continue  # the address itself is in the text
        if start < done or start == len(text):
            nowhere.append(_bare_link(url, embedded=link.get("role") == _EMBEDDED))
            continue
        parts += [escape(text[done:start]), f'<a href="{url}">{escape(words)}</a>']
        done = start + len(words)
    body = "".join([*parts, escape(text[done:])])
    paragraphs = [f"<p>{part.strip()}</p>" for part in body.split("\n") if part.strip()]
    longest = max(range(len(paragraphs)), key=lambda n: len(paragraphs[n]))  # the surest to be read as text
    paragraphs[longest] = "".join([paragraphs[longest].removesuffix("</p>"), *nowhere, "</p>"])
    return "\n".join(paragraphs)


def _start(link: Mapping[str, object], text: str) -> int:
    """Where the words of a link stand in `text`; its length where they do not."""
    start, shown = link.get("start"), str(link.get("text") or link.get("url") or "")
    if isinstance(start, int) and start >= 0 and text[start : start + len(shown)] == shown and "\n" not in shown:
        return start
    return text.find(shown) if shown and shown in text and "role" not in link else len(text)


def _bare_link(url: str, *, embedded: bool) -> str:
    return f'<iframe src="{url}"></iframe>' if embedded else f'<a href="{url}"></a>'


def _short_links(sources: Iterable[Mapping[str, object]]) -> Iterable[tuple[str, str]]:
    """What each link that left its host led to."""
    for source in sources:
        link, chain = source.get("link"), source.get("chain")
        short = str(link.get("url") or "") if isinstance(link, Mapping) else ""
        long = str(source.get("final_url") or "")
        left = _is_address(short) and _is_address(long) and site_of(short) != site_of(long)
        if left and isinstance(chain, list) and len(chain) > 1:
            yield short, long


def _maps(value: object) -> list[Mapping[str, object]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _texts(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str) and each) if isinstance(value, list) else ()


def _is_address(value: object) -> bool:
    try:
        return bool(address(plain(value)))
    except ValueError:
        return False

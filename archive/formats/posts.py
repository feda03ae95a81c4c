"""Posts of networks and programs that wrap their records, as records with plain fields. Pure.

A post that links somewhere stands for the pages that it links to, with its words as their note; any other stands for
itself, with its words as its text. Shapes: listings of Reddit, items of Hacker News, outboxes and bookmarks of
ActivityPub (Mastodon), posts of Bluesky, exports of Telegram.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

from archive.formats.called import called
from archive.formats.records import is_record, listed, plain, remarks, unmarked
from archive.urls import find_urls, scan_urls

Record = Mapping[str, object]
_REDDIT = "https://www.reddit.com/"
_HACKER_NEWS = "https://news.ycombinator.com/item?id="
_ANCHOR = re.compile(r"<a\s([^<>]{0,2000})>", re.IGNORECASE)
_WORDS = ("text", "content", "message", "body", "full_text")  # where messages of chats have them
_SLACK = re.compile(r"<(https?://[^<>|]+)(?:\|([^<>]+))?>")
_HREF = re.compile(r"""\bhref=["'](https?://[^"']+)["']""", re.IGNORECASE)
_NO_LINK = re.compile(r"""\b(?:class|rel)=["'][^"']*\b(?:mention|hashtag|tag)\b""", re.IGNORECASE)


def bare(record: Record) -> Record:
    """What a wrapper of Reddit ({"kind": "t3", "data": {…}}) holds; any other record itself."""
    data = record.get("data")
    return data if isinstance(data, Mapping) and isinstance(record.get("kind"), str) else record


def unfolded(record: Record) -> Iterator[Record]:
    """The records that a record stands for: itself, in most cases."""
    record = bare(record)
    children = record.get("children")
    if isinstance(children, list) and ("after" in record or "dist" in record or _wraps(children)):
        for child in listed(children):
            yield from unfolded(child)
    elif "permalink" in record and "created_utc" in record:
        yield _of_reddit(record)
    elif ("objectID" in record and "created_at_i" in record) or {"by", "id", "time", "type"} <= record.keys():
        yield _of_hacker_news(record)
    elif isinstance(value := record.get("value"), Mapping) and str(value.get("$type", "")).startswith("app.bsky."):
        yield from _of_bluesky(record, value)
    elif record.get("type") in ("Create", "Announce") and "object" in record:
        yield from _of_activity(record)
    elif "user_book_id" in record and "highlights" in record:
        yield _of_readwise(record)
    elif "date_unixtime" in record and "text" in record:
        yield from _of_telegram(record)
    elif found := _addresses_in(record):
        words, links = found
        others = {name: value for name, value in record.items() if name not in _WORDS}
        yield from ({**others, "url": url, "title": title, "note": words} for url, title in links.items())
    else:
        yield record


def _addresses_in(record: Record) -> tuple[str, dict[str, str]] | None:
    """The words of a message that is no page itself, and the addresses in it with what they are called there."""
    if is_record(record):
        return None
    words = next((said for name in _WORDS if isinstance(said := record.get(name), str) and said.strip()), "")
    links = {found.url: called(words, found.start, found.end) for found in scan_urls(words)}
    for card in listed(record.get("embeds")):  # what Discord shows below a message
        if url := plain(card.get("url")):
            links[url] = links.get(url) or plain(card.get("title"))
    said = _SLACK.sub(lambda found: found[2] or found[1], words)
    return (html.unescape(said), links) if links else None


def _wraps(children: list[object]) -> bool:
    return any(bare(child) is not child for child in listed(children))


def _of_reddit(post: Record) -> Record:
    own = urljoin(_REDDIT, plain(post.get("permalink")))
    words = plain(post.get("selftext") or post.get("body"))
    linked = urljoin(_REDDIT, plain(post.get("url") or post.get("url_overridden_by_dest")))
    if words or not plain(post.get("url")):
        return _itself(own, words, post.get("created_utc"), post.get("author"), post.get("title"), post.get("id"))
    return {"url": linked, "title": post.get("title"), "added": post["created_utc"], "id": post.get("id")}


def _of_hacker_news(post: Record) -> Record:
    number = plain(post.get("objectID") or post.get("id"))
    when = post.get("created_at_i") or post.get("time")
    url = plain(post.get("url"))
    if url:
        return {"url": url, "title": post.get("title"), "added": when, "id": number}
    words = unmarked(plain(post.get("story_text") or post.get("comment_text") or post.get("text")))
    title = post.get("title") or post.get("story_title")
    return _itself(f"{_HACKER_NEWS}{number}", words, when, post.get("author") or post.get("by"), title, number)


def _of_bluesky(record: Record, post: Record) -> Iterator[Record]:
    embed = post.get("embed")
    card = embed.get("external") if isinstance(embed, Mapping) else None
    words = plain(post.get("text"))
    found = {str(card["uri"]): card.get("title")} if isinstance(card, Mapping) and card.get("uri") else {}
    for facet in listed(post.get("facets")):
        for feature in listed(facet.get("features")):
            if feature.get("uri"):
                found.setdefault(str(feature["uri"]), "")
    at = re.fullmatch(r"at://([^/]+)/app\.bsky\.feed\.post/(\w+)", plain(record.get("uri")))
    own = f"https://bsky.app/profile/{at[1]}/post/{at[2]}" if at else ""
    yield from _linked(found, words, post.get("createdAt"), own)


def _of_activity(activity: Record) -> Iterator[Record]:
    post = activity["object"]
    when = activity.get("published")
    if not isinstance(post, Mapping):  # what somebody else wrote, boosted
        yield {"url": post, "added": when}
        return
    content = plain(post.get("content"))
    anchors = (anchor for anchor in _ANCHOR.findall(content) if not _NO_LINK.search(anchor))
    found = {html.unescape(href[1]): "" for anchor in anchors if (href := _HREF.search(anchor))}
    marks = listed(post.get("tag"))
    tags = [plain(mark.get("name")).strip("#") for mark in marks if mark.get("type") == "Hashtag"]
    own = plain(post.get("url")) or plain(post.get("id"))
    for record in _linked(found, unmarked(content), post.get("published") or when, own):
        yield {**record, "tags": tags}


def _of_readwise(book: Record) -> Record:
    """What was marked in an article is a note on it; in a book, which has no address, it is all that there is."""
    marked = [{**one, "quote": one.get("text"), "text": one.get("note")} for one in listed(book.get("highlights"))]
    said = remarks(marked)
    if str(book.get("source_url") or "").startswith(("http://", "https://")):
        return {**book, "note": said}
    return {**book, "source_url": "", "unique_url": "", "text": said}


def _of_telegram(message: Record) -> Iterator[Record]:
    parts = message["text"] if isinstance(message["text"], list) else [message["text"]]
    words = "".join(str(part.get("text") or "" if isinstance(part, Mapping) else part) for part in parts)
    found: dict[str, object] = {}
    for part in parts:
        if not isinstance(part, Mapping):
            found.update(dict.fromkeys(find_urls(str(part)), ""))
        elif href := plain(part.get("href")):
            found[href] = plain(part.get("text"))
        else:
            found.update(dict.fromkeys(find_urls(str(part.get("text") or "")), ""))
    if found:  # a message without a link has no address
        yield from _linked(found, words, message.get("date_unixtime"), "")


def _linked(found: Mapping[str, object], words: str, when: object, own: str) -> Iterator[Record]:
    """A record for each page that a post links to, or for the post itself."""
    for url, title in found.items():
        yield {"url": url, "title": title, "note": words, "added": when}
    if not found:
        yield _itself(own, words, when)


def _itself(own: str, words: str, when: object, by: object = "", title: object = "", number: object = "") -> Record:
    first = words.strip().split("\n")[0][:100]
    return {
        "url": own, "title": title or first, "text": words, "published": when, "author": plain(by), "id": number,
    }  # fmt: skip

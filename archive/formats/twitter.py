"""The archive that X (Twitter) gives its users: tweets.js, note-tweet.js, like.js, bookmark.js.

Every tweet says what its t.co links stand for, so the mapping comes along and the links resolve when t.co is gone. What
is imported are the pages that tweets link to; links to X itself (quoted tweets, pictures) are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from archive.formats.item import Item, Origin, Reject, clipped
from archive.formats.json_values import Bad, array_values
from archive.formats.moments import instant, lost_dates
from archive.formats.opening import ImportFile
from archive.formats.records import address
from archive.urls import find_urls, site_of

_IDS = ("id_str", "tweetId", "noteTweetId", "id")
_OWN = frozenset({"twitter.com", "x.com", "mobile.twitter.com", "pic.twitter.com", "t.co"})


def items(source: ImportFile) -> Iterator[Item | Reject]:
    """The pages that the tweets link to, each with the tweet as its note."""
    for found in array_values(source):
        if isinstance(found, Bad) or not isinstance(found.value, Mapping):
            yield Reject(
                source.origin(found.number),
                "not a tweet",
                clipped(found.raw if isinstance(found, Bad) else found.value),
            )
            continue
        record = found.value
        inner = next((record[name] for name in ("tweet", "like", "bookmark", "noteTweet") if name in record), record)
        if isinstance(inner, Mapping):
            yield from _links(source, found.number, inner)


def _links(source: ImportFile, number: int, tweet: Mapping[str, object]) -> Iterator[Item | Reject]:
    core = tweet.get("core")
    tweet = {**tweet, **(core if isinstance(core, Mapping) else {})}  # a long post says it one level deeper
    text = str(tweet.get("full_text") or tweet.get("fullText") or tweet.get("text") or "")
    tweet_id = str(next(filter(None, (tweet.get(name) for name in _IDS)), ""))
    origin = Origin(source.format_name, source.name, number, tweet_id)
    pairs = dict(_mapped(tweet))
    for short, long in pairs.items():
        text = text.replace(short, long)
    stated = tweet.get("created_at") or tweet.get("createdAt")
    added, remarks = instant(stated), lost_dates(("created_at", stated))  # which is said once of each post
    told = set()
    for short, long in pairs.items():
        told.add(long)
        item = Item(long, origin, note=text, added=added, short_links=((short, long),), remarks=remarks)
        for found in _link(origin, long, item):
            remarks = () if isinstance(found, Item) else remarks
            yield found
    if pairs or tweet.get("entities") is not None:
        return
    for url in find_urls(text):  # likes have no map of their links
        if url not in told and site_of(url) not in _OWN - {"t.co"}:
            yield Item(url, origin, note=text, added=added, remarks=remarks)
            remarks = ()


def _link(origin: Origin, long: str, item: Item) -> Iterator[Item | Reject]:
    try:
        url = address(long)
    except ValueError as error:
        yield Reject(origin, str(error), clipped(long))
        return
    if site_of(url) not in _OWN:
        yield replace(item, url=url)


def _mapped(tweet: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """What each short link in the tweet stands for."""
    for holder in (tweet.get("entities"), tweet.get("extended_entities"), tweet):
        urls = holder.get("urls") if isinstance(holder, Mapping) else None
        for one in urls if isinstance(urls, list) else ():
            if isinstance(one, Mapping):
                short, long = one.get("url") or one.get("shortUrl"), one.get("expanded_url") or one.get("expandedUrl")
                if short and long:
                    yield str(short), str(long)

"""Answers of news APIs and exports of posts: recognised by shape, with what each says of its pages."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from archive import Item, Reject, read_items

PIER = "https://harbour.example/pier"
TEXT = "The harbour board decided to close the old pier for the winter, after a storm broke two of its beams."
AT = datetime(2025, 5, 6, 8, tzinfo=UTC)
SECONDS = 1746518400
ISO = "2025-05-06T08:00:00Z"


def read(folder: Path, document: Any, name: str = "export.json") -> list[Item | Reject]:
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document, ensure_ascii=False), "utf-8")
    return list(read_items(path))


def said(item: Item | Reject) -> dict[str, object]:
    """What an item says beside its address, as far as it says anything."""
    assert isinstance(item, Item), item
    names = "title text html authors site published added tags note starred read".split()
    return {name: value for name in names if (value := getattr(item, name)) not in ("", (), None, False)}


def reddit(**post: Any) -> dict[str, Any]:
    own = "/r/kessin/comments/abc/pier/"
    data = {"title": "Pier shut", "permalink": own, "created_utc": float(SECONDS), "author": "boat", "selftext": ""}
    return {"kind": "t3", "data": {**data, **post}}


def listing(*posts: Any) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"after": None, "dist": len(posts), "children": list(posts)}}


def outbox(*items: Any) -> dict[str, Any]:
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "type": "OrderedCollection",
        "orderedItems": list(items),
    }


def note(content: str, **post: Any) -> dict[str, Any]:
    own = {"type": "Note", "published": ISO, "url": "https://mast.example/@ann/1", "content": content, **post}
    return {"type": "Create", "id": "https://mast.example/1/activity", "published": ISO, "object": own}


ONE = {
    "NewsAPI": (
        {
            "status": "ok",
            "articles": [
                {
                    "source": {"id": None, "name": "Harbour Times"}, "author": "Ann Reed, Tom Hale",
                    "title": "Pier shut", "url": PIER, "urlToImage": None, "publishedAt": ISO,
                    "content": "The harbour board decided… [+2300 chars]",
                }
            ],
        },
        PIER,
        {"title": "Pier shut", "authors": ("Ann Reed", "Tom Hale"), "site": "Harbour Times", "published": AT},
    ),
    "NewsAPI, whole": (
        [{"source": {"name": "H"}, "title": "Pier", "url": PIER, "urlToImage": "", "publishedAt": ISO,
          "content": TEXT}],
        PIER,
        {"title": "Pier", "site": "H", "published": AT, "text": TEXT},
    ),
    "Guardian": (
        {
            "response": {
                "status": "ok",
                "results": [
                    {
                        "id": "uk/pier", "webPublicationDate": ISO, "webTitle": "Pier", "webUrl": PIER,
                        "apiUrl": "https://api.example/uk/pier",
                        "fields": {"headline": "Pier shut", "byline": "Ann Reed and Tom Hale", "bodyText": TEXT},
                        "tags": [
                            {"type": "keyword", "webTitle": "Kessin"}, {"type": "contributor", "webTitle": "Ann Reed"},
                        ],
                    }
                ],
            }
        },
        PIER,
        {
            "title": "Pier shut", "authors": ("Ann Reed", "Tom Hale"), "published": AT, "text": TEXT,
            "tags": ("Kessin",),
        },
    ),
    "Guardian, bare": (
        {"response": {"results": [{"webPublicationDate": ISO, "webTitle": "Pier", "webUrl": PIER, "id": "x"}]}},
        PIER,
        {"title": "Pier", "published": AT},
    ),
    "New York Times": (
        {
            "response": {
                "docs": [
                    {
                        "web_url": PIER, "headline": {"main": "Pier shut"}, "pub_date": "2025-05-06T08:00:00+0000",
                        "byline": {"original": "By Ann Reed"}, "source": "The Times",
                        "keywords": [{"name": "glocations", "value": "Kessin"}],
                    }
                ]
            }
        },
        PIER,
        {"title": "Pier shut", "authors": ("Ann Reed",), "site": "The Times", "published": AT, "tags": ("Kessin",)},
    ),
    "WordPress": (
        [
            {
                "id": 7, "date": "2025-05-06T08:00:00", "link": PIER, "title": {"rendered": "The &#8216;pier&#8217;"},
                "content": {"rendered": f"<p>{TEXT}</p>"},
            }
        ],
        PIER,
        {"title": "The ‘pier’", "html": f"<p>{TEXT}</p>", "published": AT},
    ),
    "a link on Reddit": (listing(reddit(url=PIER)), PIER, {"title": "Pier shut", "added": AT}),
    "a text on Reddit": (
        listing(reddit(selftext=TEXT, url="https://www.reddit.com/r/kessin/comments/abc/pier/")),
        "https://www.reddit.com/r/kessin/comments/abc/pier/",
        {"title": "Pier shut", "text": TEXT, "authors": ("boat",), "published": AT},
    ),
    "Hacker News, Algolia": (
        {"hits": [{"created_at_i": SECONDS, "title": "Pier", "url": PIER, "objectID": "42", "author": "pg"}]},
        PIER,
        {"title": "Pier", "added": AT},
    ),
    "a question on Hacker News": (
        {"hits": [{"created_at_i": SECONDS, "title": "Ask", "url": None, "objectID": "42", "author": "pg",
                   "story_text": f"<p>{TEXT}<p>Why &amp; how?"}]},
        "https://news.ycombinator.com/item?id=42",
        {"title": "Ask", "text": f"{TEXT}\nWhy & how?", "authors": ("pg",), "published": AT},
    ),
    "Hacker News": (
        [{"by": "pg", "id": 42, "time": SECONDS, "type": "story", "title": "Pier", "url": PIER}],
        PIER,
        {"title": "Pier", "added": AT},
    ),
    "a link on Mastodon": (
        outbox(
            note(
                f'<p>Shut: <a href="{PIER}"><span>harbour.example/pier</span></a></p>'
                '<p><a href="https://mast.example/tags/kessin" class="mention hashtag" rel="tag">#kessin</a></p>',
                tag=[{"type": "Hashtag", "name": "#kessin"}],
            )
        ),
        PIER,
        {"note": "Shut: harbour.example/pier\n#kessin", "added": AT, "tags": ("kessin",)},
    ),
    "a text on Mastodon": (
        outbox(note(f"<p>{TEXT}</p>")),
        "https://mast.example/@ann/1",
        {"title": TEXT[:100].rstrip(), "text": TEXT, "published": AT},
    ),
    "a boost on Mastodon": (
        outbox({"type": "Announce", "published": ISO, "object": PIER}), PIER, {"added": AT},
    ),
    "bookmarks of Mastodon": (outbox(PIER), PIER, {}),
    "Bluesky": (
        [
            {
                "uri": "at://did:plc:x/app.bsky.feed.post/3k",
                "value": {
                    "$type": "app.bsky.feed.post", "text": "It is shut", "createdAt": ISO,
                    "embed": {"external": {"uri": PIER, "title": "Pier shut"}},
                },
            }
        ],
        PIER,
        {"title": "Pier shut", "note": "It is shut", "added": AT},
    ),
    "Telegram": (
        {
            "name": "Kessin", "type": "public_channel",
            "messages": [
                {"id": 4, "type": "service", "date_unixtime": str(SECONDS), "text": ""},
                {"id": 5, "date_unixtime": str(SECONDS), "text": ["Shut: ", {"type": "link", "text": PIER}]},
            ],
        },
        PIER,
        {"note": f"Shut: {PIER}", "added": AT},
    ),
    "Pocket's API": (
        {
            "list": {
                "1": {
                    "item_id": "1", "given_url": PIER, "resolved_url": PIER, "resolved_title": "Pier", "favorite": "1",
                    "status": "1", "time_added": str(SECONDS), "tags": {"boats": {"item_id": "1", "tag": "boats"}},
                    "authors": {"7": {"author_id": "7", "name": "Ann Reed"}},
                }
            }
        },
        PIER,
        {"title": "Pier", "authors": ("Ann Reed",), "added": AT, "tags": ("boats",), "starred": True, "read": True},
    ),
    "Raindrop's API": (
        {"items": [{"_id": 1, "link": PIER, "title": "Pier", "note": "mine", "tags": ["boats"], "created": ISO,
                    "collectionId": 5, "important": True, "highlights": [{"text": "two beams"}]}]},
        PIER,
        {"title": "Pier", "note": "mine\n\ntwo beams", "tags": ("boats",), "added": AT, "starred": True},
    ),
    "Readwise Reader's API": (
        {"results": [{"id": "1", "url": "https://read.example/1", "source_url": PIER, "title": "Pier",
                      "author": "Ann Reed", "location": "archive", "tags": {"boats": {"name": "boats"}},
                      "site_name": "Times", "notes": "mine", "published_date": SECONDS * 1000, "saved_at": ISO}]},
        PIER,
        {
            "title": "Pier", "authors": ("Ann Reed",), "site": "Times", "published": AT, "added": AT,
            "tags": ("boats",), "note": "mine", "read": True,
        },
    ),
    "linkding": (
        {"results": [{"id": 1, "url": PIER, "title": "Pier", "notes": "mine", "tag_names": ["boats"], "unread": True,
                      "date_added": ISO}]},
        PIER,
        {"title": "Pier", "note": "mine", "tags": ("boats",), "added": AT},
    ),
    "Inoreader": (
        {"items": [{"title": "Pier", "published": SECONDS, "canonical": [{"href": PIER}], "author": "Ann Reed",
                    "origin": {"title": "Times"},
                    "categories": ["user/1/label/boats", "user/1/state/com.google/starred"]}]},
        PIER,
        {"title": "Pier", "published": AT, "authors": ("Ann Reed",), "site": "Times", "tags": ("boats",)},
    ),
    "Crossref": (
        {"message": {"items": [{"DOI": "10.1/x", "URL": "https://doi.org/10.1/x", "title": ["Piers"],
                                "author": [{"given": "Ann", "family": "Reed"}], "container-title": ["Studies"],
                                "issued": {"date-parts": [[2025, 5, 6]]}}]}},
        "https://doi.org/10.1/x",
        {"title": "Piers", "authors": ("Ann Reed",), "site": "Studies", "published": date(2025, 5, 6)},
    ),
    "OpenAlex": (
        {"results": [{"id": "https://openalex.org/W1", "doi": "https://doi.org/10.1/x", "display_name": "Piers",
                      "publication_date": "2025-05-06", "authorships": [{"author": {"display_name": "Ann Reed"}}]}]},
        "https://doi.org/10.1/x",
        {"title": "Piers", "authors": ("Ann Reed",), "published": date(2025, 5, 6)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE)
def test_an_export_is_known_by_its_shape(tmp_path: Path, name: str) -> None:
    document, url, expected = ONE[name]
    (item,) = read(tmp_path, document)
    assert said(item) == expected
    assert isinstance(item, Item)
    assert item.url == url


def test_a_thread_and_its_answers_are_each_an_item(tmp_path: Path) -> None:
    answer = {"kind": "t1", "data": {"body": "See the minutes.", "permalink": "/r/k/c1/", "created_utc": SECONDS}}
    found = read(tmp_path, [listing(reddit(url=PIER)), listing(answer)])
    assert [one.url for one in found if isinstance(one, Item)] == [PIER, "https://www.reddit.com/r/k/c1/"]


CSVS = {
    "commas": "'url','title','date'\n'{0}','Pier, shut','2025-05-06'\n'https://x.example/a','It''s \"on\", too',''\n",
    "semicolons": "'title';'url'\n'Pier; shut';'{0}'\n'Ferry';'https://x.example/a'\n",
    "a bare header": "title,url\n'Pier, shut','{0}'\n'Ferry','https://x.example/a'\n",
    "a cell of two lines": "'url','note'\n'{0}','one,\ntwo'\n'https://x.example/a','three'\n'https://x.example/b','4'\n",
}


@pytest.mark.parametrize("name", CSVS)
def test_cells_in_single_quotes(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, CSVS[name].format(PIER).replace('"on"', "on"), "list.csv")
    assert all(isinstance(one, Item) for one in found)
    assert PIER in [one.url for one in found if isinstance(one, Item)]
    titles = " ".join(one.title + one.note for one in found if isinstance(one, Item))
    assert "'" not in titles.replace("It's", "")
    assert "Pier, shut" in titles or "Pier; shut" in titles or "one,\ntwo" in titles


def test_apostrophes_are_no_quotes(tmp_path: Path) -> None:
    found = read(tmp_path, f"title,url\n'Tis the pier,{PIER}\nReed's ferry,https://x.example/a\n", "list.csv")
    assert [one.title for one in found if isinstance(one, Item)] == ["'Tis the pier", "Reed's ferry"]


@pytest.mark.parametrize(
    "entry",
    [
        f"<title>Pier</title><link/>{PIER}<guid isPermaLink='false'>x</guid>",
        f"<title>Pier</title><link />\n  {PIER}\n <description>See</description>",
        "<title>Pier</title><link>https://harbour.example/pier</link>",
        f"<title>Pier</title><url>{PIER}</url>",
        f"<title>Pier</title><permalink>{PIER}</permalink>",
        f"<title><a href='{PIER}'>Pier</a></title>",
    ],
)
def test_a_feed_whose_addresses_stand_elsewhere(tmp_path: Path, entry: str) -> None:
    head = "<title>T</title><link>https://harbour.example/</link>"
    (item,) = read(tmp_path, f"<rss version='2.0'><channel>{head}<item>{entry}</item></channel></rss>", "feed.xml")
    assert isinstance(item, Item)
    assert (item.url, item.title) == (PIER, "Pier")


@pytest.mark.parametrize(
    "entry",
    ["<link rel='alternate' href='/pier'/>", f"<content src='{PIER}' type='text/html'/>"],
)
def test_an_atom_entry_without_a_whole_link(tmp_path: Path, entry: str) -> None:
    head = "<title>T</title><id>urn:f</id><link href='https://harbour.example/'/>"
    whole = (
        f"<feed xmlns='http://www.w3.org/2005/Atom'>{head}<entry><title>P</title><id>urn:1</id>{entry}</entry></feed>"
    )
    (item,) = read(tmp_path, whole, "feed.xml")
    assert isinstance(item, Item)
    assert item.url == PIER


def test_a_link_that_is_escaped_twice(tmp_path: Path) -> None:
    entry = f"<title>P</title><link>{PIER}?a=1&amp;amp;b=2</link>"
    (item,) = read(tmp_path, f"<rss><channel><item>{entry}</item></channel></rss>", "feed.xml")
    assert isinstance(item, Item)
    assert item.url == f"{PIER}?a=1&b=2"


MARKED_UP = (
    "<p>Three things:</p><ul><li>The <b>pier</b></li><li><p>The boats</p></li></ul><blockquote><p>Nobody asked.</p>"
    "<p>Ever.</p></blockquote><h3>Next</h3><ol><li>A bridge</li></ol>a &lt; b<br/>the end"
)
LINES = "Three things:\n- The pier\n- The boats\nNobody asked.\nEver.\nNext\n- A bridge\na < b\nthe end"


def test_lists_and_quotes_of_a_post_and_of_a_note_are_lines_of_their_own(tmp_path: Path) -> None:
    (post,) = read(tmp_path, outbox(note(MARKED_UP)))
    (row,) = read(tmp_path, [{"url": PIER, "note": MARKED_UP}], "rows.json")
    assert (said(post)["text"], said(row)["note"]) == (LINES, LINES)

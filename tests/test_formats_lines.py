"""Days beside addresses in lines of lists and chats, and what other lists call what they list."""

from __future__ import annotations

import json
import time
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from archive import Item, read_items

URL = "https://paper.example/ferry"
MAY = date(2024, 5, 6)


def read(folder: Path, text: str, name: str = "list.txt") -> list[Item]:
    path = folder / name
    path.write_text(text)
    return [found for found in read_items(path) if isinstance(found, Item)]


@pytest.mark.parametrize(
    ("line", "day", "title"),
    [
        (f"2024-05-06 {URL}", MAY, ""),
        (f"- 6 May 2024 - Ferry strike goes on - {URL}", MAY, "Ferry strike goes on"),
        (f"{URL} (6 May 2024)", MAY, ""),
        (f"* 06.05.2024: {URL} Streik geht weiter", MAY, "Streik geht weiter"),
        (f"{URL}\t2024-05-06", MAY, ""),
        (f"May 6, 2024 | Ferry strike | {URL}", MAY, "Ferry strike"),
        (f"3. Ferry strike, The Quay, May 6, 2024: {URL}", MAY, "Ferry strike, The Quay"),
        (f"- [x] {URL} (published 6 May 2024)", MAY, ""),
        (f"[Ferry strike]({URL}) – 6 mai 2024", MAY, "Ferry strike"),
        (f"{URL} (accessed 6 May 2024)", None, ""),
        (f"See {URL} for the data of 2024-05-06 and later", None, ""),
        (f"Version 1.2.2024 of {URL}", None, ""),
        (f"2024-05-06 {URL} and https://paper.example/other", None, ""),
        (f"31.02.2024 {URL}", None, ""),
    ],
)
def test_a_day_in_a_line_is_that_of_the_page(tmp_path: Path, line: str, day: date | None, title: str) -> None:
    path = tmp_path / "list.txt"
    path.write_text(f"{line}\nhttps://paper.example/last\n")
    item = next(one for one in read_items(path, "text") if isinstance(one, Item))
    assert (item.url, item.published, item.title, item.added) == (URL, day, title, None)


@pytest.mark.parametrize(
    ("chat", "sent"),
    [
        (f"[06/05/2024, 07:08:09] Ann: Look {URL}\n[25/05/2024, 07:08:09] Bo: no\n", "2024-05-06T07:08:09"),
        (f"06/05/24, 7:08 am - Ann: Look\nat this\n{URL}\n", "2024-05-06T07:08:00"),
        (f"5/6/24, 7:08 PM - Ann: {URL}\n", "2024-05-06T19:08:00"),
        (f"5/6/24, 7:08 PM - Ann: {URL}\n25/6/24, 7:08 PM - Bo: no\n", "2024-06-05T19:08:00"),
        (f"06.05.24, 07:08 - Ann: {URL}\n", "2024-05-06T07:08:00"),
        (f"[2024-05-06 07:08] Ann: {URL}\n", "2024-05-06T07:08:00"),
        (f"2024-05-06 07:08:09 <ann> look: {URL}\n", "2024-05-06T07:08:09"),
    ],
)
def test_a_message_was_sent_when_its_line_says(tmp_path: Path, chat: str, sent: str) -> None:
    (item,) = read(tmp_path, chat)
    assert (item.url, item.added, item.published) == (URL, datetime.fromisoformat(f"{sent}Z"), None)


def test_one_line_of_many_addresses_takes_time_as_it_is_long(tmp_path: Path) -> None:
    def seconds(count: int) -> float:
        text = "[06/05/2024, 07:08:09] Ann: " + " 6 May 2024 ".join(f"{URL}{n}" for n in range(count))
        began = time.process_time()
        assert len(read(tmp_path, text)) == count
        return time.process_time() - began

    assert seconds(8_000) < max(8 * seconds(2_000), 0.5)


def test_titles_of_playlists_mail_and_telegram(tmp_path: Path) -> None:
    (item,) = read(tmp_path, f"#EXTM3U\n#EXTINF:123,Ann Reed - The strike\n{URL}\n", "list.m3u8")
    assert item.title == "Ann Reed - The strike"
    track = f"<track><location>{URL}.mp3</location><title>The strike</title><info>{URL}</info></track>"
    bare = f"<track><location>{URL}2.mp3</location><title>The end</title></track>"
    first, second = read(tmp_path, f"<playlist><trackList>{track}{bare}</trackList></playlist>", "list.xspf")
    assert [(one.url, one.title) for one in (first, second)] == [(URL, "The strike"), (f"{URL}2.mp3", "The end")]
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@paper.example", "b@paper.example", "News"
    linked = f'<a href="{URL}"></a><a href="{URL}">Ferry <b>strike</b> goes on</a> <a href="{URL}">Read more</a>'
    message.set_content(f'<p>{linked} <a href="{URL}2">Read more</a></p>', subtype="html")
    assert [one.title for one in read(tmp_path, message.as_string(), "one.eml")] == ["Ferry strike goes on", ""]
    text = ["See ", {"type": "link", "text": URL}, {"type": "text_link", "text": "here", "href": f"{URL}2"}, "."]
    told = {"messages": [{"date_unixtime": "1714972089", "text": text}]}
    found = read(tmp_path, json.dumps(told), "result.json")
    assert [(one.url, one.title) for one in found] == [(URL, ""), (f"{URL}2", "here")]


def test_fields_that_say_of_what_they_are(tmp_path: Path) -> None:
    row = {"story_title": "Ferry", "story_permalink": URL, "story_authors": "ANN REED", "story_date": "2024-05-06"}
    (item,) = read(tmp_path, json.dumps([row]), "stories.json")
    assert (item.title, item.url, item.authors, item.published) == ("Ferry", URL, ("Ann Reed",), MAY)
    shares = f"Date,ShareLink,ShareCommentary,SharedUrl\n2024-05-06,https://work.example/1,A story,{URL}\n"
    assert [one.url for one in read(tmp_path, shares, "shares.csv")] == [URL]


def test_several_addresses_in_a_cell(tmp_path: Path) -> None:
    (item,) = read(tmp_path, f'title,url\nFerry,"{URL},{URL}"\n', "one.csv")
    assert (item.url, item.remarks) == (URL, ())
    (item,) = read(tmp_path, f'title,url\nFerry,"{URL}; https://quay.example/2"\n', "two.csv")
    assert (item.url, "https://quay.example/2" in item.remarks[0]) == (URL, True)


def test_the_old_archive_of_tweets(tmp_path: Path) -> None:
    rows = (
        f'1,2024-05-06 07:08:09 +0000,web,Look https://t.co/a,"{URL},{URL}"\n2,2024-05-07 07:08:09 +0000,web,Plain,\n'
    )
    linked, plain = read(tmp_path, f"tweet_id,timestamp,source,text,expanded_urls\n{rows}", "tweets.csv")
    assert (linked.url, linked.note) == (URL, "Look https://t.co/a")
    assert plain.url.startswith("https://twitter-csv.invalid/")


def test_feeds_name_people_as_names_are_and_tags_as_people_gave_them(tmp_path: Path) -> None:
    kind = '<category scheme="http://schemas.google.com/g/2005#kind" term="http://schemas.google.com/2008/kind#post"/>'
    tag = '<category scheme="http://www.blogger.com/atom/ns#" term="ferry"/>'
    entry = f'<entry><title>T</title><link href="{URL}"/><author><name>ANN DE VRIES</name></author>{kind}{tag}</entry>'
    (item,) = read(tmp_path, f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>', "feed.xml")
    assert (item.authors, item.tags) == (("Ann de Vries",), ("ferry",))


@pytest.mark.parametrize("said", ["REED, ANN", "Ann Reed, Harbour Correspondent", "By ANN REED", "Reed, Ann"])
def test_an_author_of_a_feed_is_a_person(tmp_path: Path, said: str) -> None:
    names = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    item = f"<item><title>T</title><link>{URL}</link><dc:creator>{said}</dc:creator></item>"
    (found,) = read(tmp_path, f'<rss version="2.0" {names}><channel>{item}</channel></rss>', "feed.xml")
    assert found.authors == ("Ann Reed",)


@pytest.mark.parametrize("said", ["feed://quay.example/rss", "feed:http://quay.example/rss"])
def test_an_outline_of_feeds_has_their_addresses(tmp_path: Path, said: str) -> None:
    outline = f'<opml version="2.0"><body><outline text="Quay" xmlUrl="{said}"/></body></opml>'
    assert [one.url for one in read(tmp_path, outline, "feeds.opml")] == ["http://quay.example/rss"]

"""What links are called in texts, and what tables and messages without the usual fields say."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive import Item, Reject, read_items

ONE, TWO = "https://a.example/1", "https://a.example/2_(b)"


def read(folder: Path, text: str, name: str = "file.txt") -> list[Item]:
    path = folder / name
    path.write_text(text, "utf-8")
    found = list(read_items(path))
    assert not any(isinstance(each, Reject) for each in found), found
    return [each for each in found if isinstance(each, Item)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"- [The *pier*: sold]({ONE} 'hover') – read", "The pier: sold"),
        (f"- [The [old] pier](<{ONE}>)", "The [old] pier"),
        (f"![a picture]({ONE})", ""),
        (f'See [the story][1].\n\n[1]: {ONE} "The pier"\n', "The pier"),
        (f"** [[{ONE}][The pier]] :tag:", "The pier"),
        (f"** [[{ONE}]]", ""),
        (f"[url={ONE}]The pier[/url]", "The pier"),
        (f"[url]{ONE}[/url]", ""),
        (f"* [{ONE} The pier]", "The pier"),
        (f"* {ONE}[The pier] and more", "The pier"),
        (f"As was said {ONE} [1].", ""),
        (f"As was said {ONE}[1].", ""),
        (f'<li><a class=x href="{ONE}" target=_blank>The <b>pier</b> &amp; sea</a></li>', "The pier & sea"),
        (f"look <{ONE}|The pier>", "The pier"),
        (f"* `The pier <{ONE}>`_", "The pier"),
        (f'* "The pier":{ONE} and more', "The pier"),
        (f"* [The pier|{ONE}]", "The pier"),
        (f"* [[{ONE}|The pier]]", "The pier"),
        (f"* [[The pier|{ONE}]]", "The pier"),
        (f"* [ext[The pier|{ONE}]]", "The pier"),
        (f"=> {ONE} The pier", "The pier"),
        (f"=> {ONE}\t2025-05-06 - The pier\n", "The pier"),
        (f"As \\href{{{ONE}}}{{The pier}} says", "The pier"),
        (f"See [The pier].\n\n[The pier]: <{ONE}>\n", "The pier"),
        (f'He said "look at this": {ONE}', ""),
        (f"a | {ONE}", ""),
        (f"[{ONE}]({ONE})", ""),
        (f"Read {ONE} today", ""),
    ],
)
def test_what_a_link_is_called_in_a_text(tmp_path: Path, text: str, title: str) -> None:
    assert {(item.url, item.title) for item in read(tmp_path, text)} == {(ONE, title)}


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("The pier.url", f"[InternetShortcut]\r\nURL={ONE}\r\nIconFile={ONE}/favicon.ico\r\n", "The pier"),
        ("x.desktop", f"#!/usr/bin/env xdg-open\n[Desktop Entry]\nType=Link\nName=The pier\nURL={ONE}\n", "The pier"),
        ("a.url", f"[DEFAULT]\nBASEURL=x\n[InternetShortcut]\nURL={ONE}\n", "a"),
    ],
)
def test_shortcuts_of_desktops(tmp_path: Path, name: str, text: str, title: str) -> None:
    """The icon's address was a page, too."""
    assert [(item.url, item.title) for item in read(tmp_path, text, name)] == [(ONE, title)]


def test_wrapped_addresses_lead_to_what_is_in_them(tmp_path: Path) -> None:
    wrapped = f"https://www.google.com/url?rct=j&sa=t&url={ONE}&ct=ga"
    for text in (f"See {wrapped}\n", f"url,title\n{wrapped},One\n", json.dumps([{"url": wrapped}])):
        assert [item.url for item in read(tmp_path, text)] == [ONE]


@pytest.mark.parametrize(
    ("header", "cells", "days"),
    [
        ("date", ("1/31/25", "2/3/25"), (date(2025, 1, 31), date(2025, 2, 3))),
        ("date", ("31/1/25", "2/3/25"), (date(2025, 1, 31), date(2025, 3, 2))),
        ("date", ("1/31/99", "12/31/99 10:00"), (date(1999, 1, 31), datetime(1999, 12, 31, 10, tzinfo=UTC))),
    ],
)
def test_years_of_two_numbers(
    tmp_path: Path, header: str, cells: tuple[str, str], days: tuple[date | datetime, ...]
) -> None:
    rows = "".join(f"{url},{cell}\n" for url, cell in zip((ONE, TWO), cells, strict=True))
    items = read(tmp_path, f"url,{header}\n{rows}")
    assert (tuple(item.published for item in items), [item.remarks for item in items]) == (days, [(), ()])


def test_rows_without_a_header(tmp_path: Path) -> None:
    """A day or a number is no title."""
    (row,) = read(tmp_path, f"2025-01-31\t12345678\tPier\t{ONE}\n")
    assert (row.url, row.title) == (ONE, "Pier")
    first, second = read(tmp_path, f"{ONE} | The | harbour\n{TWO} | Two | money\n")
    assert ((first.url, first.title), (second.url, second.title)) == ((ONE, "harbour"), (TWO, "money"))


def test_another_column_where_that_of_addresses_is_empty(tmp_path: Path) -> None:
    text = f"Source URL,Archived at,Headline\n{ONE},https://web.example/x/{ONE},One\n,https://web.example/x/{TWO},Two\n"
    first, second = read(tmp_path, text)
    assert (first.url, second.url, second.title) == (ONE, f"https://web.example/x/{TWO}", "Two")


def test_a_time_in_a_column_of_its_own_is_no_wrong_date(tmp_path: Path) -> None:
    (row,) = read(tmp_path, f"date,time,title,url\n1/31/2025,10:00:00,One,{ONE}\n")
    assert (row.published, row.remarks) == (date(2025, 1, 31), ())


def test_messages_that_link_somewhere(tmp_path: Path) -> None:
    """They had no address, and were rejected; of some only the card below was read."""
    slack = {"type": "message", "user": "U1", "text": f"see <{ONE}|The pier> &amp; <{TWO}>", "ts": "1738317600.000100"}
    first, second = read(tmp_path, json.dumps([slack]))
    assert [(first.url, first.title), (second.url, second.title)] == [(ONE, "The pier"), (TWO, "")]
    assert (first.note, first.text) == (f"see The pier & {TWO}", "")
    assert first.added == datetime(2025, 1, 31, 10, 0, 0, 100, tzinfo=UTC)
    discord = {
        "timestamp": "2025-01-31T10:00:00+00:00", "content": f"look {ONE} and {TWO}", "author": {"name": "ann"},
        "embeds": [{"url": ONE, "title": "The pier"}],
    }  # fmt: skip
    first, second = read(tmp_path, json.dumps({"guild": {"name": "G"}, "messages": [discord]}))
    assert [(first.url, first.title), (second.url, second.title)] == [(ONE, "The pier"), (TWO, "")]
    assert first.added == datetime(2025, 1, 31, 10, tzinfo=UTC)


def test_a_bookmark_called_by_its_address_has_no_title(tmp_path: Path) -> None:
    text = f'<title>Pocket Export</title><ul><li><a href="{ONE}" time_added="1738317600" tags="">{ONE}</a></li></ul>'
    (item,) = read(tmp_path, f"<!DOCTYPE html><html><head>{text}")
    assert (item.url, item.title) == (ONE, "")


@pytest.mark.parametrize("mark", [" – ", "  ", "\t", " | ", " - "])
def test_titles_behind_addresses(tmp_path: Path, mark: str) -> None:
    text = f"Links of today, with a word on each:\n\n- {ONE}{mark}The pier\n2. {TWO}{mark}Sold, at last\n"
    first, second = read(tmp_path, text)
    assert [(first.url, first.title), (second.url, second.title)] == [(ONE, "The pier"), (TWO, "Sold, at last")]


def test_names_of_languages_of_markup_are_no_pages(tmp_path: Path) -> None:
    text = f"""<?xml version="1.0"?><!DOCTYPE xbel PUBLIC "+//IDN//EN" "http://www.python.example/xbel-1.0.dtd">
<x xmlns="http://www.loc.example/v3" xmlns:y='http://y.example/' xsi:schemaLocation="http://z.example/ http://z.example/x.xsd">
<url>{ONE}</url><b href="{TWO}"/></x>"""
    assert [item.url for item in read(tmp_path, text)] == [ONE, TWO]


def test_a_quote_that_swallows_rows(tmp_path: Path) -> None:
    """It was closed by chance in a later row: that row was part of a title."""
    first, second = read(tmp_path, f'url\ttitle\n{ONE}\t"One\n{TWO}\tTwo"\n')
    assert [(first.url, first.title), (second.url, second.title)] == [(ONE, "One"), (TWO, 'Two"')]
    (row,) = read(tmp_path, f'url,title,note\n{ONE},One,"see, for more,\n{TWO} and others"\n')
    assert (row.url, row.note) == (ONE, f"see, for more,\n{TWO} and others")


def test_a_second_column_of_addresses_is_told(tmp_path: Path) -> None:
    (row,) = read(tmp_path, f"url,title,url,title\n{ONE},One,{TWO},Two\n")
    assert (row.url, row.remarks) == (ONE, (f"the row has one more address, which was left out: {TWO}",))


@pytest.mark.parametrize(
    ("cell", "authors"),
    [
        ("García Márquez, Gabriel; de la Cruz, Ana", ("Gabriel García Márquez", "Ana de la Cruz")),
        ("Reed, A.; Berg, N.", ("A. Reed", "N. Berg")),
        ("Reuters, AP", ("Reuters, AP",)),
        ("Ann Reed; Nils Berg", ("Ann Reed", "Nils Berg")),
    ],
)
def test_names_family_name_first(tmp_path: Path, cell: str, authors: tuple[str, ...]) -> None:
    assert read(tmp_path, f'url,author\n{ONE},"{cell}"\n')[0].authors == authors


def test_titles_of_old_atom_and_of_json_feeds_that_are_escaped(tmp_path: Path) -> None:
    title = '<title mode="escaped">A &amp;amp; &lt;b&gt;B&lt;/b&gt;</title>'
    entry = f'<entry>{title}<link rel="alternate" href="{ONE}"/></entry>'
    assert read(tmp_path, f'<feed version="0.3" xmlns="http://purl.org/atom/ns#">{entry}</feed>')[0].title == "A & B"
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": ONE, "title": "A &amp; B"}]}
    assert read(tmp_path, json.dumps(feed))[0].title == "A & B"

"""Dates of feeds, mail and exports: zones as offsets and names, halves of the day, orders of countries, languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from archive import Item, read_items
from archive.extraction.wordy import ZONES
from archive.formats.moments import moment, wrong_date


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        # zones as offsets
        ("Tue, 03 Jun 2014 09:15:00 +02:00", utc(2014, 6, 3, 7, 15)),
        ("Tue, 03 Jun 2014 09:15:00 GMT+2", utc(2014, 6, 3, 7, 15)),
        ("Tue, 03 Jun 2014 09:15:00 UTC-0330", utc(2014, 6, 3, 12, 45)),
        ("Tue, 03 Jun 2014 09:15:00 -0000", utc(2014, 6, 3, 9, 15)),
        ("Tue, 03 Jun 2014 09:15:00 +0200 (Mitteleurop\u00e4ische Sommerzeit)", utc(2014, 6, 3, 7, 15)),
        ("Tue, 03 Jun 2014 09:15:00 +0200 CEST", utc(2014, 6, 3, 7, 15)),
        ("2014-06-03 09:15 -05:00", utc(2014, 6, 3, 14, 15)),
        # zones as names
        ("Tue, 03 Jun 2014 09:15:00 CEST", utc(2014, 6, 3, 7, 15)),
        ("09:15, 3 Jun 2014 CEST", utc(2014, 6, 3, 7, 15)),
        ("9:15 AM, Jun 3, 2014 (PT)", utc(2014, 6, 3, 16, 15)),
        ("2014-W23-2", date(2014, 6, 3)),
        ("Tue, 03 Jun 2014 09:15:00 BST", utc(2014, 6, 3, 8, 15)),
        ("Tue, 03 Jun 2014 09:15:00 AEST", utc(2014, 6, 2, 23, 15)),
        ("Tue, 03 Jun 2014 09:15:00 JST", utc(2014, 6, 3, 0, 15)),
        ("Tue, 03 Jun 2014 09:15:00 IST", utc(2014, 6, 3, 3, 45)),
        ("Tue, 03 Jun 2014 09:15 EDT", utc(2014, 6, 3, 13, 15)),
        ("Tue Jun 03 09:15:00 PDT 2014", utc(2014, 6, 3, 16, 15)),
        ("2014-06-03T09:15:00 MESZ", utc(2014, 6, 3, 7, 15)),
        ("June 3, 2014 9:15 am ET", utc(2014, 6, 3, 13, 15)),
        ("January 3, 2014 9:15 am ET", utc(2014, 1, 3, 14, 15)),
        ("March 20, 2005 9:15 am CT", utc(2005, 3, 20, 15, 15)),
        ("March 20, 2010 9:15 am CT", utc(2010, 3, 20, 14, 15)),
        ("Tue, 03 Jun 2014 09:15:00 QQQ", date(2014, 6, 3)),
        # halves of the day
        ("03 Jun 2014 12:30 AM", utc(2014, 6, 3, 0, 30)),
        ("03 Jun 2014 12:30 p.m.", utc(2014, 6, 3, 12, 30)),
        ("6/3/2014 4:05:06 PM", utc(2014, 6, 3, 16, 5, 6)),
        ("Jun 3, 2014 at 4 pm", utc(2014, 6, 3, 16)),
        ("2014\ub144 6\uc6d4 3\uc77c \uc624\ud6c4 4:05", utc(2014, 6, 3, 16, 5)),
        ("2014-06-03 24:00:00", utc(2014, 6, 4)),
        # orders and languages
        ("Tue, 03 Jun 2014", date(2014, 6, 3)),
        ("3-Jun-14", date(2014, 6, 3)),
        ("23/6/2014", date(2014, 6, 23)),
        ("3.6.2014", date(2014, 6, 3)),
        ("3. Juni 2014", date(2014, 6, 3)),
        ("Mi., 5. M\u00e4rz 2014", date(2014, 3, 5)),
        ("mardi 3 f\u00e9vrier 2015", None),  # a weekday that is no English one needs its comma
        ("mardi, 3 f\u00e9vrier 2015", date(2015, 2, 3)),
        ("3 de junio de 2014", date(2014, 6, 3)),
        ("2014\u5e746\u67083\u65e5", date(2014, 6, 3)),
        ("\uc6d4, 06 5\uc6d4 2025 10:00:00 +0900", datetime(2025, 5, 6, 1, tzinfo=UTC)),
        ("\u5468\u4e8c, 06 5\u6708 2025", date(2025, 5, 6)),
        ("2014-154", date(2014, 6, 3)),
        # none
        ("2014-06-31", None),
        ("32 Jun 2014", None),
        ("June 2014", None),
        ("call 555 2014 06", None),
        ("between 3 and 4 June 2014", None),
        ("3 Jun 2014 25:00", None),
    ],
)  # fmt: skip
def test_dates_in_words(value: str, expected: object) -> None:
    found = moment(value)
    assert found == expected
    assert isinstance(found, datetime) == isinstance(expected, datetime)


def test_zones_are_hours_that_exist() -> None:
    assert len(ZONES) > 75
    assert all(timedelta(hours=-12) <= offset <= timedelta(hours=14) for offset in ZONES.values())
    assert all(offset % timedelta(minutes=15) == timedelta() for offset in ZONES.values())


@pytest.mark.parametrize(
    "value",
    [
        "12 मार्च 2024",
        "12 มีนาคม 2567",
        "令和6年3月12日",
        "12. března 2024",
        "12 Mart 2024",
        "12 марта 2024 г.",
        "ב-12 במרץ 2024",
    ],
)
def test_days_in_words_of_other_languages(value: str) -> None:
    assert moment(value) == date(2024, 3, 12)


@pytest.mark.parametrize(
    "value", ["v1.2.2024", "12 marketing 2024", "3 tins of 2024", "chapter 12", "12 Mart 2024 of the diary"]
)
def test_words_with_numbers_are_no_days(value: str) -> None:
    assert moment(value) is None


@pytest.mark.parametrize(
    "value", ["31 Jan 2015", 1422662400, "", "0", "0000-00-00 00:00:00", "null", "n.d.", None, False]
)
def test_what_is_no_wrong_date(value: object) -> None:
    assert wrong_date(value) == ""


@pytest.mark.parametrize("value", ["31 Feb 2015", "soon", "2999-01-01", "13/45/99"])
def test_what_is_a_wrong_date(value: object) -> None:
    assert wrong_date(value) == value


_URL = "https://paper.example/ferry"
_RSS = f"<rss><channel><item><link>{_URL}</link><pubDate>soonish</pubDate></item></channel></rss>"
_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="{}"/><updated>{}</updated></entry></feed>'
_SITEMAP = (
    f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{_URL}</loc><lastmod>soonish</lastmod></url>'
    "</urlset>"
)
_FEED = (
    f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{{"url": "{_URL}", "date_published": "soonish"}}]}}'
)
_TWEET = (
    'window.YTD.tweets.part0 = [{"tweet": {"id_str": "1", "created_at": "soonish", "full_text": "t.co/a t.co/b", '
    f'"entities": {{"urls": [{{"url": "https://t.co/a", "expanded_url": "{_URL}"}}, {{"url": "https://t.co/b", '
    '"expanded_url": "https://other.example/"}]}}}]'
)
_MAIL = f"From: a@b.example\nTo: c@d.example\nSubject: News\nDate: soonish\n\n{_URL} and https://other.example/\n"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("pubdate", _RSS), ("updated", _ATOM.format(_URL, "soonish")), ("lastmod", _SITEMAP),
        ("date_published", _FEED), ("created_at", _TWEET), ("Date", _MAIL),
    ],
    ids=["rss", "atom", "sitemap", "json", "twitter", "mail"],
)  # fmt: skip
def test_a_date_that_is_none_is_told_once_whatever_states_it(tmp_path: Path, field: str, text: str) -> None:
    path = tmp_path / "file"
    path.write_text(text)
    found = list(read_items(path))
    items = [one for one in found if isinstance(one, Item)]
    assert items == found
    assert items[0].url == _URL
    told = (f"{field}: 'soonish' is no date that can be: taken in without it",)
    assert [one.remarks for one in items] == [told, *[()] * (len(items) - 1)]


def test_an_entry_with_one_good_date_has_lost_none(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(_RSS.replace("</item>", "<updated>2025-01-31</updated></item>"))
    (item,) = read_items(path)
    assert isinstance(item, Item)
    assert item.published == date(2025, 1, 31)

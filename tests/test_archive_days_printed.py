"""The day that a page prints by its headline, in languages of medium size, as their papers write it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from archive.extraction import Page, extract
from archive.extraction.spelled import days_in, habits

STORY = (
    "<p>The ferry across the bay stops running at the end of the month, the board decided in a long meeting.</p>" * 3
)
NOW = datetime(2025, 12, 1, tzinfo=UTC)
SIXTH_OF_MAY = {
    "af": ["6 Mei 2025"],
    "am": ["6 ሜይ 2025"],
    "ast": ["6 de mayu de 2025"],
    "az": ["6 may 2025", "6 May 2025, 10:30"],
    "be": ["6 мая 2025"],
    "bg": ["6 май 2025 г."],
    "bn": ["৬ মে ২০২৫", "মঙ্গলবার, ৬ মে ২০২৫", "০৬ মে ২০২৫, ১০:৩০"],
    "br": ["6 Mae 2025"],
    "bs": ["6. maj 2025."],
    "ca": ["6 de maig del 2025"],
    "cy": ["6 Mai 2025", "Dydd Mawrth, 6 Mai 2025"],
    "eu": ["2025eko maiatzaren 6a", "2025eko maiatzaren 6a, asteartea",
           "asteartea, 2025eko maiatzak 6", "2025eko mai. 6a"],
    "fa": ["۱۶ اردیبهشت ۱۴۰۴", "سه‌شنبه ۱۶ اردیبهشت ۱۴۰۴", "سه شنبه 16 ارديبهشت 1404",
           "۱۴۰۴/۰۲/۱۶", "6 مه 2025", "۶ می ۲۰۲۵"],
    "fil": ["Mayo 6, 2025", "Ika-6 ng Mayo, 2025", "ika-6 ng Mayo 2025"],
    "ga": ["6 Bealtaine 2025", "Dé Máirt, 6 Bealtaine 2025"],
    "gl": ["6 de maio de 2025", "martes, 6 de maio de 2025"],
    "gu": ["6 મે 2025"],
    "hi": ["6 मई 2025", "मंगलवार, 6 मई 2025", "मई 6, 2025", "६ मई २०२५"],
    "hu": ["2025. máj. 6.", "2025. május 6."],
    "hy": ["6 մայիսի 2025", "Մայիս 6, 2025", "2025 թ. մայիսի 6"],
    "is": ["6. maí 2025", "þriðjudagur 6. maí 2025 kl. 10:30", "þriðjudaginn 6. maí 2025"],
    "ka": ["6 მაისი 2025", "6 მაისი, 2025 წელი"],
    "kk": ["2025 жылғы 6 мамыр", "6 мамыр 2025", "6 мамыр 2025 ж., 10:30", "Сейсенбі, 6 мамыр 2025"],
    "km": ["6 ឧសភា 2025"],
    "ky": ["2025-жылдын 6-майы", "6-май, 2025"],
    "lo": ["6 ພຶດສະພາ 2025"],
    "lt": ["2025 m. gegužės 6 d."],
    "lv": ["2025. gada 6. maijs"],
    "mk": ["6 мај 2025"],
    "mn": ["2025 оны 5-р сарын 6", "2025 оны 5 дугаар сарын 6"],
    "mr": ["६ मे २०२५"],
    "ms": ["Selasa, 6 Mei 2025"],
    "mt": ["6 ta’ Mejju 2025"],
    "ne": ["6 मे 2025"],
    "pa": ["6 ਮਈ 2025"],
    "sq": ["6 maj 2025", "E martë, 6 maj 2025"],
    "sw": ["6 Mei 2025", "Jumanne, 6 Mei 2025", "Mei 6, 2025"],
    "ta": ["மே 6, 2025"],
    "te": ["6 మే 2025"],
    "th": ["6 พฤษภาคม 2568"],
    "tg": ["6 майи 2025"],
    "ur": ["6 مئی 2025", "منگل، 6 مئی 2025", "6 مئی ، 2025"],
    "uz": ["6-may 2025-yil", "2025-yil 6-may", "2025 yil 6 may"],
    "vi": ["Thứ ba, 6/5/2025", "Thứ Ba, ngày 6 tháng 5 năm 2025",
           "Thứ ba ngày 06/05/2025 - 10:30", "06/05/2025, 10:30"],
}  # fmt: skip
ROWS = [(lang, line) for lang, lines in SIXTH_OF_MAY.items() for line in lines]


def printed(lang: str, line: str) -> date | None:
    body = f"<article><h1>Headline of the story</h1><p>{line}</p>{STORY}</article>"
    page = f"<!DOCTYPE html><html lang={lang}><head><title>X</title></head><body>{body}</body></html>"
    found = extract(Page("https://www.example.org/town/ferry.html", page.encode(), "utf-8", "text/html", NOW)).article
    assert found is not None
    return found.published_on


@pytest.mark.parametrize(("lang", "line"), ROWS, ids=[f"{lang} {line}" for lang, line in ROWS])
def test_the_day_by_the_headline(lang: str, line: str) -> None:
    assert printed(lang, line) == date(2025, 5, 6)


@pytest.mark.parametrize(
    ("lang", "line", "month"),
    [
        ("ga", "6 Meán Fómhair 2025", 9),
        ("ga", "6 Deireadh Fómhair 2025", 10),
        ("cy", "6 Ionawr 2025", 1),
        ("sq", "6 Qershor 2025", 6),
        ("az", "6 Sentyabr, 2025", 9),
        ("az", "6 iyun 2025-ci il", 6),
        ("ms", "6 Ogos 2025", 8),
        ("fil", "Hunyo 6, 2025", 6),
        ("eu", "2025eko urtarrilaren 6a", 1),
        ("kk", "2025 жылғы 6 ақпан", 2),
    ],
)
def test_other_months(lang: str, line: str, month: int) -> None:
    assert printed(lang, line) == date(2025, month, 6)


@pytest.mark.parametrize(
    ("lang", "region", "month", "day"),
    [
        ("vi", "", 5, 11),
        ("sw", "", 5, 11),
        ("fil", "", 11, 5),
        ("en", "PH", 11, 5),
        ("kk", "", 5, 11),
        ("fa", "", 5, 11),
    ],
)
def test_which_number_is_the_month_follows_the_language(lang: str, region: str, month: int, day: int) -> None:
    (found,) = days_in("11/05/2007", habits(lang, region, "www.example.org"))
    assert found.day == date(2007, month, day)


@pytest.mark.parametrize(
    ("lang", "line"),
    [("vi", "Cầu mở cửa ngày 6/5/2019 sau hai năm sửa chữa và đón khách"),
     ("eu", "Zubia 2019ko maiatzaren 6an ireki zuten berriz"),
     ("fr", "La 6 maison 2019 est ouverte"), ("kk", "Көпір 2019 жылғы 6 мамырда қайта ашылды деп хабарлады кеңсе")],
)  # fmt: skip
def test_a_day_in_a_sentence_is_none(lang: str, line: str) -> None:
    assert printed(lang, line) is None

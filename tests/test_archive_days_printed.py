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
SCRIPTS_AND_CALENDARS = {
    "am": ["ሚያዝያ 28 ቀን 2017 ዓ.ም", "28 ሚያዝያ 2017", "ሜይ 6 ቀን 2025", "ማክሰኞ፣ ሚያዝያ 28 ቀን 2017"],
    "ar": ["الثلاثاء 8 ذو القعدة 1446هـ الموافق 6 مايو 2025م"],
    "as": ["৬ মে’ ২০২৫"],
    "be": ["6 траўня 2025"],
    "ckb": ["٦ی ئایاری ٢٠٢٥"],
    "de": ["Aktualisiert am 8. Mai 2025 | Erstveröffentlichung: 6. Mai 2025"],
    "fa": ["سه شنبه ۱۶ ثور ۱۴۰۴"],
    "fr": ["Modifié le 08 mai 2025 à 9h - Publié le 06 mai 2025 à 10h30"],
    "ga": ["6ú Bealtaine 2025", "An Mháirt 6 Bealtaine 2025", "6 de Bhealtaine 2025"],
    "gd": ["6 An Cèitean 2025", "6mh den Chèitean 2025", "Dimàirt, 6 Cèitean 2025"],
    "ha": ["6 ga Mayu, 2025"],
    "ja": ["R7.5.6", "2025年(令和7年)5月6日", "令和七年五月六日", "令和7（2025）年5月6日"],
    "ku": ["6ê Gulana 2025an"],
    "ml": ["6 മെയ് 2025"],
    "my": ["၆ မေ ၂၀၂၅", "၂၀၂၅ ခုနှစ် မေလ ၆ ရက်", "မေလ ၆ ရက်၊ ၂၀၂၅"],
    "nl": ["06 mei '25"],
    "ps": ["۶ مې ۲۰۲۵", "6 می 2025", "۱۶ غويی ۱۴۰۴", "د ۱۴۰۴ کال د غویي ۱۶"],
    "rm": ["6 da matg 2025"],
    "rw": ["Yanditswe kuya 6 Gicurasi 2025"],
    "si": ["2025 මැයි 6", "2025 මැයි 06 ප.ව. 10:30"],
    "so": ["Talaado, Maajo 6, 2025", "6 Maayo 2025", "La daabacay: 6 Maajo 2025"],
    "tg": ["6 Майи соли 2025"],
    "th": ["6 พ.ค. 2568 เวลา 10:30 น.", "วันอังคารที่ 6 พฤษภาคม พ.ศ. 2568", "6 พ.ค. 68", "06/05/2568"],
    "tk": ["6-njy maý 2025"],
    "tt": ["6 нчы май 2025", "2025 елның 6 мае"],
    "ug": ["2025-يىلى 6-ماي"],
    "ur": ["شائع 06 مئ 2025 10:30am"],
    "yo": ["6 Èbibi 2025", "Ọjọ́ 6 Oṣù Ẹ̀bibi, 2025", "6 Oṣù Karùn-ún 2025"],
    "km": ["ថ្ងៃទី ៦ ខែឧសភា ឆ្នាំ២០២៥"],
    "lo": ["ວັນທີ 6 ພຶດສະພາ 2025"],
    "sr": ["utorak, 06.05.2025. | 10:30", "уторак, 6. мај 2025."],
    "zh": ["中華民國114年5月6日", "114/05/06", "114年5月6日", "二〇二五年五月六日"],
}  # fmt: skip
ROWS = [
    (lang, line) for table in (SIXTH_OF_MAY, SCRIPTS_AND_CALENDARS) for lang, lines in table.items() for line in lines
]


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
        ("am", "ጳጉሜን 1 ቀን 2017 ዓ.ም", 9),
        ("ja", "昭和63年11月6日", 11),
        ("zh", "二〇二四年十二月六日", 12),
        ("my", "၂၀၂၅ ခုနှစ် ဇန်နဝါရီလ ၆ ရက်", 1),
        ("si", "2025 ජූලි 6", 7),
        ("so", "Luuliyo 6, 2025", 7),
        ("yo", "6 Ògún 2025", 8),
        ("gd", "6mh den t-Samhain 2025", 11),
    ],
)
def test_other_months(lang: str, line: str, month: int) -> None:
    found = printed(lang, line)
    assert found is not None
    assert (found.month, found.day) == (month, 6)


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


@pytest.mark.parametrize(
    ("lang", "line"),
    [("en", "Call 114/05/06"), ("ja", "114年5月6日"), ("en", "R7.5.6"), ("ti", "28 ሚያዝያ 2017"),
     ("zh", "二〇二五年十三月六日")],
)  # fmt: skip
def test_a_calendar_is_that_of_its_country(lang: str, line: str) -> None:
    """Years of the Republic of China in Chinese, letters of eras in Japanese, Ethiopia's months in Amharic alone."""
    expected = date(2017, 4, 28) if lang == "ti" else None
    assert [one.day for one in days_in(line, habits(lang, "", "www.example.org"))] == ([expected] if expected else [])


def test_the_day_below_a_headline_that_only_looks_like_one() -> None:
    headline = "Ferry across the bay stops in May"
    cell = f"<td><font size=5><b>{headline}</b></font><br><font size=1>Thursday, 6 May, 1999, 10:30 GMT</font></td>"
    page = f"<html lang=en><title>{headline}</title><table><tr>{cell}</tr><tr><td>{STORY}</td></tr></table></html>"
    found = extract(Page("https://www.example.org/town/ferry.html", page.encode(), "utf-8", "text/html", NOW)).article
    assert found is not None
    assert found.published_on == date(1999, 5, 6)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Submitted by Ann Reed on Tue, 05/06/2025 - 10:30", date(2025, 5, 6)),
        ("Thursday 05/06/2025", date(2025, 6, 5)),
        ("Sunday 05/06/2025", None),  # neither
        ("05/06/2025", None),
    ],
)
def test_the_weekday_says_which_number_is_the_month(line: str, day: date | None) -> None:
    assert printed("en", line) == day

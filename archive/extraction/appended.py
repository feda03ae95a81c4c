"""What titles of pages append to a headline and is no part of it: sections, days, names of authors. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from archive.extraction import byline_words as tables
from archive.extraction.facts import Facts, inner_text
from archive.extraction.links.targets import split
from archive.extraction.parse import query
from archive.extraction.people import is_person, letters, names_in
from archive.extraction.spelled import Habits, days_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SEPARATOR = re.compile(r"\s+[|\-–—―•·»«›‹:/~*←<>]+\s+|\s*[|ㅣ｜│]\s*|\s*[＿_]\s*|\s*::\s*")
_LEADING = re.compile(r"^([^|›»]{2,40}?)\s*[|›»]\s*")
_IN_BRACKETS = re.compile(r"\s*[(\[（]([^()\[\]（）]{6,40})[)\]）]\s*$")
_BY = re.compile(r"\s*[,|–—-]?\s+(?:by|von|par|por|di|door|av|af|oleh|przez)\s+$", re.IGNORECASE)
_NUMBERS = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}")
_LEAST, _LEAST_SIGNS = 3, 6  # words of a headline, or signs of a script that writes words without spaces
_WHOLE = 5  # words that a headline has without its day, which is part of "Daily update – May 6, 2025"
_BESIDE = 12  # characters of a day's part besides the day: a time
_LONGEST, _MOST = 30, 400  # characters of a section; links in menus that are looked at
_WIDE = re.compile("[\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7a3]")
# How sites of many languages call the part of them that is news, with a word before or behind it at the most, and
# parts that all papers have.
_NEWS = re.compile(
    r"(?:\w+\s)?(?:news|press releases?|headlines|nachrichten|aktuelles?|pressemitteilung(?:en)?|actualités?|actu"
    r"|communiqués?(?: de presse)?|noticias|actualidad|comunicados?|notícias|notizie|comunicat[io](?: stampa)?"
    r"|nieuws|persbericht(?:en)?|nyheter|nyheder|pressmeddelanden?|uutiset|tiedotteet|wiadomości|aktualności|zprávy"
    r"|aktuality|správy|hírek|știri|stiri|haber(?:ler)?|новости|новини|вести|vijesti|vesti|novice|ειδήσεις|νέα|lajme"
    r"|ziņas|naujienos|uudised|fréttir|newyddion|nuacht|balita|habari|berita|tin tức|ข่าว|أخبار|اخبار|خبریں|חדשות"
    r"|समाचार|ख़बरें|खबर|সংবাদ|খবর|செய்திகள்|ニュース|お知らせ|뉴스|新闻|新聞|资讯|資訊)(?:\s\w+)?"
    r"|archives?|home|blog|politics|opinion|business|sports?|world|local|culture|politik|wirtschaft|kultur|meinung"
    r"|panorama|lokales|politique|économie|société|monde|política|economía|economia|cultura|deportes|opinión|opinião"
    r"|sociedad|sociedade|esportes?|mundo|politica|cronaca|esteri|politiek|ekonomi|politika|polityka|gospodarka|kraj"
    r"|świat|политика|экономика|общество|спорт|політика|gündem|siyaset|spor|dünya|nasional|olahraga|سياسة|رياضة"
    r"|اقتصاد|政治|経済|社会|国際|スポーツ|财经|体育|国际|정치|경제|사회|스포츠",
    re.IGNORECASE,
)
_MENUS = query(
    "//nav//a | //*[contains(@class, 'breadcrumb') or contains(@class, 'menu') or contains(@id, 'menu')"
    " or contains(@class, 'nav')]//a"
)


def sections_of(facts: Facts, stated: Iterable[str]) -> frozenset[str]:
    """The letters of the sections that a page names: as its own, in its menus, and in its address."""
    menus = (inner_text(anchor)[: 2 * _LONGEST] for anchor in islice(_MENUS(facts.tree), _MOST))
    folders = split(facts.url).path.split("/")[1:-1]
    return frozenset(letters(name) for name in (*stated, *menus, *folders) if 0 < len(name) <= _LONGEST)


def without_appended(title: str, sections: frozenset[str], how: Habits) -> str:
    """`title` without sections, days and bylines behind separators, and without a section before it."""
    while parts := list(_SEPARATOR.finditer(title)):
        head, tail = title[: parts[-1].start()], title[parts[-1].end() :]
        if not (_is_section(tail, sections) or _is_byline(tail) or _is_day(tail, how, head)) or not _is_whole(head):
            break
        title = head
    bracketed = _IN_BRACKETS.search(title)
    if bracketed and _is_day(bracketed[1], how, title[: bracketed.start()]):
        title = title[: bracketed.start()]
    leading = _LEADING.match(title)
    if leading and _is_section(leading[1], sections) and _is_whole(title[leading.end() :]):
        title = title[leading.end() :]
    return title


def without_authors(title: str, authors: Iterable[str]) -> str:
    """`title` without the names of its authors behind "by" or a separator."""
    for name in authors:
        if is_person(name) and title.casefold().endswith(name.casefold()):
            head = title[: len(title) - len(name)]
            mark = _BY.search(head) or next((one for one in _SEPARATOR.finditer(head) if one.end() == len(head)), None)
            if mark is not None and _is_whole(head[: mark.start()]):
                return head[: mark.start()]
    return title


def without_parts(heading: HtmlElement, text: str, others: Iterable[str]) -> str:
    """The text of a heading without an element at either end of it (a kicker, a day, a byline), where one of the page's
    other titles begins with the rest and has nothing of that."""
    others = [" ".join(other.split()) for other in others]
    if any(other.startswith(text) for other in others):
        return text
    for child in heading:
        part = inner_text(child) if isinstance(child.tag, str) else ""
        for rest in (text.removeprefix(part).lstrip(), text.removesuffix(part).rstrip()) if part else ():
            if rest != text and _is_whole(rest) and any(_begins(other, rest) for other in others):
                return rest
    return text


def _begins(title: str, rest: str) -> bool:
    return title == rest or (title.startswith(rest) and _SEPARATOR.match(title[len(rest) :]) is not None)


def _is_whole(head: str, least: int = _LEAST) -> bool:
    return len(head.split()) >= least or len(_WIDE.findall(head)) >= _LEAST_SIGNS


def _is_section(part: str, sections: frozenset[str]) -> bool:
    return letters(part) in sections or _NEWS.fullmatch(part.strip()) is not None


def _is_byline(part: str) -> bool:
    return bool(tables.LINE.match(part) or tables.LINE.match(part.capitalize())) and any(map(is_person, names_in(part)))


def _is_day(part: str, how: Habits, head: str) -> bool:
    """Whether a part is a day and the headline is one without it."""
    if not _is_whole(head, _WHOLE):
        return False
    found = days_in(part, how)
    size = found[0].end - found[0].start if len(found) == 1 else len(part) if _NUMBERS.fullmatch(part.strip()) else 0
    return size > 0 and len(part) - size <= _BESIDE

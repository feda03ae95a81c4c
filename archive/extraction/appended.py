"""What titles of pages append to a headline and is no part of it: sections, days, names of authors. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from archive.extraction import byline_words as tables
from archive.extraction.facts import Facts, inner_text, label_of
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
_BARS = " |•·–—-"
# What the element that holds a kicker or a badge is called, and what kickers say, in languages that have many.
_LABEL = re.compile(
    r"(?:^|[\s_-])(?:kicker|eyebrow|overline|label|flag|badge|tag|pill|category|cat|section|rubrik|rubric|ressort"
    r"|dachzeile|topline|spitzmarke|antet[ií]tulo|surtitre|occhiello|supertitle|pretitle|roofline|premium|paywall|sr-only"
    r"|visually-?hidden|screen-?reader-?text)(?:$|[\s_-])",
    re.IGNORECASE,
)
_KICKER = re.compile(
    r"opinion|exclusive|analysis|breaking(?: news)?|live(?:[ -]?(?:updates?|blog|ticker))?|video|watch|listen|podcast"
    r"|interview|review|explainer|explained|feature|editorial|column|comment(?:ary)?|fact[ -]?check|investigation"
    r"|special report|in pictures|photos|gallery|sponsored|advertorial|subscribers? only|members only|updated?|urgent"
    r"|just in|profile|obituary|letters?|q&a|essay|perspective|recap"
    r"|meinung|exklusiv|analyse|kommentar|eilmeldung|reportage|glosse|kolumne|porträt|plus|leitartikel|faktencheck"
    r"|exclusif|tribune|éditorial|enquête|entretien|récit|décryptage|vidéo|(?:en )?direct|billet|chronique"
    r"|opinión|exclusiv[ao]|análisis|última hora|en (?:vivo|directo)|entrevista|reportaje|columna|vídeo"
    r"|esclusiva|opinione|analisi|editoriale|intervista|l['’]inchiesta|commento|(?:in )?diretta"
    r"|opinião|análise|ao vivo|reportagem|opinie|exclusief|ledare|krönika|debatt?|just nu|analys|exklusivt|leder"
    r"|opinia|tylko u nas|analiza|wywiad|мнение|эксклюзив|анализ|срочно|интервью|видео|özel(?: haber)?|son dakika|yorum"
    r"|独自|社説|速報|動画|独家|獨家|社论|社論|评论|評論|视频|影片|快讯|快訊|단독|속보|사설|인터뷰",
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


def without_parts(heading: HtmlElement, text: str, others: Iterable[str], sections: frozenset[str]) -> str:
    """The text of a heading without an element at either end of it (a kicker, a day, a byline), where one of the page's
    other titles begins with the rest and has nothing of that. Where the other titles do not have the rest at all, a
    kicker goes that its class, its words or the page's sections say is one."""
    others = [" ".join(other.split()) for other in others]
    if any(other.startswith(text) for other in others):
        return text
    for child in heading:
        part = inner_text(child) if isinstance(child.tag, str) else ""
        for rest in (text.removeprefix(part).lstrip(_BARS), text.removesuffix(part).rstrip(_BARS)) if part else ():
            if rest == text.strip(_BARS) or not _is_whole(rest):
                continue
            said = any(rest in other for other in others)
            if any(_begins(other, rest) for other in others) if said else _is_kicker(child, part, rest, text, sections):
                return rest
    return text


def _is_kicker(child: HtmlElement, part: str, rest: str, text: str, sections: frozenset[str]) -> bool:
    """Whether a part of a heading is a label of the story, and what is left a headline: "Opinion", "Politics"."""
    if len(part) > _LONGEST or rest[:1].islower():
        return False
    said = part.strip(_BARS)
    if child.tag == "time" or _LABEL.search(label_of(child)) is not None:
        return True
    return text.startswith(part) and (_KICKER.fullmatch(said) is not None or _is_section(said, sections))


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

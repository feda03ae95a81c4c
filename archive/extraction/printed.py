"""The day of publication as a page prints it for its readers: by the headline, or after a word like "Published". Pure.

A day in running text is never one: "On 2010-11-12 the bridge was opened", deadlines, telephone numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from archive.extraction.facts import inner_text, pieces_of
from archive.extraction.moments import read_moment
from archive.extraction.months import is_weekday
from archive.extraction.outline import Outline
from archive.extraction.spelled import LETTER, Habits, Spelled, days_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LONGEST = 160  # characters of a line that can be a dateline
_ATTRIBUTES = (
    "datetime",
    "content",
    "title",
    "data-date",
    "data-datetime",
    "data-timestamp",
    "data-time",
    "data-published",
)
_WORDS_BESIDE = 14  # words of a dateline beside its date: names, places, minutes to read
# "Published", "Posted on" and the like, in the languages that we read.
_PUBLISHED = re.compile(
    r"\b(?:(?:date|data|datum|fecha|дата)\s(?:(?:de|da|di|of)\s)?(?:publi\w+|parution|objave|vydání|публікації)"
    r"|date of (?:decision|judge?ment|order)"
    r"|publish(?:ed|ing date)|current as of|posted|first published|date|dated|issued|release(?:d| date)"
    r"|created|uploaded|filed|decided|delivered"
    r"|(?:erst)?veröffentlich(?:t|ung)|erschienen|erstellt|publiziert|verkündet|stand|datum|vom|verfasst"
    r"|publi[ée]+e?s?|mis en ligne|paru|posté|rédigé|date de publication"
    r"|publicad[oa]|publicación|creado|fecha|data|publicado em|pubblicat[oai]|pubblicazione|inserito"
    r"|gepubliceerd|geplaatst"
    r"|publicat|opublikowan[oey]|dodano|data publikacji|publikováno|vydáno|zverejnené|publikované|publicerad"
    r"|publicerat|publisert|offentliggjort|udgivet|opdateret"
    r"|julkaistu|közzétéve|megjelent|objavljeno|objavljen|objavené|datum objave|publikuota|paskelbta|publicēts"
    r"|avaldatud"
    r"|yayın(?:lanma|landı)?|yayın tarihi|eklenme|diterbitkan|dipublikasikan|đăng|xuất bản|cập nhật"
    r"|δημοσ[ιί]\w+|ανάρτηση"
    r"|giriş(?: tarihi)?"
    r"|опубликован\w*|дата публикации|размещено|опубліковано|публикуван\w*|публикация|објављено|оприлюднено"
    r"|argitarat\w+|жариялан\w+|dərc edil\w+|birt(?:ist)?|cyhoeddwyd|foilsi\w+|publikuar|e[ʻ'’]lon qilin\w+"
    r"|imechapishwa|yanditswe|byatangajwe|la daabacay|(?:na|i)nilathala|ipinaskil|нийтэлсэн|жарыялан\w+)\b"
    r"|გამოქვეყნ\w+|հրապարակվ\w+|شائع|تاریخ اشاعت"
    r"|פורסם|نُ?شر(?:ت)?|تاريخ النشر|منتشر شده|تاریخ انتشار"
    r"|प्रकाशित|প্রকাশ|เผยแพร่|公開日?|掲載|配信|発行|投稿日?|发布|發布|發佈"
    r"|发表|入力|등록|입력|기사입력|게시",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:updat\w+|modif\w+|edited|last (?:changed|reviewed|amended)|revised"
    r"|aktualisiert|geändert|mis à jour|maj|actualizad\w|aggiornat\w"
    r"|atualizad\w|bijgewerkt|uppdatera\w+"
    r"|oppdatert|aktualiz(?:owan\w|acja)|aktualizováno|обновлен\w*|оновлено|обновена|güncelle\w*|diperbarui|päivitetty|frissítve|actualizat\w?|ažurirano|posodobljeno"
    r"|uppdaterad|ενημερ[ωώ]\w+|τελευταία ενημέρωση)\b|更新|수정|최종수정|آخر تحديث|تحديث|עודכן|ปรับปรุง|अपडेट|अद्यतन",
    re.IGNORECASE,
)
# Right before the day of something else than the page: a hearing, the end of a term, an event, a life.
_ELSEWHERE = re.compile(
    r"\b(?:argued|heard|hearing|submitted|deadline|clos(?:ing|es)|due|expir(?:es|y|ation)|event|start(?:s|ing)?"
    r"|begins?|ends?|effective|valid (?:from|until|to)|open until|born|died|birth|death|trial|sitting|next review"
    r"|sitzung|verhandlung|termin|frist|(?:anmelde|bewerbungs|einsende)schluss|beginn|ende"
    r"|geboren|gestorben|gültig (?:ab|bis)|audience|séance|échéance|date limite|début|fin|né|décédé"
    r"|audiencia|fecha límite|plazo|vencimiento|inicio|cierre"
    r"|udienza|scadenza|termine|inizio|fine|audiência|prazo|início|zitting|sluitingsdatum|begin)"
    r"(?:\s+(?:date|day|on|am|vom|de|du|del|da|le))*\s*[:|]?\s*$",
    re.IGNORECASE,
)
_MARKED = re.compile(
    r"(?:^|[\s_-])(?:dates?|datum|fecha|data|datetime|time|timestamp|pub-?date|publish\w*|posted\w*|dateline"
    r"|date-?line|meta|byline|info)(?:$|[\s_-])"
    r"|(?:post|entry|article|story|news|publi\w*)[_-]?(?:date|time|meta|info)|date(?:publi|post|creat)",
    re.IGNORECASE,
)
# What may stand right before the date of a dateline: nothing, a separator, a weekday, "on" and its like, a time.
_LEAD = re.compile(
    r"(?:^|(?:ថ្ងៃទី|ວັນທີ)|[|•·–—\-,،፣၊/()\[»>]|\b(?:on|am|den|ngày|ika|vom|le|du|el|il|em|op|den|dnia|dne|at|um|v|kuya|ọjọ́|ọjọ)(?:\b|(?<=\u0301))"
    r"|(?<!\w)(?:الموافق|المصادف|مطابق|برابر با)"
    r"|\b\d{1,2}[:.h]\d\d(?:\s?[ap]\.?m\.?)?)\s*,?\s*$",
    re.IGNORECASE,
)
_ITSELF = re.compile(
    r"^\W*(?:this|the)\s(?:article|story|post|page|piece|item|report)\s(?:was|has been|is)?(?:\s(?:originally"
    r"|first|last))?",
    re.IGNORECASE,
)
# Words without a capital that stand before the date of a dateline.
_USUAL = frozenset(
    "by von par por di da door av af oleh od от автор on at am den vom le la du el il em op um no dnia the and und et y"
    " e og och first last originally zuletzt date datum fecha data of de del publication publicación min read"
    " reading на од gada kl klo ngày lúc vào ika ng ва eko".split()
)
_WEEKDAY = re.compile(rf"(?<!{LETTER}){LETTER}{{2,12}}[.,፣၊]?\s*$")
_SENTENCE = re.compile(rf"(?:{LETTER}{{3}}|[^\w\s])[.!?。]\s*$")  # no "10:30 a.m.", no "10.30 น."
_WORD = re.compile(rf"(?:{LETTER}|\d)+")


class _Sign(Enum):
    """What says that a day is that of publication."""

    SAID = auto()  # a word before it
    CHANGED = auto()  # a word before it says that it is that of a change
    MARKED = auto()  # the element's name or class
    BARE = auto()  # only that the line holds little else


@dataclass(frozen=True, slots=True)
class _Line:
    day: date
    sign: _Sign


def printed_day(outline: Outline, how: Habits, now: datetime) -> tuple[date | None, str]:
    """The day that the page prints and the rule that found it; (None, "") where it prints none.

    The nearest to the headline counts; then what a word like "Published" stands before, wherever that is; last the
    day of what is marked as a date, if all that is marked so agrees.
    """
    latest = (now + timedelta(days=1)).date()

    def lines(elements: Iterable[HtmlElement]) -> Iterator[_Line]:
        return (line for element in elements for line in _lines(element, how, now) if line.day <= latest)

    changed = None
    for line in lines(outline.near):
        if line.sign is not _Sign.CHANGED:
            return line.day, "date by the headline"
        changed = changed or line.day
    if changed is not None:
        return changed, "date by the headline"
    elsewhere = list(lines(outline.all()))
    said = next((line.day for line in elsewhere if line.sign is _Sign.SAID), None)
    if said is not None:
        return said, "date printed on the page"
    marked = {line.day for line in elsewhere if line.sign is _Sign.MARKED}
    return (marked.pop(), "date marked on the page") if len(marked) == 1 else (None, "")


def _lines(element: HtmlElement, how: Habits, now: datetime) -> Iterator[_Line]:
    """The days that an element gives in a line of its own."""
    label = " ".join(element.get(name) or "" for name in ("class", "itemprop", "id"))
    marked = element.tag in ("time", "abbr") or bool(_MARKED.search(label))
    text = _spaced(element)
    moment = next(filter(None, (read_moment(element.get(name) or "", now, how) for name in _ATTRIBUTES)), None)
    if moment is not None and marked:
        yield _Line(moment.day, _sign(f"{_before(element)} {text} {label}", marked=True))
    elif 6 <= len(text) <= _LONGEST:
        found = days_in(text, how)
        ends = [0, *(spelled.end for spelled in found)]
        leads = [
            text[end : spelled.start] for end, spelled in zip(ends, found, strict=False)
        ]  # "Updated … Published …"
        if element.tag in ("td", "dd") and found and not leads[0].strip():
            leads[0] = _before(element)
        signs = [_sign(lead, marked=marked) for lead in leads]
        alone = len({one.day for one, sign in zip(found, signs, strict=True) if sign is not _Sign.CHANGED}) == 1
        for spelled, lead, sign in zip(found, leads, signs, strict=True):
            if _ELSEWHERE.search(lead):
                continue
            if not marked and _in_a_sentence(lead, how):
                continue  # "the study, published on 4 May 2019, says", "on sale on 4 May 2019"
            if sign in (_Sign.SAID, _Sign.CHANGED) or (alone and _is_dateline(text, spelled, how, marked=marked)):
                yield _Line(spelled.day, sign)


def _sign(before: str, *, marked: bool) -> _Sign:
    if _PUBLISHED.search(before):
        return _Sign.SAID
    return _Sign.CHANGED if _CHANGED.search(before) else _Sign.MARKED if marked else _Sign.BARE


def _in_a_sentence(lead: str, how: Habits) -> bool:
    """Whether what stands before a date has words that datelines lack: without a capital, not around "published"."""
    rest = _CHANGED.sub(" ", _ITSELF.sub("", lead))
    words = re.findall(r"[^\W\d_]{2,}", _LEAD.sub(" ", _PUBLISHED.sub(" ", rest)))
    return any(word.islower() and word not in _USUAL and not is_weekday(word, how.langs) for word in words)


def _is_dateline(text: str, spelled: Spelled, how: Habits, *, marked: bool) -> bool:
    """Whether a line is there for its date: little else in it, and no sentence."""
    lead, rest = text[: spelled.start], text[spelled.end :]
    beside = len(_WORD.findall(f"{lead} {rest}"))
    if beside > _WORDS_BESIDE or (_SENTENCE.search(text) and beside > 3 and not marked):
        return False
    if _LEAD.search(lead):
        return True
    stem = _WEEKDAY.sub("", lead)
    return stem != lead and is_weekday(lead[len(stem) :], how.langs)


def _spaced(element: HtmlElement) -> str:
    """The text of a small element, its parts kept apart and its lines by bars; "" for what is larger than a line."""
    if len(element) > 12:
        return ""
    pieces: list[str] = []
    for piece in _pieces(element):
        pieces.append(piece)
        if sum(map(len, pieces)) > 2 * _LONGEST:
            return ""
    return " ".join(" ".join(pieces).split()).strip(" |")


def _pieces(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from ("|",) if child.tag == "br" else pieces_of(child)
        yield child.tail or ""


def _before(element: HtmlElement) -> str:
    """The words right before an element: "Published: <time>"."""
    previous = element.getprevious()
    parent = element.getparent()
    tail = (previous.tail or "") if previous is not None else ((parent.text or "") if parent is not None else "")
    if not tail.strip() and previous is not None:
        tail = inner_text(previous)
    return tail[-40:]

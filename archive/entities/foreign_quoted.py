"""Companies, clubs and papers that Russian and Ukrainian set in quotes, by what stands around the quotes.

"газета «Взгляд»", "сообщает «Интерфакс»", "«Зенит» обыграл «Спартак»". Films, books and songs stand in quotes, too.
What one place tells holds for every quoted form of the name in the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archive.entities.decode import TokenSpan
from archive.entities.known_organisations import LISTED
from archive.entities.name_words import words_of

_LANGUAGES = frozenset({"ru", "uk", "be"})
_OPENS, _CLOSES = frozenset({"«", "„"}), frozenset({"»", "“"})
_LONGEST = 3  # words in quotes that may be a body
_ENDING = 2  # letters at the end that forms of a name may differ in
_NEAR = 3  # words before the quotes that are looked at
_FORMS = frozenset("ООО ЗАО ОАО ПАО АО НПО РИА ИА ТОВ ПАТ ПрАТ АТ ФК ХК БК НК ТК ТРК ИТАР".split())
_BODIES = re.compile(
    r"(?:компани|фонд|газет|издани|издательств|агентств|холдинг|концерн|корпораци|банк|парти|клуб|команд|телеканал|канал|"
    r"радиостанци|журнал|портал|сайт|завод|предприяти|объединени|движени|организаци|ассоциаци|авиакомпани|сет|ритейлер|"
    r"оператор|сервис|бренд|застройщик|видавництв|видан|агенці|корпораці|асоціаці|об'єднанн|підприємств|агрофірм|парті|"
    r"компані|рух|мереж)\w{0,3}"
)
_SAYS = re.compile(
    r"(?:сообщил|сообщает|сообщают|сообщила|передает|передаёт|передал|пишет|писал|цитирует|опубликовал|опубликовала|"
    r"рассказал|рассказала|рассказали|заявил|заявила|данным|информации|сообщению|даними|інформацією|повідомляє|повідомив|пише|передає|цитує)"
)
# What a club does, and a company.
_DOES = re.compile(
    r"(?:об|пере)?ыграл[аи]?|победил[аи]?|проиграл[аи]?|сыграл[аи]?|сыграет|уступил[аи]?|разгромил[аи]?|проведёт|проведет|"
    r"(?:по)?дорожал[аи]?|(?:по)?дешевел[аи]?|куп(?:ит|ил|ила|или)|прода(?:ст|л|ла|ли)|"
    r"переміг|перемогл[аи]|програ(?:в|ла)|зіграє|зігра(?:в|ла)|поступи(?:вся|лася)"
)
_STAFF = re.compile(
    r"(?:против|проти|матч[аеу]?|тренер\w{0,3}|вратар\w{0,3}|защитник\w{0,3}|нападающ\w{0,3}|форвард\w{0,3}|игрок\w{0,3}|"
    r"полузащитник\w{0,3}|гравц\w{1,3}|хозяева|гендиректор\w{0,3}|глав[аеуы]|основател\w{1,3}|совладел\w{1,3}|"
    r"пресс-служб\w{1,3}|засновник\w{0,3}|акци\w{1,3}|бумаг\w{0,3}|дол[яюией]\w{0,2}|источник\w{0,3}|"
    r"інтерв'ю|інтерв’ю|интервью)"
)
_WORKS = re.compile(
    r"(?:фильм|роман|альбом|песн|книг|рассказ|спектакл|сериал|картин|премь?и|повест|поэм|стих|серии|проект|программ)"
)


def quoted(words: Sequence[str], names: Sequence[TokenSpan], lang: str) -> list[TokenSpan]:
    """The names, and those that stand in quotes and are told; in place of what lies within the quotes."""
    if lang not in _LANGUAGES or _OPENS.isdisjoint(words):
        return list(names)
    runs = list(_runs(words))
    told = [words[start:end] for start, end in runs if _is_told(words, start, end)]
    at = {index: name for name in names for index in range(name.start, name.end)}
    found = []
    for start, end in runs:
        before = at.get(start - 2)  # "РИА «Новости»", seen as a whole
        called = any(_is_form(words[start:end], name) for name in told)
        if called and (before is None or before.end < start):
            found.append(TokenSpan("ORG", start, end, LISTED))
    inside = {index for name in found for index in range(name.start - 1, name.end + 1)}
    kept = [name for name in names if inside.isdisjoint(range(name.start, name.end))]
    return sorted([*kept, *found], key=lambda name: name.start)


def _runs(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """[start, end) of what is all that stands between quotes and begins with a capital."""
    for at in [at for at, word in enumerate(words) if word in _OPENS]:
        end = next((end for end in range(at + 2, min(at + 2 + _LONGEST, len(words))) if words[end] in _CLOSES), 0)
        if end and words[at + 1][0].isupper():
            yield at + 1, end


def _is_form(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two names are one, but for the endings of their words: "«Интерфакса»", "«Интерфакс»"."""
    return len(words) == len(others) and all(map(_is_alike, words, others))


def _is_alike(one: str, other: str) -> bool:
    size = max(len(one), len(other)) - _ENDING
    return one == other or (size > _ENDING and one[:size] == other[:size])


def _is_told(words: Sequence[str], start: int, end: int) -> bool:
    before = [word.lower() for word in words[max(0, start - 1 - _NEAR) : start - 1]]
    after = words[end + 1] if end + 1 < len(words) else ""
    if any(_WORKS.match(word) for word in before):
        return False
    near = words[start - 2] if start > 1 else ""
    called = near in _FORMS or near.lower() in words_of("called", "ru") or _BODIES.fullmatch(near.lower())
    said = _SAYS.fullmatch(near.lower()) or _STAFF.fullmatch(near.lower())
    played = _DOES.fullmatch(after) or _DOES.fullmatch(near.lower())
    return bool(called or said or played)

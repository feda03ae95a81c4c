"""Key phrases: runs of up to three content words that a story repeats, that are rare elsewhere, and that stand early.

Score of a phrase: how often it stands in the text, damped; times the mean rarity of its words; more for the headline,
an earlier early first mention and length. Names are left out: people and places are facets of their own.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from archive.entities.acronyms import is_clipped

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\s\w'’-]|[-–—]{1,2}|\d\S*")
_LONGEST = 3
_UNSEEN = 9.0  # rarity of a word that the background has never met
_COMMON = 6.7  # rarity from which a single word can be what a story is about
_BRIEF = 3  # letters that a single word must have more of
_LEAD = 12  # runs of content words that a text begins with: a single word must stand there, or in the headline
_READ = 40_000  # characters: what a story is about stands in its first pages
_STOP = frozenset(
    "a about above according across added advertisement after again against ago all almost alone along already "
    "also although always am amid among an and announced another any anyone anything april are area around as ask "
    "asked at august away back be became because become been before began behind being believe below best better "
    "between big billion both bring but by call called came can cannot case come coming could day days december "
    "despite did didn't different do does doesn't doing don't done down dr due during each early either else end "
    "enough especially even ever every everyone everything expected far february few find first five follow "
    "following for former found four friday from full further gave get getting give given go goes going good got "
    "great group guys had half happen hard has have having he head held help her here herself high him himself "
    "his hold hour hours how however i i'm if image in including indeed instead into is isn't issue it it's its "
    "itself january july june just keep kept kind knew know known large last late later latest least leave led "
    "left less let life like likely little local long look looking lot made main make makes making man many march "
    "matter may maybe me mean means men might million monday month months more most mostly move mr mrs ms much "
    "must my near nearly need never new news newsletter next night no nobody nope nor not noted nothing november "
    "now number october of off often old on once one only onto open or order other others our out outside over "
    "own part past people per perhaps person photo place plan plans point possible put quite rather read real "
    "really recent recently report reported right said same saturday saw say saying says second see seek seemed "
    "seen september set several shall share shared she should show side sign since six small so some someone "
    "something soon sort spoke spokesman spokeswoman standing start started stated still stop stuff subscribe "
    "such suggested sunday take taken takes taking talk tell ten than that that's the their them themselves then "
    "there there's these they thing things think third this those though thought three through thursday thus time "
    "times to today together told too took top toward towards tuesday turn two under until up upon us use used "
    "using very via video want wanted was wasn't way we wednesday week weeks well went were what what's when "
    "where whether which while who whole whom whose why will with within without won't word words work worked "
    "working would wouldn't year years yes yesterday yet you you're young your http https www com pic twitter".split()
)
# Rare enough, and yet about nothing.
_VAGUE = frozenset(
    "page pages stance mastermind hard-liner pathway insider sprint plus judgement judgements assesses proud pond "
    "dustbin dustbins shift promotion message announcement announcements expense expenses corridor".split()
)
_BEFORE_VERBS = frozenset(
    "to i you he she it we they who will would can could may might must should shall cannot not never don't doesn't "
    "didn't can't won't wouldn't couldn't shouldn't let".split()
)
"""What stands after these is a verb: "to raise", "they want"."""
_VERBAL = re.compile(
    r".{3,}(?:ly|ing|ed|est)$|(?:born|brought|bought|built|caught|cut|drew|driven|fell|felt|flew|fought|grew|hit|hurt|knew|"
    r"lost|met|paid|ran|rose|sent|shot|sold|spent|stood|taught|threw|understood|went|won|wore|wrote|broke|chose|beat|"
    r"connect|hope|wrong|myself|yourself|herself|isn't|can't|cent|thanks)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Seen:
    count: float = 0
    first: int = 10_000
    in_title: bool = False
    forms: dict[str, int] = field(default_factory=dict)  # how often each spelling stands


def phrases(
    title: str, text: str, names: Iterable[str], rarity: Mapping[str, float], most: int = 8
) -> list[tuple[str, float]]:
    """The best phrases of a story with their scores, best first. `names` (people, places) are no phrases."""
    barred = {word.casefold() for name in names for word in name.split()}
    if title.isupper():
        barred |= {word.casefold() for word in _TOKEN.findall(title) if is_clipped(word) and word not in text}
    headline, body = _runs(title, barred), _runs(text[:_READ], barred)
    stems = Counter([word.stem for _, run in (*headline, *body) for word in run])
    often = {stem for stem, count in stems.items() if count > 1}
    seen: dict[str, _Seen] = defaultdict(_Seen)
    for number, (before, run) in enumerate(headline):
        _count(run, before, often, seen, number, title=True)
    for number, (before, run) in enumerate(body):
        if not often.isdisjoint([word.stem for word in run]):
            _count(run, before, often, seen, number, title=False)
    scored = {key: _score(key, entry, rarity) for key, entry in seen.items() if entry.count > 1}
    scored = {key: score for key, score in scored.items() if " " in key or _may_stand_alone(key, seen[key], rarity)}
    return _distinct(_lengthened(scored, seen), seen, most)


class _Word(NamedTuple):
    """A token by itself: `low` in lower case, `form` as it is shown, `stem` shared by whatever counts as the same."""

    low: str
    form: str
    stem: str
    content: bool  # may stand in a phrase
    may_begin: bool
    may_end: bool
    is_name: bool


@lru_cache(2**15)
def _word(token: str) -> _Word:
    form = token.replace("’", "'").removesuffix("'s")
    low = token.casefold().replace("’", "'").removesuffix("'s")
    content = low[0].isalpha() and len(low) > 2 and "'" not in low and low not in _STOP
    content = content and (token.isupper() or not is_clipped(low))
    folded = form.casefold()
    adverb = folded.endswith("ly")
    may_end = content and not (adverb or _VERBAL.match(form))
    return _Word(low, form, folded.removesuffix("s"), content, not adverb, may_end, content and _is_name(form))


def _runs(text: str, barred: set[str]) -> list[tuple[str, list[_Word]]]:
    """Runs of content words between stop words, names and punctuation, each with the word before it."""
    found: list[tuple[str, list[_Word]]] = []
    before, run = "", list[_Word]()
    for word in map(_word, _TOKEN.findall(text)):
        if word.content and word.low not in barred:
            run.append(word)
            continue
        if run:
            found.append((before, run))
            run = []
        before = word.low
    if run:
        found.append((before, run))
    return found


def _count(
    run: list[_Word], before: str, often: Collection[str], seen: dict[str, _Seen], number: int, *, title: bool
) -> None:
    """Counts the phrases in a run. One with a word that stands only once in a story does so itself: it is left out.

    `often` are the stems of the others.
    """
    for start in range(1 if before in _BEFORE_VERBS else 0, len(run)):
        if run[start].stem not in often or not run[start].may_begin:
            continue
        for size in range(1, min(_LONGEST, len(run) - start) + 1):
            last = run[start + size - 1]
            if last.stem not in often or (size > 1 and last.stem == run[start + size - 2].stem):
                break
            if not last.may_end or (size == 1 and (start + 1 < len(run) or last.is_name)):
                continue  # a word that only qualifies the next one, or a name
            form = " ".join([word.form for word in run[start : start + size]])
            entry = seen[_key(form)]
            entry.count += 1
            entry.forms[form] = entry.forms.get(form, 0) + 1
            entry.in_title |= title
            entry.first = min(entry.first, 0 if title else number)


def _is_name(word: str) -> bool:
    """A capitalised word is a name or a title; all capitals may be an acronym that the story turns on."""
    return word[0].isupper() and not (word.isupper() and len(word) < 7)


def _key(form: str) -> str:
    """Case and plural of the last word do not matter."""
    key = form.casefold()
    return key[:-1] if key.endswith("s") and not key.endswith(("ss", "us", "is")) and len(key) > 4 else key


def _score(key: str, seen: _Seen, rarity: Mapping[str, float]) -> float:
    words = key.split()
    rare = sum(_rarity(word, rarity) for word in words) / len(words)
    early = 1 / (1 + math.log1p(seen.first) / 4)
    often: float = seen.count**0.8
    return often * rare * early * (1.5 if seen.in_title else 1.0) * (1 + 0.35 * (len(words) - 1))


def _may_stand_alone(word: str, seen: _Seen, rarity: Mapping[str, float]) -> bool:
    """Whether a single word says what a story is about: a rare one, in the headline or the lead."""
    return (
        (seen.in_title or seen.first < _LEAD)
        and len(word) > _BRIEF
        and word not in _VAGUE
        and _rarity(word, rarity) >= _COMMON
    )


def _lengthened(scored: dict[str, float], seen: dict[str, _Seen]) -> dict[str, float]:
    """A word that stands mostly inside one phrase gives its score to the phrase: "raids" to "immigration raids"."""
    kept = dict(scored)
    for longer in sorted((key for key in scored if " " in key), key=lambda key: -scored[key]):
        if longer not in kept:
            continue
        words = longer.split()
        for part in (words[0], words[-1], " ".join(words[:-1]), " ".join(words[1:])):
            if part in kept and part != longer and seen[part].count <= 2 * seen[longer].count:
                kept[longer] = max(kept[longer], kept.pop(part))
    return kept


def _rarity(word: str, rarity: Mapping[str, float]) -> float:
    return min(rarity.get(word, _UNSEEN), rarity.get(word + "s", _UNSEEN))


def _distinct(scored: dict[str, float], seen: dict[str, _Seen], most: int) -> list[tuple[str, float]]:
    """Best first, without what a better phrase already says."""
    chosen: list[tuple[str, float]] = []
    said: list[str] = []
    for key in sorted(scored, key=lambda k: (-scored[k], k)):
        spaced = f" {key} "
        inside = any(spaced in f" {other} " and seen[key].count <= 1.5 * seen[other].count for other in said)
        if inside or any(f" {other} " in spaced for other in said):
            continue
        said.append(key)
        chosen.append((_form(seen[key].forms), scored[key]))
        if len(chosen) == most:
            break
    return chosen


def _form(forms: dict[str, int]) -> str:
    """The spelling used most, in lower case unless it never is."""
    lower = [form for form in forms if form == form.lower()]
    return max(lower or list(forms), key=lambda form: (forms[form], form))

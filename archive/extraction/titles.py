"""The headline, by a weighted vote between the places a page gives it in. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from archive.extraction.decode import clean_text

_SEPARATORS = re.compile(r"\s+[|\-–—―•·»«›:/~*←<>]+\s+|\s*[|ㅣ｜│]\s*|\s*[：＿_]\s*|:\s+|\s+::\s+|\s*::\s*")
_AFTER = re.compile(r"^\s*(?:[|ㅣ｜│•·»›~*：＿_]|\s[-–—:/]\s|-)")
_PREFIX = re.compile(r"([^|:｜：]{2,40}?)(?:\s*[|ㅣ｜│:：]\s*(?<=[\s｜：│ㅣ])|\s+[|\-–—•·»«›/~*]+\s+)")
_KICKER = re.compile(r"[^:|]{2,45}?(?::|\s[-–—|])\s+")
# The site's name in brackets, or behind a full stop or a dash without blanks: only where it is just that.
_IN_BRACKETS = re.compile(r"\s*[(\[【（]\s*([^()\[\]【】（）]{2,40})\s*[)\]】）]\s*$")
_BRACKETS_AHEAD = re.compile(r"^\s*[\[【]([^\[\]【】]{2,40})[\]】]\s*")
_GLUED = re.compile(r"(?:(?<=[.!?])\s+|\s*[—–]\s*)([^.!?—–]{3,40})$")
_WORDS = re.compile(r"\w+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-"})
_SURE = 10  # letters that two titles do not share by chance

# What JSON-LD calls the headline is what the publisher calls so, unless what readers see (h1) and what is shared
# (og:title) agree on another one. og:title is often written for social networks, title and twitter:title for search
# engines: they decide only where nothing better speaks.
_WEIGHTS = {
    "json-ld headline": 7.0, "h1": 3.0, "og:title": 2.5, "json-ld name": 1.0, "title": 1.0,
    "twitter:title": 0.5, "meta title": 0.5,
}  # fmt: skip
_SHOWN = ("h1", "og:title", "json-ld headline")  # rules whose headline is kept beside the chosen one
_FIRM = ("json-ld headline", "h1", "h2")
_LEAST = 2  # letters of a title
_NOTHING = re.compile(
    r"null|none|undefined|nan|n/a|true|false|\(?(?:no title|untitled)(?: (?:document|page|post))?\)?"
    r"|new (?:page|document)|title page|unbenannt(?:es dokument)?"
    r"|document sans titre|documento sin título|(?:home|start)(?:page| page)?"
    r"|index(?:\.\w+)?|default|title|titel|titre|título|headline|\[(?:object object|title|post[ _-]?title)\]",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    r"\{\{[^{}]*\}\}|\{%[^{}%]*%\}|<%[^<>%]*%>|\$\{[^{}$]*\}|%(?:title|headline|\w*_title)%", re.IGNORECASE
)
_COMMON = 3  # letters of a word that says nothing about a story: "and", "the", "wie"
_WHOLE = 6  # words: a heading with so many is no label, though og:title has quite other ones
_ENDS_CUT = re.compile(r"(?:…|\.{3})\s*$")


@dataclass(frozen=True, slots=True)
class Titles:
    """The headline, the rule that gave it, and the other one that the page has for the same story ("" if none)."""

    title: str = ""
    rule: str = ""
    other: str = ""


def choose_title(
    candidates: Iterable[tuple[str, str]], sites: Iterable[str], bare: Callable[[str], str] = str
) -> Titles:
    """The headline among (text, rule) candidates in order of trust, without the site's name. `bare` takes off what else
    pages append to it, if neither what readers see nor the publisher's data have the same.

    A candidate also speaks for another that it begins with before a separator, so a headline wins over itself with a
    section behind it. An h1 that shares no words with any of the others is a logo or a label, not the headline; nor is
    one that the page's title has for the name of the site.
    """
    candidates = list(candidates)
    names = [name for name in sites if name]
    names += [text for text, rule in candidates if rule == "h1" and _is_signature(text, candidates)]
    cleaned = [(without_site(clean_text(" ".join(text.split())), names), rule) for text, rule in candidates]
    cleaned = [(text, rule) for text, rule in cleaned if text]
    said = {text for text, _ in cleaned}
    cleaned = [(_unglued(text, names, said), rule) for text, rule in cleaned]
    cleaned = [(text, rule) for text, rule in cleaned if not _is_empty(text)] or cleaned
    cleaned = [(text, rule) for text, rule in cleaned if not _is_site(text, names)] or cleaned
    cleaned = [(text, rule) for text, rule in cleaned if rule != "h1" or _is_echoed(text, cleaned)]
    if not cleaned:
        return Titles()
    weights = _weights(cleaned)
    votes = [sum(weights.get(by, 0.5) for other, by in cleaned if speaks_for(other, text)) for text, _ in cleaned]
    best = max(range(len(cleaned)), key=lambda index: (votes[index], -index))
    text, rule = cleaned[best]
    whole = next((other for other, _ in cleaned if _is_cut(text, other)), text)
    if rule != "json-ld headline":  # which says what belongs to it
        whole = _without_kicker(whole, cleaned)
    if all(_letters(whole) != _letters(text) for text, by in cleaned if by in _FIRM):
        whole = without_site(bare(whole), names)
    shown = [text for text, by in cleaned if by in _SHOWN and weights[by] > _WEIGHTS["title"]]
    if not any(by == "h1" for _, by in cleaned):  # then what readers see is the h2, if it is of the same story
        shown += [text for text, by in cleaned if by == "h2" and _is_alike(text, whole)]
    return Titles(whole, rule, _other(whole, shown))


def _is_empty(text: str) -> bool:
    """Whether a title is none: a sign or a letter, what a program prints for nothing, a template that nobody filled."""
    return len(_letters(text)) < _LEAST or bool(_NOTHING.fullmatch(text) or _TEMPLATE.search(text))


def _without_kicker(title: str, candidates: list[tuple[str, str]]) -> str:
    """What is behind the kicker, where another candidate has the same words behind another kicker."""
    head = _KICKER.match(title)
    tail = title[head.end() :] if head else ""
    if head is None or len(_letters(tail)) < 2 * _SURE:
        return title
    heads = {other[: -len(tail)] for other, _ in candidates if other.endswith(tail)}
    others = {_letters(other) for other in heads if _KICKER.fullmatch(other)} - {_letters(head[0])}
    return tail if others else title


def _weights(candidates: list[tuple[str, str]]) -> dict[str, float]:
    """As a rule; but where JSON-LD's `name` is the heading that readers see, its `headline` is a description of it."""
    names = {_letters(text) for text, rule in candidates if rule == "json-ld name"}
    if any(rule == "h1" and _letters(text) in names for text, rule in candidates):
        return {**_WEIGHTS, "json-ld headline": _WEIGHTS["title"]}
    return _WEIGHTS


def _other(title: str, headlines: list[str]) -> str:
    """The first headline of the page that says something else than `title`, and not only less or more of it."""
    own = _letters(title)
    for text in headlines:
        letters = _letters(text)
        if len(letters) >= _SURE and letters not in own and own not in letters:
            return text
    return ""


def _is_signature(heading: str, candidates: list[tuple[str, str]]) -> bool:
    """Whether the title of the page ends in a heading, behind a separator, and begins with what another place says."""
    for text, rule in candidates:
        last = None if rule != "title" else next(reversed(list(_SEPARATORS.finditer(text))), None)
        if last is not None and _letters(text[last.end() :]) == _letters(heading):
            story = _letters(text[: last.start()])
            return any(_letters(other) == story for other, source in candidates if source != "title")
    return False


def without_site(title: str, sites: list[str]) -> str:
    """`title` without " | Site" at its end or "Site: " at its beginning."""
    parts = list(_SEPARATORS.finditer(title))
    for match in reversed(parts):
        if _is_site(title[match.end() :], sites):
            return without_site(title[: match.start()].strip(), sites)
    first = _PREFIX.match(title)
    if first and _is_site(first[1], sites):
        return title[first.end() :].strip()
    own = {letters for site in sites if len(letters := _letters(site)) > _COMMON}
    for pattern in (_IN_BRACKETS, _BRACKETS_AHEAD, _GLUED):
        found = pattern.search(title)
        if found and _letters(found[1]) in own:
            return f"{title[: found.start()]}{title[found.end() :]}".strip().removesuffix(".")
    return title


def _unglued(title: str, sites: list[str], said: set[str]) -> str:
    """`title` without a site's name that nothing but a blank sets apart, where the page has the rest for a heading."""
    for site in sites:
        rests = (title.removeprefix(f"{site} "), title.removesuffix(f" {site}"))
        if found := next((rest for rest in rests if rest != title and rest in said), ""):
            return found
    return title


def speaks_for(title: str, other: str) -> bool:
    """Whether `title` is `other`, but for quotes, dashes, case and spacing, or `other` with a section behind it."""
    letters = _letters(other)
    if _letters(title) == letters:
        return True
    if len(letters) < _SURE:
        return False
    return title.startswith(other) and bool(_AFTER.match(title[len(other) :]))


def _is_echoed(heading: str, candidates: list[tuple[str, str]]) -> bool:
    """Whether a heading has words in common with what the page says elsewhere (or there is nothing else)."""
    others = [_words(text) for text, rule in candidates if rule != "h1"]
    own = _words(heading)
    return (
        not others
        or len(_WORDS.findall(heading)) >= _WHOLE
        or any(10 * len(own & other) >= 3 * min(len(own), len(other)) for other in others)
    )


def _is_alike(heading: str, title: str) -> bool:
    """Whether half of the words of a heading are those of the title."""
    own = _words(heading)
    return 2 * len(own & _words(title)) >= len(own)


def _words(text: str) -> set[str]:
    """The words that say something, or all where none does."""
    found = set(_WORDS.findall(text.casefold()))
    return {word for word in found if len(word) > _COMMON or not word.isascii() or word.isdigit()} or found


def _letters(text: str) -> str:
    return "".join(_WORDS.findall(text.translate(_QUOTES).casefold()))


def _is_site(part: str, sites: list[str]) -> bool:
    letters = _letters(part.strip().removeprefix("The "))
    if not letters or len(letters) > 40:
        return False
    return any(
        letters == name or (len(name) > 3 and letters.startswith(name) and len(letters) < 2 * len(name))
        for name in (_letters(site.removeprefix("The ")) for site in sites)
    )


def _is_cut(text: str, other: str) -> bool:
    """Whether `text` is the beginning of `other`, cut for length and marked so."""
    stem = _ENDS_CUT.sub("", text).rstrip()
    return len(stem) < len(text) and len(other) > len(text) and other.startswith(stem)

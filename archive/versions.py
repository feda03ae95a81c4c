"""Same, noise or new? What changed between two readings of one page, and the diff between two texts.

Pure. Words of observation only: a change says what differs, never why. The order of paragraphs counts as text, so a
paragraph that moved is a change; typography (quotes, dashes, spaces), counters and print dates are noise.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from archive.alignment import common
from archive.model import Article, ChangeKind, Link
from archive.urls import identity


class Decision(StrEnum):
    """What a further capture of a page amounts to."""

    SAME = "same"
    NOISE = "noise"  # something differs, but nothing that a reader would call the story
    NEW = "new"


SILENT_EDIT = "the text differs, and the page names neither another time of modification nor a correction"


@dataclass(frozen=True, slots=True)
class Comparison:
    decision: Decision
    changes: frozenset[str] = frozenset()


class Op(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text with one fate; the KEPT and REMOVED pieces joined are the old text, KEPT and ADDED the new."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class LinkPiece:
    """A link and its fate: one that both texts have, or only the old (REMOVED) or the new one (ADDED)."""

    op: Op
    link: Link


@dataclass(frozen=True, slots=True)
class Difference:
    """How one version reads beside another: ChangeKind values, and title and text as pieces of both."""

    changes: frozenset[str]
    pieces: tuple[Piece, ...]

    def __str__(self) -> str:
        """What differs, in words of observation."""
        kinds = sorted(self.changes - {ChangeKind.SILENT})
        said = f"what differs: {', '.join(kinds)}" if kinds else "nothing that a reader would call the story differs"
        return f"{said}; {SILENT_EDIT}" if ChangeKind.SILENT in self.changes else said


def difference(old: Article, new: Article) -> Difference:
    """How `new` differs from `old`, whichever versions they are."""
    pieces = diff(f"{old.title}\n\n{old.text}", f"{new.title}\n\n{new.text}")
    return Difference(compare(old, new).changes, tuple(pieces))


def links(old: Article, new: Article) -> list[LinkPiece]:
    """The links of two texts by where they lead, each once: those of the new one in their order, then what went."""
    before, after = ({identity(link.url): link for link in reversed(one.links)} for one in (old, new))
    kept = [LinkPiece(Op.KEPT if key in before else Op.ADDED, after[key]) for key in reversed(after)]
    return [*kept, *(LinkPiece(Op.REMOVED, before[key]) for key in reversed(before) if key not in after)]


def raw(old: bytes, new: bytes) -> list[Piece]:
    """Word diff of two pages as they were served. What is not UTF-8 is written as `\\xNN`."""
    return diff(*(page.decode("utf-8", "backslashreplace") for page in (old, new)))


def text_digest(article: Article) -> str:
    """Identity of what a reader sees: `sha256:` over title and text, blind to typography and noise."""
    seen = "\n".join([_plain(article.title), *_story(article.text)])
    return "sha256:" + hashlib.sha256(seen.encode()).hexdigest()


def compare(old: Article | None, new: Article) -> Comparison:
    """Decide whether `new` is a version of its own beside `old` (None: there is none), and say what differs."""
    if old is None:
        return Comparison(Decision.NEW)
    if old == new:
        return Comparison(Decision.SAME)
    changes = frozenset(_changes(old, new))
    return Comparison(Decision.NEW if changes else Decision.NOISE, changes)


def diff(old: str, new: str) -> list[Piece]:
    """Word diff of two texts. Paragraphs are aligned first, then the words between those that stayed.

    The time that it takes grows with the length of both, whatever they say (archive.alignment).
    """
    pieces: list[Piece] = []
    same = ""  # kept, and not yet in `pieces`
    for less, more, kept in _changed_words(old, new):
        if less or more:
            pieces += (Piece(op, text) for op, text in ((Op.KEPT, same), (Op.REMOVED, less), (Op.ADDED, more)) if text)
            same = kept
        else:
            same += kept
    return [*pieces, Piece(Op.KEPT, same)] if same else pieces


def removed(old: Article, new: Article) -> list[str]:
    """The passages of `old` that `new` dropped, each in one line; what only moved is not dropped.

    At most MAX_REMOVED characters in all.
    """
    still = _StillThere(f"{new.title}\n{new.text}")
    room = MAX_REMOVED
    passages: list[str] = []
    for run in _dropped(diff(f"{old.title}\n{old.text}", f"{new.title}\n{new.text}")):
        for line in map(_plain, run.splitlines()):
            if room <= 0:
                return passages
            if _LETTER.search(line) and line not in still:
                passages.append(line[:room])
                room -= len(line)
    return passages


class _StillThere:
    """The passages that stand somewhere in a text: whole paragraphs, and others while the looking is not too much."""

    def __init__(self, text: str) -> None:
        self._text = _plain(text)
        self._paragraphs = set(map(_plain, text.splitlines()))
        self._left = _SEARCHED

    def __contains__(self, passage: str) -> bool:
        if passage.count(" ") < _MOVED:
            return False
        if passage in self._paragraphs:
            return True
        self._left -= len(self._text)
        return self._left > 0 and passage in self._text


def _dropped(pieces: Iterable[Piece]) -> Iterable[str]:
    """The removed runs of text; spaces that stayed do not divide one."""
    run = ""
    for piece in pieces:
        if piece.op is Op.REMOVED or (piece.op is Op.KEPT and piece.text.isspace()):
            run += piece.text
        elif piece.op is Op.KEPT:
            yield run
            run = ""
    yield run


MAX_REMOVED = 50_000  # characters that are kept of what one version dropped
_MOVED = 3  # spaces from which on a passage that is still there was moved, and is no common phrase
_SEARCHED = 500_000_000  # characters looked through for them: half a second
_LETTER = re.compile(r"\w")
_TYPEWRITTEN = {
    "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "..."
}  # fmt: skip
_TYPOGRAPHY = re.compile(f"[{''.join(_TYPEWRITTEN)}]")
_NOISE = re.compile(
    r"""(?ix) ^(?:
      (?:\W*\d[\d.,]*\s?[km]?\W*(?:comments?|shares?|views?|likes?|reads?|kommentare?|commentaires?|comentarios?))+\W*
    | \W*\d+\s*(?:-\s*)?min(?:ute)?s?\.?\s*(?:read|lesezeit)?\W*
    | (?:last\s+)?(?:updated|modified|published|posted|printed|aktualisiert|stand|mis\s+à\s+jour|publié|actualizado)
      (?: [\W\d]++ | (?<![^\W\d])
        (?: (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*
        | at|on|am|pm|a|p|m|utc|gmt|[ecmp][sd]?t|um|uhr|le|à|h|de|ago|an|few|hours?|minutes?|days?|seconds? )
        (?![^\W\d]) )++
    | \W*(?:\d+|an?|a\s+few)\s+(?:seconds?|minutes?|hours?|days?)\s+ago\W*
    | (?:advertisement|anzeige|publicité|publicidad|read\s+more|share\s+this|sign\s+up|subscribe(?:\s+now)?)\W*
    | \W*\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\.?)?\W*(?:[a-z]{2,4})?\W*
    )$"""
)
_QUOTE = re.compile(r'"([^"\n]{3,1000})"')
_NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:[ '’]\d{3})+(?!\d)(?:[.,]\d+)?|\d[\d.,\u066b\u066c]*\d)|\b\d\b")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
# 2 to 20, then tens, by language. *One* is left out: in most languages it is an article, too.
_COUNTED = {
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
    "siebzehn achtzehn neunzehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-"
    "huit dix-neuf vingt trente quarante cinquante soixante soixante-dix quatre-vingts quatre-vingt-dix "
    "cent",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete "
    "dieciocho diecinueve veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
    "diciassette diciotto diciannove venti trenta quaranta cinquanta sessanta settanta ottanta novanta "
    "cento",
    "pt": "dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete "
    "dezoito dezenove vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cem",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien "
    "achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd",
}
_VALUES = {
    lang: dict(zip(words.split(), map(str, (*range(2, 21), *range(30, 101, 10))), strict=True))
    for lang, words in _COUNTED.items()
}
_HYPHENED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CORRECTION = re.compile(
    r"""(?ix) \b(?: correction | corrected | clarification | editor'?s\ note
      | this\ (?:story|article)\ (?:has\ been|was)\ updated
      | korrektur | berichtigung | anmerkung\ der\ redaktion | rectificatif | fe\ de\ errat )"""
)
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


def _plain(text: str) -> str:
    if not text.isascii():
        text = _TYPOGRAPHY.sub(lambda found: _TYPEWRITTEN[found[0]], unicodedata.normalize("NFKC", text))
    return " ".join(text.split())


def _story(text: str) -> list[str]:
    """The paragraphs a reader would call the story, in plain typography."""
    plain = (_plain(line) for line in text.splitlines())
    return [line for line in plain if line and not (len(line) < 140 and _NOISE.match(line))]


def _changes(old: Article, new: Article) -> Iterable[str]:
    if _plain(old.title) != _plain(new.title):
        yield ChangeKind.HEADLINE.value
    if {_plain(name).casefold() for name in old.authors} != {_plain(name).casefold() for name in new.authors}:
        yield ChangeKind.BYLINE.value
    if old.published_on != new.published_on and _declared(old) == _declared(new) != "":
        yield ChangeKind.DATE.value
    before, after = ([], []) if old.text == new.text else (_story(old.text), _story(new.text))
    if before != after:
        yield from _text_changes(before, after, (new.lang or "en")[:2].lower())
        yield from _said_of_it(before, after, dated=old.modified != new.modified)
    same_text = before == after
    if _targets(old, same_text=same_text) != _targets(new, same_text=same_text):
        yield ChangeKind.LINKS.value


def _said_of_it(before: list[str], after: list[str], *, dated: bool) -> Iterator[str]:
    """Whether the page notes its correction, or says nothing of having changed. `dated`: it names another time."""
    if any(_CORRECTION.search(line) for line in set(after) - set(before)):
        yield ChangeKind.CORRECTION.value
    elif not dated:
        yield ChangeKind.SILENT.value


def _declared(article: Article) -> str:
    """The rule that gave the date of publication, "" where that was guessed or may be the day the page was made on."""
    rule = article.rules.get("published", "").partition(",")[0]
    return rule if "publi" in rule.lower() else ""


def _targets(article: Article, *, same_text: bool) -> set[str]:
    """What an article links to. Beside the same text only where words of it lead, and without the query, which may be
    another one for each reader: else every capture of some pages would be a version.
    """
    sources = [link for link in article.links if not link.unfollowed]
    if not same_text:
        return {identity(link.url) for link in sources}
    return {identity(link.url).partition("?")[0] for link in sources if link.text and link.text in article.text}


def _text_changes(before: Sequence[str], after: Sequence[str], lang: str) -> Iterable[str]:
    old, new = "\n".join(before), "\n".join(after)
    old_words, new_words = Counter(_WORD.findall(old)), Counter(_WORD.findall(new))
    if new_words - old_words or old_words == new_words:
        yield ChangeKind.ADDED.value
    if old_words - new_words or old_words == new_words:
        yield ChangeKind.REMOVED.value
    if Counter(_QUOTE.findall(old)) != Counter(_QUOTE.findall(new)):
        yield ChangeKind.QUOTES.value
    if _numbers(old, lang) != _numbers(new, lang):
        yield ChangeKind.NUMBERS.value


def _numbers(text: str, lang: str) -> Counter[str]:
    """The numbers in a text, in digits and in words of its language: “five” is 5, “twenty-five” is 25."""
    found = Counter(map(_value, _NUMBER.findall(text)))
    if values := _VALUES.get(lang):
        for word in _HYPHENED.findall(text.lower()):
            tens, _, unit = word.partition("-")
            if word in values:
                found[values[word]] += 1
            elif tens in values and unit in values:
                found[str(int(values[tens]) + int(values[unit]))] += 1
    return found


def _value(number: str) -> str:
    """As it is counted: in Western digits, its groups together: ٢٥٠ is 250, and 12 500 is 12,500."""
    plain = re.sub("[ '’\u066c]", "", number)
    if not plain.isascii():
        plain = "".join(str(unicodedata.decimal(char, ".")) for char in plain)
    return re.sub("[.,]", "", plain) if _GROUPED.fullmatch(plain) else plain


def _changed_words(old: str, new: str) -> Iterator[tuple[str, str, str]]:
    """As `_runs`, of paragraphs, and of words in those that changed."""
    for gone, come, kept in _runs(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        if gone and come:
            yield from _runs(_WORD.findall(gone), _WORD.findall(come))
            yield "", "", kept
        else:
            yield gone, come, kept


def _runs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """What went, what came in its place, and what was kept after that, from the beginning to the end."""
    a = c = 0
    for i, j, count in common(before, after):
        yield "".join(before[a:i]), "".join(after[c:j]), "".join(before[i : i + count])
        a, c = i + count, j + count
    yield "".join(before[a:]), "".join(after[c:]), ""

"""How text becomes terms. One analyser for every field, every engine and every query; pure and deterministic.

A token is a run of letters, digits and marks; an apostrophe or full stop inside it is cut out or cut at by these rules:

    possessives     Krasner's → krasner
    apostrophes     O'Neil → oneil, don't → dont, Hawaiʻi → hawaii (whichever sign is written for it)
    elisions        l'homme → homme, dell'Ucraina → ucraina, jusqu'Arles → arles; only before a vowel or h
    suffixes        Ankara'da → ankara (Turkish, by vowel harmony), compra'l → compra (Catalan, behind a vowel)
    acronyms        U.S. → us, I.C.E. → ice; initials too: J. K. → jk; in Hebrew with a quote: צה"ל → צהל
    double l        col·lecció → colleccio (Catalan)
    numbers         1,200.50 = 1.200,50 = 1'200.50 = 1 200,50 (a narrow or fixed space) → 1200.50; 1,5 → 1.5
                    10:30 → 10, 30
    digits          ٢٥٠ = २५० = 250, in every script that has digits; ١٬٢٠٠٫٥ → 1200.5
    everything else is cut: well-known → well, known; inquirer.com → inquirer, com; @handle → handle

Terms are folded (folding.py): without case and accents, ł ø đ ß æ œ þ and the like written out. Runs of Chinese,
Japanese, Korean, Thai, Lao, Khmer and Burmese have no spaces: they are cut into overlapping pairs of characters, and
the last character of a run stands alone as well, so that a single character is found by prefix.

`stem` is Snowball's English stem ("raids", "raided" → "raid") of plain ASCII words, and the term itself for all others.
In articles in other languages the key of their own takes its place (stemming.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from index.folding import fold, western
from index.patterns import later
from index.stemming import key, stem

ANALYSIS = 6  # raised whenever the same text may give other terms than before
MAX_TERM = 64  # characters; what is longer is cut here, in texts and queries alike


class Token(NamedTuple):
    """`text[start:end]` is where it stands; tokens of one value have positions 0, 1, 2 …"""

    term: str
    stem: str
    position: int
    start: int
    end: int


Pair = tuple[str, str]  # term, stem
_Piece = tuple[str, str, int, int]  # term, stem, start and end within the raw token

# Marks are part of a word, but \w leaves them out: Latin/Greek/Cyrillic, Hebrew, Arabic, Indic to Sinhala, Thai to
# Tibetan, Burmese, Khmer, then the general blocks. Soft hyphen and zero-width (non-)joiners are inside words too.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8"
    "\u06ea-\u06ed\u0900-\u0963\u0966-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ebc\u0ec8-\u0ece\u0f71-\u0f84"
    "\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
    "\u00ad\u200c\u200d"
)
_WORD = rf"[\w{_MARKS}]"
# ' ’ and their look-alikes between letters: ʼ ʻ (Hawaiʻi) ‘ ʹ ′ ´ ` ＇
_APOSTROPHE = "'’ʼʻ‘ʹ′´`＇׳"
# Between two letters of one word: the quote of a Hebrew acronym, before its last letter (צה"ל); the point of l·l.
_GERSHAYIM, _POINT = '"״”', "·"
_WITHIN = rf"(?<=[א-ת])[{_GERSHAYIM}](?=[א-ת]{{1,2}}(?![א-ת]))|(?<=[lL]){_POINT}(?=[lL])"
BLANK = "\u00a0\u2009\u202f"  # between the groups of a number: no-break, thin, narrow no-break
# Unicode's emoji, but for digits, # and *. The second row are signs that most fonts draw as text: behind a letter, as
# in iPhone™, they belong to it and are no word.
_EMOJI = (
    "\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_SIGN = "\u00a9\u00ae\u203c\u2049\u2122\u2194-\u2199\u21a9\u21aa"
_POSSESSED = rf"(?:[{_APOSTROPHE}][sS](?!{_WORD}))?"
_INITIALS = rf"\.(?:[ {BLANK}][^\W\d_]\.)+(?![^\W\d_]\.)"  # J. K.
_DECIMAL, _GROUPING = "\u066b", "\u066c"  # ٫ ٬ of Arabic, which leave no doubt
_MARK = f"[.,{_DECIMAL}{_GROUPING}]"
_THOUSANDS = rf"\d{{1,3}}(?:[{BLANK}'’]\d{{3}})+(?:[.,{_DECIMAL}]\d+)?"  # 1 200,50
# Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese, but for their digits.
_UNSPACED_CHARS = (
    "\u0e00-\u0e4f\u0e5a-\u0ecf\u0eda-\u0eff\u1000-\u103f\u104a-\u108f\u109a-\u109f\u1780-\u17df\u17ea-\u17ff"
    "\u3040-\u30ff\u3105-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
_NUMBER_END = rf"(?!(?![{_UNSPACED_CHARS}]){_WORD})"  # 1,200円 is a number and a word
_RAW = later(
    rf"[^\W\d_](?=\.)(?:{_INITIALS}|(?:\.[^\W\d_](?!{_WORD}))+\.?){_POSSESSED}"  # U.S., I.C.E, U.S.'s
    rf"|(?=\d)(?:{_THOUSANDS}|\d+(?:{_MARK}\d+)+){_NUMBER_END}"  # 1,200.50
    rf"|[{_UNSPACED_CHARS}]+(?=\d+{_MARK}\d)"  # 約1,200
    rf"|{_WORD}+(?:(?:[{_APOSTROPHE}]|{_WITHIN}){_WORD}+)*"
    rf"|[{_EMOJI}]|[{_SIGN}](?<!\w.)"
)
# The same in ASCII, for the sets above take milliseconds to compile: most searches read nothing beyond it but signs of
# typography, which stand for what they are here.
_PLAIN = later(
    r"[A-Za-z](?=\.)(?:\.(?: [A-Za-z]\.)+(?![A-Za-z]\.)|(?:\.[A-Za-z](?!\w))+\.?)(?:['`][sS](?!\w))?"
    r"|(?=\d)(?:\d{1,3}(?:'\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)+)(?!\w)"
    r"|\w+(?:['`]\w+)*",
    re.ASCII,
)
_TYPOGRAPHY = str.maketrans("’‘“”–—…", "'`" + '"' * 5)  # ‘ is an apostrophe, but none between the digits of a number
_UNSPACED = later(f"[{_UNSPACED_CHARS}]+")
# One character as people see it: half-width kana and decomposed kana write a voiced one with two.
_UNIT = later(".[\u3099\u309a\uff9e\uff9f]*", re.DOTALL)
_APOSTROPHES = str.maketrans("", "", _APOSTROPHE + _GERSHAYIM + _POINT)
_HAS_APOSTROPHE = later(f"[{_APOSTROPHE}]")
_HAS_MARK = later(_MARK)
_POSSESSIVE = later(rf"[{_APOSTROPHE}]s\Z", re.IGNORECASE)
# French, Catalan and Italian words that lose their vowel before another; what follows decides (N'Golo is no elision).
_VOWEL = "aeiouyàáâãäåæèéêëìíîïòóôõöœùúûüÿ"
_ELISION = later(
    rf"(?:(?:[ldjc]|qu|jusqu|lorsqu|puisqu|quoiqu|d[ae]ll|nell|sull|all|coll|un|quest|quell|nessun|ciascun|qualcun"
    rf"|alcun|tutt|mezz|anch|com|dov|cos|quand|senz|cent)[{_APOSTROPHE}](?=[h{_VOWEL}])"
    rf"|[mtsn][{_APOSTROPHE}](?=[{_VOWEL}])|(?-i:[mtsn])[{_APOSTROPHE}](?=h[{_VOWEL}]))",
    re.IGNORECASE,
)
# Turkish sets the endings of names and numbers off: Ankara'da, Erdoğan'ın, AB'ye, 1990'larda. What begins with a vowel
# follows a consonant and agrees with the vowel before it (Trump'a, but Chang'e is no Chang, and Sana'a no Sana).
_ENDING = later(
    r"[dt][ae](?:n|ki(?:ler)?)?|l[ae]r(?:[ıi]n?|[ae]|d[ae]n?)?|l[ıiuü]k?|[dt][ıiuü]r|c[ae]"
    r"|[ıiuü]?nc[ıiuü](?:[dt][ae]n?)?|(?P<vowel>y[aeıiuü]|yl[ae]|n[ıiuü]n|n[ae]|s[ıiuü])"
    r"|(?P<consonant>l[ae])|(?P<harmony>[aeıiuü]|[ıiuü]n)"
)
_BACK, _FRONT = "aâıou", "eêiîöü"
_ENCLITICS = frozenset({"l", "ls", "n", "ns", "m", "t"})  # Catalan, behind the vowel of a verb: compra'l, dona'm


def _raw(text: str) -> tuple[re.Pattern[str], str]:
    """What finds the raw tokens of `text`, and the text to look in: of the same length, with the same tokens."""
    plain = text if text.isascii() else text.translate(_TYPOGRAPHY)
    return (_PLAIN, plain) if plain.isascii() else (_RAW, text)


def cut(text: str) -> list[Pair]:
    """(term, stem) of each token of `text`; the position of a token is its place in the list."""
    pairs: list[Pair] = []
    pattern, text = _raw(text)
    for raw in pattern.findall(text):
        pairs += _pairs(raw) if len(raw) <= MAX_TERM else [piece[:2] for piece in _pieces(raw)]
    return pairs


def cut_in(text: str, speech: str) -> list[Pair]:
    """As `cut`, but with the key of each token in an article of this speech (see stemming.py) for its stem."""
    found = cut(text)
    return [(term, key(term, speech)) for term, _ in found] if speech else found


@cache
def _spanning() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A first sign within the tokens that have a blank in them, and those tokens. For indexing alone."""
    inside = rf"(?<=\.)(?=[ {BLANK}][^\W\d_]\.)|(?<=\d[{BLANK}'’])(?=\d)"
    word_before = rf"[\w.,{_MARKS}{_APOSTROPHE}]"
    spanning = rf"(?<!{word_before})(?:[^\W\d_]{_INITIALS}{_POSSESSED}|{_THOUSANDS}{_NUMBER_END})"
    return re.compile(rf"[.{BLANK}'’](?:{inside})"), re.compile(spanning)


# The first of those signs in ASCII, each with what stands around it: looked for ten times as fast.
_PLAIN_SIGNS = later(r"\. [A-Za-z]\."), later(r"'(?<=\d.)\d")


def spanning(text: str) -> list[tuple[int, int]]:
    """Where the tokens stand that may have white space in them.

    At all other white space `text` can be divided: what stands between, cut each by itself, gives all of `cut(text)`.
    """
    if text.isascii() and not any(sign.search(text) for sign in _PLAIN_SIGNS):
        return []
    inside, token = _spanning()
    found, done = list[tuple[int, int]](), 0
    for sign in inside.finditer(text):
        starts = range(max(sign.start() - 3, done), sign.start())  # up to three digits stand before the first sign
        if match := next(filter(None, (token.match(text, start) for start in starts)), None):
            done = match.end()
            found.append(match.span())
    return found


def tokens(text: str) -> Iterator[Token]:
    """The tokens of `text` with their places, in order; the same ones as `cut`."""
    position = 0
    pattern, text = _raw(text)
    for match in pattern.finditer(text):
        for term, stem_, start, end in _pieces(match.group()):
            yield Token(term, stem_, position, match.start() + start, match.start() + end)
            position += 1


class Finder:
    """Finds those tokens of one text after another whose term and stem are `wanted`, much faster than `tokens` does.

    The stems of its tokens are the keys of the texts' `speech` (see stemming.py).
    """

    def __init__(self, wanted: Callable[[str, str], bool], speech: str = "") -> None:
        self._wanted, self._speech = wanted, speech
        self._known: dict[str, tuple[int, list[tuple[int, _Piece]]]] = {}  # raw: how many tokens, and the wanted ones

    def find(self, text: str) -> list[Token]:
        found: list[Token] = []
        position = 0
        pattern, text = _raw(text)
        for match in pattern.finditer(text):
            raw = match.group()
            count, chosen = self._known.get(raw) or self._read(raw)
            for place, (term, stem_, start, end) in chosen:
                found.append(Token(term, stem_, position + place, match.start() + start, match.start() + end))
            position += count
        return found

    def _read(self, raw: str) -> tuple[int, list[tuple[int, _Piece]]]:
        pairs = _pairs(raw) if len(raw) <= MAX_TERM else [piece[:2] for piece in _pieces(raw)]
        keys = [key(term, self._speech) for term, _ in pairs] if self._speech else [stem for _, stem in pairs]
        places = [place for place, (term, _) in enumerate(pairs) if self._wanted(term, keys[place])]
        pieces = _pieces(raw) if places else []
        found = [(place, (pieces[place][0], keys[place], *pieces[place][2:])) for place in places]
        self._known[raw] = len(pairs), found
        return self._known[raw]


def query_terms(text: str) -> list[Pair]:
    """(term, stem) of each token that a text must have, in order, to hold `text`.

    As `cut`, but without a single character that ends a run of characters written without spaces: the run may go on.
    """
    found = list(tokens(text))
    if len(found) > 1 and found[-1].start < found[-2].end:
        found.pop()
    return [(token.term, token.stem) for token in found]


def grouped_in(text: str) -> tuple[str, ...]:
    """`text` and, where a number in it has blanks between its groups, the same with plain ones and with narrow ones.

    A writer sets either: 12 500 with a plain blank is two tokens, with a narrow or fixed one it is one.
    """
    if not any(map(str.isdecimal, text)):
        return (text,)
    plain = _grouped_number().sub(lambda number: " ".join(number[0].split()), text)
    return tuple(
        dict.fromkeys((text, plain, _grouped_number().sub(lambda number: "\u202f".join(number[0].split()), text)))
    )


@cache
def _grouped_number() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,])\d{{1,3}}(?:[ {BLANK}]\d{{3}})+(?!\w)")


def is_single_unspaced(term: str) -> bool:
    """Whether `term` is one character of a script without spaces, which texts hold in pairs (so: ask by prefix)."""
    return len(term) == 1 and _UNSPACED.match(term) is not None


def url_term(address: str) -> str:
    """The term of an address, with or without its scheme: its identity without "https://", "www." and last slash."""
    from archive import UsageError, url_key

    text = address.strip().lstrip("*.")
    try:
        identity = url_key(text if "://" in text else f"https://{text}")
        return identity.removeprefix("https://").removeprefix("www.").rstrip("/")
    except UsageError:
        return fold(text)


def url_prefix(start: str) -> str:
    """What the terms of addresses that begin with `start` begin with."""
    text = re.sub(r"\A(?:https?://)?(?:www\.)?", "", start.strip(), flags=re.IGNORECASE)
    host, slash, path = text.partition("/")
    return f"{host.lower()}{slash}{path}"


def url_terms(address: str) -> Iterator[str]:
    """Every term that finds `address`: itself, its host and the domains above it."""
    from archive import site_of

    if not address:
        return
    yield url_term(address)
    host = site_of(address)
    while host:
        yield host
        host = host.partition(".")[2]


@lru_cache(maxsize=2**17)
def _pairs(raw: str) -> list[Pair]:
    return [(piece[0], piece[1]) for piece in _pieces(raw)]


def _pieces(raw: str) -> list[_Piece]:
    """The tokens in a raw one: one, unless there are underscores or unspaced characters in it."""
    if raw.isascii():
        return _spaced(raw, 0, len(raw))
    pieces: list[_Piece] = []
    done = 0
    for match in _UNSPACED.finditer(raw):
        pieces += _spaced(raw, done, match.start())
        pieces += _unspaced(raw, match.start(), match.end())
        done = match.end()
    return pieces + _spaced(raw, done, len(raw))


def _spaced(raw: str, start: int, end: int) -> list[_Piece]:
    if "_" not in raw:
        return list(_word(raw, start, end))
    return [piece for part in re.compile("[^_]+").finditer(raw, start, end) for piece in _word(raw, *part.span())]


def _word(raw: str, start: int, end: int) -> Iterator[_Piece]:
    """One token, or one for each number of a list: elision, possessive and ending cut off, inner marks taken out."""
    if raw.isascii() and raw.isalnum():
        term = raw[start:end].lower()[:MAX_TERM]
        yield term, stem(term), start, end
        return
    if raw[start : start + 1].isdecimal() and _HAS_MARK.search(raw, start, end):
        yield from _numbers(raw, start, end)
        return
    if _HAS_APOSTROPHE.search(raw, start, end):
        start, end = _bare(raw, start, end)
    part = raw[start:end].translate(_APOSTROPHES).replace(".", "")
    if term := fold(part).replace(" ", "")[:MAX_TERM]:
        yield term, stem(term), start, end


def _bare(raw: str, start: int, end: int) -> tuple[int, int]:
    """Where the word itself begins and ends in what has an apostrophe in it."""
    elided = _ELISION.match(raw, start, end)
    if elided and elided.end() < end:
        start = elided.end()
    if possessive := _POSSESSIVE.search(raw, start, end):
        return start, possessive.start()
    last = max(raw.rfind(sign, start, end) for sign in _APOSTROPHE)
    return (start, last) if last > start and _is_ending(raw[start:last], raw[last + 1 : end]) else (start, end)


def _is_ending(word: str, ending: str) -> bool:
    """Whether `ending`, set off by an apostrophe, is grammar and no part of the name."""
    found = _ENDING.fullmatch(ending.lower())
    if found and (word.isdigit() or (word.isupper() and ending.islower())):
        return True  # 2023'te, AB'ye: read aloud, these end in sounds that are not written
    behind_vowel = word[-1].lower() in _VOWEL + "ı"
    if len(word) < 3 or ending.lower() in _ENCLITICS:
        return len(word) > 2 and behind_vowel
    if not found:
        return False
    if found["harmony"]:
        vowels = [char for char in word.lower() if char in _BACK + _FRONT]
        return bool(vowels) and not behind_vowel and (vowels[-1] in _BACK) == (found["harmony"][0] in _BACK)
    return behind_vowel if found["vowel"] else not (found["consonant"] and behind_vowel)


def _numbers(raw: str, start: int, end: int) -> Iterator[_Piece]:
    """The one number that digits with marks in them are, with a point for the decimals; several where it is a list."""
    part = western("".join(raw[start:end].split())).translate(_APOSTROPHES).replace(_GROUPING, "")
    if part.isdecimal() or _DECIMAL in part:  # ١٬٢٠٠ and ١٬٢٠٠٫٥
        whole, mark, decimals = part.partition(_DECIMAL)
        term = f"{re.sub(_MARK, '', whole)}{'.' * len(mark)}{re.sub(_MARK, '', decimals)}"
        yield term[:MAX_TERM], term[:MAX_TERM], start, end
        return
    whole, mark, decimals = part.rpartition("," if part.rfind(",") > part.rfind(".") else ".")
    other = "." if mark == "," else ","
    groups = part.split(mark)
    if other in whole:  # 1,200.50 and 1.200,50
        term = f"{whole.replace(other, '')}.{decimals}" if mark not in whole else part.replace(",", "")
    elif _is_grouped(groups):  # 1,200 and 1.200.000; Indian lakhs too
        term = "".join(groups)
    elif len(groups) == 2:
        term = f"{whole}.{decimals}"
    elif mark == ",":  # 1,5,7
        for number in re.compile(r"\d+").finditer(raw, start, end):
            term = western(number.group())[:MAX_TERM]
            yield term, term, *number.span()
        return
    else:  # 10.12.2024, 192.0.2.1
        term = part
    yield term[:MAX_TERM], term[:MAX_TERM], start, end


def _is_grouped(groups: list[str]) -> bool:
    """Whether the marks between these digits set thousands apart: 1,200 does, 0,125 and 12,5 do not."""
    first, *inner, last = groups
    return len(last) == 3 and 1 <= len(first) <= 3 and first[0] != "0" and all(2 <= len(each) <= 3 for each in inner)


def _unspaced(raw: str, start: int, end: int) -> list[_Piece]:
    """Overlapping pairs of characters, then the last one alone. Folding makes one character of each unit."""
    units = [match.span() for match in _UNIT.finditer(raw, start, end)]
    pieces = []
    for place, (begin, stop) in enumerate(units):
        until = units[place + 1][1] if place + 1 < len(units) else stop
        if term := fold(raw[begin:until]):
            pieces.append((term, term, begin, until))
    return pieces

"""How two names may be one: initials, an office left in front, another way to write the same sounds, a case form.

Pure functions of names, for suggestions alone (merging.suggest): nothing is merged by likeness.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from archive.entities import titles
from archive.entities.places import fold

# Cyrillic letters by their sounds in Latin ones, Russian, Ukrainian, Bulgarian and Serbian together.
_CYRILLIC = str.maketrans(
    dict(zip("абвгґдеєжзиіїйклмнопрстуфхыэ", "abvggdeezziiiiklmnoprstufhie", strict=True))
    | {"ё": "o", "ц": "ts", "ч": "c", "ш": "s", "щ": "s", "ю": "u", "я": "a", "ь": "", "ъ": "", "'": "", "’": ""}
    | {"ђ": "d", "ј": "i", "љ": "l", "њ": "n", "ћ": "c", "џ": "z"}
)
# Arabic ones, for the names of others: it has no p and no v, and writes few vowels.
_ARABIC = str.maketrans(dict(zip("بتثجحخدذرزسشصضطظغفقكلمنه", "bttzhhddrzsssdtdkfkklmnh", strict=True)))
_ARABIC_LETTER = re.compile("[\u0621-\u064a]")
_FOR_ARABIC = str.maketrans("pv", "bf")
# Greek ones; two that stand for one sound come first.
_GREEK_PAIRS = (("μπ", "b"), ("ντ", "d"), ("γκ", "k"), ("τζ", "ts"), ("ου", "u"), ("χ", "h"), ("ψ", "ps"), ("ξ", "ks"))
_GREEK = str.maketrans(dict(zip("αβγδεζηθικλμνοπρσςτυφω", "avkdezitiklmnoprsstifo", strict=True)))
# Letters and groups of them that stand for like sounds in the spellings of one name, the longest first.
_SOUNDS = (
    *(
        ("tsch", "c"),
        ("shch", "s"),
        ("tch", "c"),
        ("sch", "s"),
        ("dzh", "z"),
        ("sz", "s"),
        ("cz", "c"),
        ("dj", "z"),
        ("zh", "z"),
        ("kh", "h"),
    ),
    *(("ch", "h"), ("sh", "s"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("ck", "k"), ("tz", "ts")),
    *(("q", "k"), ("g", "k"), ("w", "v"), ("j", "i"), ("x", "ks"), ("c", "k")),
)
_VOWELS = re.compile(r"[aeiouy]")
_DOUBLED = re.compile(r"(.)\1+")
_LEAST = 3  # consonants of a last name, below which like sounds say nothing: Lee and Li
_NAMESAKES = 200  # people of one key that are held against each other: their pairs grow with the square

Likeness = tuple[str, str, str, float]
"""A name, another of its like, the reason, and how weighty it is (0 to 1)."""


def sounds(word: str) -> str:
    """The consonants of a word as they sound, whatever alphabet and spelling: Selenskyj, Зеленский → "slnsk"."""
    word = word.casefold().translate(_CYRILLIC)
    word = "".join(c for c in unicodedata.normalize("NFD", word) if c.isalpha() and not unicodedata.combining(c))
    if not word.isascii():
        for written, sound in _GREEK_PAIRS:
            word = word.replace(written, sound)
        word = "".join(c for c in word.translate(_GREEK).translate(_ARABIC) if c.isascii())
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    word = _DOUBLED.sub(r"\1", _VOWELS.sub("", word))
    return f"s{word[1:]}" if word.startswith("z") else word  # as Germans hear it


def alike(names: Sequence[str]) -> Iterator[Likeness]:
    """People of these names that may be one person."""
    yield from _with_offices(names)
    yield from _with_initials(names)
    yield from _spelled_otherwise(names)


def _with_offices(names: Sequence[str]) -> Iterator[Likeness]:
    known = {fold(name): name for name in names}
    for name in names:
        words = name.split()
        count = titles.leading(words)
        plain = known.get(fold(" ".join(words[count:]))) if 0 < count < len(words) else None
        if plain is not None:
            yield plain, name, f"the same name behind {' '.join(words[:count])}", 0.9


def _with_initials(names: Sequence[str]) -> Iterator[Likeness]:
    """ "L. Krasner" and the one person of that last name whose first name begins so."""
    by_last: dict[tuple[str, str], list[str]] = defaultdict(list)
    short: list[tuple[tuple[str, str], str]] = []
    for name in names:
        words = fold(name).split()
        if len(words) > 1:
            key = words[0][0], words[-1]
            if re.match(r"(?:[A-Z]\.\s?)+(?:[A-Z]\.?\s)?(?=[^\W\d_]{2})|[A-Z]{2}\s", name):
                short.append((key, name))
            else:
                by_last[key].append(name)
    for key, name in short:
        fits = by_last[key]
        if len(fits) == 1:
            yield fits[0], name, "its initials fit, and no other of this last name", 0.7


def _spelled_otherwise(names: Sequence[str]) -> Iterator[Likeness]:
    """Zelensky and Zelenskyy, Gaddafi and Qadhafi, Зеленский: other letters for the same sounds. Where the last name is
    written in one way, the first must have sounds enough, or a word stand between: Yevgeny and Evgeny, not Jan and Jon.
    Of several that sound alike the first is held against each other one: all are merged so.
    """
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in names:
        key = tuple(map(sounds, fold(name).split()))
        if len(key) > 1 and len(key[-1]) >= _LEAST and all(key):
            for one in {
                key,
                *(_read_as(name, "ch", sound) for sound in ("sh", "k")),
            }:  # Chodorkowski, Poutchine, Christine
                groups[one].append(name)
    for key, group in groups.items():
        telling = len(key[0]) >= _LEAST or len(key) > 2
        name = group[0]
        for other in group[1:_NAMESAKES]:
            first, second = fold(name).split(), fold(other).split()
            if first[-1] != second[-1] or (telling and first != second):
                alphabets = name.isascii() != other.isascii()
                yield name, other, "the same sounds in another spelling", 0.75 if alphabets else 0.6
    yield from _as_arabic(names, groups)
    yield from _in_a_case(names, groups)


def _read_as(name: str, letters: str, sound: str) -> tuple[str, ...]:
    return tuple(map(sounds, fold(name).replace(letters, sound).split()))


def _as_arabic(names: Sequence[str], groups: Mapping[tuple[str, ...], list[str]]) -> Iterator[Likeness]:
    """فلاديمير بوتين and Vladimir Putin."""
    others: dict[tuple[str, ...], str] = {}
    for key, group in groups.items():
        if not _ARABIC_LETTER.search(group[0]):
            others.setdefault(tuple(word.translate(_FOR_ARABIC) for word in key), group[0])
    for name in names:
        if _ARABIC_LETTER.search(name) and (other := others.get(tuple(map(sounds, name.split())))):
            yield other, name, "the same sounds in another alphabet", 0.6


def _in_a_case(names: Sequence[str], groups: Mapping[tuple[str, ...], list[str]]) -> Iterator[Likeness]:
    """ "Binjaminem Netanjahuem", "Александром Лукашенко", "Lagardeová": forms of a name that is known, too."""
    for name in names:
        plain = " ".join(_ENDING.sub("", word) for word in name.split())
        if plain != name and (known := groups.get(tuple(map(sounds, fold(plain).split())))) and known[0] != name:
            yield known[0], name, "a case form, or an ending for women, of the same sounds", 0.55


# Of Slavic cases that have a consonant more: the instrumental, and the genitive and dative of adjectives; of women.
_ENDING = re.compile("(?<=..)(?:em|om|ém|ým|ем|ом|им|ым|ім|i?ego|i?emu|ého|ému|ого|его|ому|ему|ього|ьому|ová)$")


def in_other_letters(names: Sequence[str]) -> Iterator[Likeness]:
    """Organisations that two alphabets spell with the same sounds: Gazprom and Газпром."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in names:
        key = tuple(map(sounds, fold(name).split()))
        if all(key) and sum(map(len, key)) > _LEAST:
            groups[key].append(name)
    for group in groups.values():
        for other in group[1:_NAMESAKES]:
            if _is_latin(group[0]) != _is_latin(other):
                yield group[0], other, "the same sounds in another alphabet", 0.7


def _is_latin(name: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in name if letter.isalpha())

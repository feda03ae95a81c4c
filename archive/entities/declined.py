"""Case forms of the names of one story: "Tuska" and "Tuskiem" are Tusk, where the story has that form, too. Pure.

No dictionary knows all names, and none is needed: a form counts only where the name that it would be a form of stands
in the same story, and where that is one name alone. So "Anną Kowalską" beside no Anna Kowalska stays what it is. Places
are looked up in lists, too: "Krakowie" is Kraków.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product

_MOST_WORDS = 3  # of a place that is looked up
_STEM, _SHORT_STEM = 3, 2  # letters at least that two forms of a word share: alone, and beside another that fits too
# Endings that go together, that of the first form before the others; "-" is none.
_CROATIAN = "- a u om em e|a e i u om o|o a u om|i ija iju ijem|ar ra ru rom|ac ca cu cem|ak ka ku kom"
_ENDINGS = {
    "ru": "- а у ом ым е ем|й я ю ем е|ь я ю ем е|а ы и е у ой ою|я и е ю ей ею|ий ого ому им ом|ый ого ому ым ом"
    "|ой ого ому ым ом|ий его ему им ем|ая ой ую|яя ей юю|ел ла лу лом ле|ец ца цу цом цем це|ок ка ку ком ке"
    "|ь и ью|ое ого ому ым ом|ее его ему им ем|ы ам ами ах",
    "uk": "- а у ові ом ем еві єм і|й я ю єві єм ї|ь я ю еві ем і|а и і у ою ї|я і ї ю ею єю|ий ого ому им ім"
    "|е ого ому им|а ої ій у ою|о а у ові ом і|ець ця цю цем|ок ка ку ком|ів ова ову овом ові|їв єва єву євом єві"
    "|ь і ю ю"
    "|ськ ська ську ськом|и ам ами ах",
    "pl": "- a owi em iem ie u|a y i ie ę ą o|a iej ej ą ę|i iego iemu im|y ego emu ym|ek ka kowi kiem ku"
    "|ec ca cowi cem cu|eł ła łowi łem le|ń nia niowi niem niu|ś sia siowi siem siu|ć cia ciowi ciem ciu|o y ie ę ą"
    "|ów owa owie owem owi|- ia iu iem|o a u em ie|ódź odzi odzią|e ego emu em|y ach ami om|ice ic icach icami icom"
    "|ra rze|ga dze|ka ce|da dzie|ta cie|ła le|r rze|ł le|t cie|d dzie",
    "cs": "- a ovi em u e i|a y i ě e u ou o|á é ou ej|ý ého ému ým ém|í ího ímu ím|ek ka kovi kem ku|el la lovi lem"
    "|ec ce ci cem covi|o a ovi em|e y i ou|š še šovi šem|o a u ě em|ha hy ze hu hou|eň ně ni ní|- i í"
    "|ice ic icím icích icemi|y ech ám ami",
    "sk": "- a ovi om em u e i|a y i e u ou|á ej ú ou|ý ého ému ým om|í ieho iemu ím|ek ka kovi kom ku|el la lovi lom"
    "|ec ca covi com|er ra rovi rom|o a ovi om|a u ovi om",
    "hr": _CROATIAN,
    "sl": "- a u om em|a e i o|o a u om|ec ca cu cem|ek ka ku kom",
    "lt": "as o ui ą u e|is io iui į iu yje|ys io iui į iu|us aus ui ų umi uje|a os ai ą oje|ė ės ei ę e",
    "lv": "s a am u ā|š a am u|is a im i ī|us um u|a as ai u ā|e es ei i ē",
    "el": "ης η|ας α|άς ά|ος ου ο ε|ός ού ό|α ας|ά άς|η ης|ή ής|ις ι|ο ου",
    "fi": "- n a ä ta tä ssa ssä sta stä lla llä lta ltä lle na nä ksi"
    "|- in ia iä ille illa illä ilta iltä issa issä ista istä iin ina"
    "|nen sen sta stä seen sella sellä selta seltä selle sessa sessä sesta|e een etta että eessa eessä eesta eestä"
    "|nki ngin nkia nkiä ngissa ngissä ngista ngistä nkiin ngille|ti den tea teä dessa dessä desta destä teen delle"
    "|i en ea eä essa essä esta estä een ella ellä elle|rku run rkua russa rusta rkuun rulle",
    "et": "- i u e ile ilt ist iga ele elt est ega ule ult ust uga le lt st ga|- as asse ast a|- s sse",
    "hu": "- t ot et öt at nak nek val vel ról ről tól től hoz hez höz ban ben ba be ból ből ra re ért on en ön n ig"
    "|a át ának ával áról ától ához ában ába ából ára áért án áig"
    "|e ét ének ével éről étől éhez ében ébe éből ére éért én éig",
    "de": "- s",
    "sv": "- s",
}
_AS = {"bs": "hr", "sh": "hr", "da": "sv", "nb": "sv", "nn": "sv", "no": "sv", "lb": "de", "nl": "de", "fo": "sv"}
_LONGEST = max(len(ending) for paradigms in _ENDINGS.values() for ending in paradigms.replace("|", " ").split())
_CYRILLIC = str.maketrans("aeioumrcjk", "аеиоумрцјк")
_DOUBLED = ("al", "el")  # Hungarian "with": the v of -val and -vel becomes the consonant before it


def declines(lang: str) -> bool:
    """Whether case forms of a language are known."""
    return bool(_endings(lang))


def first_forms(names: Iterable[str], lang: str) -> dict[str, str]:
    """Of those names that are case forms of others, the first form: of one word that word, of several those words."""
    endings = _endings(lang)
    if not endings:
        return {}
    said = {name: tuple(name.split()) for name in names}
    alike: dict[tuple[int, str], list[tuple[str, ...]]] = defaultdict(list)  # which can be forms of each other at all
    for words in said.values():
        alike[len(words), words[0][:_SHORT_STEM]].append(words)
    found = {}
    for name, words in said.items():
        if len(words) > 1:
            others = alike[len(words), words[0][:_SHORT_STEM]]
            firsts = {" ".join(other) for other in others if _is_form(words, other, endings, lang)}
            if len(firsts) == 1:
                found[name] = firsts.pop()
    full = [words for name, words in said.items() if name not in found]
    last = {words[-1] for words in full if len(words) > 1}
    ends = {word for words in full for word in (words[0], words[-1])}
    for name, words in said.items():
        if len(words) == 1 and name not in last:
            firsts = {word for word in _bases(name, endings, lang, _STEM) if word in ends}
            if len(firsts) == 1:
                found[name] = firsts.pop()
    ends_at = {name: _end(found, name) for name in found}
    return {name: first for name, first in ends_at.items() if first}


def listed_form(name: str, lang: str, meaning: Callable[[str], Hashable | None]) -> str:
    """What a list knows by the name that `name` is a case form of, or "" where it knows none, or several things.

    `meaning` says what the list knows a name for, None for nothing.
    """
    words = name.split()
    endings = _endings(lang) if len(words) <= _MOST_WORDS else {}
    if not endings:
        return ""
    ways = product(*([word, *_listed_bases(word, endings, lang, len(words) > 1)] for word in words))
    meant = {first: meaning(first) for first in map(" ".join, ways) if first != name}
    known = {first: thing for first, thing in meant.items() if thing is not None}
    return min(known) if len(set(known.values())) == 1 else ""


def _end(found: Mapping[str, str], name: str) -> str:
    """What a form of a form leads to; "" where two may be forms of each other ("Kosovo", "Kosova")."""
    seen = {name}
    first = found[name]
    while first in found:
        if first in seen:
            return ""
        seen.add(first)
        first = found[first]
    return first


def _is_form(words: Sequence[str], first: Sequence[str], endings: Mapping[str, Collection[str]], lang: str) -> bool:
    """Whether `first`, of as many words, is what the words are forms of, one for one."""
    return words != first and all(
        word == other or other in _bases(word, endings, lang, _SHORT_STEM)
        for word, other in zip(words, first, strict=True)
    )


def _bases(word: str, endings: Mapping[str, Collection[str]], lang: str, least: int) -> Iterator[str]:
    """What a word may be a form of, with `least` letters in common."""
    for size in range(1, min(_LONGEST, len(word) - least) + 1):
        stem, ending = word[:-size], word[-size:]
        yield from (stem + first for first in endings.get(ending, ()))
    if lang == "hu" and word.endswith(_DOUBLED) and len(word) > least + 3 and word[-3] == word[-4]:
        yield word[:-3]


def _listed_bases(word: str, endings: Mapping[str, Collection[str]], lang: str, beside: bool) -> Iterator[str]:
    """What a word may be a form of, of which a list says the rest: a long ending needs less before it ("Києві")."""
    for base in _bases(word, endings, lang, _SHORT_STEM):
        common = next((at for at, pair in enumerate(zip(word, base, strict=False)) if pair[0] != pair[1]), len(base))
        if beside or common >= _STEM or len(word) - common >= _STEM:
            yield base


@cache
def _endings(lang: str) -> Mapping[str, Collection[str]]:
    """Of each ending, those of the first form that it may stand for."""
    if lang == "sr":  # in both its scripts
        paradigms = f"{_CROATIAN}|{_CROATIAN.translate(_CYRILLIC)}"
    else:
        paradigms = _ENDINGS.get(_AS.get(lang, lang), "")
    found: dict[str, set[str]] = {}
    for paradigm in filter(None, paradigms.split("|")):
        first, *others = paradigm.replace("-", "").split(" ")
        for ending in others:
            found.setdefault(ending, set()).add(first)
    return found

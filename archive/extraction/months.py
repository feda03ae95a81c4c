"""What months and weekdays are called: by Unicode CLDR (by way of babel), and as papers write them besides. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache

# Where months have other names than their language has elsewhere (the Levant, Algeria, Afghanistan), or other letters.
_ALSO = {"ar": ("ar_SY", "ar_DZ"), "fa": ("fa_AF",), "sr": ("sr_Latn",), "uz": ("uz_Cyrl",)}
# Names that CLDR has not, from January on: other spellings, months by number, those of our calendar where it has not.
_BESIDES = {
    "be": "студзеня,лютага,сакавіка,красавіка,траўня,чэрвеня,ліпеня,жніўня,верасня,кастрычніка,лістапада,снежня",
    "ml": "ജനുവരി,ഫെബ്രുവരി,മാര്‍ച്ച്,ഏപ്രില്‍,മെയ്,ജൂണ്‍,ജൂലായ്,ആഗസ്റ്റ്,സെപ്തംബര്‍,ഒക്ടോബര്‍,നവംബര്‍,ഡിസംബര്‍",
    "my": "ဇန်နဝါရီလ,ဖေဖော်ဝါရီလ,မတ်လ,ဧပြီလ,မေလ,ဇွန်လ,ဇူလိုင်လ,သြဂုတ်လ|ဩဂုတ်လ|သြဂုတ်,စက်တင်ဘာလ,အောက်တိုဘာလ,နိုဝင်ဘာလ,ဒီဇင်ဘာလ",
    "ps": "جنوري,فبروري,مارچ,اپرېل|اپریل,مې|می|مئ,جون,جولای,اګسټ|اګست,سپټمبر|سپتمبر,"
    "اکتوبر|اکټوبر,نومبر|نوامبر,ډسمبر|دسمبر",
    "si": "ජනවාරි,පෙබරවාරි,මාර්තු,අප්‍රේල්|අප්රේල්,මැයි,ජූනි,ජූලි,අගෝස්තු,සැප්තැම්බර්,ඔක්තෝබර්,නොවැම්බර්,දෙසැම්බර්",
    "so": "Jannaayo|Janaayo,Febraayo|Feebraayo,Maarso|Maarij,Abriil|Abril,Maajo|Meey,Juunyo|Juun,Luuliyo|Julaay,"
    "Ogosto|Agoosto,Sebteembar|Sebtembar,Oktoobar|Oktobar,Nofeembar|Noofembar,Diseembar|Disembar",
    "tt": "гыйнваре,феврале,марты,апреле,мае,июне,июле,августы,сентябре,октябре,ноябре,декабре",
    "ur": "جنوری,فروری,مارچ,اپریل,مئ|مئی,جون,جولائی,اگست,ستمبر,اکتوبر,نومبر,دسمبر",
    "yo": "Kìíní,Kejì,Kẹta,Kẹrin,Karùn-ún,Kẹfà,Keje,Kẹjọ,Kẹsàn-án,Kẹwàá,Kọkànlá,Kejìlá",
}  # fmt: skip
# Gaelic words change their first sound behind others: Bealtaine, de Bhealtaine.
_GAELIC = frozenset({"ga", "gd"})
_SOFTENED = re.compile("(?<=^[bcdfgmpst])h")


def month_of(word: str, langs: tuple[str, ...]) -> int | None:
    """The number of the month that a word names in one of some languages, whole or cut."""
    for lang in langs:
        folded, names = _fold(word, lang), _months(lang)
        if folded in names:
            return names[folded]
        numbers = {number for name, number in names.items() if len(folded) >= 3 and name.startswith(folded)}
        if lang != "en":
            numbers = numbers or {number for name, number in names.items() if _is_inflected(folded, name)}
        if len(numbers) == 1:
            return numbers.pop()
    return None


def is_weekday(word: str, langs: tuple[str, ...]) -> bool:
    """Whether a word is the name of a weekday in one of some languages, whole or cut to two letters or more."""
    return bool(_weekdays_of(word, langs))


def weekday_of(word: str, langs: tuple[str, ...]) -> int | None:
    """Which weekday a word names (0 is Monday); None where it names none, or may be several."""
    found = _weekdays_of(word, langs)
    return found.pop() if len(found) == 1 else None


def _weekdays_of(word: str, langs: tuple[str, ...]) -> set[int]:
    return {
        number
        for lang in langs
        if len(folded := _fold(word, lang)) >= 2
        for number, name in _weekdays(lang)
        if name.startswith(folded) or _is_inflected(folded, name)
    }


def _is_inflected(word: str, name: str) -> bool:
    """Whether a word is a case of a name that CLDR does not list.

    Serbian марта of март, Latvian martā of marts, Basque maiatzaren of maiatza.
    """
    common = next((at for at, (one, other) in enumerate(zip(word, name, strict=False)) if one != other), None)
    common = min(len(word), len(name)) if common is None else common
    return (
        common >= max(3, len(name) - 2)
        and (common >= 4 or common == len(name))
        and len(word) <= len(name) + (3 if common >= 5 else 2)
    )


@cache
def _weekdays(lang: str) -> frozenset[tuple[int, str]]:
    """Their numbers and names, folded, and the words of those that have several ("thứ ba")."""
    names = [one for locale in (lang, *_ALSO.get(lang, ())) for one in _names("days", locale)]
    words = [*names, *((number, word) for number, name in names for word in re.split(r"[\s\u200c]", name))]
    return frozenset((number, folded) for number, word in words if (folded := _fold(word, lang)))


@cache
def _months(lang: str) -> dict[str, int]:
    """Names and short forms of months, folded; the last words of those that have several ("Oṣù Ẹ̀bibi") as well."""
    found: dict[str, int] = {}
    named = [one for locale in (lang, *_ALSO.get(lang, ())) for one in _names("months", locale)]
    named += [
        (number, name) for number, names in enumerate(_BESIDES.get(lang, "").split(","), 1) for name in names.split("|")
    ]
    last = {(number, words[-1]) for number, name in named if len(words := re.split(r"[\s’']", name)) > 1}
    told = Counter(word for _, word in last)
    for number, name in (*named, *sorted(one for one in last if told[one[1]] == 1)):
        if len(word := _fold(name, lang)) >= 2 and not word.isdigit():
            found.setdefault(word, number)
    return found


def _names(kind: str, lang: str) -> Iterator[tuple[int, str]]:
    """Names of months or days with their numbers, whole and short, as they stand alone and within a date."""
    from babel import Locale, UnknownLocaleError

    try:
        calendar = getattr(Locale.parse(lang or "en"), kind)
    except (ValueError, UnknownLocaleError):
        return
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            yield from calendar[context][width].items()


def _fold(word: str, lang: str) -> str:
    """Its letters, with the vowels of scripts that write these as signs, without accents."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    letters = "".join(char for char in plain if char.isalpha() or _is_vowel(char))
    return _SOFTENED.sub("", letters) if lang in _GAELIC else letters


def _is_vowel(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" and not unicodedata.combining(char)

"""Which language an article is in: what the page says, unless its text plainly speaks another. Deterministic, offline.

The detector (py3langid) is loaded with the first text that is not plainly in one of three languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from archive.extraction.facts import Facts, inner_text
from archive.extraction.jsonld import text_of

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_TAG = re.compile(r"^([a-zA-Z]{2,3})(?:[-_][a-zA-Z]{4})?(?:[-_]([a-zA-Z]{2}))?(?:[-_.@]|$)")
_ALIASES = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "mo": "ro", "tl": "fil", "cz": "cs", "jp": "ja", "ua": "uk"}
# Languages that the detector mixes up in short texts: what the page says decides between them.
_CLOSE = (
    frozenset("hr sr bs sh cnr".split()),
    frozenset("no da".split()),
    frozenset("id ms jv".split()),
    frozenset("gl pt".split()),
    frozenset("fa prs tg".split()),
    frozenset("hi mr ne".split()),
    frozenset("af nl".split()),
    frozenset("zh yue wuu lzh".split()),
)
# On 4,600 pieces of news in 30 languages the detector is right in 96.7 % at 60 characters, 99.0 at 150, 99.5 at 400.
_LONGEST = 500  # characters that are looked at
_LEAST = 25  # letters: below, every language is a guess
_LEAST_AGAINST = 150  # letters that can prove a page wrong
_SURE = 0.5  # probability for a page that says nothing
_SURE_AGAINST = 0.9  # … against what it says
_PARAGRAPH = 80  # characters: shorter ones are menus, captions, datelines
# A text with so many of these small words is in their language. Of 48,000 pieces of 300 or 500 characters in 30
# languages 7,600 are taken for English, all of them English by the detector, too; shares of 0.04 and 0.15 would take in
# seven that are not. Of 52,000 pieces 6,600 are taken for German or French: so says the detector of each.
_SMALL = {
    "en": ("the of and that with from this which their they been have has were was his would not said by are",
           "to in a is on for he as we it at an be its will but who or had more about after"),
    "de": ("der die das und den dem des nicht ist ein eine mit von für auf sich sind wird dass einer einem einen",
           "im in zu es er als an auch hat aus werden bei wie so nach über zum zur war sie noch nur um oder haben"),
    "fr": ("les des est dans une qui pour sur du pas au avec sont cette aux ont",
           "le la de et un en il ce elle ne plus que par ses été mais leur nous comme son"),
}  # fmt: skip
# By language: those that others hardly have, and all of them.
_SMALL_WORDS = {
    lang: (frozenset(own.split()), frozenset(f"{own} {too}".split())) for lang, (own, too) in _SMALL.items()
}
_PLAIN_LEAST = 250  # characters
_OWN_SHARE, _SMALL_SHARE = 0.08, 0.2  # of the words
_PLAIN = {"en": 0.96, "de": 0.9, "fr": 0.9}  # of the characters are ASCII
_NOISE = re.compile(r"https?://\S+|[@#]\w+|[\d_]+")
_WIDE = re.compile("[\u3040-\u9fff\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is the primary tag ("en", "" where unknown), `region` the country of the page's own tag ("US" or "")."""

    code: str = ""
    region: str = ""
    rule: str = ""
    said: str = ""  # the code that the page itself gives, where its text is in another language


def read_language(facts: Facts) -> Language:
    """The language of a page, told by its own statements and by its longest paragraphs."""
    return settle(list(_stated(facts)), paragraphs(facts))


def settle(stated: list[Language], text: str) -> Language:
    """The first statement, unless `text` plainly is in another language; then that, with the rule "text"."""
    said = stated[0] if stated else Language()
    if not said.region:  # <html lang=en> and og:locale en_GB
        said = replace(said, region=next((one.region for one in stated if one.region and one.code == said.code), ""))
    sample = _sample(text)
    found, sure = _detected(sample)
    if not said.code:
        return Language(found, "", "text") if found and sure >= _SURE else said
    if found in ("", said.code) or any({found, said.code} <= group for group in _CLOSE):
        return said
    if _letters(sample) < _LEAST_AGAINST or sure < _SURE_AGAINST or not _throughout(text, found):
        return said
    other = next((one for one in stated if one.code == found), Language(found, "", "text"))
    return replace(other, said=said.code)


def language_of(text: str) -> str:
    """The language of a text by itself, "" where it is too short or too mixed to say."""
    return settle([], text).code


def of_paragraph(text: str, lang: str) -> str:
    """The language of a paragraph in an article in `lang`: another one only where it plainly is in that.

    English in an article that is not; anything else in one that is, or in another script. A few languages of one
    script beside each other are not told apart: asking for every paragraph would cost as much as reading it.
    """
    if len(text) < _PLAIN_LEAST // (3 if _WIDE.search(text) else 1):
        return lang
    sample = text[:_LONGEST]
    if lang not in ("en", "") and _plainly(sample) == "en":
        return "en"
    wide = len(_WIDE.findall(sample)) * 2 > len(sample)
    if wide == (lang in ("zh", "ja", "ko")) and (lang not in ("en", "") or _some_english(sample)):
        return lang
    sample = _sample(text)
    found, sure = _detected(sample)
    close = any({found, lang} <= group for group in _CLOSE)
    return found if found and not close and sure >= _SURE_AGAINST and _letters(sample) >= _LEAST_AGAINST else lang


def _some_english(sample: str) -> bool:
    words = sample.lower().split()
    return sum(map(_SMALL_WORDS["en"][1].__contains__, words)) >= _OWN_SHARE * len(words)


def tag(value: str) -> tuple[str, str]:
    """Primary language and country of a tag as pages write it ("en_US", "zh-Hant-TW"); ("", "") for what is none."""
    match = _TAG.match(value.strip())
    if not match:
        return "", ""
    code = match[1].lower()
    return _ALIASES.get(code, code), (match[2] or "").upper()


def paragraphs(facts: Facts) -> str:
    """The first paragraphs of the page that are long enough to be running text."""
    kept: list[str] = []
    size = 0
    for element in facts.tree.iter("p"):
        text = inner_text(element)
        if len(text) * (3 if _WIDE.search(text[:20]) else 1) >= _PARAGRAPH:
            kept.append(text)
            size += len(text)
            if size >= 4 * _LONGEST:
                break
    # The very first is a notice on cookies as often as not: the others speak first where there are some.
    return "\n".join([*kept[1:], *kept[:1]] if len(kept) > 2 else kept)


def _stated(facts: Facts) -> Iterator[Language]:
    root = facts.tree.getroottree().getroot()
    xml = "{http://www.w3.org/XML/1998/namespace}lang"
    for value, rule in (
        (root.get("lang") or root.get(xml) or root.get("xml:lang"), "html lang"),
        (text_of(facts.found.article.get("inLanguage")), "json-ld inLanguage"),
        (facts.first("og:locale")[0], "og:locale"),
        (facts.first("content-language", "language", "dc.language")[0], "meta language"),
    ):
        code, region = tag(value or "")
        if code:
            yield Language(code, region, rule)


def _throughout(text: str, code: str) -> bool:
    """Whether most of the paragraphs are in one language: a foreign quotation makes no foreign article."""
    parts = [(_detected(_sample(part))[0], len(part)) for part in text[: 4 * _LONGEST].split("\n")]
    told = [(found, size) for found, size in parts if found]
    return 3 * sum(size for found, size in told if found == code) >= 2 * sum(size for _, size in told)


def _sample(text: str) -> str:
    """The beginning of a text without what is in no language."""
    text = text[: 4 * _LONGEST]
    cut = text.rfind(" ", 0, _LONGEST + _LONGEST // 2)  # most texts need no more
    if cut > _LONGEST and len(sample := _squeezed(text[:cut])) >= _LONGEST:
        return sample[:_LONGEST]
    return _squeezed(text)[:_LONGEST]


def _squeezed(text: str) -> str:
    return " ".join(_NOISE.sub(" ", text).split())


def _letters(sample: str) -> int:
    """How many letters speak for a language; a sign that is a syllable or a word speaks like three."""
    return sum(map(str.isalpha, sample)) + 2 * sum(map(str.isalpha, _WIDE.findall(sample)))


def _detected(sample: str) -> tuple[str, float]:
    """The likeliest language and its probability."""
    plainly = _plainly(sample)
    if plainly:
        return plainly, 1.0
    if _letters(sample) < _LEAST:
        return "", 0.0
    found, sure = _identifier().classify(sample)
    return _ALIASES.get(found, found), float(sure)


def _plainly(sample: str) -> str:
    """The language of which small words leave no doubt, or "": then nothing is loaded, and nothing counted."""
    if len(sample) < _PLAIN_LEAST:
        return ""
    plain = len(sample) if sample.isascii() else len(sample.encode("ascii", "ignore"))
    words = sample.lower().split()
    for lang, (own, small) in _SMALL_WORDS.items():
        if (
            plain >= _PLAIN[lang] * len(sample)
            and sum(map(own.__contains__, words)) >= _OWN_SHARE * len(words)
            and sum(map(small.__contains__, words)) >= _SMALL_SHARE * len(words)
        ):
            return lang
    return ""


def load_detector() -> None:
    """Load what takes half a second with the first text that needs it."""
    _identifier()


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

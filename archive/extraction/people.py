"""Names out of bylines. Pure: what is a name, a role, a separator, an agency, an account."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from archive.extraction import byline_words as tables
from archive.extraction.decode import clean_text
from archive.extraction.spelled import of_languages, without_days

_MAILBOX = re.compile(r"\A\s*[^\s()]+@[^\s()]+\s*\(([^()]+)\)\s*\Z")  # as feeds have it: "ann@a.example (Ann Reed)"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|https?://\S+|(?<!\w)@\w+")
_SPECIAL = re.compile(r"[\s,]+(?:special|exclusive(?:ly)?)\s+(?:to|for)\s.*$", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(\[（][^)\]）]*[)\]）]")
_BRACKETED = re.compile(r"\s*[(\[（【]\s*([^()\[\]（）【】]+?)\s*[)\]）】]\s*")
# "Anna Berg (Text) und Karl Otto (Fotos)": who had another part.
_OTHER_IN_BRACKETS = re.compile(
    r"(?:^|[,;&|]|\b(?:and|und|et|y|e|og|och|en|i|и)\s)[^,;&|()]*\(\s*(?:fotos?|photos?|photograph\w*|pictures?|images?|bild(?:er)?"
    r"|graphics?|grafik(?:en)?|illustrations?|video|kamera|camera|foto's|fotograf\w*|zdjęcia|kuvat?|фото|editing|translation)\s*\)",
    re.IGNORECASE,
)
# What stands between persons, and what may also stand between a person and a place, an office or a paper.
_AND = re.compile(
    r"\s*(?:、|(?<=[\u3400-\u9fff])\s+(?:通讯员|通訊員|记者|記者)\s*|\s+(?:and|und|et|y|e|og|och|en|ja|oraz|i|dan|ve|и|та|with|mit|avec|con)\s+"
    r"|\s*&\s*)\s*",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\s*(?:;|\||\n|•|·|／|●|\s/\s|(?<=[^\W\d_]{2})/(?=[A-ZÀ-Þ][^\W\d_]{2}|(?:dpa|afp|ap|rtr)\b)|\s[-–—]\s)\s*"
)
_LISTED = re.compile(r"\s*(?:;|\||\n|\s+and\s+|\s*&\s*)\s*", re.IGNORECASE)
_COMMA = re.compile(r"\s*[,،，]\s*")
_MIDDLE_BY = re.compile(r"^.*?[\s|]by\s+(?=\w)", re.IGNORECASE | re.DOTALL)
# Behind a name, as bylines in Korean and Hungarian have it.
_TRADE = re.compile(r"\s*(?:기자|특파원|선임기자|논설위원|記者|记者|\s(?:írása|cikke|riportja|interjúja))\s*$")
_CLOCK = re.compile(
    r"\b\d{1,2}(?:[:.h]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\b\.?)?|\s?[ap]\.?m\b\.?)\s*(?:uhr|hrs?|[a-z]{1,3}[sd]?t"
    r"|gmt|utc)?(?!\w)",
    re.IGNORECASE,
)
_READING = re.compile(
    r"\b\d+\s*-?\s*(?:min\w*\.?|hours?|days?|weeks?|months?|years?|std\w*|sek\w*)(?:\s+(?:read|ago|de\s\w+|di\s\w+))?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\b\d{1,2}[.:/]\d{1,2}|\b(?:19|20)\d\d\b")
_SCRIPTS = re.compile(
    "[\u0590-\u0dff\u0e00-\u109f\u10d0-\u10ff\u1200-\u137f\u1780-\u17ff\u3040-\u9fff\uac00-\ud7a3]"
)  # without capitals
EAST = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_EAST_NAME = re.compile(
    "(?:[\uac00-\ud7a3]{2,4}"
    "|[\u3400-\u9fff々]{1,4}[ \u3000]?[\u3400-\u9fff々\u3041-\u30ff]{1,5}|[\u30a0-\u30ff・]{2,12})$"
)
# "Reviewed by Dr. Berg — Written by Rosa Lindt": each part of it has its own verb.
_CLAUSES = re.compile(r"\s*[;|]\s*|\s+[—–]\s+|\s*,?\s+(?=(?:written|words|story|text)\s+by\b)", re.IGNORECASE)
_STAMP = re.compile(
    r"\b(?:(?:last|first)\s+)?(?:updated|published|posted|modified|created|aktualisiert|veröffentlicht|publié"
    r"|mis à jour|publicado"
    r"|actualizado|pubblicato|aggiornato|bijgewerkt)(?:\s+(?:on|at|am|le|el|il|op))?\s*:?\s*(?=\||$)"
    r"|\b(?:on|am|le|el|il|den|op)\s*(?=\|)",
    re.IGNORECASE,
)
# "Publié le 6 mai 2025 à 10h30 par Rosa Lindt": the day of any language stands between the two.
_STAMPED_BY = re.compile(
    r"^\W*(?:published|posted|veröffentlicht|erschienen|publié|mis en ligne|publicad[oa]|pubblicat[oa]|gepubliceerd"
    r"|geplaatst|publicerad|publisert|publiceret|opublikowan\w+|dodan\w+|publikováno|objavljeno|publicat"
    r"|diterbitkan|опубликован\w*)\b[^|]{0,40}?\b\d{4}\b[^|]{0,30}?"
    r"\s(?i:by|von|par|por|da|de|di|door|av|af|przez|oleh|od|от)\s+(?=\w)",
    re.IGNORECASE,
)
_BETWEEN = frozenset("For From With The At FOR FROM WITH THE AT".split())  # "Ann Reed For The Quay"
_WITH = re.compile(r"[\s,.–(-]+(?:with|mit|avec|con|and|und|et|y|og|och|en)\s*$", re.IGNORECASE)
_JOIN = re.compile(r"^(?:and|und|et|y|og|och|oraz|&)\s+(?=\w)")
# "Rosa Lindt in Berlin", "Rosa Lindt of the Example"
_PLACE = re.compile(r"\s+(?:(?:in|from|for|of|at|aus|für|bei|à|op)\s|(?:For|Of|FOR|OF)\s+(?:The|THE)\b).*$")
_PROSE = re.compile(
    r"\s+(?:(?:is|was|ist|est|es|è|é)\s+.*|reports|writes|explains|berichtet)$"
)  # "Rosa Lindt is a reporter"
_MIXED = re.compile(r"(?<=[A-ZÀ-Þ]{2})\s+[A-ZÀ-Þ][a-zß-ÿ].*$")  # "ROSA LINDT Example Press"
_DESK = re.compile(
    r"\b(?:desk|bureau|team|staff|news(?:room|desk)|redaktion|redazione|redacci[oó]n|redactie)$", re.IGNORECASE
)
_LABEL = re.compile(r"(?:^|(?<=\|))\s*\w+\s*:\s*(?=\||$)")  # what stood before a day or an hour
_WIRE = re.compile(
    "(?:(?<=[\u3400-\u9fff]{2})|^)[\u3400-\u9fff]{2}(?:\\d*日?(?:综合|綜合)?(?:报道|報導|報道|電|电|讯|訊))$"
)
_WORD = re.compile(r"[^\W\d_]+")
# "José de la Cruz y Pérez" is one person; "Ana Ruiz y Redacción", "Ana Ruiz y EFE" and "Ana y Luis" are not.
_SURNAMES = re.compile(
    r"(?<!\S)((?!(?:Por|By|De|Texto)\b)[A-ZÀ-Þ]\S+\s(?:[^\s,;|&]+\s){0,4}[^\s,;|&]{3,})\s+y\s+"
    rf"(?=(?!(?i:{tables.ROLE.pattern}))[A-ZÀ-Þ][a-zß-ÿ]+(?:$|\s*[,;|&]|\s+(?:y|e|and)\s))"
)
_JOINT = "\u2060"  # stands for a blank that parts no names
_HAN_APART = re.compile(
    "(?<!记者)(?<!記者)(?<!通讯员)(?<!通訊員)(?<=[\u3400-\u9fff]{2})[ \u3000]+(?=[\u3400-\u9fff]{2,4}(?:[ \u3000、]|$))"
)
_LONGEST, _MOST_WORDS = 80, 8
_MOST_SIGNS, _MOST_NAMES = 8_000, 200  # of one author string that are looked at
_ACRONYM, _VOWELS = 3, frozenset("AEIOUY")  # letters that an acronym can have at the most, but for a vowel


def names_in(value: str, *, inverted: bool = False, langs: tuple[str, ...] = ()) -> list[str]:
    """The names in one author string: without "By", roles, addresses, dates and brackets; [] for what is no name.

    "Last, First" is one person where nothing else fits; `inverted` says that this is how the source writes all names.
    `langs`: the languages of its page, where they are known; they say whether "Ni" is a word for "by" or a name.
    """
    text = _joined(readable(value[:_MOST_SIGNS], langs), langs)
    turned = [] if tables.BY.match(text) and not inverted else _turned(text, always=inverted)
    if turned:
        return turned
    names: list[str] = []
    parts = _BESIDE.split(tables.BY.sub("", text) if EAST.search(text) else text)
    for part in (one for whole in parts for one in _AND.split(whole)):
        if len(names) > _MOST_NAMES:
            break
        pieces = _COMMA.split(part)
        alone = len(pieces) == len(parts) == 1
        for piece in pieces:
            if names and tables.ASKED.fullmatch(piece):
                continue
            name = _cleaned(piece, langs).replace(_JOINT, " ")
            if tables.DEGREES.match(name) and names:
                names[-1] = f"{names[-1]}, {name}"
            elif is_name(name) and not (_is_no_other(name, names) if alone else _is_beside(name, names)):
                names.append(name)
    return list(dict.fromkeys(names))


def is_name(name: str) -> bool:
    """Whether a string can be the name of a person, an agency or a desk."""
    if (
        not name
        or tables.MARK.match(name)
        or len(name) > _LONGEST
        or len(name.split()) > _MOST_WORDS
        or tables.ACCOUNT.match(name)
    ):
        return False
    if not any(char.isalpha() for char in name) or "http" in name or "<" in name or _DIGITS.search(name):
        return False
    return not is_interface(name)


def is_interface(name: str) -> bool:
    """Whether these are words of the page: of its links, buttons and notices."""
    found = [word.casefold() for word in name.split()]
    if tables.PHRASES.match(name) or tables.INTERFACE_EAST.search(name):
        return True
    return sum(word.strip(".,:!") in tables.INTERFACE for word in found) * 2 >= max(len(found), 1)


def is_person(name: str) -> bool:
    """Whether a name looks like that of a person: two to five capitalised words, none of them a role or a body.

    Titles, degrees and initials belong to the name. In scripts without capitals the number of words decides.
    """
    if (
        any(char.isdigit() or char in ":/?!=|" for char in name)
        or tables.ROLE.search(name)
        or tables.OTHER_PART.search(name)
    ):
        return False
    if is_interface(name) or not is_name(name):
        return False
    if _SCRIPTS.search(name):
        return _is_person_without_capitals(name)
    words = [word for word in name.replace(",", " ").split() if not _is_title(word)]
    small = sum(word in tables.PARTICLES for word in words)
    if (
        not 2 <= len(words) <= (5 if small < 2 else 4 + min(small, 3))
        or any(map(_is_call_sign, words))
        or any(word in _BETWEEN for word in words[1:])
        or words[-1] in tables.PARTICLES  # "Ausgabe vom"
        or any(_bare(word) in tables.BODIES or _bare(word) in tables.INTERFACE for word in words)
    ):
        return False
    proper = [word for word in words if word.lower() not in tables.PARTICLES]
    whole = [word for word in proper if len(_WORD.findall(word)) and len(_bare(word)) > 1]
    return bool(whole) and all(word[0].isupper() or word[0] in "'’ʻ`" or _inner_capital(word) for word in proper)


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Names once each, by letters alone, the better-written spelling kept."""
    kept: dict[str, str] = {}
    for name in names:
        key = letters(name)
        if key and (key not in kept or (kept[key].isupper() and not name.isupper())):
            kept[key] = name
    return tuple(kept.values())


def letters(text: str) -> str:
    """What two spellings of a name have in common."""
    return re.sub(r"[\W_]", "", text.casefold())


def name_parts(name: str) -> tuple[str, str, str]:
    """Family name, given names and suffix, as reference managers sort them: ("von der Leyen", "Ursula", "").

    What is no person, or cannot be taken apart, is all family name: ("dpa", "", "").
    """
    if not is_person(name):
        return name, "", ""
    if EAST.search(name):
        family, _, given = name.partition(" ")
        return family, given, ""
    core, _, suffix = name.partition(", ")
    words = core.split()
    start = len(words) - 1
    while start > 1 and (words[start - 1].islower() or words[start - 1] in ("Van", "Von", "De", "Di", "La", "Le")):
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start]), suffix


def readable(value: str, langs: tuple[str, ...]) -> str:
    """An author string without addresses, brackets, dates and times, and without those who had another part in it."""
    value = html.unescape(html.unescape(value)) if "&" in value else value  # escaped once more than it should be
    value = _MAILBOX.sub(r"\1", value)
    text = _SPECIAL.sub(" ", _MAIL.sub(" ", clean_text(" ".join(value.split()))))
    bracketed = _BRACKETED.fullmatch(text)
    text = bracketed[1] if bracketed else _BRACKETS.sub(" ", _OTHER_IN_BRACKETS.sub(" ", text))
    if any(char.isdigit() for char in text):
        text = _STAMPED_BY.sub("by ", text)
        text = _READING.sub(" | ", _CLOCK.sub(" | ", without_days(text, of_languages(langs))))
        text = _LABEL.sub(" ", _STAMP.sub(" | ", text))
    text = " | ".join(_without_others(text))
    if not tables.SPONSOR.search(text):
        text = _MIDDLE_BY.sub("by ", text)
    return " ".join(text.split()).strip(" |")


def _without_others(text: str) -> Iterator[str]:
    for clause in _CLAUSES.split(text):
        other = tables.OTHER_PART.search(clause)
        yield (_WITH.sub("", clause[: other.start()]).rstrip(" ,.–-(") if other else clause)


def _turned(text: str, *, always: bool) -> list[str]:
    """The persons of "Last, First; Last, First"; [] where the commas of `text` separate something else."""
    parts = [_COMMA.split(part) for part in _LISTED.split(text) if part.strip()]
    turned = [_first_last(part, always=always) for part in parts]
    return [name for name in turned if name] if parts and all(turned) else []


def _first_last(part: list[str], *, always: bool) -> str:
    pieces = [piece.strip() for piece in part]
    suffix = f", {pieces[2].rstrip('.')}" if len(pieces) == 3 and tables.DEGREES.match(pieces[2]) else ""
    if len(pieces) != 2 + bool(suffix) or tables.DEGREES.match(pieces[1]):
        return ""
    family, given = pieces[0], pieces[1]
    shouted = family.isupper() and given.isupper() and not {_bare(family), _bare(given)} & tables.AGENCIES
    if shouted and min(len(family), len(given)) >= _ACRONYM and set(given) & _VOWELS:  # "REED, ANN" is no place
        return f"{given} {family}{suffix}" if family.isalpha() and given.isalpha() else ""
    if not _can_be_family(family) or not _can_be_given(given):
        return ""
    particle = not family.isupper() and _bare(family.split()[0]) in tables.PARTICLES
    known = len(family.split()) == 1 or particle or _initials(given)
    return f"{given} {family}{suffix}" if always or known else ""


def _can_be_family(text: str) -> bool:
    words = text.split()
    return 1 <= len(words) <= 3 and _is_plain_name(text) and (text[0].isupper() or _bare(words[0]) in tables.PARTICLES)


def _can_be_given(text: str) -> bool:
    return 1 <= len(text.split()) <= 3 and text[:1].isupper() and _is_plain_name(text)


def _is_plain_name(text: str) -> bool:
    """No role, body, agency or acronym: "Doe, Reuters" and "Washington, DC" are not turned."""
    if tables.ROLE.search(text) or any(_bare(word) in tables.BODIES | tables.AGENCIES for word in text.split()):
        return False
    acronym = text.isupper() and 2 <= len(text) <= 4 and "." not in text
    return (
        not acronym
        and not any(char.isdigit() for char in text)
        and not is_interface(text)
        and not _SCRIPTS.search(text)
    )


def _initials(given: str) -> bool:
    return all(len(_bare(word)) == 1 or _bare(word) in tables.PARTICLES for word in re.split(r"[\s.]+", given) if word)


def _is_no_other(name: str, names: list[str]) -> bool:
    """Whether a piece behind "and" is nobody beside the persons before it: "and agencies", "and the newsroom"."""
    is_role = bool(tables.ROLE.search(name)) or (name.islower() and _bare(name) not in tables.AGENCIES)
    return is_role and not is_person(name) and any(map(is_person, names))


def _is_beside(name: str, names: list[str]) -> bool:
    """Whether a piece behind a comma is what stands beside a name: a role, a place, an office."""
    if tables.ROLE.search(name):
        return True
    if not any(map(is_person, names)):
        return False
    words = name.split()
    if words[0] in ("The", "THE") and not _is_title(words[1] if words[1:] else ""):
        return True  # "Ann Reed, The Quay Times"
    if len(words) > 1 and words[0].casefold() in tables.PLACES_BEGIN:
        return True
    if len(words) == 1:  # a place, if it is no agency
        is_word = not _SCRIPTS.search(name) and not (name.isupper() and len(name) > 2)
        return is_word and _bare(name) not in tables.AGENCIES
    office = words[0].isupper() and 3 <= len(words[0]) <= 4 and not (name.isupper() or names[-1].split()[0].isupper())
    return office or any(word.islower() and word not in tables.PARTICLES for word in words)


def _is_person_without_capitals(name: str) -> bool:
    if EAST.search(name):
        return bool(_EAST_NAME.match(name))
    words = name.split()
    return 2 <= len(words) <= 5 and all(len(word) > 1 for word in words) and len(name) <= 40


def _is_title(word: str) -> bool:
    return _bare(word) in tables.TITLES or bool(tables.DEGREES.match(word))


def _is_call_sign(word: str) -> bool:
    """MDR, BBC, NPR: two to four capitals without a vowel are no part of a name, but as initials."""
    return (
        3 <= len(word) <= 4 and word.isalpha() and word.isupper() and word.isascii() and not set(word) & set("AEIOUY")
    )


def _inner_capital(word: str) -> bool:
    """al-Assad, d'Ancona, O'neil: a particle written together with its name."""
    return bool(re.match(r"^(?:[a-z]{1,3}[-'’][A-ZÀ-Þ]|[a-z]{2,3}[A-ZÀ-Þ])", word))


def _bare(word: str) -> str:
    return word.casefold().strip(".,:;'’\"")


def opening(text: str, langs: tuple[str, ...]) -> int:
    """How many characters of a text say that a name follows ("By ", "Von "), as its languages have it."""
    for lang in langs:
        own = re.match(rf"\s*(?:{tables.BY_IN[lang]})\s+", text, re.IGNORECASE) if lang in tables.BY_IN else None
        if own is not None and is_person(text[own.end() :].split("&")[0].strip()):
            return own.end()
    found = tables.BY.match(text)
    if found is None:
        return 0
    owners = tables.NAMELY.get(found[0].strip().casefold(), frozenset()) if langs else frozenset()
    is_name_itself = owners and not owners & set(langs) and " " not in text[found.end() :].strip() and is_person(text)
    return 0 if is_name_itself else found.end()


def _joined(text: str, langs: tuple[str, ...]) -> str:
    """An author string with "&" for the words for "and" that only its languages have, and Chinese names apart."""
    for lang in langs:
        if lang in tables.AND_IN:
            text = re.sub(rf"\s+(?:{tables.AND_IN[lang]})\s+", " & ", text)
    text = _SURNAMES.sub(rf"\1{_JOINT}y{_JOINT}", text)
    return _HAN_APART.sub("、", text) if "zh" in langs else text


def _cleaned(piece: str, langs: tuple[str, ...]) -> str:
    previous = None
    while previous != piece:
        previous = piece
        asked = tables.ASKED.fullmatch(piece)
        piece = asked["whom"] if asked else tables.ASKED_BEHIND.sub("", piece)
        piece = _WIRE.sub("", _TRADE.sub("", piece[opening(piece, langs) :])).strip(" \t,:;-–—|/*").lstrip(".")
        piece = piece if re.search(r"(?:^|[\s.])\w\.$", piece) else piece.rstrip(".")  # "Nicolas Gutierrez C."
    piece = _core(_JOIN.sub("", piece))
    words = piece.split()
    half = len(words) // 2
    return " ".join(words[:half]) if len(words) > 2 and words[:half] == words[half:] else piece  # a link said twice


def _core(piece: str) -> str:
    """The person in a piece that says more: where they are, what they do; else the piece itself."""
    if is_person(piece):
        return piece
    roles = [found for found in tables.ROLE.finditer(piece) if _bare(found[0]) not in tables.TITLES]
    behind = piece[roles[-1].end() :].strip() if roles else ""
    before = piece[: roles[0].start()].strip() if roles else ""
    if is_person(behind):
        return behind
    if is_person(before) and not _DESK.search(piece) and (len(before.split()) == 2 or EAST.search(before)):
        return before
    for more in (_PLACE, _PROSE, _MIXED):
        core = more.sub("", piece)
        if core != piece and is_person(core):
            return core
    return piece

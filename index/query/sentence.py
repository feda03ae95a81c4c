"""A query read as people ask: what must hold, which words may be lacking, and which exclude nothing. Pure.

Words without a field are looked at together. In three or more, function words of their language (stopwords.py) and
what frames a question ("what is known about …") exclude nothing: `idle`. Words that a person writes with a capital
within a line of small letters are names (US, May), whatever else they mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from archive import frozen
from index.analysis import query_terms
from index.patterns import later
from index.query.compile import is_address
from index.query.nodes import And, Everything, Fuzzy, Node, Or, Prefix, Word, leaves
from index.query.stopwords import ASKED_FOR, FUNCTION_WORDS, language

SENTENCE = 3  # words from which on some may be idle
LONG = 7  # words from which on a question is ranked without its idle words …
DIFFERENT = 3  # … if so many different stems are left
PARAGRAPH = 40  # different words: of more only the weightiest are asked

_SHORT = 3  # letters before a point that may be an abbreviation's
_ASKING = ("?", "？", "؟", ";")  # the last is the Greek one
_ENDS = (".", "!", "。", "！", "।", "؟", "?", "？")
# Of Chinese and Japanese, which set no spaces: what stands in one kind of letters is a word or some. Hiragana between
# is mostly grammar, and words in other scripts are whole.
_HAN, _KATAKANA = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff", "\u30a1-\u30ff\uff66-\uff9f"
_UNSPACED = later(f"[{_HAN}{_KATAKANA}]")
_RUN = later(rf"[{_KATAKANA}]{{2,}}|[{_HAN}]{{2,}}|[^\W_\u3040-\u309f{_HAN}{_KATAKANA}]+")
_WHOLE = 3  # characters of a run up to which it is looked for as it is: longer ones are several words mostly
_THINGS = (
    r"(?:articles?|stories|story|documents?|papers?|reports?|news|texts?|material|information|everything|anything)"
)
_DEALING = (
    r"(?:about|on|of|concerning|regarding|(?:(?:that|which|are|is) )*(?:dealing|deals?|concerned|relating|related"
    r"|pertaining) (?:with|to)|(?:(?:that|which) )?(?:describ|discuss|mention|cover)(?:es?|s|ing)?)"
)
_SOME = r"(?:(?:some|all|any|more|me|us|out|the) )*"
# How a question begins before it comes to its subject, in folded words.
_FRAME = later(
    rf"(?:(?:please )?(?:give|tell|show|find|list|get) {_SOME}(?:{_THINGS} )?(?:{_DEALING} )?"
    rf"|i (?:am|would be|was) (?:very )?interested in (?:{_SOME}{_THINGS} {_DEALING} )?"
    rf"|i (?:am|was) looking for {_SOME}(?:{_THINGS} {_DEALING} )?"
    r"|i (?:want|need|wish|would like) (?:to (?:know|find|learn|see|read|hear) )?"
    rf"{_SOME}(?:{_THINGS} )?{_DEALING} "
    rf"|(?:what|how much) (?:is|was|has been) (?:known|written|reported|said|published) (?:about|of|on) "
    rf"|(?:what|which|are there|is there) {_SOME}{_THINGS} (?:(?:are there|exist|is there) )?{_DEALING} "
    rf"|{_THINGS} (?:{_DEALING}|by|from) )"
)

# An English question without any of these speaks of no day that the calendar has.
_TIME = later(
    r"(?i)(?<!\d)(?:1[5-9]|20)\d\d(?!\d)|\d[./]\d|days?(?!\w)"
    r"|(?<!\w)(?:week|month|quarter|year|decade|spring|summer|fall|autumn|winter|christmas|easter|thanksgiving"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)


@frozen
class Sentence:
    """A query's parts, apart from its choices.

    `fixed`: fields, phrases, what is negated, and groups with such in them: they hold for every hit. `words`: words
    without a field and alternatives of such, as often as they stand there; an exact hit has all of them. `idle`: those
    that exclude nothing. `size`: of how many words all of these are; `language`: in which one. `asks`: the facet that
    answers it, "person" where a sentence in it begins with "who", "place" with "where", "" otherwise.
    """

    fixed: tuple[Node, ...]
    words: tuple[Node, ...]
    idle: tuple[Node, ...]
    size: int
    language: str
    asks: str = ""

    @property
    def held(self) -> Node:
        """What an exact hit must match."""
        return joined((*self.fixed, *self.words))

    @property
    def stems(self) -> dict[str, int]:
        """How often each stem is among the words."""
        return Counter(each for word in self.words for each in stems_of(word))

    @property
    def terms(self) -> dict[str, str]:
        """A term that has it, for each of `stems`."""
        return {stem: term for word in self.words for leaf in leaves(word) for term, stem in _pairs(leaf)}

    @property
    def pieces(self) -> tuple[Node, ...]:
        """What to look for where not all words are found: of long runs, each two characters that stand together."""
        return tuple(piece for word in self.words for run in runs_of(word) for piece in _pieces(run))

    @property
    def is_cut(self) -> bool:
        """Whether these are others than the words."""
        return self.pieces != self.words

    @property
    def is_long(self) -> bool:
        return self.size >= LONG and len(self.stems) >= DIFFERENT

    @property
    def is_loose(self) -> bool:
        """Whether there is something to answer with where not all words are found."""
        return len(set(self.words if len(self.words) > 1 else self.pieces)) > 1

    @property
    def is_paragraph(self) -> bool:
        return len(set(self.words)) > PARAGRAPH

    def only(self, kept: Callable[[Node], bool]) -> Sentence:
        """The same with some of its words."""
        return replace(self, words=tuple(word for word in self.words if kept(word)))


def read(node: Node, *, asking: bool = False) -> Sentence:
    """The parts of a tree, in the order in which they stand. `asking`: a question mark says that it is a question,
    however short."""
    parts = node.parts if isinstance(node, And) else (node,)
    loose = [part for part in parts if is_loose(part)]
    terms = [_terms(part) for part in loose]
    size = sum(map(len, terms))
    code = language(term for each in terms for term in each)
    idle = _idle(loose, terms, FUNCTION_WORDS[code]) if asking or size >= SENTENCE else set()
    fixed = tuple(part for part in parts if not is_loose(part) and not isinstance(part, Everything))
    if len(idle) == len(loose) and not (asking and fixed):
        idle = set()
    return Sentence(
        fixed=fixed,
        words=tuple(part for place, part in enumerate(loose) if place not in idle),
        idle=tuple(part for place, part in enumerate(loose) if place in idle),
        size=size,
        language=code,
        asks=next(_asked_for(loose, terms, idle, ASKED_FOR[code]), ""),
    )


def without_brackets(node: Node) -> Node:
    """The same, where what stands in parentheses among words (as an aside) asks no more than these words do."""
    if not isinstance(node, And):
        return node
    return And(tuple(one for part in map(without_brackets, node.parts) for one in _in_turn(part)))


def _in_turn(part: Node) -> tuple[Node, ...]:
    return part.parts if isinstance(part, And) else (part,)


def is_closed(text: str) -> bool:
    """Whether a mark ends it that ends sentences, and no abbreviation (U.S., St.)."""
    words = text.split()
    last = words[-1] if words else ""
    bare = last.rstrip("".join(_ENDS))
    return bare != last and "." not in bare and (not bare or len(bare) > _SHORT or not last.endswith("."))


def is_question(text: str) -> bool:
    """Whether a question mark closes it."""
    return text.rstrip().endswith(_ASKING)


def may_name_time(text: str, sentence: Sentence) -> bool:
    """Whether it is worth while to look for a time in it."""
    return sentence.size > 1 and bool(sentence.language != "en" or not text.isascii() or _TIME.search(text))


def joined(parts: Sequence[Node]) -> Node:
    """All of them as one tree."""
    return And(tuple(parts)) if len(parts) > 1 else parts[0] if parts else Everything()


def runs_of(word: Node) -> tuple[Node, ...]:
    """A word; one in a script without spaces cut where the kind of letters changes."""
    if not isinstance(word, Word) or not _UNSPACED.search(word.text):
        return (word,)
    return tuple(replace(word, text=run) for run in _RUN.findall(word.text)) or (word,)


def is_loose(node: Node) -> bool:
    """Whether it is made of words without a field."""
    if isinstance(node, And | Or):
        return all(map(is_loose, node.parts))
    return isinstance(node, Word | Prefix | Fuzzy) and not node.field and not is_address(node)


def _pieces(run: Node) -> tuple[Node, ...]:
    if not isinstance(run, Word) or len(run.text) <= _WHOLE or not _RUN.fullmatch(run.text):
        return (run,)
    if not _UNSPACED.match(run.text):
        return (run,)
    return tuple(replace(run, text=run.text[at : at + 2]) for at in range(len(run.text) - 1))


def _terms(node: Node) -> list[str]:
    return [term for leaf in leaves(node) for term, _ in _pairs(leaf)]


def stems_of(node: Node) -> list[str]:
    return [stem for leaf in leaves(node) for _, stem in _pairs(leaf)]


def _pairs(leaf: Node) -> list[tuple[str, str]]:
    return query_terms(leaf.text) if isinstance(leaf, Word | Prefix | Fuzzy) else []


def _idle(loose: Sequence[Node], terms: Sequence[Sequence[str]], function: AbstractSet[str]) -> set[int]:
    """Places of the words that exclude nothing."""
    names = set(_names(loose))
    idle = {
        place
        for place, each in enumerate(terms)
        if isinstance(loose[place], Word) and place not in names and all(term in function for term in each)
    }
    for start in _beginnings(loose):
        ahead = "".join(f"{' '.join(each)} " for each in terms[start:])
        if frame := _FRAME.match(ahead):
            idle.update(range(start, start + _places(terms[start:], frame.group().count(" "))))
    return idle


def _asked_for(
    loose: Sequence[Node], terms: Sequence[Sequence[str]], idle: AbstractSet[int], asking: Mapping[str, str]
) -> Iterator[str]:
    """The facet of each word that begins a sentence and asks for one; a word that a hit must have is no such word."""
    for place in _beginnings(loose):
        if place in idle:
            yield from (asking[term] for term in terms[place] if term in asking)


def _places(terms: Sequence[Sequence[str]], count: int) -> int:
    """How many words so many terms are."""
    for place, each in enumerate(terms):
        count -= len(each)
        if count < 0:
            return place
    return len(terms)


def _beginnings(loose: Sequence[Node]) -> Iterator[int]:
    """Where a sentence begins."""
    for place in range(len(loose)):
        if not place or _text(loose[place - 1]).endswith(_ENDS):
            yield place


def _names(loose: Sequence[Node]) -> Iterator[int]:
    """Places of words with a capital that are names by it: within a sentence of small letters, or all in capitals."""
    texts = list(map(_text, loose))
    capitals = {place for place, text in enumerate(texts) if _is_all_capitals(text)}
    if len(capitals) == len(texts):  # all of it is shouted: letters with dots are a name even so
        capitals = {place for place in capitals if "." in texts[place][:-1]}
    yield from capitals
    if sum(text[:1].islower() for text in texts) * 2 >= len(texts):
        first = set(_beginnings(loose))
        for place, text in enumerate(texts):
            letters = [char for char in text if char.isalpha()]
            if len(letters) > 1 and letters[0].isupper() and place not in first:
                yield place


def _is_all_capitals(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 1 and all(map(str.isupper, letters))


def _text(node: Node) -> str:
    return node.text if isinstance(node, Word | Prefix | Fuzzy) else ""

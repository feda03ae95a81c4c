"""A question or a text in Chinese or Japanese, which have no blanks, cut into what it asks for. Pure.

No dictionary is needed for that: in Japanese what stands in hiragana is mostly grammar, and in Chinese a few words are.
A name or a run of characters (`移民政策`) is left whole: to be cut, a word must ask something or hold a whole sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.patterns import later
from index.query.nodes import And, Node, Word
from index.query.stopwords import ASKING, ENDING

_WHOLE = 4  # characters of a part of a Chinese sentence: what is longer is several words
_JAPANESE = later(r"[\u3041-\u309f\u30a1-\u30fa\uff66-\uff9f]")
_CHINESE = later(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_SENTENCE = later(r"[。！？?!](?=\w)|[。！]\Z")
_ONLY = {"何": r"(?![\u30a1-\u30fa\u4e00-\u9fff])", "几": "(?=[个人年月次天名])"}  # where they ask
_FUNCTION_ZH = r"但是|于是|还是|可以|关于|關於|对于|對於|因为|因為|所以|以及|的|了(?!解)|是|被|把|在(?!线|線)"


def _cutting(code: str, character: str, other: str) -> re.Pattern[str]:
    """Finds what asks in a language, and the parts between that and `other` words: runs of a `character`."""
    words = sorted(ASKING[code].split(), key=len, reverse=True)
    asks = "|".join(word + _ONLY.get(word, "") for word in words)
    ends = rf"(?:{'|'.join(ENDING[code].split())})(?!\w)"
    part = rf"\d+(?:[.,]\d+)*|(?:(?!{asks}|{ends}|{other}){character})+"
    return later(rf"(?P<asks>{asks}|{ends})|{other}|(?P<part>{part})")


_JA = _cutting("ja", r"[^\W\u3041-\u309f]", r"[\u3041-\u309f]")
_ZH = _cutting("zh", r"[^\W\d]", _FUNCTION_ZH)


def apart(node: Node) -> Node:
    """The same tree, where each bare word that is a question or a sentence of such a language is several."""
    if isinstance(node, Word):
        words = tuple(_words(node))
        return And(words) if len(words) > 1 else node
    if not isinstance(node, And):
        return node
    parts = tuple(one for part in map(apart, node.parts) for one in (part.parts if isinstance(part, And) else (part,)))
    return And(parts)


def _words(word: Word) -> Iterator[Word]:
    """What asks comes first, as it does in other languages; none where the word is no such sentence."""
    if word.field or word.text.isascii():
        return
    if _JAPANESE.search(word.text):
        pattern, longest = _JA, len(word.text)
    elif _CHINESE.search(word.text):
        pattern, longest = _ZH, _WHOLE
    else:
        return
    found = list(pattern.finditer(word.text))
    asking = [match["asks"] for match in found if match["asks"]]
    if not asking and not _SENTENCE.search(word.text):
        return
    parts = [part for match in found if match["part"] for part in _in_pairs(match["part"], longest)]
    for text in (*asking, *parts) if parts else ():
        yield Word(text, "", word.at)


def _in_pairs(part: str, longest: int) -> Iterator[str]:
    """The part, or of a long one its characters two by two, as texts are cut."""
    if len(part) <= longest or part.isascii():
        yield part
    else:
        yield from (part[place : place + 2] for place in range(len(part) - 1))

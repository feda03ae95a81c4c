"""A question or a text in Chinese or Japanese, which have no blanks, cut into what it asks for. Pure.

No dictionary is needed for that: in Japanese what stands in hiragana is mostly grammar, and in Chinese a few words are.
A name or a run of characters (`移民政策`) is left whole: to be cut, a word must ask something or hold a whole sentence.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.patterns import later
from index.query.nodes import And, Node, Word

_WHOLE = 4  # characters of a part of a Chinese sentence: what is longer is several words
_JAPANESE = later(r"[\u3041-\u309f\u30a1-\u30fa\uff66-\uff9f]")
_CHINESE = later(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_SENTENCE = later(r"[。！？?!](?=\w)|[。！]\Z")
_ASKS_JA = (
    r"何(?![\u30a1-\u30fa\u4e00-\u9fff])|何[人時年月日度故処件]|誰|だれ|どこ|いつ|なぜ|どう|どの|どんな|いくら|いくつ"
)
_ENDS_JA = r"(?:ます|ました|です|でした|のです|の|ません)か(?!\w)"
_ASKS_ZH = (
    r"为什么|為什麼|为何|為何|什么|什麼|怎么样|怎麼樣|怎么|怎麼|如何|多少|多久|哪里|哪裡|哪儿|哪些|哪个|哪個"
    r"|谁|誰|何时|何時|何处|何處|是否|是不是|有没有|有沒有|几(?=[个人年月次天名])|[吗嗎呢](?!\w)"
)
_JA = later(rf"(?P<asks>{_ASKS_JA}|{_ENDS_JA})|(?P<part>\d+(?:[.,]\d+)*|(?:(?!{_ASKS_JA})[^\W\u3041-\u309f])+)")
_FUNCTION_ZH = r"但是|于是|还是|可以|关于|關於|对于|對於|因为|因為|所以|以及|的|了(?!解)|是|被|把|在(?!线|線)"
_ZH = later(
    rf"(?P<asks>{_ASKS_ZH})|{_FUNCTION_ZH}"
    rf"|(?P<part>\d+(?:[.,]\d+)*|(?:(?!{_ASKS_ZH}|{_FUNCTION_ZH})[^\W\d])+)"
)


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

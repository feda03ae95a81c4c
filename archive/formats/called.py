"""What a link is called in a text: Markdown, Org, BBCode, AsciiDoc, reStructuredText, wikis, HTML, chats. Pure."""

from __future__ import annotations

import html
import re

_AROUND = 300  # characters before and behind an address that are looked at
_MARKDOWN = re.compile(r"(?<!!)\[((?:[^\[\]\n]|\[[^\[\]\n]*\])+)\]\(<?\Z")
# Words before the address, by what stands between the two.
_AHEAD = (
    re.compile(r"`([^`\n<>]+?)\s*<\Z"),  # reStructuredText
    re.compile(r"""(?:^|(?<=[\s(\[]))"([^"\n]+)":\Z""", re.MULTILINE),  # Textile
    re.compile(r"\[(?:ext\[|\[)?([^\[\]|\n]+)\|\Z"),  # Jira, TiddlyWiki
    re.compile(r"""^[ \t]*\[([^\[\]\n]*[^\W\d_][^\[\]\n]*)\]:[ \t]+<?\Z""", re.MULTILINE),  # a reference by its words
)
_TEX = re.compile(r"\\href\{\Z"), re.compile(r"\}\{([^{}\n]+)\}")
_BEHIND_GEMINI = re.compile(r"[ \t]+(?:\d{4}-\d\d-\d\d[ \t]+)?(?:[-–:][ \t]+)?([^\n]+)")
_REFERENCE = re.compile(r"""^[ \t]*\[[^\[\]\n]+\]:[ \t]+<?\Z""", re.MULTILINE)
_HTML = re.compile(r"""<a\s[^<>]*\bhref=["']?\Z""", re.IGNORECASE)
_BEHIND = (
    (re.compile(r"\[\[\Z"), re.compile(r"\]\[([^\]\n]+)\]\]")),  # Org
    (re.compile(r"\[\[\Z"), re.compile(r"\|([^\]|\n]+)\]\]")),  # Creole, DokuWiki
    _TEX,
    (re.compile(r"^=>[ \t]*\Z", re.MULTILINE), _BEHIND_GEMINI),
    (re.compile(r"""\[url=["']?\Z""", re.IGNORECASE), re.compile(r"""["']?\]([^\[\n]+)\[/url\]""", re.IGNORECASE)),
    (re.compile(r"(?<!\[)\[\Z"), re.compile(r"[ \t]+([^\]\n]+)\]")),  # MediaWiki
    (re.compile(r"<\Z"), re.compile(r"\|([^<>\n]+)>")),  # Slack
    (re.compile(r"(?:\A|\s|link:)\Z"), re.compile(r"\[([^\[\]\n]*[^\W\d_][^\[\]\n]*)\]")),  # AsciiDoc
    (
        re.compile(r"(?:\A|\n)[ \t]*(?:[-*•+]|\d{1,4}[.)])?[ \t]*\Z"),
        re.compile(r"(?:[ \t]*\t[ \t]*|[ ]{2,}|[ ]+[-–—|][ ]+)(?=[^\s-])([^\n]+)"),
    ),  # "address – title", alone in a line
    (_REFERENCE, re.compile(r"""[ \t]*>?[ \t]+["'(]([^\n]+?)["')][ \t]*(?:\n|\Z)""")),
    (_HTML, re.compile(r"""["']?[^<>]*>((?:[^<>]|</?(?:b|i|em|strong|span|u|code)\b[^<>]*>)+)</a>""", re.IGNORECASE)),
)  # fmt: skip
_LOOK = re.compile(r"<[^<>]*>|\\(?=[\W_])|(?<!\w)[*_`~]+|[*_`~]+(?!\w)")


_NO_LINK = re.compile(
    r"""(?:\bxmlns(?::[\w.-]+)?|:schemaLocation)\s*=\s*["'][^"'<>]*\Z|<!DOCTYPE\s[^<>]*\Z""", re.IGNORECASE
)


def is_name(text: str, start: int) -> bool:
    """Whether the address that begins at `start` is the name of a language of markup, and none of a page."""
    return (
        text[start - 1 : start] in ("'", '"', " ")
        and _NO_LINK.search(text[max(0, start - _AROUND) : start]) is not None
    )


def called(text: str, start: int, end: int) -> str:
    """What the address at `text[start:end]` is called there; "" for nothing."""
    if text[start - 1 : start] not in ("(", "<", "[", "=", '"', "'", "|", ":", "{") and text[end : end + 1] not in (
        "[",
        " ",
        ">",
        "\t",
    ):
        return ""
    before, behind = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    if found := _MARKDOWN.search(before):
        return _plain(found[1])
    for begins, goes_on in _BEHIND:
        if begins.search(before) and (found := goes_on.match(behind)):
            return _plain(found[1])
    for ahead in _AHEAD:
        if found := ahead.search(before):
            return _plain(found[1])
    return ""


def _plain(words: str) -> str:
    said = " ".join(html.unescape(_LOOK.sub("", words)).split())
    return "" if "://" in said or said.startswith("www.") else said

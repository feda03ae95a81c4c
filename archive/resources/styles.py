"""The addresses in a style sheet: found, and put in each other's place (pure).

Cut into tokens by CSS Syntax Level 3, escapes included, so that whatever a browser takes for an address is seen. What
may or may not be one is taken for one. Limits: nothing is known of which rules a page uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from archive.model import ResourceKind

Put = Callable[[str, ResourceKind], str]
"""An address as written, and what it is of → what stands in its place."""

_TOKEN = re.compile(
    r"""(?P<comment>/\*.*?(?:\*/|\Z))
    |(?P<string>"(?:[^"\\\n]|\\.)*+(?:"|(?=\n)|\\?\Z)|'(?:[^'\\\n]|\\.)*+(?:'|(?=\n)|\\?\Z))
    |(?P<space>[ \t\n]++)
    |(?P<arrow><!--)
    |(?P<name>@?(?:--|-?(?:[A-Za-z_]|[^\x00-\x7f]|\\(?:[0-9A-Fa-f]{1,6}[ \t\n]?|[^\n])))
        (?:[A-Za-z0-9_-]|[^\x00-\x7f]|\\(?:[0-9A-Fa-f]{1,6}[ \t\n]?|[^\n]))*+)(?P<open>\(?)
    |(?P<plain>[0-9.,:%+*>~=\[\]!&$^|?\#]++)
    |(?P<other>.)""",
    re.DOTALL | re.VERBOSE,
)
_QUOTE_NEXT = re.compile(r"[ \t\n]*+[\"']")
_BARE = re.compile(r"[ \t\n]*+(?P<value>(?:[^\\)]|\\.)*+)(?:\)|\\?\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9A-Fa-f]{1,6})[ \t\n]?|(\n)|(.))", re.DOTALL)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\"\\<>]")
# Functions in which a string is an address.
_TAKE_STRINGS = frozenset(
    "url src image image-set -webkit-image-set cross-fade -webkit-cross-fade -moz-element paint".split()
)
_FONT_ORDER = (".woff2", ".woff", ".ttf", ".otf")
_MAY_ASK = re.compile(r"\(|@|\\")  # without any of these a style sheet names no address
_CHARSET = re.compile(rb"@charset \"([A-Za-z0-9._:-]{1,40})\";")


@dataclass(frozen=True, slots=True)
class Address:
    """An address that a style sheet names, as written there."""

    url: str
    kind: ResourceKind


def addresses(css: str) -> list[Address]:
    """What a style sheet asks for, in its order. Of a font in several formats, the one that browsers take."""
    if not _MAY_ASK.search(css):
        return []
    walk = _Walk(css, lambda _url, _kind: "")
    walk.run()
    fonts = {min(group, key=_font_rank) for group in walk.fonts if group}
    return [one for one in dict.fromkeys(walk.found) if one.kind is not ResourceKind.FONT or one in fonts]


def rewritten(css: str, put: Put) -> str:
    """The style sheet with every address replaced by what `put` says."""
    return _Walk(css, put).run()


def decoded(payload: bytes, charset: str | None, of_page: str = "utf-8") -> str:
    """The text of a style sheet: by its mark, its header's charset, its own `@charset`, or that of the page."""
    declared = _CHARSET.match(payload)
    for name in (charset, declared[1].decode() if declared else None, of_page):
        if name:
            try:
                return payload.decode("utf-8-sig" if payload.startswith(b"\xef\xbb\xbf") else name, "replace")
            except LookupError:
                continue
    return payload.decode("utf-8", "replace")


def quoted(value: str) -> str:
    """A value as a CSS string."""
    return '"' + _UNSAFE.sub(lambda found: f"\\{ord(found[0]):x} ", value) + '"'


def _font_rank(one: Address) -> int:
    path = one.url.lower().partition("?")[0].partition("#")[0]
    return next((rank for rank, end in enumerate(_FONT_ORDER) if path.endswith(end)), len(_FONT_ORDER))


def _inner(string: str) -> str:
    """What stands between the quotes of a string, the last of which may be missing."""
    return string[1:-1] if len(string) > 1 and string.endswith(string[0]) else string[1:]


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text

    def value(match: re.Match[str]) -> str:
        if match[1]:
            code = int(match[1], 16)
            return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        return match[3] or ""

    return _ESCAPE.sub(value, text)


@dataclass
class _Walk:
    """One pass over a style sheet."""

    css: str
    put: Put
    found: list[Address] = field(default_factory=list)
    fonts: list[list[Address]] = field(default_factory=list)  # of each `src` of a font
    _brackets: list[str] = field(default_factory=list)  # the functions that are open, "(" for a bare bracket
    _taking: int = 0  # how many of these take strings for addresses
    _depth: int = 0  # of braces
    _importing: bool = False
    _naming: bool = False  # in `@namespace`, whose address is a name and nothing else
    _font_next: bool = False  # `@font-face` was said, its brace is to come
    _font_depth: int = -1

    def run(self) -> str:
        """The style sheet, rewritten."""
        self.css = self.css.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\0", "\ufffd")
        return "".join(self._parts())

    def _parts(self) -> Iterator[str]:
        position = 0
        while (token := _TOKEN.match(self.css, position)) is not None:
            position = token.end()
            if token["name"] is not None:
                text, position = self._name(token)
                yield text
            elif token["string"] is not None and self._is_address():
                yield quoted(self._replaced(_unescaped(_inner(token[0]))))
            else:
                if token["other"] is not None:
                    self._mark(token["other"])
                yield token[0]

    def _name(self, token: re.Match[str]) -> tuple[str, int]:
        """A name, an at-keyword or the beginning of a function; for an address without quotes, all of it."""
        name = _unescaped(token["name"]).lower()
        if name == "@import":
            self._importing = True
        elif name == "@namespace":
            self._naming = True
        elif name == "@font-face":
            self._font_next = True
        if not token["open"]:
            return token[0], token.end()
        if name == "url":
            bare = None if _QUOTE_NEXT.match(self.css, token.end()) else _BARE.match(self.css, token.end())
            if bare is not None:
                url = self._replaced(_unescaped(bare["value"].rstrip(" \t\n")))
                return f"url({quoted(url)})", bare.end()
        self._enter(name)
        return token[0], token.end()

    def _is_address(self) -> bool:
        return (self._importing and not self._brackets) or self._taking > 0

    def _replaced(self, url: str) -> str:
        if self._importing:
            kind, self._importing = ResourceKind.STYLE, False
        else:
            kind = ResourceKind.FONT if self._font_depth >= 0 else ResourceKind.IMAGE
        one = Address(url, kind)
        if self._naming:
            return url
        self.found.append(one)
        if kind is ResourceKind.FONT and self.fonts:
            self.fonts[-1].append(one)
        return self.put(url, kind)

    def _enter(self, name: str) -> None:
        """A bracket opens, that of a function or (with the name "(") a bare one."""
        self._brackets.append(name)
        self._taking += name in _TAKE_STRINGS

    def _leave(self) -> None:
        """All brackets close."""
        self._brackets.clear()
        self._taking = 0

    def _mark(self, char: str) -> None:
        if char == "(":
            self._enter(char)
        elif char == ")":
            if self._brackets:
                self._taking -= self._brackets.pop() in _TAKE_STRINGS
        elif char == "{":
            self._open()
        elif char == "}":
            self._depth = max(0, self._depth - 1)
            self._leave()
            if self._depth <= self._font_depth:
                self._font_depth = -1
        elif char == ";":
            self._importing = self._naming = False
            self._leave()
            if self._font_depth >= 0:
                self.fonts.append([])

    def _open(self) -> None:
        if self._font_next:
            self._font_next, self._font_depth = False, self._depth
            self.fonts.append([])
        self._depth += 1
        self._importing = self._naming = False
        self._leave()

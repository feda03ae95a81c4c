"""A page in one file that asks nobody for anything: what is held of its resources stands in it as `data:` (pure).

The page is cut into tags and text, and written anew from those that are known to be harmless: elements, attributes and
addresses that may be there are listed, everything else is left out. No element whose content is no markup is written
(styles become `data:` too), so that a browser cuts the file exactly as it was written, whatever the page was. A policy
in the file (CSP) refuses what might be overlooked here. Links stay: they lead somewhere when a reader follows them.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from archive.errors import UsageError
from archive.model import ResourceKind
from archive.resources.finding import picture
from archive.resources.markup import Attributes, Doctype, End, Tag, Text, tokens
from archive.resources.styles import decoded, rewritten
from archive.urls import join

MOST = 64 * 2**20  # characters of resources in one file; what comes after them is left out
POLICY = (
    "default-src 'none'; img-src data:; media-src data:; font-src data:; style-src data: 'unsafe-inline'; "
    "script-src 'none'; object-src 'none'; frame-src 'none'; form-action 'none'; base-uri 'none'"
)
_NOTHING = "data:,"  # in the place of an address that nothing is held of
_IMPORTS = 5  # style sheets that import each other
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9.-]*)?\Z")
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr image".split())
# Elements that load, run, send, or change where the rest of the page stands; their content stays, if it is markup.
_LEFT_OUT = frozenset(
    "script iframe frame frameset noframes noembed object embed applet portal fencedframe base meta param track bgsound"
    " noscript animate animatecolor animatemotion animatetransform set mpath discard isindex keygen source".split()
)
_RAW = frozenset("script style iframe noembed noframes".split())
_SHOWN_AS_TEXT = frozenset(("xmp", "plaintext", "listing"))
_PLAIN = frozenset(
    "class id title lang dir alt width height align valign bgcolor color face size border cellpadding cellspacing"
    " colspan rowspan headers scope span start value type reversed open hidden role name for datetime abbr summary"
    " nowrap hspace vspace clear compact noshade checked disabled readonly selected multiple placeholder rows cols"
    " label min max low high optimum wrap shape coords"
    # of drawings
    " viewbox preserveaspectratio xmlns version d x y x1 x2 y1 y2 cx cy r rx ry fx fy dx dy points offset opacity"
    " transform rotate refx refy orient markerwidth markerheight overflow display visibility in in2 result mode order"
    " radius scale operator spacing".split()
)
_OF_DRAWINGS = re.compile(
    r"(?:fill|stroke|stop|font|text|clip|marker|mask|filter|flood|lighting|gradient|pattern|primitive|spread|letter|word"
    r"|writing|dominant|alignment|baseline|color|paint|vector|shape|std|num|base|surface|specular|diffuse|kernel|length"
    r"|units)[a-z]*(?:-[a-z]+)*\Z"
)
_STRUCTURED = re.compile(r"(?:data|aria)-[a-z0-9_.-]+\Z")
_FRAGMENT = re.compile(r"#[A-Za-z0-9_.:~-]+\Z")
_DATA = re.compile(
    r"data:(image/(?:png|jpeg|gif|webp|avif|bmp|svg\+xml|x-icon)|font/\w+|application/(?:x-)?font[\w-]*)[;,]", re.I
)
_IMAGES = (
    (b"\x89PNG\r\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"), (b"BM", "image/bmp"),
    (b"\0\0\1\0", "image/x-icon"),
)  # fmt: skip
_FONTS = (
    (b"wOF2", "font/woff2"), (b"wOFF", "font/woff"), (b"OTTO", "font/otf"), (b"\0\1\0\0", "font/ttf"),
    (b"true", "font/ttf"), (b"ttcf", "font/collection"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Body:
    """What is held of a resource."""

    payload: bytes
    media_type: str | None = None
    charset: str | None = None


Held = Callable[[str], Body | None]
"""What is held under an absolute address without a fragment, if anything is."""


def self_contained(markup: str, url: str, held: Held, *, facts: dict[str, str] | None = None) -> str:
    """The page at `url` in one file. `facts` are said in its head, each as a `<meta>` of that name."""
    return "".join(_Writer(url, held, facts or {}).all(markup))


def _image_type(body: Body) -> str | None:
    """The type of an image, by its bytes; None where it is none."""
    start = body.payload[:16]
    for sign, kind in _IMAGES:
        if start.startswith(sign):
            return kind
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image/webp"
    if start[4:8] == b"ftyp" and start[8:12] in (b"avif", b"avis", b"mif1"):
        return "image/avif"
    if b"<svg" in body.payload[:2000].lower():
        return "image/svg+xml"
    return None


def _font_type(body: Body) -> str | None:
    return next((kind for sign, kind in _FONTS if body.payload.startswith(sign)), None)


class _Held:
    """What is held, as `data:`; counts how much was given out."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self._left = MOST

    def image(self, url: str) -> str | None:
        return self._data(url, _image_type)

    def font(self, url: str) -> str | None:
        return self._data(url, _font_type)

    def style(self, url: str) -> Body | None:
        return self._held(url)

    def as_data(self, payload: bytes, kind: str) -> str | None:
        """Bytes as an address; None once there is too much of it."""
        found = f"data:{kind};base64,{b64encode(payload).decode('ascii')}"
        self._left -= len(found)
        return found if self._left >= 0 else None

    def _data(self, url: str, type_of: Callable[[Body], str | None]) -> str | None:
        body = self._held(url)
        kind = type_of(body) if body else None
        return self.as_data(body.payload, kind) if body and kind else None


class _Styles:
    """Style sheets without anything that asks."""

    def __init__(self, held: _Held) -> None:
        self._held = held

    def neutral(self, css: str, base: str, depth: int = 0) -> str:
        return rewritten(css, lambda url, kind: self._put(url, kind, base, depth))

    def as_data(self, css: str, base: str) -> str | None:
        """A style sheet as an address."""
        return self._held.as_data(self.neutral(css, base).encode("utf-8", "replace"), "text/css;charset=utf-8")

    def sheet(self, url: str, depth: int = 0) -> str | None:
        """The style sheet at an address as one."""
        body = self._held.style(url) if depth <= _IMPORTS else None
        if body is None:
            return None
        css = self.neutral(decoded(body.payload, body.charset), url, depth)
        return self._held.as_data(css.encode("utf-8", "replace"), "text/css;charset=utf-8")

    def _put(self, url: str, kind: ResourceKind, base: str, depth: int) -> str:
        if url.startswith("#"):
            return url
        if _DATA.match(url) and kind is not ResourceKind.STYLE:
            return url
        absolute, fragment = _absolute(base, url)
        if not absolute:
            return _NOTHING
        if kind is ResourceKind.STYLE:
            return self.sheet(absolute, depth + 1) or _NOTHING
        found = self._held.font(absolute) if kind is ResourceKind.FONT else self._held.image(absolute)
        return f"{found}{fragment}" if found else _NOTHING


class _Writer:
    """Writes one page anew."""

    def __init__(self, url: str, held: Held, facts: dict[str, str]) -> None:
        self._url = url
        self._base = url
        self._based = False
        self._held = _Held(held)
        self._styles = _Styles(self._held)
        self._facts = facts
        self._begun = False
        self._sources: list[Attributes] = []  # of the picture that is open
        self._templates = 0
        self._drawings = 0
        self._hoisted: list[str] = []  # styles of a drawing, which stand behind it
        self._noscript = False
        self._seen: set[str] = set()  # addresses of images that are shown

    def all(self, markup: str) -> Iterator[str]:
        style: Attributes | None = None
        for token in tokens(markup):
            if isinstance(token, Doctype):
                if not self._begun:
                    yield "<!DOCTYPE html>"
                    yield self._head()
                continue
            if not self._begun and not (isinstance(token, Text) and token.text.isspace()):
                yield self._head()
            if isinstance(token, Tag):
                style = token.attributes if token.name == "style" else None
                yield from self._start(token.name, token.attributes)
            elif isinstance(token, End):
                yield from self._end(token.name)
            elif token.within == "style" and style is not None:
                yield from self._sheet(self._styles.as_data(token.text, self._base), style)
            elif token.within not in _RAW and not self._templates:
                yield escape(token.text.replace("\0", ""), quote=False)
        if not self._begun:
            yield self._head()
        yield from self._hoisted

    def _head(self) -> str:
        self._begun = True
        said = "".join(f'<meta name="{escape(name)}" content="{escape(value)}">' for name, value in self._facts.items())
        return (
            f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            '<meta name="referrer" content="no-referrer"><meta http-equiv="x-dns-prefetch-control" content="off">'
            f"{said}\n"
        )

    # -- tags ------------------------------------------------------------------------------------------------------

    def _start(self, name: str, attributes: Attributes) -> Iterator[str]:
        if name == "template":
            self._templates += 1
        if self._templates:
            return
        self._note(name, attributes)
        if name in _SHOWN_AS_TEXT:
            yield "<pre>"
        elif name in ("img", "amp-img") or (name == "image" and not self._drawings):
            yield from self._image(attributes)
        elif name == "link":
            yield from self._link(attributes)
        elif name == "meta":
            if attributes.get("name", "").lower() == "viewport":
                yield f'<meta name="viewport" content="{escape(attributes.get("content", ""))}">'
        elif name in ("style", *_LEFT_OUT) or not _NAME.match(name):
            return
        else:
            yield self._tag(name, dict(self._kept(name, attributes)))

    def _note(self, name: str, attributes: Attributes) -> None:
        """What a tag says of those that follow."""
        if name == "base" and not self._based and (base := _absolute(self._base, attributes.get("href", ""))[0]):
            self._base, self._based = base, True
        elif name == "picture":
            self._sources = []
        elif name == "source":
            self._sources.append(attributes)
        elif name == "svg":
            self._drawings += 1
        elif name == "noscript":
            self._noscript = True

    def _end(self, name: str) -> Iterator[str]:
        if name == "template":
            self._templates = max(0, self._templates - 1)
            return
        if self._templates:
            return
        if name == "picture":
            self._sources = []
        elif name == "noscript":
            self._noscript = False
        if name in _SHOWN_AS_TEXT:
            yield "</pre>"
        elif name not in _LEFT_OUT and name not in _VOID and name not in ("style", "amp-img") and _NAME.match(name):
            yield f"</{name}>"
        if name == "svg" and self._drawings:
            self._drawings -= 1
            if not self._drawings:
                yield from self._hoisted
                self._hoisted = []

    def _tag(self, name: str, attributes: dict[str, str]) -> str:
        said = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
        return f"<{name}{said}>"

    def _kept(self, name: str, attributes: Attributes) -> Iterator[tuple[str, str]]:
        """The attributes that an element keeps, and those that it gets."""
        for key, value in attributes.items():
            if key == "style":
                yield key, self._styles.neutral(value, self._base)
            elif key in _PLAIN or _STRUCTURED.match(key):
                yield key, value
            elif _OF_DRAWINGS.match(key):
                yield key, self._styles.neutral(value, self._base)
        yield from self._addresses(name, attributes)
        usual = {"button": "submit", "input": "text"}.get(name, "")
        if usual and attributes.get("type", usual).strip().lower() in ("submit", "image", "reset"):
            yield "type", "button"  # which sends nothing

    def _addresses(self, name: str, attributes: Attributes) -> Iterator[tuple[str, str]]:
        href = attributes.get("href") or attributes.get("xlink:href") or ""
        if name in ("a", "area"):
            if link := self._led(href):
                yield "href", link
                if not link.startswith("#"):
                    yield "rel", "noreferrer noopener nofollow"
        elif name == "image":
            if shown := self._shown(attributes):
                yield "href", shown
        elif _FRAGMENT.match(href.strip()):
            yield "href", href.strip()
        for key, owners in (("poster", ("video",)), ("background", ("body", "table", "td", "th", "tr"))):
            url = _absolute(self._base, attributes.get(key, ""))[0] if name in owners else ""
            if url and (found := self._held.image(url)):
                yield key, found
        if _FRAGMENT.match(attributes.get("usemap", "")):
            yield "usemap", attributes["usemap"]

    def _led(self, href: str) -> str:
        """Where a link leads; within the page, that place."""
        if href.strip().startswith("#"):
            return href.strip()
        absolute, fragment = _absolute(self._base, href)
        return fragment if fragment and absolute == self._url.partition("#")[0] else f"{absolute}{fragment}"

    # -- images and styles -------------------------------------------------------------------------------------------

    def _image(self, attributes: Attributes) -> Iterator[str]:
        one = picture(attributes, self._base, self._sources)
        if self._noscript and one and self._seen.intersection((*one.urls, one.named)):
            return  # what a script would have shown, which stands before it
        kept = dict(self._kept("img", attributes))
        if shown := self._shown(attributes):
            kept["src"] = shown
        yield self._tag("img", kept)

    def _shown(self, attributes: Attributes) -> str | None:
        """The image of an element, the best that is held."""
        href = attributes.get("href") or attributes.get("xlink:href")
        given = {**attributes, "src": href} if href and "src" not in attributes else attributes
        one = picture(given, self._base, self._sources)
        for url in one.urls if one else ():
            if found := self._held.image(url):
                self._seen.update(one.urls if one else ())
                return found
        own = given.get("src", "").strip()
        return own if _DATA.match(own) else None

    def _link(self, attributes: Attributes) -> Iterator[str]:
        rels = frozenset(attributes.get("rel", "").lower().split())
        swapped = "stylesheet" in attributes.get("onload", "")
        href = attributes.get("href", "").strip()
        url = href if href.startswith("cid:") else _absolute(self._base, href)[0]  # a part of the saved page
        if not url or "disabled" in attributes:
            return
        if ("stylesheet" in rels and "alternate" not in rels) or ("preload" in rels and swapped):
            yield from self._sheet(self._styles.sheet(url), attributes)
        elif "icon" in rels and (found := self._held.image(url)):
            yield f'<link rel="icon" href="{found}">'

    def _sheet(self, data: str | None, attributes: Attributes) -> Iterator[str]:
        """A style sheet in its place; that of a drawing behind it, where it counts just so."""
        if data is None or self._templates:
            return
        media = "" if "onload" in attributes else attributes.get("media", "")
        said = f' media="{escape(media)}"' if media else ""
        made = f'<link rel="stylesheet"{said} href="{data}">'
        if self._drawings:
            self._hoisted.append(made)
        else:
            yield made


def _absolute(base: str, reference: str) -> tuple[str, str]:
    """Where a reference leads ("" for what is not fetched), and its fragment ("" or with its "#")."""
    reference = reference.strip().translate({9: None, 10: None, 13: None})
    if not reference or _DATA.match(reference):
        return "", ""
    start, sign, fragment = reference.partition("#")
    try:
        address = join(base, start).partition("#")[0]
    except UsageError:
        return "", ""
    return address, f"#{fragment}" if sign and _FRAGMENT.match(f"#{fragment}") else ""

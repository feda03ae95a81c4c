"""What a page is shown with, as its markup says: images, styles, fonts, scripts (pure; nothing is run).

Addresses that wait for a script to put them in place (`data-src` and the like) count as those of the image. Of an image
in several sizes, the best that is no wider than WIDEST is the one to have. Limits: what scripts ask for is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from archive.errors import UsageError
from archive.model import ResourceKind, ResourceLink
from archive.resources.markup import Attributes, End, Tag, Text, tokens
from archive.resources.styles import addresses
from archive.urls import join

WIDEST = 1600  # pixels: twice the width of a column of text, for screens with two pixels to a point
_DENSE = 800  # pixels that a candidate for a density of 1 is taken to have
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "data-full-src", "data-url")
_SETS = ("srcset", "data-srcset", "data-lazy-srcset", "imagesrcset")
_BACKGROUNDS = ("data-bg", "data-background", "data-background-image", "data-bgset")
_IMAGE_TAGS = frozenset(("img", "amp-img", "image"))
_CANDIDATE = re.compile(r"[\s,]*+([^\s]+)(?:\s++([^,()]*+(?:\([^)]*+\)[^,()]*+)*+))?(?:,|\Z)")
_WIDTH = re.compile(r"([0-9]{1,5})w\b")
_DENSITY = re.compile(r"([0-9]{0,3}(?:\.[0-9]{1,3})?)x\b")
_PRELOADED = {"style": ResourceKind.STYLE, "font": ResourceKind.FONT, "script": ResourceKind.SCRIPT,
              "image": ResourceKind.IMAGE}  # fmt: skip
_CODE = frozenset(
    ("", "text/javascript", "application/javascript", "module", "text/ecmascript", "application/ecmascript")
)
_BREAKS = {ord(char): None for char in "\t\n\r"}  # which browsers take out of addresses
_MOST = 2_000  # of one page


@dataclass(frozen=True, slots=True)
class Picture:
    """The addresses that one image has in a page: the best first. `named`: the one that its `src` names."""

    urls: tuple[str, ...]
    named: str = ""


def picture(attributes: Attributes, base: str, more: Iterable[Attributes] = ()) -> Picture | None:
    """The image of an element with these attributes; `more` are those of the `<source>` beside it."""
    named = next((url for name in _SOURCES if (url := _absolute(base, attributes.get(name, "")))), "")
    sized: dict[str, float] = {}
    for given in (attributes, *more):
        for name in _SETS:
            for url, width in _candidates(given.get(name, "")):
                if absolute := _absolute(base, url):
                    sized.setdefault(absolute, width)
    if not named and not sized:
        return None
    best = sorted(sized, key=lambda url: _rank(sized[url]))
    return Picture(tuple(dict.fromkeys([*best, *([named] if named else [])])), named)


def _rank(width: float) -> tuple[bool, float]:
    """The widest that is not too wide first; of those that are, the narrowest."""
    return width > WIDEST, width if width > WIDEST else -width


def _candidates(srcset: str) -> Iterator[tuple[str, float]]:
    """The addresses of a `srcset`, each with its width in pixels, which may be guessed."""
    position = 0
    while position < len(srcset) and (match := _CANDIDATE.match(srcset, position)) is not None:
        position = match.end()
        url, size = match[1], match[2] or ""
        if url.endswith(","):  # no size is given: the comma ends it
            url, size, position = url.rstrip(","), "", match.end(1)
        width, density = _WIDTH.search(size), _DENSITY.search(size)
        if width:
            yield url, float(width[1])
        else:
            yield url, float(density[1] if density and density[1] not in ("", ".") else 1) * _DENSE


def _absolute(base: str, reference: str) -> str:
    """Where a reference leads, without its fragment; "" where that is nothing to ask for."""
    reference = reference.strip().translate(_BREAKS)
    if not reference or reference.startswith("#") or reference[:5].lower() == "data:":
        return ""
    try:
        return join(base, reference).partition("#")[0]
    except UsageError:
        return ""


def resources_of(markup: str, url: str) -> list[ResourceLink]:
    """Everything that the page at `url` says it is shown with: what changes its look most first."""
    found = _Finder(url).found(markup)
    return sorted(found, key=lambda one: _ORDER[one.kind])[:_MOST]


_ORDER = {kind: place for place, kind in enumerate(
    (ResourceKind.STYLE, ResourceKind.IMAGE, ResourceKind.FONT, ResourceKind.SCRIPT)
)}  # fmt: skip


def resources_of_style(css: str, url: str) -> list[ResourceLink]:
    """Everything that the style sheet at `url` asks for."""
    links = (ResourceLink(absolute, one.kind) for one in addresses(css) if (absolute := _absolute(url, one.url)))
    return list(dict.fromkeys(links))


def pictures(shown: Iterable[tuple[Attributes, Iterable[Attributes]]], base: str) -> list[ResourceLink]:
    """The best address of each image, as elements with their `<source>` elements have it."""
    found = (picture(attributes, base, more) for attributes, more in shown)
    return list(dict.fromkeys(_link(one, one.urls[0]) for one in found if one))


def _link(one: Picture, url: str) -> ResourceLink:
    return ResourceLink(url, ResourceKind.IMAGE, one.named if one.named != url else "")


class _Finder:
    """One pass over a page."""

    def __init__(self, url: str) -> None:
        self._base = url
        self._based = False
        self._sources: list[Attributes] = []  # of the picture that is open

    def found(self, markup: str) -> list[ResourceLink]:
        """Each address once; the further sizes of images behind all the rest."""
        found: dict[ResourceLink, None] = {}
        further: dict[ResourceLink, None] = {}
        for token in tokens(markup):
            if isinstance(token, Tag):
                self._note(token)
                for number, link in enumerate(self._of_tag(token)):
                    (further if number and token.name in _IMAGE_TAGS else found).setdefault(link)
            elif isinstance(token, End) and token.name == "picture":
                self._sources = []
            elif isinstance(token, Text) and token.within == "style":
                found.update(dict.fromkeys(self._of_css(token.text)))
        known = {link.url for link in found}
        return [*found, *(link for link in further if link.url not in known)]

    def _note(self, tag: Tag) -> None:
        if tag.name == "base" and not self._based and (base := _absolute(self._base, tag.attributes.get("href", ""))):
            self._base, self._based = base, True
        elif tag.name == "picture":
            self._sources = []
        elif tag.name == "source":
            self._sources.append(tag.attributes)

    def _of_tag(self, tag: Tag) -> Iterator[ResourceLink]:
        name, attributes = tag
        if name in _IMAGE_TAGS:
            one = picture(_with_links(attributes), self._base, self._sources)
            if one:
                yield from (_link(one, url) for url in one.urls)
        elif name == "link":
            yield from self._of_link(attributes)
        elif name == "script" and attributes.get("type", "").strip().lower() in _CODE:
            yield from self._one(attributes.get("src", ""), ResourceKind.SCRIPT)
        for key, kind in _PLACES.get(name, ()):
            yield from self._one(attributes.get(key, ""), kind)
        for key in _BACKGROUNDS:
            if key in attributes:
                yield from self._background(attributes[key])
        if "style" in attributes:
            yield from self._of_css(attributes["style"])

    def _of_link(self, attributes: Attributes) -> Iterator[ResourceLink]:
        rels = frozenset(attributes.get("rel", "").lower().split())
        href = attributes.get("href", "")
        if "stylesheet" in rels and "alternate" not in rels:
            yield from self._one(href, ResourceKind.STYLE)
        elif "icon" in rels:
            yield from self._one(href, ResourceKind.IMAGE)
        elif rels & {"preload", "modulepreload"}:
            kind = ResourceKind.SCRIPT if "modulepreload" in rels else _PRELOADED.get(attributes.get("as", "").lower())
            if kind is not None:
                yield from self._one(href, kind)

    def _background(self, value: str) -> Iterator[ResourceLink]:
        if "(" in value:
            yield from self._of_css(f"x{{background:{value}}}")
        elif value.strip() and not value.strip().startswith(("#", "{", "[")):
            first = value.split()[0].rstrip(",")
            if "/" in first or "." in first:
                yield from self._one(first, ResourceKind.IMAGE)

    def _of_css(self, css: str) -> Iterator[ResourceLink]:
        yield from resources_of_style(css, self._base)

    def _one(self, reference: str, kind: ResourceKind) -> Iterator[ResourceLink]:
        if url := _absolute(self._base, reference):
            yield ResourceLink(url, kind)


_PLACES: Mapping[str, tuple[tuple[str, ResourceKind], ...]] = {
    "input": (("src", ResourceKind.IMAGE),),
    "video": (("poster", ResourceKind.IMAGE),),
    **dict.fromkeys(("body", "table", "td", "th", "tr"), (("background", ResourceKind.IMAGE),)),
}


def _with_links(attributes: Attributes) -> Attributes:
    """With the address that images in SVG have in `href`."""
    href = attributes.get("href") or attributes.get("xlink:href")
    return {**attributes, "src": href} if href and "src" not in attributes else attributes

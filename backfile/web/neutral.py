"""An archived page made harmless: what it said stays, what would run, load, send or lead away goes. Pure.

Taken out are scripts, frames, embedded objects, forms' targets, refreshes, hints to connect or load, and every
attribute that runs something or names something to be loaded. Links lead to a page of ours that shows where they would
go. A browser opens connections for frames even where a policy forbids what is in them: so the markup goes, and the
policy of the site stands behind it.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from backfile.web import urls
from backfile.web.rendering import is_web

# Elements that go with all that is in them.
_GONE = frozenset(
    "script noscript iframe frameset object applet portal fencedframe template slot audio video map svg math dialog "
    "canvas".split()
)
# Elements that go, but for what is in them.
_UNWRAPPED = frozenset(
    "form button input select textarea option optgroup fieldset label picture "
    "frame embed base link meta source track area param".split()  # void: the parser may have put what follows in them
)
# Attributes that may stay, beside `href`, which is rewritten: none of them loads or runs anything.
_KEPT = frozenset(
    "abbr align alt bgcolor border cellpadding cellspacing char charoff cite class clear cols colspan color datetime "
    "dir face headers height hspace id lang name noshade nowrap reversed rowspan rows rules scope size span start "
    "summary title type valign value vspace width style role open".split()
)
# What a style may not say: it loads, or reaches out of the page's own box.
_LOADS = re.compile(
    r"url\s*\(|image-set|@import|expression|behavior|-moz-binding|\\|position\s*:\s*(?:fixed|sticky)", re.I
)
_STYLE_LOADS = re.compile(
    r"@import[^;]*;?|@font-face\s*\{[^}]*\}|url\s*\((?:[^)\\]|\\.)*\)|image-set\s*\([^)]*\)|\\", re.I
)
_DATA_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]+\Z")
_DEEPEST = 400  # elements within each other: deeper ones are drawn as text of their parents


def page(body: bytes, url: str, charset: str | None, own: str) -> bytes:
    """The page as UTF-8. `url` is where it came from, `own` the site whose page shows where links lead."""
    root = _parsed(body, charset)
    if root is None:
        return _shell("").encode()
    _clean(root, url, own)
    inside: str = etree.tostring(root, encoding="unicode", method="html", with_tail=False)
    return ("<!DOCTYPE html>\n" + inside).encode("utf-8", "replace")


def _parsed(body: bytes, charset: str | None) -> etree._Element | None:
    parser = lxml_html.HTMLParser(encoding=_known(charset), remove_comments=True, remove_pis=True, no_network=True)
    try:
        found = lxml_html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError, AssertionError):
        return None
    return found if found.tag == "html" else None


def _known(charset: str | None) -> str | None:
    try:
        "".encode(charset or "utf-8")
    except (LookupError, ValueError):
        return None
    return charset


def _clean(root: etree._Element, url: str, own: str) -> None:
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag in _GONE or ":" in element.tag:
            if element is not root:
                _drop(element)
            continue
        _attributes(element, url, own)
        if element.tag == "style":
            element.text = _STYLE_LOADS.sub(" ", element.text or "").replace("<", " ")
    for element in list(root.iter(*_UNWRAPPED)):
        element.drop_tag()
    head = root.find("head")
    if head is None:
        head = etree.Element("head")
        root.insert(0, head)
    head.insert(0, _meta(charset="utf-8"))
    head.insert(1, _meta(name="referrer", content="no-referrer"))
    head.insert(2, _meta(name="viewport", content="width=device-width"))


def _drop(element: etree._Element) -> None:
    """Takes an element out; what stands behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _attributes(element: etree._Element, url: str, own: str) -> None:
    for name in list(element.attrib):
        value = element.attrib[name]
        if name == "href" and element.tag == "a":
            _lead(element, value, url, own)
        elif name == "src" and element.tag == "img" and _DATA_IMAGE.match(value):
            pass
        elif name not in _KEPT or (name == "style" and _LOADS.search(value)):
            del element.attrib[name]


def _lead(element: etree._Element, href: str, url: str, own: str) -> None:
    """A link within the page stays; one to elsewhere leads to our page about it; any other leads nowhere."""
    del element.attrib["href"]
    if href.startswith("#"):
        element.attrib["href"] = href
        return
    try:
        target = urljoin(url, href.strip())
    except ValueError:
        return
    if is_web(target):
        element.attrib["href"] = own + urls.out(target)
        element.attrib["rel"] = "noreferrer noopener"
        element.attrib["target"] = "_blank"


def _meta(**attributes: str) -> etree._Element:
    return etree.Element("meta", attrib=attributes)


def _shell(text: str) -> str:
    return f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>{text}</body></html>'

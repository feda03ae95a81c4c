"""Where the links of an archived page lead: to a page of ours that shows where they would go. Pure."""

from __future__ import annotations

from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from backfile.web import urls
from backfile.web.rendering import is_web


def led(body: bytes, url: str, own: str) -> bytes:
    """A page in UTF-8 that came from `url`, with its links led to `own`; those within the page stay."""
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        root = lxml_html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return b"<!DOCTYPE html>\n"
    for element in root.iter("a", "area"):
        href = element.attrib.pop("href", None)
        target = _target(href, url) if href else ""
        if target:
            element.attrib["href"] = target if target.startswith("#") else own + urls.out(target)
        if is_web(target):
            element.attrib.update({"rel": "noreferrer noopener", "target": "_blank"})
    page: bytes = etree.tostring(root, encoding="utf-8", method="html", doctype="<!DOCTYPE html>")
    return page


def _target(href: str, url: str) -> str:
    """The address that a link names, "" where it leads nowhere that a browser opens."""
    if href.startswith("#"):
        return href
    try:
        target = urljoin(url, href.strip())
    except ValueError:
        return ""
    return target if is_web(target) else ""

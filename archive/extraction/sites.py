"""What the site is called. Pure.

A page gives several names: that of the site, of the company behind it, of an app, of a section. The one that the host
speaks of wins; among those, and where none is, the order of trust decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from archive.extraction.decode import clean_text
from archive.extraction.facts import Facts, inner_text
from archive.extraction.jsonld import text_of, types, url_of
from archive.extraction.links.targets import site_of, split

_SEPARATOR = re.compile(r"\s+[|\-–—•·»]\s+|\s*[|ㅣ＿_]\s*")
_LEGAL = re.compile(
    r"\b(?:gmbh|ag|kg|inc|llc|ltd|limited|corp|corporation|verlag\w*|s\.?a\.?|s\.?p\.?a\.?|s\.?r\.?l\.?|s\.?l\.?"
    r"|b\.?v\.?|plc|co\.)(?:\W|$)",
    re.IGNORECASE,
)
_LONGEST = 80


def site_names(facts: Facts) -> list[tuple[str, str]]:
    """All names of the site with the rules that gave them, the best first; the host itself comes last."""
    host = site_of(facts.url)
    label = host.split(".", 1)[0]
    found: dict[str, str] = {}
    for name, rule in _candidates(facts):
        cleaned = clean_text(name).strip(" @|-–")
        if cleaned and len(cleaned) < _LONGEST:
            found.setdefault(cleaned, rule)
    ordered = sorted(found.items(), key=lambda item: (not _fits(item[0], label), bool(_LEGAL.search(item[0]))))
    full_host = (split(facts.url).hostname or "").removeprefix("www.")
    return [*ordered, *([(full_host, "host")] if full_host else [])]


def host_names(url: str) -> list[str]:
    """The host and its label, as they stand in titles."""
    host = (split(url).hostname or "").removeprefix("www.")
    labels = host.split(".")
    return [host, *labels[-3:-1]] if host else []


def _candidates(facts: Facts) -> Iterator[tuple[str, str]]:
    yield facts.first("og:site_name")[0], "og:site_name"
    for node in facts.found.nodes:
        if "website" in types(node):
            yield text_of(node.get("name")), "json-ld WebSite.name"
    yield text_of(facts.found.resolve(facts.found.article.get("publisher"))), "json-ld publisher.name"
    yield facts.first("application-name", "apple-mobile-web-app-title")[0], "application-name"
    parts = _SEPARATOR.split(facts.title)
    label = site_of(facts.url).split(".", 1)[0]
    home = _links_home(facts)
    for part in (parts[-1], parts[0]) if len(parts) > 1 else ():
        if (_fits(part, label) or part in home) and len(part) < _LONGEST // 2:
            yield part, "title"
    before_colon = facts.title.partition(": ")[0]
    if before_colon != facts.title and before_colon in home:
        yield before_colon, "title"
    for heading in facts.headings:
        if (text := inner_text(heading)) in home and facts.title != text:
            yield text, "h1"
    for node in facts.found.nodes:
        if {"newsmediaorganization", "organization"} & set(types(node)) and _is_front_page(url_of(node), facts.url):
            yield text_of(node.get("name")), "json-ld Organization.name"
    yield facts.first("dc.publisher", "publisher")[0], "meta publisher"


def _links_home(facts: Facts) -> frozenset[str]:
    """What the links to the front page of the site say."""
    parts = split(facts.url)
    front = {"/", f"//{parts.netloc}/", *(f"{parts.scheme}://{parts.netloc}{end}" for end in ("", "/"))}
    return frozenset(inner_text(link) for link in facts.tree.iter("a") if (link.get("href") or "").strip() in front)


def _is_front_page(address: str, url: str) -> bool:
    """Whether an address is that of the site itself, not of one of its pages (as agencies that sign have them)."""
    return (
        site_of(address) == site_of(url)
        and split(address).path.strip("/").count("/") == 0
        and not split(address).path.endswith(".html")
    )


def _fits(name: str, label: str) -> bool:
    """Whether a name and the host's label speak of each other: one holds the other, or spells its initials."""
    letters, host = _letters(name), _letters(label)
    if not letters or not host:
        return False
    if host in letters or (len(letters) > 3 and letters in host):
        return True
    words = re.findall(r"\w+", unicodedata.normalize("NFKD", name).casefold())
    initials = "".join(word[0] for word in words)
    return len(host) > 1 and (initials == host or initials == host.removesuffix("online"))


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum())

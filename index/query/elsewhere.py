"""What other engines and languages call our fields and flags, and what they have in a query that stands beside ours.

Tables for messages: read when a query cannot be.
"""

from __future__ import annotations

from index.patterns import later

FIELDS_THERE = {
    name: there
    for there, names in {
        "date:<": "before older older_than",
        "date:<=": "until to till",
        "date:>": "after newer",
        "date:>=": "since from",
        "date:": "newer_than on day month year",
        "is:": "filetype ext has filter",
        "text:": "intext inbody allintext allinbody",
        "title:": "intitle inheadline allintitle",
        "captured:": "added created crawled fetched imported ingested stored",
        "url:": "inurl allinurl uri id",
        "person:": "name persona personne persoon persoon politician",
        "place:": "city country town region ort stadt land lieu ville pays lugar ciudad país luogo città plaats",
        "org:": "company corp firm firma entreprise société empresa azienda institution",
        "topic:": "category categories section keyword keywords hashtag thema sujet tema",
        "author:": "journalist journalists reporter writer",
        "site:": "domain host newspaper paper media",
    }.items()
    for name in names.split()
}
# Names that are no words of any text, so that a blank may stand behind their colon.
_NOWHERE_ELSE = later("(?:all)?in(?:title|text|body|url|headline|anchor)|filetype|newer_than|older_than")
APART = {
    **dict.fromkeys(("sort", "sortby", "order", "orderby"), "the order (--sort newest) stands"),
    **dict.fromkeys(("limit", "rows", "size", "page", "offset"), "how many are shown (--limit 50) stands"),
    **dict.fromkeys(("facet", "groupby"), "what is counted (--facet person) stands"),
}
FLAGS_THERE = {
    name: flag
    for flag, names in {
        "copy": "duplicate duplicated dup dupe duplicates copies syndicated",
        "gone": "deleted missing dead 404 removed unavailable",
        "changed": "updated edited modified corrected",
        "failed": "error broken",
        "blocked": "forbidden 403 captcha",
        "paywall": "paywalled premium subscribers",
        "linked": "source cited_by",
    }.items()
    for name in names.split()
}


def is_elsewhere(name: str) -> bool:
    """Whether this is a field of other engines, and no word of any text."""
    return _NOWHERE_ELSE.fullmatch(name) is not None

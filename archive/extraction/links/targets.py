"""What an address found in a page points at: a source, or the furniture of the web. Pure."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs, urlsplit

from archive import urls
from archive.extraction.links.hrefs import read_href

_STATUS = re.compile(r"^/(?:#!/)?(?:i/web|i|[\w]{1,20})/status(?:es)?/(\d+)", re.ASCII)
_TWITTER = frozenset({"twitter.com", "x.com", "mobile.twitter.com", "mobile.x.com", "nitter.net"})

# Buttons that send the page somewhere, and feeds that follow its publisher.
_SHARE = re.compile(
    r"^(?:[\w-]+\.)*(?:"
    r"facebook\.com/(?:sharer|share\.php|dialog/|plugins/|v\d[\d.]*/(?:plugins|dialog))"
    r"|(?:twitter|x)\.com/(?:intent|share\b|home\?status|hashtag/|search\b)"
    r"|linkedin\.com/(?:sharearticle|sharing|cws/share|feed/\?shareactive|shareactive)"
    r"|pinterest\.[\w.]+/pin/create|reddit\.com/(?:submit|r/\w+/submit)|t\.me/share|telegram\.me/share|wa\.me/"
    r"|whatsapp\.com/send|getpocket\.com/(?:save|edit)|tumblr\.com/(?:share|widgets/share)|vk(?:ontakte)?\.(?:com"
    r"|ru)/share"
    r"|ok\.ru/(?:dk|offer)|xing\.com/(?:spi/shares|app/user|social_plugins/share)|share\.flipboard\.com/"
    r"|flipboard\.com/bookmarklet"
    r"|bufferapp\.com/add|buffer\.com/add|digg\.com/submit|stumbleupon\.com/submit|threads\.net/intent|bsky\.app/intent"
    r"|social-plugins\.line\.me/|line\.me/r/msg|news\.ycombinator\.com/submitlink|instapaper\.com/hello"
    r"|evernote\.com/clip"
    r"|addtoany\.com/|addthis\.com/|sharethis\.com/|b\.hatena\.ne\.jp/(?:entry|add)|mail\.google\.com/mail"
    r"|plus\.google\.com/share|[\w-]+\.[a-z]{2,}/share/?\?(?:text|title|url|u)="  # Mastodon and its kin, on any host
    r"|whatsapp\.com/channel/|google\.com/(?:bookmarks/mark|preferences/source)|news\.google\.com/publications"
    r"|sharethe?\.link/|snapchat\.com/(?:scan|share)|printfriendly\.com/|kakao\.com/(?:talk|sharer)|mix\.com/add"
    r"|threads\.com/intent|substack\.com/(?:sharing|notes/compose)"
    r")",
    re.IGNORECASE,
)
# Frames that carry advertising, measurement, consent and comment forms.
_NOISE = re.compile(
    r"doubleclick|googlesyndication|googletagmanager|google-analytics|googleadservices|adservice|adsystem|adnxs|taboola"
    r"|outbrain|criteo|disqus|recaptcha|gstatic|facebook\.com/(?:tr|plugins/(?:like|share|page|comments|follow))"
    r"|consent"
    r"|sourcepoint|onetrust|usercentrics|scorecardresearch|chartbeat|piano\.io|tinypass|newsletter|subscribe|signup"
    r"|mailchimp|list-manage|livefyre|platform\.(?:twitter|x)\.com/widgets/(?:tweet_button|follow)|plusone|addthis"
    r"|amazon-adsystem|contextual\.media|teads|quantserve|hotjar|login|paypal\.com/donate|blank\.html",
    re.IGNORECASE,
)
_INDEX_SEGMENT = re.compile(
    r"^(?:tags?|topics?|themen?|thema|schlagwort(?:e)?|autor(?:en|es|i)?|authors?|auteurs?|profile?s?|people"
    r"|person(?:en)?"
    r"|by|staff|team|redaktion|ressort|rubriken?|categor(?:y|ies|ia)|kategorien?|sections?|keywords?|search|suche"
    r"|etiquetas?"
    r"|tag_\w+|temas?|sujets?|all-about|latest|stichwort|hemeroteca|contributors?|columnists?|journalists?|reporters?"
    r"|noticias-sobre|emne|tagg?|archiv(?:e|es)?)$",
    re.IGNORECASE,
)
_SECTION = re.compile(r"[^\W\d]+(?:-[^\W\d]+)?$")
_PUBLIC_SECOND = frozenset("co com net org gov edu ac gob gouv ne or go nom gv".split())


def absolute(href: str, base: str) -> str | None:
    """Where `href` in a page at `base` leads, as browsers read it; None where that is no page, or may not be"
    " fetched."""
    target = read_href(href, base)
    return None if target is None or target.refused else target.url


def is_share_button(url: str) -> bool:
    """Whether `url` sends a page to somebody instead of being one."""
    return bool(_SHARE.match(url.split("//", 1)[-1]))


def is_noise(url: str) -> bool:
    """Whether a frame's address is one of advertising, measurement, consent or forms."""
    return bool(_NOISE.search(url))


def is_short(url: str) -> bool:
    """Whether the host is a known link shortener."""
    return _host(url).removeprefix("www.") in urls.SHORTENERS


def is_index_of(url: str, page_url: str) -> bool:
    """Whether `url` is the front page, or a tag, author or section page, of the site that `page_url` is on."""
    if site_of(url) != site_of(page_url):
        return False
    path = split(url).path
    segments = [part for part in path.split("/") if part]
    if not segments:
        return True
    if any(_INDEX_SEGMENT.match(part) for part in segments[:-1]) or _INDEX_SEGMENT.match(segments[-1]):
        return True
    # A section is named in a word or two ("/us-politics", "/news/europe"), a story in more, or by a number.
    last, words = segments[-1], (2 if len(segments) == 1 else 1)
    if len(segments) == 3 and path.endswith("/") and all(_SECTION.match(part) for part in segments):
        return True
    return len(segments) <= 2 and "." not in last and last.count("-") < words and not re.search(r"\d{4}", url[8:])


def site_of(url: str) -> str:
    """The registrable part of a host, near enough to tell one publisher from another."""
    labels = _host(url).split(".")
    if labels[0] == "www":
        labels = labels[1:]
    keep = 3 if len(labels) > 2 and labels[-2] in _PUBLIC_SECOND and len(labels[-1]) == 2 else 2
    return ".".join(labels[-keep:])


def tweet_id(url: str) -> str | None:
    """The id of the tweet that `url` is the permalink or the embedding frame of."""
    parts = split(url)
    host = (parts.hostname or "").removeprefix("www.")
    if host in _TWITTER:
        match = _STATUS.match(parts.path)
        return match[1] if match else None
    if host in ("platform.twitter.com", "platform.x.com") and "tweet" in parts.path.lower():
        found = parse_qs(parts.query).get("id", [""])[0]
        return found if found.isdigit() else None
    return None


def tweet_url(identity: str) -> str:
    """The permalink of a tweet whose author's name is not known."""
    return f"https://twitter.com/i/status/{identity}"


def split(url: str) -> SplitResult:
    """The parts of an address; all empty where it has none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _host(url: str) -> str:
    return (split(url).hostname or "").lower()

"""(pure) What a link written in a page means: resolved as browsers do, and taken out of the wrappers around it.

Browsers forgive more than `urls.parse`, the gate of fetching, lets through: backslashes for slashes, a slash too
many or too few, a user's name before the host. What they read is brought into a form that the gate can judge, by the
rules of https://url.spec.whatwg.org for http and https; what may not be fetched even so is said with its reason, and
without the password that may stand in it.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from archive import urls
from archive.errors import UsageError

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ENDS = "".join(map(chr, range(0x21)))  # C0 controls and space, which browsers strip
_BREAKS = str.maketrans("", "", "\t\n\r")  # which they leave out wherever they stand
_CUT = re.compile(r"[?#]")
_AUTHORITY = re.compile(r"[^/?#]*")
_LAYERS = 4  # wrappers around wrappers

# Where others' links are led through, and the parameters that hold what they lead to. Hosts with their subdomains.
_WRAPPERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "facebook.com": (r"/(?:l\.php|flx/warn/?)$", ("u",)),
    "l.messenger.com": (r"/l\.php$", ("u",)),
    "l.instagram.com": (r"", ("u",)),
    "l.threads.net": (r"", ("u",)),
    "l.threads.com": (r"", ("u",)),
    "l.wl.co": (r"", ("u",)),
    "safelinks.protection.outlook.com": (r"", ("url",)),
    "safelinks.protection.office365.us": (r"", ("url",)),
    "translate.google.com": (r"/translate", ("u",)),
    "deref-gmx.net": (r"", ("redirectUrl",)),
    "deref-web.de": (r"", ("redirectUrl",)),
    "deref-mail.com": (r"", ("redirectUrl",)),
    "youtube.com": (r"/redirect$", ("q",)),
    "t.umblr.com": (r"/redirect$", ("z",)),
    "out.reddit.com": (r"", ("url",)),
    "vk.com": (r"/away(?:\.php)?$", ("to",)),
    "vk.ru": (r"/away(?:\.php)?$", ("to",)),
    "steamcommunity.com": (r"/linkfilter/?$", ("url", "u")),
    "duckduckgo.com": (r"/l/?$", ("uddg",)),
    "slack-redir.net": (r"/link$", ("url",)),
    "linkedin.com": (r"/(?:redir/redirect|safety/go|redirect)/?$", ("url",)),
    "getpocket.com": (r"/redirect$", ("url",)),
    "medium.com": (r"/r/?$", ("url",)),
    "exit.sc": (r"", ("url",)),
    "disq.us": (r"/url$", ("url",)),
    "linkprotect.cudasvc.com": (r"/url$", ("a",)),
    "outgoing.prod.webservices.mozgcp.net": (r"", ("url",)),
    "bing.com": (r"/ck/a$", ("u",)),
    "urldefense.proofpoint.com": (r"/v[12]/url$", ("u",)),
}
_GOOGLE = re.compile(r"(?:www\.)?google\.[a-z.]{2,6}\Z")
_GOOGLE_AMP = re.compile(r"/amp/(s/)?([\w-]+(?:\.[\w-]+)+.*)", re.DOTALL)
_BARE_QUERY = frozenset({"href.li", "anon.to", "dereferer.me", "nullrefer.com"})  # the address is the whole query
_URLDEFENSE = re.compile(r"/v3/__(.+?)__;([\w-]*)")
_CHECKPOINT = re.compile(r"/v2/(?:r\d+/)?___(.+?)___(?:\.|$)")
_DISQUS = re.compile(r":[\w-]{20,40}\Z")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads; `refused`: why that may not be fetched, "" where it may."""

    url: str
    refused: str = ""


def read_href(href: str, base: str) -> Target | None:
    """What `href` in a page at `base` means. None: it leads to no page (a fragment, mailto:, javascript: …)."""
    text = href.strip(_ENDS).translate(_BREAKS)
    scheme = _SCHEME.match(text)
    if not text or text.startswith("#") or (scheme and scheme[1].lower() not in urls.DEFAULT_PORTS):
        return None
    if len(text) > urls.MAX_URL:
        return Target(f"{text[:200]}…", f"it is longer than {urls.MAX_URL} characters")
    try:
        url, reason = _absolute(text, base)
        parsed = urls.parse(url)
    except UsageError as error:
        return Target(_shown(text, base), reason_of(error))
    except ValueError:
        return Target(_shown(text, base), "it is malformed")
    if not reason and "." not in parsed.host and ":" not in parsed.host:
        reason = "its host is a name of a local network"
    return Target(url.replace(" ", "%20"), reason)


def reason_of(error: UsageError) -> str:
    """The reason alone of why a URL is refused."""
    return str(error).rpartition("cannot be fetched: ")[2]


def _absolute(text: str, base: str) -> tuple[str, str]:
    """`text` as an absolute URL without user names, and why it is refused ("" where it is not)."""
    scheme = _SCHEME.match(text)
    own = base.partition(":")[0].lower()
    rest = text[scheme.end() :] if scheme else text
    name = scheme[1].lower() if scheme else own
    slashes = len(rest) - len(rest.lstrip("/\\"))
    if slashes < 2 and name == own:
        return urljoin(base, _slashed(rest)), ""  # "https:/a" in a page of https is a path of its own host
    if "\\" in rest[:slashes]:
        raise UsageError("cannot be fetched: backslashes stand before its host, which programs read differently")
    authority = _AUTHORITY.match(rest, slashes)
    assert authority is not None
    if "\\" in authority[0]:
        raise UsageError("cannot be fetched: a backslash is in its host, which programs read differently")
    user, at, host = authority[0].rpartition("@")
    reason = "it carries a password" if at and user.partition(":")[2] else ""
    return f"{name}://{host}{_slashed(rest[authority.end() :])}", reason


def _slashed(rest: str) -> str:
    """`rest` with slashes for the backslashes of its path."""
    cut = _CUT.search(rest)
    end = cut.start() if cut else len(rest)
    return rest[:end].replace("\\", "/") + rest[end:]


def _shown(text: str, base: str) -> str:
    """A refused link as it is listed: on one line, without what may be a password."""
    begin = re.match(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?[/\\]*", text)
    rest = text[begin.end() :] if begin else text
    user, at, path = rest.partition("/")[0].rpartition("@")
    kept = (begin[0] if begin else "") + (rest[len(user + at) :] if path or at else rest)
    return re.sub(r"[\x00-\x20\x7f-\x9f\ud800-\udfff]", "", kept)[:500] or base


def unwrapped(url: str) -> str:
    """The address that `url` leads to by its look alone, taken out of wrappers like google.com/url; else `url`."""
    for _ in range(_LAYERS):
        inner = _inner(url)
        if inner is None:
            return url
        url = inner
    return url


def _inner(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removesuffix(".")
        found = _wrapped(host, parts.path, parts.query)
        if not found:
            return None
        urls.parse(found)
    except (ValueError, UsageError):
        return None
    return found


def _wrapped(host: str, path: str, query: str) -> str | None:
    """What a wrapper's host, path and query hold; None where it is no wrapper, or holds nothing that can be read."""
    if _GOOGLE.match(host):
        return _of_google(path, query)
    if host in _BARE_QUERY:
        return unquote(query)
    if host.endswith("protect.checkpoint.com") and (checked := _CHECKPOINT.search(path)):
        return checked[1]
    if host == "urldefense.com" and (defended := _URLDEFENSE.match(path)):
        return _undefended(defended[1], defended[2])
    for name in (host, host.partition(".")[2], ".".join(host.split(".")[-4:])):
        if name in _WRAPPERS and re.match(_WRAPPERS[name][0], path):
            return _decoded(name, path, _parameter(query, _WRAPPERS[name][1]))
    return None


def _of_google(path: str, query: str) -> str | None:
    """What google.com/url and google.com/amp lead to."""
    amp = _GOOGLE_AMP.match(path)
    if amp:
        return f"http{'s' if amp[1] else ''}://{amp[2]}" + (f"?{query}" if query else "")
    return _parameter(query, ("q", "url")) if path == "/url" else None


def _parameter(query: str, names: tuple[str, ...]) -> str:
    values = parse_qs(query, max_num_fields=200)
    return next((values[name][0] for name in names if name in values), "")


def _decoded(name: str, path: str, value: str) -> str | None:
    """The address in a parameter of the wrappers that write it in ways of their own."""
    if name == "bing.com":
        padded = value[2:] + "=" * (-len(value[2:]) % 4)
        return _base64(padded).decode("utf-8", "replace") if value.startswith("a1") else None
    if name == "urldefense.proofpoint.com" and path.startswith("/v2"):
        return unquote(value.replace("-", "%").replace("_", "/"))
    return _DISQUS.sub("", value) if name == "disq.us" else value


def _undefended(written: str, kept: str) -> str | None:
    """An address of urldefense.com/v3: each "*" in it stands for the next byte of what follows in base64."""
    if "**" in written:
        return None  # runs of such bytes, with their length in a letter: rare
    spare = iter(_base64(kept + "=" * (-len(kept) % 4)).decode("utf-8", "replace"))
    address = "".join(next(spare, "*") if char == "*" else char for char in written)
    return re.sub(r"\A(https?):/(?!/)", r"\1://", address)


def _base64(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text)
    except (binascii.Error, ValueError):
        return b""

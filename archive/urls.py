"""URLs as text: which may be fetched by their look, their normal form, their identity, and where they stand in a text.

`parse` is the only URL parser of the product: what it accepted is, part by part, what the fetcher connects to and asks
for, so a URL cannot look like one host to the check and like another to the client. Limits: http and https only, no
user names, at most MAX_URL characters. Nothing here touches the network; archive/fetch/addresses.py judges where names
lead.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from types import ModuleType
from typing import NamedTuple
from urllib.parse import quote, urljoin

from archive.errors import UsageError
from archive.frozen import frozen

MAX_URL = 8192
DEFAULT_PORTS = {"http": 80, "https": 443}

# A short link is an address, not a page: these hosts only ever answer with the way to somewhere else.
_SHORTENERS = """
    t.co bit.ly j.mp tinyurl.com ow.ly buff.ly goo.gl is.gd v.gd dlvr.it trib.al ift.tt lnkd.in fb.me wp.me
    amzn.to nyti.ms wapo.st bbc.in cnn.it reut.rs on.wsj.com apne.ws n.pr abcn.ws cbsn.ws nbcnews.to politi.co
    bloom.bg econ.st on.ft.com gu.com l8r.it shorturl.at rb.gy cutt.ly t.ly tiny.cc rebrand.ly bl.ink
    spr.ly soc.cr flip.it mol.im usat.ly lat.ms bos.gl hill.cm yhoo.it msft.it dpaq.de spon.de
    """
SHORTENERS = frozenset(_SHORTENERS.split())

_READER_PARAMETERS = """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id epik sccid
    mc_cid mc_eid _ga _gl _hsenc _hsmi __hssc __hstc __hsfp hsctatracking mkt_tok vero_id vero_conv oly_anon_id
    oly_enc_id wickedid rb_clickid s_cid cmpid ncid ocid icid ref_src ref_url smid smtyp soc_src soc_trk
    __twitter_impression guccounter guce_referrer guce_referrer_sig xtor wt_mc wtmc sr_share
    fb_action_ids fb_action_types fb_source fb_ref action_object_map action_type_map action_ref_map
    """
_TRACKING = frozenset(_READER_PARAMETERS.split())
_TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "piwik_", "matomo_", "hsa_", "at_campaign", "at_medium", "at_custom")

_SPLIT = re.compile(
    r"([A-Za-z][A-Za-z0-9+.-]*):(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL
)  # RFC 3986 B
_USER = re.compile(  # also as JSON writes a slash; a backslash without a colon is no user's, but a trick with hosts
    r"(\b[A-Za-z][A-Za-z0-9+.-]*:(?:\\?/)+)(?:[^\s/?#\"'<>\\]*|[^\s/?#\"'<>]*:[^\s/?#\"'<>]*)@"
)
_USER_OF = re.compile(r"(?is)\A(?!mailto:)((?:[a-z][a-z0-9+.-]*:)?[/\\]+|)[^\s/?#@:]+:(?![0-9]*(?:[/?#]|\Z)).*@")
_PORT = re.compile(r":([0-9]{0,5})\Z")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_BAD = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT_IN_PATH = "/:@!$&'()*+,;=~%[]"
_KEPT_IN_QUERY = _KEPT_IN_PATH + "?"


@frozen
class Url:
    """A URL taken apart. `host` is lower-case ASCII without brackets, `path` begins with "/", `query` may be None."""

    scheme: str
    host: str
    port: int
    path: str
    query: str | None
    fragment: str | None

    @property
    def authority(self) -> str:
        """Host and, unless it is the scheme's own, port: the value of a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def target(self) -> str:
        """Path and query as they stand in a request line."""
        return self.path if self.query is None else f"{self.path}?{self.query}"

    def __str__(self) -> str:
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{self.origin}{self.target}{fragment}"


def parse(url: str) -> Url:
    """Take `url` apart, or raise UsageError with the reason why it is not one we ask for.

    Space around it is ignored. Characters that do not belong in a URL are percent-encoded as browsers do; the
    percent-encoding it came with is kept, and so are all its parameters. Dot segments are resolved, and backslashes in
    the path are slashes.
    """
    return _parsed(url.strip(" \t\r\n\f"))


@lru_cache(maxsize=1024)  # a page's address, and those in its menus, are asked about many times over
def _parsed(text: str) -> Url:
    _check_characters(text)
    match = _SPLIT.fullmatch(text)
    if match is None:
        raise _refused(text, "it does not begin with http:// or https://")
    scheme, authority, path, query, fragment = match.groups()
    if scheme.lower() not in DEFAULT_PORTS:
        raise _refused(text, f"only http and https are fetched, not {scheme.lower()}")
    if not authority:
        raise _refused(text, "it names no host")
    if "\\" in authority:
        raise _refused(text, "it contains a backslash in its host, which programs read differently")
    if "@" in authority:
        raise _refused(text, "user names in a URL are not accepted")
    host, port = _host_and_port(text, authority)
    return Url(
        scheme=scheme.lower(),
        host=host,
        port=port or DEFAULT_PORTS[scheme.lower()],
        path=_without_dots(quote(path.replace("\\", "/"), _KEPT_IN_PATH)) or "/",
        query=None if query is None else quote(query, _KEPT_IN_QUERY),
        fragment=None if fragment is None else quote(fragment, _KEPT_IN_QUERY),
    )


def check_url(url: str) -> None:
    """Raise UsageError, with the reason, for a URL that must not be asked for by its look alone."""
    parse(url)


def normal(url: str) -> str:
    """`url` as we ask for it and show it: RFC 3986 normal form, all parameters kept. UsageError as `parse`."""
    return str(_normal(parse(url)))


@lru_cache(maxsize=1024)  # as above
def key(url: str) -> str:
    """The identity of `url`: two spellings of one page have the same key. UsageError as `parse`.

    Always an https URL. Beyond `normal` it forgets the scheme, parameters that only follow the reader (utm_*, fbclid …)
    and an empty query. The order of parameters is kept, since some sites give it a meaning.
    """
    url_ = _normal(parse(url))
    port = DEFAULT_PORTS["https"] if url_.port == DEFAULT_PORTS[url_.scheme] else url_.port
    return str(Url("https", url_.host, port, url_.path, _without_tracking(url_.query), url_.fragment))


def identity(url: str) -> str:
    """The key of `url`, or the URL itself where it is none that could be fetched."""
    try:
        return key(url)
    except UsageError:
        return url


@lru_cache(maxsize=1024)
def entry_id(identity: str) -> str:
    """The id of the entry with this key: 12 characters, 60 bits of its SHA-256 in lower-case base32."""
    return base64.b32encode(hashlib.sha256(identity.encode("utf-8", "replace")).digest()[:10])[:12].decode().lower()


def site_of(url: str) -> str:
    """The host of `url` without "www."; "" when it is no URL."""
    try:
        return parse(url).host.removeprefix("www.")
    except UsageError:
        return ""


def join(base: str, reference: str) -> str:
    """`reference` as found in a page or header at `base`, made absolute and normal. UsageError if it leads nowhere."""
    text = reference.strip(" \t\r\n\f")
    _check_characters(text)
    if _SPLIT.fullmatch(text):
        return normal(text)  # absolute: the base has no say, least of all in "http:path" or "http://"
    slashes = text[: len(text) - len(text.lstrip("/\\"))]
    if len(slashes) > 1 and "\\" in slashes:
        raise _refused(text, "backslashes stand before its host, which programs read differently")
    path = text.partition("?")[0].partition("#")[0]
    text = path.replace("\\", "/") + text[len(path) :]
    try:
        return normal(urljoin(base, text[max(0, len(slashes) - 2) :]))  # "///host" is "//host" to browsers
    except ValueError as error:
        raise _refused(text, "it is malformed") from error


# -- parts ---------------------------------------------------------------------------------------------------------


def veiled(text: str) -> str:
    """`text` with a "…" in the place of the names and passwords that stand before the host of addresses in it.

    Such addresses are refused; what is kept or printed of them goes through here.
    """
    return _USER.sub(r"\1…@", text)


def veiled_address(text: str) -> str:
    """As `veiled`, of all that may be a name and a password in `text`, which is a refused address and nothing else."""
    plain = veiled(text)
    return plain if plain != text else _USER_OF.sub(r"\1…@", text, count=1)


def _refused(text: str, reason: str) -> UsageError:
    shown = veiled_address(text)
    if shown not in (text, veiled(text)):
        reason = "user names in a URL are not accepted"  # what we took for its host may be a password
    return UsageError(f"{shown if len(shown) <= 200 else f'{shown[:200]}…'!r} cannot be fetched: {reason}")


def _check_characters(text: str) -> None:
    if len(text) > MAX_URL:
        raise _refused(text, f"it is longer than {MAX_URL} characters")
    if _BAD.search(text):
        raise _refused(text, "it contains a control character, tab or newline")


def _host_and_port(text: str, authority: str) -> tuple[str, int | None]:
    match = _PORT.search(authority)
    host, digits = (authority[: match.start()], match.group(1)) if match else (authority, "")
    port = int(digits) if digits else None
    if port is not None and not 0 < port < 65536:
        raise _refused(text, f"there is no port {port}")
    if host.startswith("[") and host.endswith("]"):
        try:
            address = ipaddress.IPv6Address(host[1:-1])
        except ValueError as error:
            raise _refused(text, f"{host} is not an IPv6 address") from error
        if address.scope_id is not None:
            raise _refused(text, "an address with a zone is one of this machine's own network")
        return str(address), port
    name = _ascii_host(text, host).removesuffix(".")
    if len(name) > 253 or not all(_LABEL.match(label) for label in name.split(".")):
        raise _refused(text, f"{host!a} is not a host name")
    return name, port


def _ascii_host(text: str, host: str) -> str:
    if host.isascii():
        return host.lower()
    import idna  # large tables, and few hosts need them

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        # The web's rules (UTS #46) let in symbols, as in the names of emoji that some registries sell.
        with contextlib.suppress(idna.IDNAError, UnicodeError):
            mapped = idna.uts46_remap(host, std3_rules=True, transitional=False)
            return ".".join(label if label.isascii() else _symbols(idna, label) for label in mapped.split("."))
        raise _refused(text, f"{host!a} is not a host name") from error


def _symbols(idna: ModuleType, label: str) -> str:
    """A label with symbols in Punycode; UnicodeError where there is anything else in it that IDNA does not know."""
    words = "".join(char for char in label if unicodedata.category(char) not in ("So", "Sk"))
    if words and not words.isascii():
        idna.check_label(words)
    encoded = f"xn--{label.encode('punycode').decode('ascii')}"
    if words == label or not _LABEL.match(encoded):
        raise UnicodeError
    return encoded


def _without_dots(path: str) -> str:
    """RFC 3986 section 5.2.4 for a path that begins with a slash or is empty."""
    if "/." not in path and "/%2" not in path:
        return path
    out: list[str] = []
    segments = path.split("/")[1:]
    for number, segment in enumerate(segments, 1):
        plain = segment.replace("%2e", ".").replace("%2E", ".")
        if plain not in (".", ".."):
            out.append(segment)
            continue
        if plain == ".." and out:
            out.pop()
        if number == len(segments):
            out.append("")
    return "/" + "/".join(out)


def _normal(url: Url) -> Url:
    path = _without_dots(_normal_percents(url.path))
    query = None if url.query is None else _normal_percents(url.query)
    shebang = url.fragment if url.fragment is not None and url.fragment.startswith("!") else None
    return Url(url.scheme, url.host, url.port, path, query, None if shebang is None else _normal_percents(shebang))


def _normal_percents(text: str) -> str:
    """Percent-encoding in one spelling: unreserved characters bare, upper-case digits, a lone % as %25."""

    def spell(match: re.Match[str]) -> str:
        digits = match.group(1)
        if digits is None:
            return "%25"
        byte = int(digits, 16)
        return chr(byte) if byte in _UNRESERVED else f"%{digits.upper()}"

    return _PERCENT.sub(spell, text) if "%" in text else text


def _without_tracking(query: str | None) -> str | None:
    if not query:
        return None
    kept = [pair for pair in query.split("&") if pair and not _is_tracking(pair.partition("=")[0].lower())]
    return "&".join(kept) or None


def _is_tracking(name: str) -> bool:
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


# -- URLs in text --------------------------------------------------------------------------------------------------


class Found(NamedTuple):
    """A URL in a text: `text[start:end]` is how it is written there, `url` what it means."""

    url: str
    start: int
    end: int


# What can neither be in a URL nor be written right after one without a space in between.
_END = r"\s<>\"“”„«»‹›|`^{}\\、。，；：！？（）「」『』【】《》\u200b\u2026\ufeff\x00-\x1f\x7f"
# A URL goes on until one of those, or until the next one begins right behind a letter ("https://t.co/ahttps://t.co/b").
# Brackets are the markup's ("[url]…[/url]", "[[…][title]]", "…[title]"), but for those of a parameter ("a[]=1").
_REST = rf"(?:[^{_END}h\[\]]|\[[\w.-]{{0,64}}\](?=[=\[])|h(?!ttps?://)|(?<![a-z0-9,;()])h)+"
_IN_TEXT = re.compile(
    rf"(?:https?://(?:\[[0-9a-f:.]{{2,45}}\])?|(?<![a-z0-9])www\.(?=[a-z0-9-]+\.)){_REST}"
    rf"|(?<![a-z0-9@./_-])(?:{'|'.join(sorted(map(re.escape, SHORTENERS | {'pic.twitter.com', 'youtu.be'})))})"
    rf"/[a-z0-9_-]{{1,64}}+(?!/)",
    re.IGNORECASE,
)
_BRACKETS = {")": "(", "]": "[", "'": "'"}


def find_urls(text: str, *, refused: bool = False) -> list[str]:
    """The URLs written in any text, in order, each once; see `scan_urls`."""
    return list(dict.fromkeys(found.url for found in scan_urls(text, refused=refused)))


def scan_urls(text: str, *, refused: bool = False) -> Iterator[Found]:
    """Every URL written in any text, with its place; with `refused` also what is no address that is asked for.

    Finds http(s) URLs, "www.…" and well-known short links without a scheme ("t.co/XRawnqNPLg", taken as https).
    Punctuation and brackets that belong to the sentence are left out, and so is a URL cut short by an ellipsis.
    """
    if "/" not in text and "www." not in text.lower():
        return  # far cheaper than the pattern, and true of most texts
    position = 0
    while match := _IN_TEXT.search(text, position):
        start, position = match.span()
        if text[position : position + 1] == "…" or position - start > MAX_URL:
            continue  # "https://t.co/XRaw…" was cut: whatever it was, it was not this
        written = _trimmed(_within_brackets(match[0], text[start - 1 : start]))
        position = start + max(len(written), 1)
        url = written if "://" in written else f"https://{written}"
        if not refused:
            try:
                parse(url)
            except UsageError:
                continue
        yield Found(url, start, position)


def _within_brackets(written: str, before: str) -> str:
    """`written` up to the end of the round brackets that it stands in, as in Markdown's "[title](https://…)"."""
    if before != "(" or ")" not in written:
        return written
    depth = 0
    for at, character in enumerate(written):
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return written[:at]
    return written


def _trimmed(written: str) -> str:
    """`written` without the punctuation and the closing brackets of the sentence around it."""
    while written:
        last = written[-1]
        if last in ".,;:!?*~…’‘":
            written = written[:-1]
        elif last in _BRACKETS:
            opening = _BRACKETS[last]
            balanced = (
                written.count(opening) % 2 == 0 if opening == last else written.count(opening) >= written.count(last)
            )
            if balanced:
                return written
            written = written[:-1]
        else:
            return written
    return written

"""What one WARC record says of persons and secrets (pure): in its addresses, HTTP headers, and what we add ourselves.

What stands in the pages is not looked at. A finding names the cookie, header or parameter, never the value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit

from archive.formats.warc_records import ForeignRecord
from archive.storage.warc.records import JOURNAL_TYPE
from archive.urls import veiled


class FindingKind(StrEnum):
    """What was found."""

    COOKIE_SET = "cookie set"  # by a site, for the one who asked
    COOKIE_SENT = "cookie sent"
    LOGIN = "login"  # a header that proves who asks
    TOKEN = "token in address"  # noqa: S105 -- a session, a key, a password
    PERSON = "person in address"  # an account, an e-mail address
    CLICK = "click id in address"  # by which advertisers know who came
    CLIENT = "address of the one who asked"  # or of whoever stands before him
    SERVER = "address of a server"
    ASKED = "who asked"  # an e-mail address in a request, an operator
    STAFF = "who added"  # in the journal: a user's name
    MARK = "note or tag"  # of yours
    QUERY = "query"  # what the package was made for


@dataclass(frozen=True, slots=True)
class Finding:
    """Something of one kind, under one name, at one host, and how often; `url` and `record` are of the first one."""

    kind: FindingKind
    name: str
    host: str
    url: str  # with … for what was found in it
    record: str  # its id
    count: int = 1


Found = Iterator[tuple[FindingKind, str]]  # kind and name

_TOKENS = frozenset(
    "token accesstoken authtoken idtoken refreshtoken sessiontoken csrftoken xsrftoken csrf xsrf session sessionid "
    "sessid phpsessid jsessionid aspsessionid cfid cftoken auth authorization oauthtoken oauthverifier apikey appkey "
    "secret clientsecret password passwd pwd signature sig hmac credential xamzsignature xamzcredential "
    "xamzsecuritytoken xgoogsignature xgoogcredential otp magic sharetoken accesskey unlockedarticlecode "
    "giftcode".split()
)
_VAGUE_TOKENS = frozenset({"key", "sid", "code", "ticket", "hash", "pass", "st", "s"})  # where the value is long
_PERSONS = frozenset(
    "email mail emailaddress user username userid useremail login account accountid member memberid customer "
    "customerid subscriber subscriberid visitorid clientid deviceid uid mceid ga gl".split()
)
_CLICKS = frozenset("gclid gbraid wbraid dclid fbclid msclkid yclid ttclid twclid li_fat_id igshid igsh".split())
_LONG = 16  # characters of a value that is no number of a page
_JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
_MAIL = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+\.[\w.-]+")
_PARAMETER = re.compile(r"(?<=[?&;#])([^=&;#/?]{1,80})=([^&;#]*)")
_IP = re.compile(
    r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\w:])", re.I
)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LOGINS = frozenset(
    "authorization proxy-authorization x-api-key x-auth-token x-access-token x-csrf-token x-xsrf-token authentication "
    "x-amz-security-token x-session-id x-session-token".split()
)
_CLIENTS = frozenset(
    "x-forwarded-for forwarded x-real-ip x-client-ip true-client-ip cf-connecting-ip fastly-client-ip "
    "x-cluster-client-ip x-remote-ip x-remote-addr client-ip".split()
)
_ADDRESSES = frozenset({"location", "content-location", "referer", "refresh"})
_INFO = frozenset({"operator", "hostname", "ip", "http-header-from", "publisher"})


def findings(record: ForeignRecord) -> Iterator[Finding]:
    """What stands in a record."""
    url = record.url
    read: Callable[[ForeignRecord], Found] = _READERS.get(record.kind, _nothing)
    shown, host = redacted(url), _host(url)
    for kind, name in dict.fromkeys((*_in_address(url), *_in_fields(record), *read(record))):
        yield Finding(
            kind,
            name,
            "" if kind is FindingKind.STAFF else host,
            shown,
            record.fields.get("warc-record-id", "").strip("<>"),
        )


def redacted(url: str) -> str:
    """An address with … in the place of what was found in it."""
    url = _PARAMETER.sub(lambda part: f"{part[1]}=…" if _kind(part[1], part[2]) else part[0], veiled(url))
    return _MAIL.sub("…", _JWT.sub("…", url))


def _in_address(url: str) -> Found:
    for name, value in _PARAMETER.findall(url):
        if kind := _kind(name, value):
            yield kind, unquote(name)
    if veiled(url) != url:
        yield FindingKind.TOKEN, "name and password"
    plain = _PARAMETER.sub("", veiled(url))
    if _JWT.search(plain):
        yield FindingKind.TOKEN, "JSON web token"
    if _MAIL.search(plain):
        yield FindingKind.PERSON, "e-mail address"


def _kind(name: str, value: str) -> FindingKind | None:
    """What a parameter of an address is; None for one that says nothing of anybody."""
    plain = re.sub(r"[^a-z0-9]", "", unquote(name).lower())
    if not value or value == "…":
        return None
    if plain in _TOKENS or (plain in _VAGUE_TOKENS and len(value) >= _LONG) or _JWT.search(value):
        return FindingKind.TOKEN
    if plain in _PERSONS or _MAIL.search(value):
        return FindingKind.PERSON
    return FindingKind.CLICK if unquote(name).lower() in _CLICKS else None


def _in_fields(record: ForeignRecord) -> Found:
    if address := record.fields.get("warc-ip-address"):
        yield FindingKind.SERVER, address


def _headers(block: bytes) -> Iterator[tuple[str, str]]:
    end = _HEAD_END.search(block)
    for line in block[: end.start() if end else len(block)].decode("latin-1").splitlines()[1:]:
        name, sign, value = line.partition(":")
        if sign and value.strip():
            yield name.strip().lower(), value.strip()


def _request(record: ForeignRecord) -> Found:
    for name, value in _headers(record.block):
        if name == "cookie":
            yield from ((FindingKind.COOKIE_SENT, cookie) for cookie in _cookies(value))
        elif name == "from" or (name != "referer" and _MAIL.search(value)):
            yield FindingKind.ASKED, name
        else:
            yield from _header(name, value)


def _response(record: ForeignRecord) -> Found:
    for name, value in _headers(record.block):
        if name == "set-cookie":
            cookie = value.partition("=")[0].strip()
            said = value.partition("=")[2].partition(";")[0]
            if said.strip("*"):  # those of your own accounts were blanked when they were stored
                yield FindingKind.COOKIE_SET, cookie
            if _has_address(said):
                yield FindingKind.CLIENT, f"cookie {cookie}"
        elif name.startswith("x-") and name not in _CLIENTS and name not in _LOGINS and _has_address(value):
            yield FindingKind.CLIENT, name
        else:
            yield from _header(name, value)


def _header(name: str, value: str) -> Found:
    if name in _LOGINS:
        yield FindingKind.LOGIN, name
    elif name in _CLIENTS:
        yield FindingKind.CLIENT, name
    elif name in _ADDRESSES:
        yield from _in_address(value)


def _cookies(value: str) -> Iterator[str]:
    """The names of cookies that were sent; none where they were blanked."""
    for part in value.split(";"):
        name, sign, said = part.partition("=")
        if sign and said.strip("*-"):
            yield name.strip()


def _has_address(value: str) -> bool:
    """Whether an IP address stands in it that is somebody's."""
    for text in _IP.findall(unquote(value)):
        try:
            if ip_address(text).is_global:
                return True
        except ValueError:
            continue
    return False


def _metadata(record: ForeignRecord) -> Found:
    """What our own journal says of who worked here, and of what was written on the article."""
    said = _journaled(record)
    capture, act = (said.get(name) or {} for name in ("capture", "act"))
    for who in (capture.get("added_by"), act.get("by")):
        if who:
            yield FindingKind.STAFF, str(who)
    if act.get("kind") in ("tags", "tag", "note", "edit"):
        yield FindingKind.MARK, str(act["kind"])
    for hop in capture.get("hops") or ():
        if address := hop.get("address"):
            yield FindingKind.SERVER, str(address).rpartition(":")[0].strip("[]") or str(address)


def _journaled(record: ForeignRecord) -> dict[str, Any]:
    """What a record of a journal says; {} where it is none that can be read."""
    if record.fields.get("content-type", "").partition(";")[0] != JOURNAL_TYPE:
        return {}
    try:
        said = json.loads(record.block)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _warcinfo(record: ForeignRecord) -> Found:
    for line in record.block.decode("utf-8", "replace").splitlines():
        name, _, value = (part.strip() for part in line.partition(":"))
        is_header = name.lower().startswith("http-header") and _MAIL.search(value)
        if value and (name.lower() in _INFO or is_header):
            yield FindingKind.ASKED, name


def _nothing(record: ForeignRecord) -> Found:  # noqa: ARG001 - as the other readers
    return iter(())


_READERS: dict[str, Callable[[ForeignRecord], Found]] = {
    "request": _request, "response": _response, "revisit": _response, "metadata": _metadata, "warcinfo": _warcinfo,
}  # fmt: skip


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""

"""What is asked of the network and what comes back: pages, and what they are shown with. A part of archive/model.py."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from archive.frozen import frozen


class Outcome(StrEnum):
    """What was observed when a URL was asked for. The value is what people and scripts see."""

    OK = "ok"
    UNCHANGED = "unchanged"  # 304, or the same bytes as before
    NOT_FOUND = "not found"  # 404
    GONE = "gone"  # 410, 451
    BLOCKED = "blocked"  # a challenge, captcha, 401/403/429 that said no
    CONSENT = "consent wall"
    PAYWALL = "paywall"
    TOO_SHORT = "too short"  # text was found, but too little to be an article
    NO_TEXT = "no text"  # HTML, but no article text in it
    NOT_TEXT = "not text"  # an image, archive, video …: kept, with its type
    REFUSED = "refused address"  # private, loopback, metadata … or not http(s)
    ROBOTS = "robots"  # robots.txt asks not to
    TOO_LARGE = "too large"
    TIMED_OUT = "timed out"
    INCOMPLETE = "incomplete"  # the connection ended before the body did
    REDIRECTS = "too many redirects"  # a loop, or more hops than allowed
    FAILED = "failed"  # no answer, or none that is HTTP; `detail` says which

    @property
    def has_content(self) -> bool:
        """Whether the capture shows the page itself (and so may be read as an article)."""
        return self in (Outcome.OK, Outcome.UNCHANGED, Outcome.PAYWALL)

    @property
    def worth_retrying(self) -> bool:
        """Whether the same request may well do better later."""
        return self in (Outcome.BLOCKED, Outcome.TIMED_OUT, Outcome.INCOMPLETE, Outcome.FAILED, Outcome.REDIRECTS)


class HopKind(StrEnum):
    """Why a request was made."""

    START = "start"  # the URL that was asked for
    HTTP = "http"  # a 30x with Location
    META = "meta"  # <meta http-equiv=refresh>
    SCRIPT = "script"  # a script redirect (location.replace, as t.co serves to browsers)
    ARCHIVE = "archive"  # the copy of another archive, where the page itself is gone


class Resources(StrEnum):
    """What of a page is archived beside its text."""

    NONE = "none"
    IMAGES = "images"  # those that its article shows
    PAGE = "page"  # all that its markup and its styles name: images, styles, fonts, scripts


class ResourceKind(StrEnum):
    """What a page uses a resource for."""

    IMAGE = "image"
    STYLE = "style"
    FONT = "font"
    SCRIPT = "script"
    DOCUMENT = "document"  # the page, or a frame in it, as the browser got it
    DATA = "data"  # what scripts asked for
    SCREENSHOT = "screenshot"  # a picture of the page that was taken


@frozen
class ResourceLink:
    """Something that a page is shown with. `instead_of`: the address in an image's `src` that this is a better one of.

    `url` is absolute and normal, without a fragment.
    """

    url: str
    kind: ResourceKind
    instead_of: str = ""


@frozen
class Request:
    """One URL to fetch.

    `by_hand`: a person named this URL, so robots.txt is not consulted (everything else is). `etag` and
    `last_modified` make the first hop conditional. `most`: bytes of the body, where fewer are wanted than the settings
    allow. `accept_datetime`: of a page's copies in an archive, the one near to this is wanted (RFC 7089).
    """

    url: str
    by_hand: bool = False
    etag: str | None = None
    last_modified: str | None = None
    most: int | None = None
    accept_datetime: datetime | None = None


@frozen
class Certificate:
    """What a server showed to say who it is: names as `CN=…, O=…`, digests (`sha256:…`) over DER, its own first."""

    subject: str
    issuer: str
    valid_from: datetime | None
    valid_until: datetime | None
    fingerprint: str
    chain: tuple[str, ...]


@frozen
class Exchange:
    """One request and what came back, byte for byte.

    `sent` and `received` are the bytes on the wire without TLS; `received` is the status line, the headers and the body
    still in its transfer and content coding, cut where a limit was hit (`truncated` then holds WARC's word for why:
    length, time, disconnect, unspecified). `payload` is the decoded body. `address` is `ip:port`
    of the peer that was vetted and connected to. `status` is None when nothing that is HTTP came back.
    """

    url: str
    kind: HopKind
    started: datetime
    sent: bytes
    received: bytes
    address: str | None
    status: int | None
    headers: tuple[tuple[str, str], ...]
    payload: bytes
    truncated: str | None = None
    location: str | None = None  # absolute URL that this exchange redirects to
    tls_verified: bool | None = None  # None: plain http
    certificate: Certificate | None = None
    login: bool = False  # cookies of an account were sent; they are blanked in `sent` and `received`

    def header(self, name: str) -> str | None:
        """First value of a header, by case-insensitive name."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@frozen
class Fetched:
    """Everything one Request led to: the chain of exchanges, and what was observed at its end."""

    request: Request
    exchanges: tuple[Exchange, ...]
    outcome: Outcome
    detail: str  # the observation in words: "returned 404", "no answer within 30 s"
    final_url: str  # the URL of the last hop, tried or not
    retry_after: float | None = None  # seconds, already capped

    @property
    def last(self) -> Exchange | None:
        return self.exchanges[-1] if self.exchanges else None


@frozen
class Hop:
    """One step of a stored redirect chain."""

    url: str
    kind: HopKind
    status: int | None
    location: str | None
    record_id: str | None  # WARC-Record-ID of the response (or revisit) record, None where there was no answer
    tls_verified: bool | None = None
    address: str | None = None  # `ip:port` that was asked
    certificate: Certificate | None = None
    payload_digest: str | None = None  # "sha256:…" of the body without its transfer coding; None: there was none


@frozen
class Resource:
    """What became of one resource of a captured page. `digest` ("sha256:…") and `size` are those of the decoded body.

    `hops` are empty where nobody was asked: for one that was held already (`detail` says so), or is over a limit.
    """

    url: str
    kind: ResourceKind
    outcome: Outcome
    detail: str
    at: datetime
    final_url: str = ""  # where it came from in the end
    hops: tuple[Hop, ...] = ()
    status: int | None = None
    media_type: str | None = None
    charset: str | None = None
    digest: str | None = None
    size: int = 0
    instead_of: str = ""

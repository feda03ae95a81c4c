"""A fetched page, a saved page or an act → the bytes of its WARC records, ending with its journal record (pure).

request, response (or revisit) for each exchange, the page's first and those of its resources behind them, then one
`metadata` record: the journal entry.
The journal record is the commit marker: a capture without it never happened. It holds the whole Capture and where
its bytes are, relative to itself, so that the catalog can be rebuilt from the journal records alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archive.errors import StorageError
from archive.model import (
    Capture,
    Exchange,
    Fetched,
    Hop,
    HopKind,
    Memento,
    Method,
    Outcome,
    Package,
    Resource,
    ResourceLink,
    Stated,
)
from archive.storage.warc.http import Message, entity_body, media_type, parse_response
from archive.storage.warc.reader import MAX_BLOCK
from archive.storage.warc.records import (
    JOURNAL_FORMAT,
    JOURNAL_TYPE,
    Act,
    Body,
    BodyNote,
    JournalRecord,
    Place,
    Pointer,
    ResourceNote,
    Stored,
    StoredResource,
    digest,
    encode_journal,
    ip_of,
    member,
    new_id,
    refers_to,
    urn,
    warc_date,
    warc_uri,
)

MIN_REVISIT = 256  # bytes; pointing to a shorter body costs more than the body

Known = Callable[[str], Body | None]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the caller knows about a capture that the exchanges do not say. `key` is the identity of its URL."""

    key: str
    method: Method = Method.FETCH
    depth: int = 0
    cited_by: str | None = None
    media_type: str | None = None  # what the bytes are; None: as the Content-Type says
    charset: str | None = None
    digest: str = ""  # of the payload, where that is known already
    stated: Stated | None = None
    added_by: str = ""
    memento: Memento | None = None
    package: Package | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A page or text that came without a response: a saved page, an import's text.

    `converted`: the bytes were made from something else (a library's text field), not served by `url`.
    """

    url: str
    at: datetime
    payload: bytes
    media_type: str
    charset: str | None = None
    converted: bool = False


@dataclass(frozen=True, slots=True)
class Brought:
    """A resource on its way into the store: `fetched` just now, `saved` with the page, or `held` already."""

    link: ResourceLink
    fetched: Fetched | None = None
    held: StoredResource | None = None
    saved: Saved | None = None

    @property
    def size(self) -> int:
        """Bytes of it that wait in memory."""
        if self.saved is not None:
            return len(self.saved.payload)
        return sum(len(exchange.received) for exchange in self.fetched.exchanges) if self.fetched else 0


class _Pack:
    """The members of one capture as they are laid one behind the other from `offset` of `file`."""

    def __init__(self, file: str, offset: int) -> None:
        self.file = file
        self.start = offset
        self.end = offset
        self.parts: list[bytes] = []
        self.bodies: list[Body] = []
        self.resources: list[StoredResource] = []
        self.content: tuple[str, Place] | None = None  # record id and place
        self.concurrent: list[str] = []  # ids of the records that hold what was served
        self.hashed = b"", ""  # a body and its digest, once there is one

    def add(self, kind: str, record_id: str, date: str, fields: list[tuple[str, str]], block: bytes) -> Place:
        if len(block) > MAX_BLOCK:
            raise StorageError(f"a record of {len(block)} bytes is over the limit of {MAX_BLOCK}")
        data = member(kind, record_id, date, fields, block)
        place = Place(self.file, self.end)
        self.parts.append(data)
        self.end += len(data)
        return place

    def digest(self, data: bytes) -> str:
        """Of a body, or of the payload in it: mostly the same bytes, which are compared faster than hashed."""
        if not self.hashed[1] or self.hashed[0] != data:
            self.hashed = data, digest(data)
        return self.hashed[1]

    def pointer(self, record_id: str, place: Place) -> Pointer:
        """To a record of this capture, or to one stored before."""
        if place.file == self.file and place.offset >= self.start:
            return Pointer(record_id, back=self.end - place.offset)
        return Pointer(record_id, file=place.file, offset=place.offset)


def pack_fetched(
    fetched: Fetched,
    facts: Facts,
    at: datetime,
    known: Known,
    where: Place,
    resources: Sequence[Brought] = (),
    shown: Saved | None = None,
) -> tuple[bytes, Stored]:
    """Records and description of a fetched capture that will stand at `where`. `at` dates one without exchanges.

    `shown`: the page as a browser showed it, which is the content then.
    """
    pack = _Pack(where.file, where.offset)
    last = fetched.last
    if last and facts.digest:
        pack.hashed = last.payload, facts.digest
    hops = tuple(_exchange(pack, exchange, known) for exchange in fetched.exchanges)
    labelled, charset = media_type(last.header("content-type")) if last else (None, None)
    answered = last is not None and last.status is not None
    capture = Capture(
        id=new_id(),
        url=fetched.request.url,
        key=facts.key,
        final_url=fetched.final_url,
        at=fetched.exchanges[0].started if fetched.exchanges else at,
        outcome=fetched.outcome,
        detail=fetched.detail,
        method=facts.method,
        hops=hops,
        status=last.status if last else None,
        media_type=facts.media_type or labelled,
        charset=facts.charset or charset,
        digest=pack.digest(last.payload) if last and answered else None,
        size=len(last.payload) if last else 0,
        truncated=last.truncated if last else None,
        depth=facts.depth,
        cited_by=facts.cited_by,
        etag=last.header("etag") if last else None,
        last_modified=last.header("last-modified") if last else None,
        stated=facts.stated,
        added_by=facts.added_by,
        login=any(exchange.login for exchange in fetched.exchanges),
        memento=facts.memento,
        package=facts.package,
    )
    if shown is not None:
        body_digest = digest(shown.payload)
        pack.content = _saved(pack, shown, new_id(), body_digest, known)
        capture = replace(
            capture, final_url=shown.url, media_type=shown.media_type, charset=shown.charset, digest=body_digest,
            size=len(shown.payload), truncated=None,
        )  # fmt: skip
    _add_resources(pack, resources, capture.at, known)
    return _finish(pack, capture)


def pack_saved(
    saved: Saved, facts: Facts, known: Known, where: Place, resources: Sequence[Brought] = ()
) -> tuple[bytes, Stored]:
    """As `pack_fetched`, for a page that came without a response."""
    pack = _Pack(where.file, where.offset)
    record_id, body_digest = new_id(), facts.digest or digest(saved.payload)
    pack.content = _saved(pack, saved, record_id, body_digest, known)
    capture = Capture(
        id=new_id(),
        url=saved.url,
        key=facts.key,
        final_url=saved.url,
        at=saved.at,
        outcome=Outcome.OK,
        detail=facts.method.value,
        method=facts.method,
        hops=(Hop(saved.url, HopKind.START, None, None, record_id),),
        status=None,
        media_type=facts.media_type or saved.media_type,
        charset=facts.charset or saved.charset,
        digest=body_digest,
        size=len(saved.payload),
        truncated=None,
        depth=facts.depth,
        cited_by=facts.cited_by,
        added_by=facts.added_by,
        package=facts.package,
    )
    _add_resources(pack, resources, capture.at, known)
    return _finish(pack, capture)


def pack_act(act: Act) -> bytes:
    """The journal record of an act."""
    fields = [("Content-Type", JOURNAL_TYPE)]
    block = encode_journal(JournalRecord(JOURNAL_FORMAT, act=act))
    return member("metadata", new_id(), warc_date(act.at), fields, block)


def _finish(pack: _Pack, capture: Capture) -> tuple[bytes, Stored]:
    content = pack.pointer(*pack.content) if pack.content else None
    notes = tuple(BodyNote(b.digest, b.url, b.date, pack.pointer(b.record_id, b.place)) for b in pack.bodies)
    resources = tuple(
        ResourceNote(one.resource, pack.pointer(one.record_id, one.place) if one.place else None)
        for one in pack.resources
    )
    record = JournalRecord(JOURNAL_FORMAT, capture=capture, content=content, bodies=notes, resources=resources)
    block = encode_journal(record)
    fields = [("WARC-Target-URI", warc_uri(capture.url)), ("Content-Type", JOURNAL_TYPE)]
    fields += [("WARC-Concurrent-To", urn(record_id)) for record_id in pack.concurrent]
    journal = pack.add("metadata", capture.id, warc_date(capture.at), fields, block)
    place = pack.content[1] if pack.content else None
    stored = Stored(
        capture, pack.file, pack.start, journal.offset, pack.end, place, tuple(pack.bodies), tuple(pack.resources)
    )
    return b"".join(pack.parts), stored


def _add_resources(pack: _Pack, resources: Sequence[Brought], at: datetime, known: Known) -> None:
    """The records of a page's resources; what the page itself is stays as it was."""
    page = pack.content, list(pack.concurrent)
    within: dict[str, Body] = {}  # two addresses of one page may have the same body

    def known_here(digest: str) -> Body | None:
        return within.get(digest) or known(digest)

    for brought in resources:
        pack.resources.append(_resource(pack, brought, at, known_here))
        within.update((body.digest, body) for body in pack.bodies[len(within) :])
    pack.content, pack.concurrent = page


def _resource(pack: _Pack, brought: Brought, at: datetime, known: Known) -> StoredResource:
    link, held, fetched = brought.link, brought.held, brought.fetched
    if held is not None:
        detail = f"held since {held.resource.at:%Y-%m-%d %H:%M:%S} UTC"
        resource = replace(
            held.resource, url=link.url, kind=link.kind, instead_of=link.instead_of, hops=(), detail=detail
        )
        return replace(held, resource=resource)
    if brought.saved is not None:
        return _saved_resource(pack, link, brought.saved, known)
    assert fetched is not None
    pack.content = None
    hops = tuple(_exchange(pack, exchange, known) for exchange in fetched.exchanges)
    last = fetched.last
    labelled, charset = media_type(last.header("content-type")) if last else (None, None)
    resource = Resource(
        url=link.url,
        kind=link.kind,
        outcome=fetched.outcome,
        detail=fetched.detail,
        at=last.started if last else at,
        final_url=fetched.final_url,
        hops=hops,
        status=last.status if last else None,
        media_type=labelled,
        charset=charset,
        digest=digest(last.payload) if last and last.status is not None else None,
        size=len(last.payload) if last else 0,
        instead_of=link.instead_of,
    )
    shown = pack.content if fetched.outcome is Outcome.OK else None
    return StoredResource(resource, *shown) if shown else StoredResource(resource)


def _saved_resource(pack: _Pack, link: ResourceLink, saved: Saved, known: Known) -> StoredResource:
    record_id, body_digest = new_id(), digest(saved.payload)
    place = _saved(pack, saved, record_id, body_digest, known)
    resource = Resource(
        url=link.url, kind=link.kind, outcome=Outcome.OK, detail="saved with the page", at=saved.at,
        final_url=saved.url, hops=(Hop(saved.url, HopKind.START, None, None, record_id),), status=None,
        media_type=saved.media_type, charset=saved.charset, digest=body_digest, size=len(saved.payload),
        instead_of=link.instead_of,
    )  # fmt: skip
    return StoredResource(resource, *place)


def _saved(pack: _Pack, saved: Saved, record_id: str, body_digest: str, known: Known) -> tuple[str, Place]:
    """Adds the record; the id and the place of the one that holds the payload."""
    date = warc_date(saved.at)
    content_type = f"{saved.media_type};charset={saved.charset}" if saved.charset else saved.media_type
    fields = [
        ("WARC-Target-URI", warc_uri(saved.url)),
        ("Content-Type", warc_uri(content_type)),
        ("WARC-Payload-Digest", body_digest),
    ]
    original = known(body_digest) if len(saved.payload) >= MIN_REVISIT else None
    pack.concurrent.append(record_id)
    if original is not None:
        pack.add("revisit", record_id, date, [*fields, *refers_to(original)], b"")
        return original.record_id, original.place
    place = pack.add("conversion" if saved.converted else "resource", record_id, date, fields, saved.payload)
    pack.bodies.append(Body(body_digest, record_id, saved.url, date, place))
    return record_id, place


def _exchange(pack: _Pack, exchange: Exchange, known: Known) -> Hop:
    date, uri = warc_date(exchange.started), warc_uri(exchange.url)
    pack.content = None  # the payload of a capture is that of its last exchange
    fields = [("WARC-Target-URI", uri)]
    if exchange.address:
        fields.append(("WARC-IP-Address", ip_of(exchange.address)))
    response_id = new_id() if exchange.received else None
    body_digest = None
    if exchange.sent:
        ours = [*fields, ("Content-Type", "application/http;msgtype=request")]
        if response_id:
            ours.append(("WARC-Concurrent-To", urn(response_id)))
        pack.add("request", new_id(), date, ours, exchange.sent)
    if response_id:
        body_digest = _response(pack, exchange, response_id, date, fields, known)
    return Hop(
        exchange.url, exchange.kind, exchange.status, exchange.location, response_id, exchange.tls_verified,
        exchange.address, exchange.certificate, body_digest,
    )  # fmt: skip


def _response(
    pack: _Pack, exchange: Exchange, record_id: str, date: str, fields: list[tuple[str, str]], known: Known
) -> str | None:
    """Adds the record; returns the digest of its body, without transfer coding."""
    fields = [*fields, ("Content-Type", "application/http;msgtype=response")]
    pack.concurrent.append(record_id)
    message = parse_response(exchange.received)
    if exchange.truncated:
        place = pack.add(
            "response", record_id, date, [*fields, ("WARC-Truncated", exchange.truncated)], exchange.received
        )
        pack.content = (record_id, place)
        return None
    body = entity_body(message) if message else b""
    body_digest = pack.digest(body)
    sharable = message is not None and len(body) >= MIN_REVISIT
    original = known(body_digest) if sharable else None
    if original is not None and message is not None:
        more = [("WARC-Payload-Digest", body_digest), *refers_to(original)]
        pack.add("revisit", record_id, date, [*fields, *more], message.head)
        pack.content = (original.record_id, original.place)
        return body_digest
    if message is not None and _plain(message):
        fields.append(("WARC-Payload-Digest", body_digest))
    place = pack.add("response", record_id, date, fields, exchange.received)
    pack.content = (record_id, place)
    if sharable:
        pack.bodies.append(Body(body_digest, record_id, exchange.url, date, place))
    return body_digest if message else None


def _plain(message: Message) -> bool:
    """Whether every reader of WARC agrees on what the payload of this response is."""
    return not message.chunked and message.head.endswith(b"\r\n\r\n") and message.head.count(b"\r\n\r\n") == 1

"""(pure) One exchange as it happened → its record, its outcome, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass

from archive.codings import Decoded, Problem, decode
from archive.fetch import outcome as judge
from archive.fetch.client import Got
from archive.fetch.logins import blanked_request, blanked_response
from archive.fetch.redirect import Next, by_location, by_page, by_refresh
from archive.fetch.wire import TRUNCATED, Reply
from archive.model import Exchange, HopKind, Outcome
from archive.urls import Url

_REDIRECT_DECODED = 2**16  # nobody reads the body of a redirect; a bomb in it stops here


@dataclass(frozen=True, slots=True)
class Answer:
    """One exchange, what it amounts to if nothing comes after it, and what comes after it.

    `exchange` is None where nothing was asked. `retry_after` is the pause that the host wants, in seconds.
    """

    exchange: Exchange | None
    outcome: Outcome
    detail: str
    next: Next | None = None
    retry_after: float | None = None


def answer_to(
    got: Got,
    url: Url,
    kind: HopKind,
    *,
    start: str,
    conditional: bool,
    max_decoded: int,
    retry_after: float | None,
    login: bool = False,
) -> Answer:
    """What the reply to a request for `url` amounts to; `start` is the URL that its chain began with.

    `login`: cookies of an account were sent, which the exchange no longer has.
    """
    reply = got.reply
    limit = min(max_decoded, _REDIRECT_DECODED) if reply.redirects else max_decoded
    decoded = decode(reply.body, reply.values("content-encoding"), limit)
    outcome, detail = _observed(url, start, reply, decoded, conditional=conditional)
    next_ = _next(str(url), reply, decoded, outcome)
    exchange = Exchange(
        url=str(url),
        kind=kind,
        started=got.started,
        sent=blanked_request(got.sent) if login else got.sent,
        received=blanked_response(reply.received) if login else reply.received,
        address=got.address,
        status=reply.status,
        headers=reply.headers,
        payload=decoded.payload,
        truncated=_truncated(reply, decoded),
        location=next_.url if next_ is not None else None,
        tls_verified=got.tls_verified,
        certificate=got.certificate,
        login=login,
    )
    return Answer(exchange, outcome, detail, next_, retry_after)


def _observed(url: Url, start: str, reply: Reply, decoded: Decoded, *, conditional: bool) -> tuple[Outcome, str]:
    """The outcome and its wording, as if nothing came after this reply."""
    if reply.fault is not None:
        detail = reply.detail if reply.status is None else f"returned {reply.status}, but {reply.detail}"
        return judge.of_fault(reply.fault), detail
    assert reply.status is not None
    outcome, detail = judge.of_status(reply.status, conditional=conditional)
    if outcome in (Outcome.OK, Outcome.BLOCKED, Outcome.FAILED):
        page = decoded.payload if _may_be_page(reply, decoded.payload) else b""
        found = judge.wall(str(url), start, reply.headers, page, status=reply.status)
        if found is not None:
            return found
    if outcome is Outcome.OK and decoded.problem is not None:
        return judge.of_problem(decoded.problem), f"{detail}, but {decoded.detail}"
    return outcome, detail


def _next(url: str, reply: Reply, decoded: Decoded, outcome: Outcome) -> Next | None:
    if reply.redirects:
        return by_location(url, reply.values("location")[0])
    if outcome is not Outcome.OK:
        return None
    refresh = next(iter(reply.values("refresh")), "")
    found = by_refresh(url, refresh, decoded.payload) if refresh else None
    if found is None and _may_be_page(reply, decoded.payload):
        return by_page(url, decoded.payload)
    return found


def _may_be_page(reply: Reply, payload: bytes) -> bool:
    """Whether this is HTML, or nobody says what it is."""
    media_type = next(iter(reply.values("content-type")), "").partition(";")[0].strip().lower()
    return media_type in ("text/html", "application/xhtml+xml") or (
        not media_type and payload[:64].lstrip()[:1] == b"<"
    )


def _truncated(reply: Reply, decoded: Decoded) -> str | None:
    if reply.fault is not None:
        return TRUNCATED[reply.fault]
    if not reply.redirects and decoded.problem in (Problem.INCOMPLETE, Problem.DAMAGED):
        return "unspecified"
    return None

"""(pure) What an answer amounts to: its outcome, and the observation in words.

Signs of challenge and consent pages are only believed where there is next to nothing else to read: an article about
captchas is an article. What is missed here, extraction still reports as "no text"; what is wrongly called a wall would
be lost.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from archive.codings import Problem
from archive.fetch.skim import skim
from archive.fetch.wire import Fault
from archive.model import Outcome
from archive.urls import parse

_MAX_WALL = 2**18  # bytes; no wall is larger, and all of it must be looked at to know what a page shows
# What a page says about itself to be found and shared. Walls do not; pages whose text is hidden in scripts do.
_CONTENT = (b"application/ld+json", b'"og:type"', b"<article", b'"articlebody"')

_FAULTS = {
    Fault.NO_ANSWER: Outcome.TIMED_OUT,
    Fault.OUT_OF_TIME: Outcome.TIMED_OUT,
    Fault.TOO_LARGE: Outcome.TOO_LARGE,
    Fault.HEADERS_TOO_LARGE: Outcome.TOO_LARGE,
    Fault.CUT: Outcome.INCOMPLETE,
    Fault.EMPTY: Outcome.FAILED,
    Fault.NOT_HTTP: Outcome.FAILED,
    Fault.BAD_FRAMING: Outcome.INCOMPLETE,
}
_PROBLEMS = {
    Problem.TOO_LARGE: Outcome.TOO_LARGE,
    Problem.INCOMPLETE: Outcome.INCOMPLETE,
    Problem.DAMAGED: Outcome.INCOMPLETE,
    Problem.UNKNOWN: Outcome.FAILED,
}
_STATUSES = {
    304: Outcome.UNCHANGED,
    401: Outcome.BLOCKED,
    402: Outcome.BLOCKED,
    403: Outcome.BLOCKED,
    404: Outcome.NOT_FOUND,
    407: Outcome.BLOCKED,
    410: Outcome.GONE,
    429: Outcome.BLOCKED,
    451: Outcome.GONE,
    503: Outcome.BLOCKED,
    999: Outcome.BLOCKED,  # LinkedIn's own
}

# Signs in the source (lower case) of a page that asks for proof, whose they are, and how many characters of text such a
# page may show. Each is particular to the page that asks, not to pages behind the product; captcha widgets also stand
# under forms on ordinary pages, so they only count where there is nothing else.
_WALL_TEXT = 1200
_WIDGET_TEXT = 400
_CHALLENGES: tuple[tuple[bytes, str, int], ...] = (
    (b"_cf_chl_opt", "Cloudflare", _WALL_TEXT),
    (b"<title>just a moment...</title>", "Cloudflare", _WALL_TEXT),
    (b"<title>attention required! | cloudflare</title>", "Cloudflare", _WALL_TEXT),
    (b"captcha-delivery.com", "DataDome", _WALL_TEXT),
    (b"px-captcha", "PerimeterX", _WALL_TEXT),
    (b"<title>access to this page has been denied", "PerimeterX", _WALL_TEXT),
    (b"<title>bloomberg - are you a robot?</title>", "PerimeterX", _WALL_TEXT),
    (b"sec-if-cpt-", "Akamai", _WALL_TEXT),
    (b"/_sec/cp_challenge", "Akamai", _WALL_TEXT),
    (b"errors.edgesuite.net", "Akamai", _WALL_TEXT),
    (b"_incapsula_resource?", "Imperva", _WIDGET_TEXT),
    (b"<title>pardon our interruption", "Imperva", _WALL_TEXT),
    (b"awswafintegration.checkforcerefresh", "AWS WAF", _WALL_TEXT),
    (b"sucuri_cloudproxy_js", "Sucuri", _WALL_TEXT),
    (b"anubis_challenge", "Anubis", _WALL_TEXT),
    (b"<title>ddos-guard</title>", "DDoS-Guard", _WALL_TEXT),
    (b"<title>vercel security checkpoint</title>", "Vercel", _WALL_TEXT),
    (b"unusual traffic from your computer network", "Google", _WALL_TEXT),
    (b"g-recaptcha", "captcha", _WIDGET_TEXT),
    (b"h-captcha", "captcha", _WIDGET_TEXT),
    (b"cf-turnstile", "captcha", _WIDGET_TEXT),
    (b"frc-captcha", "captcha", _WIDGET_TEXT),
)
_CHALLENGE_HEADERS = (("cf-mitigated", "challenge", "Cloudflare"), ("x-amzn-waf-action", "", "AWS WAF"))

_CONSENT_HOSTS = re.compile(r"(?:consent|myprivacy|cookiewall|guce)\.[a-z0-9.-]+\Z|[a-z0-9.-]+\.privacy-mgmt\.com\Z")
_CONSENT_PATHS = re.compile(  # as whole segments: "/consent-decree-of-2017" is a story
    r"/(?:collectconsent|consent|cookiewall|cookie-wall|zustimmung|privacy-gate|privacywall)(?:/|\.html?\Z|\Z)", re.I
)
_CONSENT_TEXT = 4000  # such pages list purposes and partners
_CONSENT_PAGE = (
    b"privacy-mgmt.com",
    b"sp-prod.net",
    b"_sp_.config",
    b"_sp_queue",
    b"/v2/collectconsent",
    b"consent.google.com/save",
    b"usercentrics",
    b"didomi",
)
_CONSENT_WORDS = (b"consent", b"cookie", b"zustimm", b"akzept", b"accept", b"einwillig", b"toestemming", b"accetta")


def of_fault(fault: Fault) -> Outcome:
    """The outcome of a reply that did not arrive whole."""
    return _FAULTS[fault]


def of_problem(problem: Problem) -> Outcome:
    """The outcome of a whole reply whose content coding cannot be undone."""
    return _PROBLEMS[problem]


def of_status(status: int, *, conditional: bool) -> tuple[Outcome, str]:
    """What a status means, and its observation. `conditional`: the request allowed for "not modified"."""
    said = f"returned {status}{_phrase(status)}"
    if status == 304 and not conditional:
        return Outcome.FAILED, f"{said}, which was not asked for"
    if status in _STATUSES:
        return _STATUSES[status], said
    if status in (204, 205):
        return Outcome.FAILED, said
    if status == 206:
        return Outcome.INCOMPLETE, f"{said}, a part that was not asked for"
    if 300 <= status < 400:
        return Outcome.FAILED, f"{said} without saying where to"
    return (Outcome.OK if 200 <= status < 300 else Outcome.FAILED), said


def wall(
    url: str, start: str, headers: tuple[tuple[str, str], ...], payload: bytes, *, status: int
) -> tuple[Outcome, str] | None:
    """BLOCKED or CONSENT with its observation when the answer is a wall in front of the page, else None.

    `url` is where the answer came from, `start` what was asked for first.
    """
    if told := _named_in(headers):
        return Outcome.BLOCKED, f"returned {status} with a challenge ({told})"
    page = payload.lower() if len(payload) <= _MAX_WALL else None
    if page is None or any(sign in page for sign in _CONTENT):
        return None
    challenges = [(whose, most) for sign, whose, most in _CHALLENGES if sign in page]
    led_to_consent = _leads_to_consent(url, start)
    asks = any(sign in page for sign in _CONSENT_PAGE)
    if not challenges and not led_to_consent and not asks:
        return None
    skimmed = skim(page)
    shown = next((whose for whose, most in challenges if skimmed.shown <= most), None)
    if shown:
        return Outcome.BLOCKED, f"returned {status} with a challenge page ({shown})"
    asks = asks and skimmed.shown <= _WIDGET_TEXT and any(word in skimmed.text for word in _CONSENT_WORDS)
    if asks or (led_to_consent and skimmed.shown <= _CONSENT_TEXT):
        return Outcome.CONSENT, f"returned {status} with a page that asks for consent"
    return None


def _named_in(headers: tuple[tuple[str, str], ...]) -> str:
    """Whose challenge the headers tell of, "" for nobody's."""
    lower = [(name.lower(), held.lower()) for name, held in headers]
    signs = (whose for key, value, whose in _CHALLENGE_HEADERS for name, held in lower if name == key and value in held)
    return next(signs, "")


def _leads_to_consent(url: str, start: str) -> bool:
    """Whether a redirect ended at an address that sites use to ask for consent."""
    if url == start:
        return False
    there = parse(url)
    here = parse(start)
    return bool(
        (there.host != here.host and _CONSENT_HOSTS.match(there.host))
        or (_CONSENT_PATHS.search(there.path) and not _CONSENT_PATHS.search(here.path))
    )


def _phrase(status: int) -> str:
    try:
        return f" ({HTTPStatus(status).phrase.lower()})" if status != 200 else ""
    except ValueError:
        return ""

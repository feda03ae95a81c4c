"""(pure) What an answer amounts to: its outcome, and the observation in words.

Signs of challenge and consent pages are only believed where there is next to nothing else to read: an article about
captchas is an article. What is missed here, extraction still reports as "no text"; what is wrongly called a wall would
be lost.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from archive.fetch.decode import Problem
from archive.fetch.wire import Fault
from archive.model import Outcome
from archive.urls import parse

_LOOKED_AT = 2**18  # bytes of a page searched for signs
_WALL_TEXT = 1200  # characters of text that a challenge or consent page may show

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

# Sign in the page's source → who shows it. Each is specific to the page that asks, not to pages behind the product.
_CHALLENGES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (rb"_cf_chl_opt|cf-chl-|id=[\"']?challenge-(?:form|error)|<title>Just a moment\.\.\.</title>", "Cloudflare"),
        (rb"<title>Attention Required! \| Cloudflare</title>", "Cloudflare"),
        (rb"(?:geo|ct|interstitial)\.captcha-delivery\.com", "DataDome"),
        (rb"id=[\"']?px-captcha|<title>Access to this page has been denied", "PerimeterX"),
        (rb"id=[\"']?sec-(?:if-)?cpt-|/_sec/cp_challenge|errors\.edgesuite\.net", "Akamai"),
        (rb"_Incapsula_Resource\?|<title>Pardon Our Interruption", "Imperva"),
        (rb"awsWafCookieDomainList|challenge\.js[\"'][^>]{0,200}></script>.{0,400}AwsWafIntegration", "AWS WAF"),
        (rb"<title>Bloomberg - Are you a robot\?</title>", "PerimeterX"),
        (rb"sucuri_cloudproxy_js", "Sucuri"),
        (rb"id=[\"']?anubis_challenge", "Anubis"),
        (rb"<title>DDoS-Guard</title>|check\.ddos-guard\.net", "DDoS-Guard"),
        (rb"<title>Vercel Security Checkpoint</title>", "Vercel"),
        (rb"unusual traffic from your computer network", "Google"),
        (rb"class=[\"'][^\"']*\b(?:g-recaptcha|h-captcha|cf-turnstile|frc-captcha)\b", "captcha"),
    )
)
_CHALLENGE_HEADERS = (("cf-mitigated", "challenge", "Cloudflare"), ("x-amzn-waf-action", "", "AWS WAF"))

_CONSENT_HOSTS = re.compile(
    r"(?:consent|cmp|myprivacy|privacy|cookiewall|guce)\.[a-z0-9.-]+\Z|[a-z0-9.-]+\.privacy-mgmt\.com\Z"
)
_CONSENT_PATHS = re.compile(
    r"/(?:collectconsent|consent|cookiewall|cookie-wall|zustimmung|privacy-gate|privacywall|tcf-wall)\b", re.IGNORECASE
)
_CONSENT_PAGE = re.compile(
    rb"privacy-mgmt\.com|sp-prod\.net|_sp_\.config|_sp_queue|sourcepoint|/v2/collectConsent|consent\.google\.com/save"
    rb"|cmp\.usercentrics|didomi|onetrust|name=[\"']?agreementId",
    re.IGNORECASE,
)
_CONSENT_WORDS = re.compile(
    rb"\bconsent|\bcookies?\b|zustimm|akzept|accept|einwillig|toestemming|consenti", re.IGNORECASE
)

_UNSEEN = re.compile(rb"<(?:(script|style|noscript|template|title|svg)\b|!--)", re.IGNORECASE)
_TAG = re.compile(rb"<[^<>]*>")


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
    for name, value, whose in _CHALLENGE_HEADERS:
        if any(key.lower() == name and value in held.lower() for key, held in headers):
            return Outcome.BLOCKED, f"returned {status} with a challenge ({whose})"
    page = payload[:_LOOKED_AT]
    challenge = next((whose for sign, whose in _CHALLENGES if sign.search(page)), None)
    consent = _leads_to_consent(url, start) or (challenge is None and _CONSENT_PAGE.search(page) is not None)
    if (challenge is None and not consent) or len(payload) > 4 * _LOOKED_AT or visible_text(page) > _WALL_TEXT:
        return None
    if challenge is not None:
        return Outcome.BLOCKED, f"returned {status} with a challenge page ({challenge})"
    if _leads_to_consent(url, start) or _CONSENT_WORDS.search(_seen(page)):
        return Outcome.CONSENT, f"returned {status} with a page that asks for consent"
    return None


def visible_text(page: bytes) -> int:
    """Roughly how many characters of text a page shows, space not counted."""
    return len(b"".join(_seen(page).split()))


def _seen(page: bytes) -> bytes:
    """`page` without tags and what they hide. Walks forward only: time grows with the page, whatever is in it."""
    kept: list[bytes] = []
    lower = page.lower()
    position = 0
    while opening := _UNSEEN.search(page, position):
        kept.append(page[position : opening.start()])
        closing = b"</" + opening[1].lower() if opening[1] else b"-->"
        end = lower.find(closing, opening.end())
        if end < 0:
            return _TAG.sub(b" ", b" ".join(kept))
        position = end + len(closing)
    return _TAG.sub(b" ", b" ".join([*kept, page[position:]]))


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

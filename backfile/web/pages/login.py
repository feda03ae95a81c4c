"""Showing a token once, so that a browser may look round; and leaving again."""

from __future__ import annotations

from dataclasses import dataclass

from backfile.web import urls
from backfile.web.calls import Call, Moved, Sent
from backfile.web.problems import Refusal
from backfile.web.rendering import Frame, render
from backfile.web.sessions import COOKIE, LASTS
from backfile.web.site import Site


@dataclass(frozen=True, slots=True)
class LoginParams:
    """`next`: a path of this site to go to then."""

    next: str = ""


@dataclass(frozen=True, slots=True)
class LoginForm:
    """The token, and where to go then."""

    token: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class LoginPage:
    """What login.html shows."""

    next: str
    needed: bool
    wrong: bool = False


def login(site: Site, call: Call[LoginParams]) -> Sent:
    """The form."""
    page = LoginPage(urls.own_path(call.params.next), site.closed)
    return render("login.html", Frame("Log in", plain=True), page)


def enter(site: Site, call: Call[LoginForm]) -> Moved | Sent:
    """Takes a token, and remembers whoever showed it."""
    if not site.sessions.may_try(call.client):
        raise Refusal("busy", "too many tokens were tried from here: wait a minute", Retry_After="60")
    token = site.tokens.known(call.params.token.strip())
    after = urls.own_path(call.params.next)
    if token is None:
        page = LoginPage(after, site.closed, wrong=True)
        return render("login.html", Frame("Log in", plain=True), page, 403)
    secure = site.origins.own.startswith("https:")
    cookie = f"{COOKIE}={site.sessions.begin(token)}; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age={int(LASTS)}"
    return Moved(after, headers={"set-cookie": cookie} if secure or site.closed else {})


def leave(site: Site, call: Call[object]) -> Moved:
    """Forgets whoever is logged in."""
    for part in call.headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            site.sessions.end(value)
    return Moved(urls.login(), headers={"set-cookie": f"{COOKIE}=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0"})

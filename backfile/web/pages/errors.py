"""What went wrong, as a page: the query with the place of the mistake, what may have been meant, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from backfile.web import urls
from backfile.web.calls import Sent
from backfile.web.problems import Problem
from backfile.web.rendering import Frame, render
from backfile.web.site import Site
from index import QueryError


@dataclass(frozen=True, slots=True)
class Mistake:
    """The query around a mistake, the line of carets below it, and the character that it begins at, from 1."""

    line: str
    marks: str
    at: int


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What error.html shows."""

    problem: Problem
    mistake: Mistake | None
    suggestions: tuple[tuple[str, str], ...]
    about: str  # address of the help for this kind
    back: str  # of the page with the form, "" where none was sent


def page(site: Site, found: Problem, error: Exception | None, q: str, back: str = "") -> Sent:
    """The page of a problem; its status is the problem's. `back`: address of the page with the form that was sent."""
    mistake: Mistake | None = None
    suggestions: tuple[tuple[str, str], ...] = ()
    if isinstance(error, QueryError):
        mistake = _mistake(error)
        q = q or error.query
        suggestions = ((error.suggestion, urls.search(error.suggestion)),) if error.suggestion else ()
    context = ErrorPage(found, mistake, suggestions, found.type, back)
    return render(
        "error.html", Frame(found.title, q=q, plain=site.closed and found.status == 403), context, found.status
    )


def _mistake(error: QueryError) -> Mistake:
    line, _, marks = error.caret().partition("\n")
    return Mistake(line, marks, error.position + 1)


def to_form(request: Request, status: int) -> str:
    """The page with the form that was sent, or that is sent to the address that was asked for; "" for no form."""
    is_sent = request.method == "POST" and status not in (403, 404)
    return urls.form_of(request.scope["path"]) if is_sent or status == 405 else ""


def to_login(request: Request) -> str:
    """Where whoever has shown no token is sent, and comes back from."""
    path = request.scope["path"]
    query = request.scope["query_string"].decode("latin-1")
    return urls.login(f"{path}?{query}" if query else path)

"""Every address of the pages and the API, made here and nowhere else. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import quote, quote_plus

API = "/api/v1"
_HERE = "HERE"
_NO_IRI = re.compile(r'[\x00-\x20\x7f-\xa0<>"{}|\\^`]|\s')  # what no address has as it stands (RFC 3987)


def home() -> str:
    return "/"


def search(q: str = "", *, sort: str = "", cursor: str = "", start: int = 0, form: str = "", view: str = "") -> str:
    """The search page; `form` "json", "atom" or "jsonfeed" for another form of the same."""
    asked = {"q": q, "sort": "" if sort == "relevance" else sort, "cursor": cursor, "start": start or "", "view": view}
    return _at(f"/search.{form}" if form else "/search", asked)


def behind(to: Callable[[str], str], q: str) -> Callable[[str], str]:
    """As `to`, which gives the address of a query, for `q` and one more thing behind it: `q` is written out once."""
    before, _, after = to(f"{q} {_HERE}".strip()).rpartition(_HERE)
    return lambda more: f"{before}{_quoted(more)}{after}"


def export(q: str, form: str, sort: str = "") -> str:
    """What matches, as a file of a format."""
    return _at("/export", {"q": q, "format": form, "sort": sort})


def iri(url: str) -> str:
    """An archived address in a form that every reader takes: spaces, brackets and quotes in it are escaped."""
    return _NO_IRI.sub(lambda found: quote(found[0]), url)


def again(path: str, asked: Mapping[str, str]) -> str:
    """The address of `path` with these parameters."""
    return _at(path, dict(asked))


def facet(field: str, q: str = "", *, find: str = "", order: str = "", form: str = "", page: int = 1) -> str:
    """All values of a facet."""
    asked = {"q": q, "find": find, "order": "" if order == "count" else order, "page": page if page > 1 else ""}
    return _at(f"/facets/{quote(field)}{f'.{form}' if form else ''}", asked)


def article(id: str, *, q: str = "", sort: str = "", version: int = 0) -> str:  # noqa: A002 - the word for it
    """An article, or version `version` of it; `q` is the search that led there."""
    path = f"/article/{quote(id)}" + (f"/v/{version}" if version else "")
    return _at(path, {"q": q, "sort": "" if sort == "relevance" else sort})


def part(id: str, name: str) -> str:  # noqa: A002
    """A page about an article: "sources", "versions", "evidence", "similar", "page"; or what a form is sent to."""
    return f"/article/{quote(id)}/{name}"


def beside(id: str, q: str, sort: str, step: int) -> str:  # noqa: A002
    """The hit behind (`step` 1) or before (-1) an article in the search that led there."""
    return _at(f"/article/{quote(id)}/beside", {"q": q, "sort": sort, "step": step})


def diff(id: str, old: int, new: int) -> str:  # noqa: A002
    return f"/article/{quote(id)}/diff/{old}..{new}"


def page(capture: str) -> str:
    """The archived page of a capture, in its frame."""
    return f"/page/{quote(capture)}"


def content(origin: str, capture: str) -> str:
    """The same on the content origin, without anything around it."""
    return f"{origin}/{quote(capture)}/"


def out(url: str) -> str:
    """Where a link of an archived page leads: what is archived of it, and the address itself."""
    return _at("/out", {"u": url})


def name(kind: str, value: str) -> str:
    """The page of a name."""
    return f"/name/{quote(kind)}/{quote(value, safe='')}"


def site(value: str) -> str:
    """The page of an outlet."""
    return f"/site/{quote(value, safe='')}"


def coverage(queries: Sequence[str], *, by: str = "", share: bool = False, form: str = "") -> str:
    """How many articles of each query there were over time."""
    path = f"/coverage.{form}" if form else "/coverage"
    return _at(path, {"q": list(queries), "by": "" if by == "month" else by, "share": "true" if share else ""})


def together(q: str, name: str = "person", by: str = "person") -> str:
    """Who is named with whom."""
    return _at("/together", {"q": q, "name": name, "by": by})


def on_map(q: str = "") -> str:
    """Where it takes place."""
    return _at("/map", {"q": q})


def captures(url: str) -> str:
    """Every capture of an address, by day."""
    return (
        f"/captures/{quote(url, safe=':/?&=%#+,;@~')}"
        if "?" not in url and "#" not in url
        else _at("/captures", {"url": url})
    )


def add(url: str = "") -> str:
    return _at("/add", {"url": url})


def imports() -> str:
    """Where files are handed in."""
    return "/imports"


def jobs() -> str:
    return "/jobs"


def job(number: int, name: str = "") -> str:
    return f"/jobs/{number}" + (f"/{name}" if name else "")


def saved(act: str = "") -> str:
    """The searches with a name; `act` "forget": where a form is sent to."""
    return f"/saved/{act}" if act else "/saved"


def check() -> str:
    """A list of names against the archive."""
    return "/check"


def description() -> str:
    """What tells a browser how to search here (OpenSearch)."""
    return "/opensearch.xml"


def watch(act: str = "") -> str:
    """What is watched; `act` "look", "forget": where a form is sent to."""
    return f"/watch/{act}" if act else "/watch"


def rules(act: str = "") -> str:
    """The corrections to names; `act` "same", "hide", "back": where a form of them is sent to."""
    return f"/rules/{act}" if act else "/rules"


def changes(form: str = "") -> str:
    return f"/changes.{form}" if form else "/changes"


def status() -> str:
    return "/status"


def help_query() -> str:
    return "/help/query"


def help_keys() -> str:
    return "/help/keys"


def api_help() -> str:
    return "/api"


def login(after: str = "") -> str:
    return _at("/login", {"next": "" if after == "/" else after})


def problem(kind: str = "") -> str:
    """The page that says what each kind of problem means, or this one."""
    return f"/help/problems#{quote(kind)}" if kind else "/help/problems"


def api(path: str, **asked: object) -> str:
    """An address of the API; `path` begins with a slash."""
    return _at(f"{API}{path}", asked)


def form_of(path: str) -> str:
    """The page with the form that is sent to `path`."""
    if found := re.fullmatch(r"(/article/[^/]+)/(?:tags|note|edit)", path):
        return f"{found[1]}#marks"
    if found := re.fullmatch(r"(/rules|/watch|/saved|/jobs/\d+)/[a-z]+", path):
        return found[1]
    return add() if path == imports() else path


def own_path(given: str) -> str:
    """`given` where it is a path of this site, else the home page: nobody is sent elsewhere."""
    plain = given.startswith("/") and not given.startswith(("//", "/\\")) and given.isprintable() and "\\" not in given
    return given if plain else home()


@lru_cache(maxsize=2**13)  # the same values stand beside one search after another
def _quoted(text: str) -> str:
    return quote_plus(text, errors="replace")


def _at(path: str, asked: Mapping[str, object]) -> str:
    pairs = [
        f"{name}={_quoted(str(one))}"
        for name, value in asked.items()
        for one in (value if isinstance(value, list | tuple) else (value,))
        if one not in ("", None)
    ]
    return f"{path}?{'&'.join(pairs)}" if pairs else path

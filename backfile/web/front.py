"""The routes of a first visit: the front page, a search, and the files beside them. They are loaded with the server.

All others are loaded when one of them is asked for, so that the door is open sooner.
"""

from __future__ import annotations

from backfile.web import static
from backfile.web.pages import about, searching
from backfile.web.route import Kind, Route, page

FRONT: tuple[Route, ...] = (
    page("/", about.home),
    page("/search", searching.search, searching.SearchParams, kept=True, tidy=searching.tidy),
    Route("GET", "/static/{name}", None, static.file, kind=Kind.STATIC),
    Route("GET", "/robots.txt", None, static.robots, kind=Kind.STATIC),
)

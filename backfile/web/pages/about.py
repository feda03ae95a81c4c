"""The pages about the archive as a whole: its front page, its state, what has changed in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from archive import Counts, Job, JobKind, SavedSearch
from backfile.desk import Desk, Status
from backfile.web import charts, urls
from backfile.web.calls import Call, Sent
from backfile.web.pages.searching import BARS, DAYS, Item, by_day, item, over_time
from backfile.web.rendering import Frame, render
from backfile.web.site import Site
from index import Sort

_LATEST = 8
_JOBS = 5


@dataclass(frozen=True, slots=True)
class HomePage:
    """What home.html shows."""

    empty: bool
    articles: int
    captures: int
    latest: tuple[Item, ...]
    saved: tuple[tuple[SavedSearch, str], ...]
    jobs: tuple[Job, ...]  # that have something left to do
    chart: charts.Chart
    days: tuple[str, str]


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What status.html shows."""

    status: Status
    outcomes: tuple[tuple[str, int], ...]
    jobs: tuple[Job, ...]
    catalog: str  # the address of a server, as those of `bucket` and `engine`; "" for what lies in the folder
    bucket: str
    engine: str
    unread: tuple[tuple[str, int], ...]  # articles by language, in words, of languages in which no names are found


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What changes.html shows: pages whose text was seen to change, last captured first."""

    items: tuple[Item, ...]
    total: int
    next: str


@dataclass(frozen=True, slots=True)
class ChangesParams:
    """`cursor` asks for the next page."""

    cursor: str = ""


@lru_cache(maxsize=1)
def _counts(desk: Desk, state: str) -> Counts:  # noqa: ARG001 - what they hold for
    return desk.counts()


def home(site: Site, _: Call[object]) -> Sent:
    """The front page: what is there, what came last, what is asked often."""
    desk = site.desk
    counts = _counts(desk, desk.state())
    found = desk.search("", sort=Sort.CAPTURED, limit=_LATEST, facets=DAYS, values=BARS)
    timeline = over_time(desk, desk.narrow(""), by_day(found.facets)[0])
    page = HomePage(
        counts.entries == 0, counts.articles, counts.captures, tuple(item(hit, "") for hit in found.hits),
        tuple((one, urls.search(f"saved:{one.name}")) for one in desk.searches()), open_jobs(site),
        timeline.chart, timeline.ends,
    )  # fmt: skip
    frame = Frame(
        "Backfile",
        here="home",
        focus=not page.empty,
        atom=urls.search(form="atom"),
        jsonfeed=urls.search(form="jsonfeed"),
    )
    return render("home.html", frame, page)


def open_jobs(site: Site) -> tuple[Job, ...]:
    """The newest jobs that have something left to do."""
    return tuple(job for job in site.desk.jobs(JobKind.ADD, JobKind.IMPORT) if job.ended is None)[:_JOBS]


def status(site: Site, _: Call[object]) -> Sent:
    """The archive in numbers."""
    page = status_page(site.desk.status(), open_jobs(site))
    return render("status.html", Frame("Status", here="status", json=urls.api("/status")), page)


def status_page(found: Status, jobs: tuple[Job, ...]) -> StatusPage:
    """What `backfile status` tells, too."""
    outcomes = sorted(((one.value, count) for one, count in found.archive.outcomes.items()), key=lambda row: -row[1])
    catalog, bucket, engine = (
        where if "://" in where else "" for where in (found.catalog, found.captures_at, found.index_at)
    )
    return StatusPage(found, tuple(outcomes), jobs, catalog, bucket, engine, tuple(_unread(found.unread)))


def _unread(counts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    if counts:
        from backfile.desk import unread_language

        yield from ((unread_language(lang) or lang, count) for lang, count in counts.items())


def changes(site: Site, call: Call[ChangesParams]) -> Sent:
    """Pages whose text was seen to change."""
    found = site.desk.search("is:changed", sort=Sort.CAPTURED, limit=50, cursor=call.params.cursor or None)
    after = urls.again(urls.changes(), {"cursor": found.cursor}) if found.cursor else ""
    page = ChangesPage(tuple(item(hit, "") for hit in found.hits), found.total, after)
    frame = Frame(
        "What changed", here="changes", atom=urls.changes("atom"), jsonfeed=urls.changes("jsonfeed"), next=after
    )
    return render("changes.html", frame, page)

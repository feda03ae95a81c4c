"""The pages of what comes in: the form for addresses, jobs, and how far each is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from archive import Imported, Job, JobKind, JobState, UsageError
from backfile.desk import as_address, find_urls
from backfile.desk.planned import UPLOADS
from backfile.web import urls
from backfile.web.calls import Call, Moved, Sent, Streamed
from backfile.web.pages.articles import tags_in
from backfile.web.rendering import Frame, is_web, render
from backfile.web.site import Site

MOST = 1000  # addresses of one request
_KINDS = (JobKind.ADD, JobKind.IMPORT, JobKind.WATCH)
_JOBS = 100  # that are listed
_SHOWN = 200  # items of each state that a job's page lists
EVENTS = "text/event-stream"


@dataclass(frozen=True, slots=True)
class AddParams:
    """`url` and `text` fill the form, and do nothing else: a bookmarklet leads here."""

    url: str = ""
    text: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class AddForm:
    """Addresses in any text, how deep their sources are followed, tags with commas between them, a note, and whether a
    browser shows the pages.
    """

    text: str = ""
    depth: str = ""
    tags: str = ""
    note: str = ""
    browser: bool = False


@dataclass(frozen=True, slots=True)
class AddPage:
    """What add.html shows."""

    text: str
    depth: int  # to which what a page cites is followed, by the settings
    bookmarklet: str
    most: int
    largest: int  # bytes of a file
    no_browser: str  # why no browser can show the pages


@dataclass(frozen=True, slots=True)
class JobsPage:
    """What jobs.html shows: jobs, what each works on, and in words where it stands."""

    jobs: tuple[tuple[Job, str, str], ...]


@dataclass(frozen=True, slots=True)
class JobPage:
    """What job.html shows. `state`: where it stands, in words; `trouble`: why it does not go on."""

    job: Job
    state: str
    source: str
    total: int
    done: int
    items: tuple[tuple[str, tuple[tuple[Imported, str], ...]], ...]  # by their state; the file that each came from
    trouble: str
    open: bool
    stoppable: bool


def add(site: Site, call: Call[AddParams]) -> Sent:
    """The form, filled with what was given; nothing is added by it."""
    asked = call.params
    text = "\n".join(filter(None, (asked.url, asked.text)))
    bookmarklet = f"javascript:void(open('{site.origins.own}/add?url='+encodeURIComponent(location.href)))"
    page = AddPage(text, site.desk.depth, bookmarklet, MOST, site.settings.upload_limit, site.desk.browser_missing)
    return render("add.html", Frame("Add pages", here="add"), page)


def begin(site: Site, call: Call[AddForm]) -> Moved:
    """Writes down a job for the addresses in the text, and leads to it."""
    asked = call.params
    depth = int(asked.depth) if asked.depth in ("0", "1", "2", "3") else None
    job = site.desk.plan_add(
        addresses(asked.text), depth=depth, tags=tags_in(asked.tags), note=asked.note.replace("\r\n", "\n").strip(),
        browser=asked.browser,
    )  # fmt: skip
    site.runner.wake()
    return Moved(urls.job(job.number))


def addresses(text: str) -> list[str]:
    """The addresses in a text; in a line without any, those of its words that browsers take for some, and a word alone.

    UsageError for none or too many.
    """
    found: list[str] = []
    for line in text.splitlines():
        inside = list(find_urls(line))
        words = [as_address(word) for word in line.split()]
        found += inside or (words if len(words) == 1 else filter(is_web, words))
    found = list(dict.fromkeys(found))
    if len(found) > MOST:
        raise UsageError(f"at most {MOST:,} addresses can be given at once, not {len(found):,}: use `backfile import`")
    if not found:
        raise UsageError("there is no address in it")
    return found


def jobs(site: Site, _: Call[object]) -> Sent:
    """The newest jobs."""
    newest = map(site.runner.seen, site.desk.jobs(*_KINDS)[:_JOBS])
    page = JobsPage(tuple((job, _called(job.source), _state(site, job)) for job in newest))
    return render("jobs.html", Frame("Jobs", here="jobs", json=urls.api("/jobs")), page)


def job(site: Site, call: Call[object]) -> Sent:
    """How far one job is, and what became of its items. Complete without script: reload."""
    found = site.runner.seen(site.desk.job(call.number("number")))
    order = (JobState.FAILED, JobState.REJECTED, JobState.WAITING, JobState.DONE)
    items = tuple((state.value, tuple(_items(site, found, state))) for state in order)
    total = sum(found.counts.values())
    planned = any(one.number == found.number for one, _ in site.desk.planned())
    page = JobPage(
        found, _state(site, found), _called(found.source), total, total - found.counts[JobState.WAITING], items,
        site.runner.trouble(found.number),
        found.ended is None, planned and found.ended is None,
    )  # fmt: skip
    return render("job.html", Frame(f"Job {found.number}", here="jobs", json=urls.api(f"/jobs/{found.number}")), page)


def _state(site: Site, job: Job) -> str:
    """Where a job stands: an interrupted one was worked on by a process that is gone."""
    if job.ended:
        return "ended"
    if job.running:
        return "under way"
    return "interrupted" if job.claim or site.runner.trouble(job.number) else "waiting for its turn"


def _items(site: Site, job: Job, state: JobState) -> Iterator[tuple[Imported, str]]:
    """The first items of a job that are in a state, each with the name of the file that it came from."""
    for item in islice(site.desk.job_items(job.number, (state,)), _SHOWN):
        yield item, _called(item.file).rpartition("/")[2] if item.file else ""


def _called(source: str) -> str:
    """What is worked on; of a file that was handed in, what it was called."""
    path = Path(source)
    return path.name.partition("-")[2] or path.name if path.parent.name == UPLOADS else source


def stop(site: Site, call: Call[object]) -> Moved:
    """Stops a job of ours between two pages; what was archived stays."""
    number = call.number("number")
    site.desk.job(number)
    site.runner.stop(number)
    return Moved(urls.job(number))


def resume(site: Site, call: Call[object]) -> Moved:
    """Lets a job that was stopped go on."""
    number = call.number("number")
    site.desk.job(number)
    site.runner.resume(number)
    return Moved(urls.job(number))


def events(site: Site, call: Call[object]) -> Streamed:
    """How far a job is, as it comes: an event whenever that changes, a comment now and then, "done" at the end."""
    number = call.number("number")
    site.desk.job(number)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return Streamed(site.runner.events(number), EVENTS, headers)

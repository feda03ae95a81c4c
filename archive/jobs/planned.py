"""What is asked for now and done later, by whoever has the time: items and options are written down first.

plan ─▶ a job whose items wait ─▶ Adding(…, job) asks for them, in this process or in another one; a file that is to be
imported waits the same way, without items, for ImportRun
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from archive.errors import UsageError
from archive.model import Added, News, Resources
from archive.storage import Catalog, Job, JobItem, JobKind, JobState
from archive.urls import check_url, identity, veiled_address

if TYPE_CHECKING:
    from archive.storage import Store  # what writes is loaded by whoever writes


@dataclass(frozen=True, slots=True)
class AddPlan:
    """How a planned job is to be done, as its settings have it. `key`: what whoever asks calls it, to ask but once.

    `marked`: whether what it brought has its tags and note: a job is not done before that. None: as the settings say.
    `browser`: what is asked for by name is shown by one. `again`, `resources` and `rescue` are those of `Archive.add`.
    `asked`: a digest of all that was asked for with the key.
    """

    depth: int | None
    tags: tuple[str, ...] = ()
    note: str = ""
    key: str = ""
    planned: bool = True
    marked: bool = False
    browser: bool = False
    again: bool = False
    resources: Resources | None = None
    rescue: bool | None = None
    asked: str = ""

    @property
    def waits_for_marks(self) -> bool:
        """Whether somebody has still to give what it brings its tags and note."""
        return bool(self.tags or self.note) and not self.marked


def digest_of(urls: Sequence[str], how: AddPlan) -> str:
    """The same for the same addresses in the same order, asked for in the same way."""
    asked = (urls, how.depth, how.tags, how.note, how.browser)
    return sha256(repr(asked).encode("utf-8", "backslashreplace")).hexdigest()


def of_key(planned: Iterable[tuple[Job, AddPlan]], how: AddPlan) -> Job | None:
    """The job that has the key of `how`, if it has one. UsageError where something else was asked for with it."""
    if not how.key:
        return None
    for job, known in planned:
        if known.key == how.key:
            if known.asked not in ("", how.asked):
                raise UsageError(f"the key {how.key!r} is that of job {job.number}, which asks for something else")
            return job
    return None


def plan(store: Store, urls: Iterable[str], how: AddPlan) -> int:
    """A new job with `urls` as its items, of which none was asked for; returns its number. UsageError for no URL."""
    items = _items(urls)
    if not items:
        raise UsageError("there is no address in it: name what is to be archived")
    with store.batch() as rows:
        first = msgspec.json.decode(items[0][1].item)["url"]
        job = rows.jobs.begin(JobKind.ADD, veiled_address(first), msgspec.json.encode(how).decode())
        rows.jobs.put(job, items)
        if all(item.state is JobState.REJECTED for _, item in items):
            rows.jobs.end(job)
    return job


def plan_of(job: Job) -> AddPlan | None:
    """How a job is to be done that was planned; None for any other."""
    try:
        settings = msgspec.json.decode(job.settings, type=dict[str, object])
        how = settings.get("plan") if job.kind is JobKind.IMPORT else settings
        return msgspec.convert(how, AddPlan) if isinstance(how, dict) and how.get("planned") else None
    except msgspec.MsgspecError:
        return None


def as_marked(job: Job) -> str:
    """The settings of a planned job, with a note that what it brought has its tags and note."""
    settings = msgspec.json.decode(job.settings, type=dict[str, object])
    how = settings.get("plan") if job.kind is JobKind.IMPORT else settings
    assert isinstance(how, dict)
    how["marked"] = True
    return msgspec.json.encode(settings).decode()


def left(catalog: Catalog, job: Job) -> list[str]:
    """The addresses of a job that wait or failed, in its order."""
    items: list[JobItem] = []
    with catalog.jobs() as jobs:
        for state in (JobState.WAITING, JobState.FAILED):
            after = 0
            while some := list(jobs.items(job.number, state, after)):
                items += some
                after = some[-1].n
    return [msgspec.json.decode(item.item)["url"] for item in sorted(items, key=lambda item: item.n)]


def _items(urls: Iterable[str]) -> list[tuple[str, JobItem]]:
    """Each URL once, by its key; what is none is rejected with the reason."""
    found: dict[str, JobItem] = {}
    for url in urls:
        try:
            check_url(url)
        except UsageError as error:
            shown = veiled_address(url)
            found.setdefault(f"refused {shown}", JobItem(0, JobState.REJECTED, json_of(shown), str(error)))
        else:
            found.setdefault(identity(url), JobItem(0, JobState.WAITING, json_of(url)))
    return [
        (key, JobItem(n, item.state, item.item, item.detail)) for n, (key, item) in enumerate(found.items(), start=1)
    ]


def json_of(url: str) -> str:
    """A URL as an item of a job has it."""
    return msgspec.json.encode({"url": url.encode("utf-8", "replace").decode()}).decode()


def done_elsewhere(catalog: Catalog, job: int, told: Collection[str]) -> Iterator[Added]:
    """What became of the addresses of a job that another process has done, but for those in `told`."""
    with catalog.jobs() as jobs:
        states = (JobState.DONE, JobState.FAILED)
        items = [one for state in states for one in jobs.items(job, state, limit=2**31)]
    for item in sorted(items, key=lambda item: item.n):
        url = msgspec.json.decode(item.item)["url"]
        held = catalog.held(identity(url))
        if url not in told and held is not None:
            detail = item.detail or "archived by another process"
            yield Added(held.id, url, held.final_url, held.outcome, detail, held.title, 0, None, news=News.NOT_ASKED)

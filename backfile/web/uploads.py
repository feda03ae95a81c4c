"""Files that are handed in, as a browser's form or as a plain body: to disk as they come, then a job imports them.

What a file is called says nothing but how it is shown: it is kept in the archive's own folder under the digest of its
content, with what is harmless of its name behind it.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Self

from anyio import to_thread
from msgspec import Meta

from archive import ArchiveError, Job
from backfile.desk.planned import Spool
from backfile.views.bringing import JobRow
from backfile.web import urls
from backfile.web.calls import JSON, Answer, Call, Moved, Sent, encode
from backfile.web.multipart import FORM, Form, FormError, boundary_of
from backfile.web.pages.articles import tags_in
from backfile.web.problems import Refusal
from backfile.web.site import Site

_AT_ONCE = threading.BoundedSemaphore(2)  # files that come in at the same time
_CHUNK = 2**20  # bytes that are written together


@dataclass(frozen=True, slots=True)
class How:
    """How a file is to be imported, as `Desk.plan_import` has it."""

    depth: int | None
    tags: tuple[str, ...]
    note: str
    browser: bool


@dataclass(frozen=True, slots=True)
class ImportParams:
    """Of a file that is the body of a request."""

    name: Annotated[str, Meta(description="what the file is called", max_length=200)] = ""
    depth: Annotated[int, Meta(ge=0, le=3, description="how deep cited sources are followed")] | None = None
    tags: Annotated[
        tuple[Annotated[str, Meta(max_length=200)], ...],
        Meta(max_length=50, description="a tag for all of it; may be repeated"),
    ] = ()
    note: Annotated[str, Meta(description="a note for all of it", max_length=2000)] = ""
    browser: Annotated[bool, Meta(description="whether a browser shows the pages that it links to")] = False

    @property
    def how(self) -> How:
        """The same, as a job has it."""
        return How(self.depth, self.tags, self.note, self.browser)


async def begin_import(site: Site, call: Call[ImportParams], parts: AsyncIterator[bytes]) -> Answer:
    """Imports the file that is the body: 202, and where its job is."""
    if call.headers.get("content-type", "").startswith((FORM, "application/x-www-form-urlencoded")):
        raise Refusal("media-type", "the file itself is the body, as application/octet-stream")
    with _Receiving(site) as file:
        async for part in parts:
            await file.take(part)
        await file.flush()
        if not file.spool.size:
            raise Refusal("request", "the body is empty: send the file itself")
        job = await file.planned(call.params.name, call.params.how)
    return Sent(encode(JobRow.of(job)), JSON, 202, {"location": urls.api(f"/jobs/{job.number}")})


async def from_form(site: Site, call: Call[Any], parts: AsyncIterator[bytes]) -> Answer:
    """Imports the file of the form on the page, and leads to its job."""
    try:
        form = Form(boundary_of(call.headers.get("content-type", "")))
    except FormError as error:
        raise Refusal("media-type", str(error)) from error
    with _Receiving(site) as file:
        try:
            async for part in parts:
                await file.take(form.read(part))
            form.end()
        except FormError as error:
            raise Refusal("request", str(error)) from error
        await file.flush()
        if not file.spool.size:
            raise Refusal("request", "choose a file: what came is empty")
        said = form.fields
        depth = int(said["depth"]) if said.get("depth") in ("0", "1", "2", "3") else None
        tags = tuple(tags_in(said.get("tags", "")))
        how = How(depth, tags, said.get("note", "").strip(), said.get("browser") == "true")
        job = await file.planned(form.name, how)
    return Moved(urls.job(job.number))


class _Receiving:
    """A file on its way in. What ends before it is planned leaves nothing."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._waiting = bytearray()

    def __enter__(self) -> Self:
        if not _AT_ONCE.acquire(blocking=False):
            raise Refusal("busy", "two files are coming in already", Retry_After="10")
        try:
            self.spool = Spool(self._site.desk.folder)
        except BaseException:
            _AT_ONCE.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.spool.drop()
        _AT_ONCE.release()

    async def take(self, part: bytes) -> None:
        self._waiting += part
        if len(self._waiting) >= _CHUNK:
            await self.flush()

    async def flush(self) -> None:
        some, self._waiting = bytes(self._waiting), bytearray()
        await to_thread.run_sync(self.spool.write, some)

    async def planned(self, name: str, how: How) -> Job:
        """The job that imports it."""

        def plan() -> Job:
            path = self.spool.keep(name)
            try:
                tags = filter(None, how.tags)
                return self._site.desk.plan_import(path, depth=how.depth, tags=tags, note=how.note, browser=how.browser)
            except ArchiveError:
                path.unlink(missing_ok=True)
                raise

        job = await to_thread.run_sync(plan)
        self._site.runner.wake()
        return job

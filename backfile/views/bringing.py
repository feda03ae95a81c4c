"""What comes in: pages, items of imports, jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

from archive import Added, Format, Imported, Job, JobKind, JobState, News, Origin, Outcome, Reject, Worked
from backfile.views.row import Same

if TYPE_CHECKING:
    from backfile.desk import Found


@dataclass(frozen=True, slots=True)
class AddedRow(Same[Added]):
    """A page that `add` asked for."""

    id: Annotated[str, "of the article; empty for what is no address"]
    url: Annotated[str, "as it was asked for"]
    final_url: Annotated[str, "where the redirects led"]
    outcome: Annotated[Outcome, "what came of it: `ok`, `not found`, `paywall` …"]
    detail: Annotated[str, "the same as observed, in words"]
    title: Annotated[str, "of the article, if there is one"]
    depth: Annotated[int, "0 for what was asked for, 1 for a source that it cites, …"]
    cited_by: Annotated[str | None, "id of the article whose link led here"]
    new_version: Annotated[bool, "whether the archive had no such text of this page before"]
    news: Annotated[News, "`new`, `changed`, `unchanged`, `not asked again`, or `nothing` where no content came"]


@dataclass(frozen=True, slots=True)
class WorkedRow(Same[Worked]):
    """A page that `work` fetched and read for somebody else, or a stored one that it read for a rebuild."""

    url: Annotated[str, "as it was asked for"]
    detail: Annotated[str, "what came of it, as `add` says it; `read again` of a stored page"]
    came: Annotated[bool, "whether it was handed in; else whoever asked for it asks again"]


@dataclass(frozen=True, slots=True)
class ImportedRow(Same[Imported]):
    """An item of an import."""

    job: Annotated[int, "number of the import"]
    n: Annotated[int, "number of the item in it, from 1"]
    state: Annotated[JobState, "`done`, `failed`, `rejected` or `waiting`"]
    url: Annotated[str, "as its source has it"]
    id: Annotated[str, "of the article; empty where there is none"]
    outcome: Annotated[Outcome | None, "what came of fetching or reading it; `null` for a row that cannot be read"]
    detail: Annotated[str, "the reason, where it is not done"]
    title: Annotated[str, "of the article, or as its source has it"]
    file: Annotated[str, "where it stands; members of a zip file behind the file's name"]
    line: Annotated[int | None, "line or record in the file, from 1"]
    new_version: Annotated[bool, "whether the archive had no such text of this page before"]
    lost: Annotated[bool, "whether content that the file holds could not be taken over"]
    news: Annotated[News | None, "as of `add`; `null` in lists of earlier runs"]
    remark: Annotated[
        bool, "whether it is no item but what `detail` says of the file, or of the row of item `n`, which is taken in"
    ]
    remarks: Annotated[tuple[str, ...], "what its row was taken in without, such as a date that is none, by field"]


@dataclass(frozen=True, slots=True)
class FoundRow:
    """What `import --dry-run` would import."""

    url: Annotated[str, "as its source has it"]
    title: Annotated[str, "as its source has it"]
    tags: Annotated[tuple[str, ...], "as its source has them"]
    format: Annotated[str, "name of the format that it was read as"]
    line: Annotated[int | None, "line or record in the file, from 1"]
    remarks: Annotated[tuple[str, ...], "what it would be taken in without, such as a date that is none, by field"]

    @classmethod
    def of(cls, found: Found) -> Self:
        """The row of what was found."""
        return cls(found.url, found.title, found.tags, found.origin.format, found.origin.line, found.remarks)


@dataclass(frozen=True, slots=True)
class RejectRow(Same[Reject]):
    """A row that `import --dry-run` cannot read, or a remark on a file."""

    origin: Annotated[Origin, "where it stands: `format`, `file`, `line` and `id`"]
    reason: Annotated[str, "what is wrong with it"]
    raw: Annotated[str, "the row as it came, its beginning if it is long"]
    lost: Annotated[bool, "whether it would have been content (a capture, a page), not just a link"]
    remark: Annotated[bool, "whether it is no row but what is to be known of the file: whether its signature holds"]


@dataclass(frozen=True, slots=True)
class FormatRow:
    """A format that can be imported."""

    name: Annotated[str, "as `--format` takes it"]
    title: Annotated[str, "what it is"]

    @classmethod
    def of(cls, known: Format) -> Self:
        """The row of a format."""
        return cls(known.name, known.title)


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job and how far it is."""

    number: Annotated[int, "of the job, from 1"]
    kind: Annotated[JobKind, "what it is: add, import, watch"]
    source: Annotated[str, "the files that it reads, the first address"]
    begun: Annotated[datetime, "when it began"]
    ended: Annotated[datetime | None, "when it had nothing left to do"]
    running: Annotated[bool, "whether a program works on it now"]
    counts: Annotated[Mapping[JobState, int], "how many of its items are in each state"]

    @classmethod
    def of(cls, job: Job) -> Self:
        """The row of a job."""
        return cls(job.number, job.kind, job.source, job.begun, job.ended, job.running, job.counts)

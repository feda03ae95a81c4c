"""What is proved, and what is let go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self

from archive import CheckedPackage, Copied, Going, Hidden, Moved, Proved, StepStamp
from backfile.views.row import Same


@dataclass(frozen=True, slots=True)
class ProvedRow(Same[Proved]):
    """A proof that was written."""

    id: Annotated[str, "of the article"]
    version: Annotated[int, "number of the text that is proved"]
    title: Annotated[str, "its headline"]
    capture: Annotated[str, "id of the capture that showed it"]
    html: Annotated[str, "the page; of a case, its name in the folder"]
    json: Annotated[str, "the same in JSON"]
    problems: Annotated[tuple[str, ...], "what does not hold now; empty if every digest does"]


@dataclass(frozen=True, slots=True)
class GoingRow:
    """An article that is gone, or would go."""

    id: Annotated[str, "of the article"]
    url: Annotated[str, "its address"]
    title: Annotated[str, "its headline"]
    versions: Annotated[int, "how many texts of it"]
    captures: Annotated[int, "how many captures of it"]
    size: Annotated[int, "bytes of its pages"]
    tags: Annotated[tuple[str, ...], "your tags on it"]
    note: Annotated[str, "your note on it"]
    same_bytes: Annotated[tuple[str, ...], "articles that show the very same bytes, which stay as theirs"]
    cited_by: Annotated[tuple[str, ...], "articles that link to it, which keep its address and their words about it"]
    resources: Annotated[int, "images, styles and the like that no other page is shown with, and so go with it"]
    resource_bytes: Annotated[int, "bytes of these"]
    names: Annotated[tuple[str, ...], "people, places and organisations that no other article names"]
    forgotten: Annotated[bool, "whether it is gone; `false` after a dry run"]

    @classmethod
    def of(cls, going: Going, *, forgotten: bool) -> Self:
        """The row of an article."""
        return cls(
            going.id, going.url, going.title, going.versions, going.captures, going.size, going.tags, going.note,
            going.same_bytes, going.cited_by, going.resources, going.resource_bytes, going.names, forgotten,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class HiddenRow(Same[Hidden]):
    """An article under embargo."""

    id: Annotated[str, "of the article"]
    url: Annotated[str, "its address"]
    title: Annotated[str, "its headline"]
    at: Annotated[datetime, "since when it is hidden"]
    reason: Annotated[str, "why"]
    until: Annotated[datetime, "when it comes back"]


@dataclass(frozen=True, slots=True)
class CopiedRow(Same[Copied]):
    """What was copied."""

    folder: Annotated[str, "the copy"]
    copied: Annotated[int, "bytes of WARC files that were copied"]
    files: Annotated[int, "how many WARC files the copy has"]
    forgot: Annotated[bool, "whether something that was forgotten went from the copy, too"]


@dataclass(frozen=True, slots=True)
class MovedRow(Same[Moved]):
    """What was moved."""

    folder: Annotated[str, "the folder that has the settings of the archive from now on"]
    captures_at: Annotated[str, "the address of the bucket that its WARC files lie in"]
    files: Annotated[int, "how many WARC files"]
    size: Annotated[int, "their bytes"]
    put: Annotated[int, "how many of these bytes were put there by this call"]
    rows: Annotated[int, "rows of the catalog, compared one by one"]


@dataclass(frozen=True, slots=True)
class StepStampRow(Same[StepStamp]):
    """A time stamp of a step of the manifest."""

    step: Annotated[int, "its number"]
    file: Annotated[str, "where the stamp is kept"]
    at: Annotated[str, "when the authority says that the step was there"]
    authority: Annotated[str, "whose certificate it is signed with"]
    serial: Annotated[str, "its number there"]
    policy: Annotated[str, "of the authority"]
    trusted: Annotated[bool, "whether a known root vouches for the authority"]
    problem: Annotated[str, "why it does not hold; empty if it does, as far as it could be checked"]


@dataclass(frozen=True, slots=True)
class PackageRow(Same[CheckedPackage]):
    """What a WACZ package is worth."""

    file: Annotated[str, "as it was named"]
    signer: Annotated[str, "the fingerprint of the key that signed it, or a domain; empty if nobody did"]
    created: Annotated[str, "when it was signed, as the signature says"]
    software: Annotated[str, "what signed it, as the signature says"]
    resources: Annotated[int, "how many files it names"]
    problems: Annotated[tuple[str, ...], "what does not hold; empty if every digest does, and the signature"]
    stamped: Annotated[str, "when an authority says that the signature was there; empty if none does"]
    stamped_by: Annotated[str, "the authority"]
    stamp_trusted: Annotated[bool, "whether a known root vouches for it"]
